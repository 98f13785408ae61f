import { type Failure, toFailure, WaybillError } from '../failure.ts';
import type { Connection } from '../oss/connection.ts';
import { crc64Combine } from '../crc64/crc64.ts';
import { deleteObject } from '../oss/operations/deletes.ts';
import type { StoredObject } from '../oss/operations/object-headers.ts';
import { headObject } from '../oss/operations/objects.ts';
import type { Outcome } from './byte-work.ts';
import { classify, retry, REQUEST_RETRY } from './retry-policy.ts';

/** An object, and the connection that reaches it. */
export interface ObjectLocation {
  readonly connection: Connection;
  readonly bucket: string;
  readonly key: string;
}

/** Makes OSS refuse to replace an object. Buckets with versioning ignore the header, but keep the previous version. */
export const FORBID_OVERWRITE = { 'x-oss-forbid-overwrite': 'true' } as const;

/** Returns whether OSS refused to replace an existing object. */
export function isOverwriteRefused(failure: Failure): boolean {
  return failure.kind === 'oss' && failure.code === 'FileAlreadyExists';
}

/**
 * Compares the CRC-64 of what OSS stored with `crc64`. A damaged object is deleted unless it has been replaced
 * meanwhile.
 * @throws WaybillError `integrity`
 */
export async function verifyStored(
  { connection, bucket, key }: ObjectLocation,
  stored: StoredObject,
  crc64: string | null,
): Promise<Outcome> {
  const { versionId } = stored;
  if (stored.crc64 === null || crc64 === null) return { verified: 'length', versionId };
  try {
    assertEqual(crc64, stored.crc64);
  } catch (error) {
    const object = { bucket, key, versionId: versionId ?? undefined };
    const found = await headObject(connection, object).catch(() => null);
    if (found !== null && found.etag === stored.etag) await deleteObject(connection, object).catch(() => undefined);
    throw error;
  }
  return { verified: 'crc64', versionId };
}

/**
 * Looks for the object that an earlier attempt may have stored. Returns null if the content differs or the account may
 * not read it.
 * @throws WaybillError for transient failures, which leave the answer open
 */
export async function findEarlierAttempt(
  { connection, bucket, key }: ObjectLocation,
  sizeBytes: number,
  crc64: string | null,
  signal: AbortSignal,
): Promise<Outcome | null> {
  const ask = retry(() => headObject(connection, { bucket, key }, signal), REQUEST_RETRY, signal);
  const found = await ask.catch((error: unknown) => {
    if (signal.aborted || classify(toFailure(error)).action === 'retry') throw error;
    return null;
  });
  if (crc64 === null || found?.crc64 !== crc64 || found.sizeBytes !== sizeBytes) return null;
  return { verified: 'crc64', versionId: found.versionId };
}

/** Combines the CRC-64s of consecutive pieces into that of the whole. */
export function combineCrc64(pieces: readonly { readonly crc64: string; readonly sizeBytes: number }[]): string {
  return pieces.reduce((crc64, piece) => crc64Combine(crc64, piece.crc64, piece.sizeBytes), '0');
}

/** Throws unless the server's value is the expected one. @throws WaybillError `integrity` */
export function assertEqual(expected: string, actual: string): void {
  if (expected !== actual) throw new WaybillError({ kind: 'integrity', expected, actual });
}

/**
 * Throws unless the object still has this ETag. What replaces it between this question and the upload goes unnoticed: OSS
 * has no condition on the ETag for PutObject.
 * @throws WaybillError `oss` `changed`, or what OSS answered
 */
export async function assertObjectState(
  { connection, bucket, key }: ObjectLocation,
  etag: string,
  signal: AbortSignal,
): Promise<void> {
  const found = await retry(() => headObject(connection, { bucket, key }, signal), REQUEST_RETRY, signal);
  if (found.etag === etag) return;
  const message = 'The object has changed since it was compared.';
  throw new WaybillError({ kind: 'oss', cause: 'changed', status: 412, code: 'PreconditionFailed', message });
}
