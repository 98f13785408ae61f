import type { ObjectAcl, ObjectChange, ObjectProperties } from '../../../main/contract/contract.ts';
import { storageClasses } from '../../lib/storage-class.ts';
import type { NameValue } from '../../lib/name-value.ts';

/** The headers that an object keeps, as they are written, in the order of the form. */
export const headerNames = [
  ['content-type', 'Content-Type'],
  ['cache-control', 'Cache-Control'],
  ['content-disposition', 'Content-Disposition'],
  ['content-encoding', 'Content-Encoding'],
  ['content-language', 'Content-Language'],
  ['expires', 'Expires'],
] as const;

/** Who may do what without a signature, from the least to the most. */
export const acls: readonly ObjectAcl[] = ['default', 'private', 'public-read', 'public-read-write'];

/** The name of a header that an object keeps. */
type HeaderName = (typeof headerNames)[number][0];

/** Properties as they are typed. A header that is empty is none; what may not be read is null and stays. */
export interface Draft {
  readonly storageClass: string;
  readonly headers: Readonly<Record<HeaderName, string>>;
  readonly meta: readonly NameValue[];
  readonly tags: readonly NameValue[] | null;
  readonly acl: ObjectAcl | null;
}

/** What the form begins with. */
export function draftOf({ head, tags, acl }: ObjectProperties): Draft {
  return {
    storageClass: head.storageClass,
    headers: Object.fromEntries(headerNames.map(([name]) => [name, head.httpHeaders[name] ?? ''])) as Draft['headers'],
    meta: Object.entries(head.meta).map(([name, value]) => ({ name, value })),
    tags: tags.ok ? tags.value.map(([name, value]) => ({ name, value })) : null,
    acl: acl.ok ? acl.value : null,
  };
}

/** What is to be changed for the object to be as drafted; null where it is. */
export function changeOf(properties: ObjectProperties, draft: Draft): ObjectChange | null {
  const before = draftOf(properties);
  const storageClass = storageClasses.find((one) => one === draft.storageClass && one !== before.storageClass);
  const headers = headerChange(before.headers, draft.headers);
  const change: ObjectChange = {
    ...(storageClass === undefined ? {} : { storageClass }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(isSame(before.meta, draft.meta) ? {} : { meta: { only: true, values: toMeta(draft.meta) } }),
    ...(draft.tags === null || isSame(before.tags ?? [], draft.tags)
      ? {}
      : { tags: { only: true, values: toTags(draft.tags) } }),
    ...(draft.acl === null || draft.acl === before.acl ? {} : { acl: draft.acl }),
  };
  return Object.keys(change).length === 0 ? null : change;
}

/** Rows as user metadata; OSS has its names in lower case. */
export function toMeta(rows: readonly NameValue[]): Record<string, string> {
  return Object.fromEntries(named(rows).map(({ name, value }) => [name.toLowerCase(), value.trim()]));
}

/** Rows as tags. */
export function toTags(rows: readonly NameValue[]): [string, string][] {
  return named(rows).map(({ name, value }) => [name, value]);
}

/** A row that has neither name nor value is none. */
function named(rows: readonly NameValue[]): readonly NameValue[] {
  return rows
    .filter(({ name, value }) => name.trim() !== '' || value !== '')
    .map(({ name, value }) => ({ name: name.trim(), value }));
}

function headerChange(before: Draft['headers'], after: Draft['headers']): NonNullable<ObjectChange['headers']> {
  const changed = headerNames.filter(([name]) => before[name] !== after[name].trim());
  return Object.fromEntries(changed.map(([name]) => [name, after[name].trim() === '' ? null : after[name].trim()]));
}

function isSame(before: readonly NameValue[], after: readonly NameValue[]): boolean {
  const text = (rows: readonly NameValue[]) => JSON.stringify(named(rows).map(({ name, value }) => [name, value]));
  return text(before) === text(after);
}
