import { WaybillError } from '../failure.ts';
import { MAX_KEY_BYTES } from './limits.ts';

/** An object, or one version of it. */
export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
}

const bucketPattern = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/**
 * Refuses a key that OSS would refuse: 1 to 1,023 bytes of UTF-8, not beginning with `/` or `\`.
 * @throws WaybillError `input`
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/object-overview
 */
export function checkKey(key: string): void {
  if (key === '') throw new WaybillError({ kind: 'input', field: 'key', rule: 'key-empty' });
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
    throw new WaybillError({ kind: 'input', field: 'key', rule: 'key-too-long', limit: String(MAX_KEY_BYTES) });
  }
  if (/^[/\\]/.test(key)) throw new WaybillError({ kind: 'input', field: 'key', rule: 'key-leading-slash' });
  // Half a surrogate pair has no UTF-8: what would be stored is not what was asked for.
  if (/\p{Surrogate}/u.test(key)) throw new WaybillError({ kind: 'input', field: 'key', rule: 'key-not-unicode' });
}

/**
 * Refuses what is no bucket name; it becomes part of a host name, so nothing else may get there.
 * @throws WaybillError `input`
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/bucket-naming-conventions
 */
export function checkBucket(bucket: string): void {
  if (!bucketPattern.test(bucket)) throw new WaybillError({ kind: 'input', field: 'bucket', rule: 'bucket-name' });
}
