import { z } from 'zod';
import type { Bucket } from '../main/oss/buckets.ts';
import type { ObjectPage } from '../main/oss/listing.ts';
import type { ObjectHead } from '../main/oss/objects.ts';
import type { ObjectVersion } from '../main/oss/versions.ts';

export type { Bucket } from '../main/oss/buckets.ts';
export type { ObjectEntry, ObjectPage } from '../main/oss/listing.ts';
export type { ObjectHead } from '../main/oss/objects.ts';
export type { ObjectVersion } from '../main/oss/versions.ts';

const accountId = z.uuid();
const bucket = z.string().min(3).max(63);
const key = z.string().min(1).max(1023);
const prefix = z.string().max(1023);
const versionId = z.string().max(256).nullable();
const keys = z.array(key).max(100_000);
const prefixes = z.array(prefix.min(1)).max(100_000);
const object = { accountId, bucket, key };

/** Calls about buckets, and about objects where they are. */
export const objectCalls = {
  'buckets.list': z.strictObject({ accountId }),

  'objects.list': z.strictObject({ accountId, bucket, prefix, pageToken: z.string().nullable() }),
  'objects.head': z.strictObject({ ...object, versionId }),
  'objects.versions': z.strictObject(object),
  'objects.delete': z.strictObject({ accountId, bucket, keys, prefixes: z.array(prefix) }),
  'objects.createFolder': z.strictObject({ accountId, bucket, prefix: key }),
  'objects.copy': z.strictObject({
    from: z.strictObject({ accountId, bucket, keys, prefixes, versionId }),
    to: z.strictObject({ accountId, bucket, prefix }),
    move: z.boolean(),
    /** For a single key or prefix: its name there, without a slash at the end. */
    name: z.string().min(1).max(1023).nullable(),
  }),
} satisfies Record<keyof ObjectResults, z.ZodType>;

/** What the calls about buckets and objects give back. */
export interface ObjectResults {
  'buckets.list': readonly Bucket[];

  'objects.list': ObjectPage;
  'objects.head': ObjectHead;
  'objects.versions': readonly ObjectVersion[];
  /** `failed`: the keys that OSS did not confirm. */
  'objects.delete': { readonly deleted: number; readonly failed: readonly string[] };
  'objects.createFolder': null;
  /** How many transfers copy or move it. */
  'objects.copy': { readonly added: number };
}
