import type { ObjectAcl, ObjectChange, ObjectProperties } from '../../../main/contract/contract.ts';
import { storageClasses } from '../../lib/storage-class.ts';
import type { NameValue } from '../../lib/name-value.ts';

/** The headers that OSS stores with an object, in the order of the form. */
export const headerNames = [
  ['content-type', 'Content-Type'],
  ['cache-control', 'Cache-Control'],
  ['content-disposition', 'Content-Disposition'],
  ['content-encoding', 'Content-Encoding'],
  ['content-language', 'Content-Language'],
  ['expires', 'Expires'],
] as const;

/** Who may access an object without a signature, from least to most access. */
export const acls: readonly ObjectAcl[] = ['default', 'private', 'public-read', 'public-read-write'];

/** The name of a header that OSS stores with an object. */
type HeaderName = (typeof headerNames)[number][0];

/** The properties as typed. An empty header is removed; what can't be read is null and stays unchanged. */
export interface Draft {
  readonly storageClass: string;
  readonly headers: Readonly<Record<HeaderName, string>>;
  readonly meta: readonly NameValue[];
  readonly tags: readonly NameValue[] | null;
  readonly acl: ObjectAcl | null;
}

/** The initial values of the form. */
export function draftOf({ head, tags, acl }: ObjectProperties): Draft {
  return {
    storageClass: head.storageClass,
    headers: Object.fromEntries(headerNames.map(([name]) => [name, head.httpHeaders[name] ?? ''])) as Draft['headers'],
    meta: Object.entries(head.meta).map(([name, value]) => ({ name, value })),
    tags: tags.ok ? tags.value.map(([name, value]) => ({ name, value })) : null,
    acl: acl.ok ? acl.value : null,
  };
}

/** The changes from the object to the draft; null if there are none. */
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

/** Rows as user metadata. OSS stores the names in lower case. */
export function toMeta(rows: readonly NameValue[]): Record<string, string> {
  return Object.fromEntries(named(rows).map(({ name, value }) => [name.toLowerCase(), value.trim()]));
}

/** Rows as tags. */
export function toTags(rows: readonly NameValue[]): [string, string][] {
  return named(rows).map(({ name, value }) => [name, value]);
}

/** Skips rows without a name and a value. */
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
