import { stat } from 'node:fs/promises';
import { isDenied, isMissing, toFailure } from '../../failure.ts';
import { crc64OfSlice } from '../../http/file-slice.ts';
import { errorCode, fileError } from '../../local-files/file-failure.ts';
import { headObject } from '../../oss/operations/objects.ts';
import type { ObjectSource } from '../download/object-source.ts';
import type { OverwriteRule } from '../tasks/requests.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';
import type { ObjectLocation } from '../stored-object.ts';

/** A rule after all comparisons: what to do about an existing target. */
export type ResolvedRule = 'ask' | Exclude<OverwriteRule, 'skip-same' | 'replace-older'>;

/** One side of a comparison. */
export interface Content {
  readonly sizeBytes: number | null;
  /** Unix milliseconds. */
  readonly modifiedAt: number;
  /** CRC-64 in unsigned decimal; null if unknown. */
  crc64(): Promise<string | null>;
}

/**
 * Resolves a rule for one target. `existing` returns null if there is no target. A
 * target that appears later is asked about.
 */
export async function resolveRule(
  rule: OverwriteRule | 'ask',
  incoming: () => Promise<Content>,
  existing: () => Promise<Content | null>,
): Promise<ResolvedRule> {
  if (rule !== 'skip-same' && rule !== 'replace-older') return rule;
  const present = await existing();
  if (present === null) return 'ask';
  const offered = await incoming();
  const isEnough =
    rule === 'skip-same' ? await hasSameContent(offered, present) : present.modifiedAt >= offered.modifiedAt;
  return isEnough ? 'skip' : 'replace';
}

/** Returns whether both have the same bytes, as far as size and CRC-64 tell; false if unknown. */
export async function hasSameContent(a: Content, b: Content): Promise<boolean> {
  if (a.sizeBytes === null || a.sizeBytes !== b.sizeBytes) return false;
  const [crcOfA, crcOfB] = await Promise.all([a.crc64(), b.crc64()]);
  return crcOfA !== null && crcOfA === crcOfB;
}

/**
 * Returns a local file's content, null if there is none. Its CRC-64 requires reading it.
 * @throws WaybillError `file`
 */
export async function contentOfFile(path: string): Promise<Content | null> {
  try {
    const { size: sizeBytes, mtimeMs: modifiedAt } = await stat(path);
    const whole = { kind: 'file-slice', fd: null, path, start: 0, sizeBytes, file: { sizeBytes, modifiedAt } } as const;
    return { sizeBytes, modifiedAt, crc64: () => crc64OfSlice(whole) };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw fileError(error, path);
  }
}

/** Returns an object's content, null if there is none or the account may not look. */
export async function contentOfObject(
  { connection, bucket, key }: ObjectLocation,
  signal: AbortSignal,
): Promise<Content | null> {
  try {
    const head = await retry(() => headObject(connection, { bucket, key }, signal), REQUEST_RETRY, signal);
    const { sizeBytes, lastModified, crc64 } = head;
    return { sizeBytes, modifiedAt: lastModified, crc64: () => Promise.resolve(crc64) };
  } catch (error) {
    const failure = toFailure(error);
    if (isMissing(failure) || isDenied(failure)) return null;
    throw error;
  }
}

/** Returns the content of the object that a download reads. */
export async function contentOfSource(source: ObjectSource, signal: AbortSignal): Promise<Content> {
  const { body, sizeBytes, lastModified, crc64 } = await retry(() => source.open({ signal }), REQUEST_RETRY, signal);
  body.destroy();
  return { sizeBytes, modifiedAt: lastModified, crc64: () => Promise.resolve(crc64) };
}
