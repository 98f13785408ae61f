import { WaybillError } from '../failure.ts';
import { MAX_KEY_BYTES } from './limits.ts';

/** An object, or with `versionId` one version of it. */
export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
}

const bucketPattern = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/**
 * Throws unless OSS would accept this key: 1 to 1,023 bytes of UTF-8 that don't start with `/` or `\`.
 * @throws WaybillError `input` with field `key`
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/object-overview
 */
export function checkKey(key: string): void {
  if (key === '') throw new WaybillError({ kind: 'input', field: 'key', rule: 'key-empty' });
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
    throw new WaybillError({ kind: 'input', field: 'key', rule: 'key-too-long', limit: String(MAX_KEY_BYTES) });
  }
  if (/^[/\\]/.test(key)) throw new WaybillError({ kind: 'input', field: 'key', rule: 'key-leading-slash' });
  // A lone surrogate has no UTF-8: the object would be stored under another key.
  if (/\p{Surrogate}/u.test(key)) throw new WaybillError({ kind: 'input', field: 'key', rule: 'key-not-unicode' });
}

/**
 * Throws unless this is a valid bucket name (3 to 63 lowercase letters, digits and hyphens); it becomes part of the
 * host name.
 * @throws WaybillError `input` with field `bucket`
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/bucket-naming-conventions
 */
export function checkBucket(bucket: string): void {
  if (!bucketPattern.test(bucket)) throw new WaybillError({ kind: 'input', field: 'bucket', rule: 'bucket-name' });
}
