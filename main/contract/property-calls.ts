import { z } from 'zod';
import type { Failure } from '../failure.ts';
import type { FailedChange } from '../properties/change-many.ts';
import { objectChangeSchema } from '../properties/object-change.ts';
import type { ObjectProperties } from '../properties/read-properties.ts';

export type { ObjectAcl } from '../oss/operations/acl.ts';
export type { StorageClass } from '../oss/operations/bucket-settings.ts';
export type { RestoreTier } from '../oss/operations/restore.ts';
export type { ObjectChange } from '../properties/object-change.ts';
export type { ObjectProperties } from '../properties/read-properties.ts';

const accountId = z.uuid();
const bucket = z.string().min(3).max(63);
const key = z.string().min(1).max(1023);
const versionId = z.string().min(1).max(256).nullable();
/** Chosen by who asks, so that it can be cancelled before anything came back. */
const changeId = z.uuid();

/** Calls about what objects have beside their bytes. */
export const propertyCalls = {
  'properties.read': z.strictObject({ accountId, bucket, key, versionId }),
  'properties.change': z
    .strictObject({
      ...{ changeId, accountId, bucket },
      keys: z.array(key).max(100_000),
      prefixes: z.array(z.string().min(1).max(1023)).max(100_000),
      /** Of a single key. */
      versionId,
      change: objectChangeSchema,
    })
    .refine(({ keys, prefixes, versionId: version }) =>
      version === null ? keys.length + prefixes.length > 0 : keys.length === 1 && prefixes.length === 0,
    ),
  'properties.retry': z.strictObject({ changeId }),
  'properties.cancel': z.strictObject({ changeId }),
  'objects.createSymlink': z.strictObject({ accountId, bucket, key, target: key }),
} satisfies Record<keyof PropertyResults, z.ZodType>;

/** What became of a change. */
export interface ChangeResult {
  readonly changed: number;
  /** Those that were as wanted before. */
  readonly unchanged: number;
  readonly failedCount: number;
  /** The first of those that failed. */
  readonly failed: readonly FailedChange[];
  /** Why it ended before all were looked at; null: it came to the end. */
  readonly stopped: Failure | null;
}

/** What they give back. */
export interface PropertyResults {
  'properties.read': ObjectProperties;
  /** What could not be changed is remembered for `properties.retry`. */
  'properties.change': ChangeResult;
  /** Once more, for those that failed. */
  'properties.retry': ChangeResult;
  'properties.cancel': null;
  'objects.createSymlink': null;
}
