import { z } from 'zod';
import { WaybillError } from '../failure.ts';
import { objectAcls } from '../oss/operations/acl.ts';
import { storageClasses } from '../oss/operations/bucket-settings.ts';
import { checkHeaders, checkMeta } from '../oss/operations/metadata.ts';
import { settableHeaders } from '../oss/operations/object-headers.ts';
import { restoreTiers } from '../oss/operations/restore.ts';
import { checkTags } from '../oss/operations/tags.ts';

const value = z.string().max(8192);

/** What is to be different about objects; what is left out stays as it is. */
export const objectChangeSchema = z
  .strictObject({
    storageClass: z.enum(storageClasses),
    /** Null takes a header away. */
    headers: z.partialRecord(z.enum(settableHeaders), value.nullable()),
    /** User metadata by name, without `x-oss-meta-`: `only` leaves no other, else it is added to what is there. */
    meta: z.strictObject({ only: z.boolean(), values: z.record(z.string().max(128), value) }),
    tags: z.strictObject({
      only: z.boolean(),
      values: z.array(z.tuple([z.string().max(512), z.string().max(512)])).max(100),
    }),
    acl: z.enum(objectAcls),
    /** What the class of an object does not offer becomes what comes nearest. */
    restore: z.strictObject({ days: z.int().min(1).max(365), tier: z.enum(restoreTiers) }),
  })
  .partial();

/** A change as the contract lets it through. */
export type ObjectChange = z.infer<typeof objectChangeSchema>;

/** @throws WaybillError `input` for what OSS would refuse of any object, and for a change that changes nothing */
export function checkChange(change: ObjectChange): void {
  if (Object.values(change).every((part) => part === undefined)) {
    throw new WaybillError({ kind: 'input', field: 'change', rule: 'required' });
  }
  if (change.headers !== undefined) checkHeaders(change.headers);
  if (change.meta !== undefined) checkMeta(change.meta.values);
  if (change.tags !== undefined) checkTags(change.tags.values);
}
