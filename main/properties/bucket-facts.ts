import type { Connection } from '../oss/connection.ts';
import { type BucketStat, getBucketStat } from '../oss/operations/bucket-stat.ts';
import { type BucketInfo, getBucketInfo } from '../oss/operations/buckets.ts';
import { type CorsRule, getBucketCors } from '../oss/operations/cors.ts';
import { getBucketLifecycle, type LifecycleRule } from '../oss/operations/lifecycle.ts';
import { type Known, known } from './known.ts';

/** What a bucket is, and how much it holds. */
export interface BucketFacts {
  readonly info: Known<BucketInfo>;
  readonly stat: Known<BucketStat>;
}

/** The rules of a bucket that are looked at only. */
export interface BucketRules {
  readonly cors: Known<readonly Omit<CorsRule, 'others'>[]>;
  readonly lifecycle: Known<readonly LifecycleRule[]>;
}

/** Reads what a bucket is. Each part may be denied on its own. */
export async function readBucketFacts(connection: Connection, bucket: string): Promise<BucketFacts> {
  const [info, stat] = await Promise.all([
    known(getBucketInfo(connection, bucket)),
    known(getBucketStat(connection, bucket)),
  ]);
  return { info, stat };
}

/** Reads a bucket's CORS and lifecycle rules. Each part may be denied on its own. */
export async function readBucketRules(connection: Connection, bucket: string): Promise<BucketRules> {
  const [cors, lifecycle] = await Promise.all([
    known(getBucketCors(connection, bucket).then((found) => (found?.rules ?? []).map(shownRule))),
    known(getBucketLifecycle(connection, bucket)),
  ]);
  return { cors, lifecycle };
}

/** What Waybill doesn't know of a rule isn't shown. */
function shownRule(rule: CorsRule): Omit<CorsRule, 'others'> {
  const { allowedOrigins, allowedMethods, allowedHeaders, exposeHeaders, maxAgeSeconds } = rule;
  return { allowedOrigins, allowedMethods, allowedHeaders, exposeHeaders, maxAgeSeconds };
}
