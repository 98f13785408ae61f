import { z } from 'zod';
import { objectChangeSchema } from '../properties/object-change.ts';
import type { ChangeResult } from '../properties/property-changes.ts';
import type { ObjectProperties } from '../properties/read-properties.ts';
import { accountId, bucket, key, versionId } from './fields.ts';

export type { ObjectAcl } from '../oss/operations/acl.ts';
export type { StorageClass } from '../oss/operations/bucket-settings.ts';
export type { RestoreTier } from '../oss/operations/restore.ts';
export type { ObjectChange } from '../properties/object-change.ts';
export type { ObjectProperties } from '../properties/read-properties.ts';

/** Chosen by the caller, so that a change can be cancelled before there is any result. */
const changeId = z.uuid();

/** Arguments of the calls about what objects have besides their bytes. */
export const propertyCalls = {
  'properties.read': z.strictObject({ accountId, bucket, key, versionId: versionId.nullable() }),
  'properties.change': z
    .strictObject({
      ...{ changeId, accountId, bucket },
      keys: z.array(key).max(100_000),
      prefixes: z.array(key).max(100_000),
      /** Of a single key. */
      versionId: versionId.nullable(),
      change: objectChangeSchema,
    })
    .refine(({ keys, prefixes, versionId: version }) =>
      version === null ? keys.length + prefixes.length > 0 : keys.length === 1 && prefixes.length === 0,
    ),
  'properties.retry': z.strictObject({ changeId }),
  'properties.cancel': z.strictObject({ changeId }),
  'objects.createSymlink': z.strictObject({ accountId, bucket, key, target: key }),
} satisfies Record<keyof PropertyResults, z.ZodType>;

/** Results of the calls about what objects have besides their bytes. */
export interface PropertyResults {
  /** Returns headers, ACL, tags and versioning; parts that can't be read have the reason. Fails if HEAD is denied. */
  'properties.read': ObjectProperties;
  /** Changes objects and returns how many changed; failed ones are remembered for `properties.retry`. */
  'properties.change': ChangeResult;
  /** Repeats a change for the objects that failed; an unknown or finished `changeId` changes nothing. */
  'properties.retry': ChangeResult;
  /** Stops a running change, which then returns with `stopped` set. */
  'properties.cancel': null;
  /** Creates a symlink. Fails with `oss` FileAlreadyExists if the key is taken. */
  'objects.createSymlink': null;
}
