import { WaybillError } from '../../failure.ts';
import { MAX_META_BYTES } from '../limits.ts';
import { META_PREFIX } from './object-headers.ts';

/** Headers that an object keeps; a value of null takes one away. */
export type HeaderChanges = Readonly<Record<string, string | null>>;

/**
 * Refuses values that HTTP would not carry unchanged, and an Expires that is no date.
 * @throws WaybillError `input`
 */
export function checkHeaders(headers: HeaderChanges): void {
  for (const [field, value] of Object.entries(headers)) {
    if (value === null) continue;
    checkPlain(field, value);
    const isDate = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT$/.test(value) && Date.parse(value) > 0;
    if (field === 'expires' && !isDate) throw new WaybillError({ kind: 'input', field, rule: 'http-date' });
  }
}

/**
 * Refuses user metadata that OSS would refuse: names of other characters than letters, digits and hyphens, or more than
 * 8 KB together.
 * @throws WaybillError `input`
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/manage-object-metadata-10
 */
export function checkMeta(meta: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(meta)) {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) {
      throw new WaybillError({ kind: 'input', field: META_PREFIX + name, rule: 'meta-name' });
    }
    checkPlain(META_PREFIX + name, value);
  }
  checkMetaSize(meta);
}

/** @throws WaybillError `input` for more than 8 KB of user metadata */
export function checkMetaSize(meta: Readonly<Record<string, string>>): void {
  const sizeBytes = Object.entries(meta).reduce(
    (sum, [name, value]) => sum + META_PREFIX.length + name.length + value.length,
    0,
  );
  if (sizeBytes <= MAX_META_BYTES) return;
  throw new WaybillError({ kind: 'input', field: 'meta', rule: 'meta-too-large', limit: String(MAX_META_BYTES) });
}

function checkPlain(field: string, value: string): void {
  if (!/^[ -~]*$/.test(value)) throw new WaybillError({ kind: 'input', field, rule: 'not-ascii' });
}
