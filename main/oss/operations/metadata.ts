import { WaybillError } from '../../failure.ts';
import { MAX_META_BYTES } from '../limits.ts';
import { META_PREFIX } from './object-headers.ts';

/** Changes to an object's stored headers; null removes one. */
export type HeaderChanges = Readonly<Record<string, string | null>>;

/**
 * Throws for header values that HTTP can't carry unchanged (anything but printable ASCII), and for an Expires that
 * isn't an HTTP date.
 * @throws WaybillError `input` not-ascii or http-date, naming the header as its field
 */
export function checkHeaders(headers: HeaderChanges): void {
  for (const [field, value] of Object.entries(headers)) {
    if (value === null) continue;
    checkHeaderValue(field, value);
    const isDate = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT$/.test(value) && Date.parse(value) > 0;
    if (field === 'expires' && !isDate) throw new WaybillError({ kind: 'input', field, rule: 'http-date' });
  }
}

/**
 * Throws for user metadata that OSS would refuse: names with anything but lowercase letters, digits and hyphens, values
 * with anything but printable ASCII, or more than 8 KB in total.
 * @throws WaybillError `input` meta-name, not-ascii or meta-too-large
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/manage-object-metadata-10
 */
export function checkMeta(meta: Readonly<Record<string, string>>): void {
  checkMetaShape(meta);
  for (const [name, value] of Object.entries(meta)) checkHeaderValue(META_PREFIX + name, value);
}

/** Checks names and total size, not the characters of values. @throws WaybillError `input` meta-name or meta-too-large */
export function checkMetaShape(meta: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(meta)) {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) {
      throw new WaybillError({ kind: 'input', field: META_PREFIX + name, rule: 'meta-name' });
    }
  }
  checkMetaSize(meta);
}

/** Checks only the total size. @throws WaybillError `input` meta-too-large for more than 8 KB, prefixes included */
export function checkMetaSize(meta: Readonly<Record<string, string>>): void {
  const sizeBytes = Object.entries(meta).reduce(
    (sum, [name, value]) => sum + META_PREFIX.length + name.length + value.length,
    0,
  );
  if (sizeBytes <= MAX_META_BYTES) return;
  throw new WaybillError({ kind: 'input', field: 'meta', rule: 'meta-too-large', limit: String(MAX_META_BYTES) });
}

/** Throws for anything but printable ASCII, naming the header. @throws WaybillError `input` not-ascii */
export function checkHeaderValue(field: string, value: string): void {
  if (!/^[ -~]*$/.test(value)) throw new WaybillError({ kind: 'input', field, rule: 'not-ascii' });
}
