import { z } from 'zod';
import { WaybillError } from '../failure.ts';
import { objectAcls } from '../oss/operations/acl.ts';
import { storageClasses } from '../oss/operations/bucket-settings.ts';
import { checkHeaders, checkMeta, checkMetaShape } from '../oss/operations/metadata.ts';
import { settableHeaders } from '../oss/operations/object-headers.ts';
import { restoreTiers } from '../oss/operations/restore.ts';
import { checkTags } from '../oss/operations/tags.ts';

const value = z.string().max(8192);

/** A change of objects. Omitted fields stay as they are. */
export const objectChangeSchema = z
  .strictObject({
    storageClass: z.enum(storageClasses),
    /** Null removes a header. */
    headers: z.partialRecord(z.enum(settableHeaders), value.nullable()),
    /** User metadata by name, without `x-oss-meta-`. `only` replaces all metadata; otherwise `values` are added. */
    meta: z.strictObject({ only: z.boolean(), values: z.record(z.string().max(128), value) }),
    tags: z.strictObject({
      only: z.boolean(),
      values: z.array(z.tuple([z.string().max(512), z.string().max(512)])).max(100),
    }),
    acl: z.enum(objectAcls),
    /** If the object's storage class doesn't offer the tier, the nearest one is used. */
    restore: z.strictObject({ days: z.int().min(1).max(365), tier: z.enum(restoreTiers) }),
  })
  .partial();

/** A change of objects, as the contract accepts it. */
export type ObjectChange = z.infer<typeof objectChangeSchema>;

/** Checks a change. @throws WaybillError `input` if OSS would reject it for any object, or if it is empty */
export function checkChange(change: ObjectChange): void {
  if (Object.values(change).every((part) => part === undefined)) {
    throw new WaybillError({ kind: 'input', field: 'change', rule: 'required' });
  }
  if (change.headers !== undefined) checkHeaders(change.headers);
  if (change.meta?.only === false) checkMeta(change.meta.values);
  // Among all of an object's metadata may be what it has already, in any characters.
  if (change.meta?.only === true) checkMetaShape(change.meta.values);
  if (change.tags !== undefined) checkTags(change.tags.values);
}
