import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { toFailure } from '../../failure.ts';
import { errorCode, fileError, withFileErrors } from '../../local-files/file-failure.ts';
import { makeCrc64 } from '../../oss/crc64/crc64.ts';
import { headObject } from '../../oss/operations/objects.ts';
import type { ObjectSource } from '../download/object-source.ts';
import type { OverwriteRule } from '../tasks/requests.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';
import type { ObjectLocation } from '../stored-object.ts';

/** What to do about something of the same name, once nothing has to be compared any more. */
export type ResolvedRule = 'ask' | Exclude<OverwriteRule, 'skip-same' | 'replace-older'>;

/** One side of a comparison. */
export interface Content {
  readonly sizeBytes: number | null;
  /** Unix milliseconds. */
  readonly modifiedAt: number;
  /** Unsigned decimal; null where nobody tells it. */
  crc64(): Promise<string | null>;
}

/**
 * What a rule means for this one: `ours` is to come, `theirs` is there already, null where nothing is. What comes up
 * there only meanwhile is asked about.
 */
export async function resolveRule(
  rule: OverwriteRule | 'ask',
  ours: () => Promise<Content>,
  theirs: () => Promise<Content | null>,
): Promise<ResolvedRule> {
  if (rule !== 'skip-same' && rule !== 'replace-older') return rule;
  const old = await theirs();
  if (old === null) return 'ask';
  const fresh = await ours();
  const isEnough = rule === 'skip-same' ? await hasSameContent(fresh, old) : old.modifiedAt >= fresh.modifiedAt;
  return isEnough ? 'skip' : 'replace';
}

/** Whether both have the same bytes, as far as size and CRC-64 tell; false where they do not. */
export async function hasSameContent(a: Content, b: Content): Promise<boolean> {
  if (a.sizeBytes === null || a.sizeBytes !== b.sizeBytes) return false;
  const [crcOfA, crcOfB] = await Promise.all([a.crc64(), b.crc64()]);
  return crcOfA !== null && crcOfA === crcOfB;
}

/** A local file, null where there is none. Its CRC-64 costs reading it. @throws WaybillError `file` */
export async function localContent(path: string): Promise<Content | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { sizeBytes: size, modifiedAt: mtimeMs, crc64: () => crc64Of(path) };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw fileError(error, path);
  }
}

/** An object, null where there is none or nobody may tell. */
export async function storedContent(
  { connection, bucket, key }: ObjectLocation,
  signal: AbortSignal,
): Promise<Content | null> {
  try {
    const head = await retry(() => headObject(connection, { bucket, key }, signal), REQUEST_RETRY, signal);
    const { sizeBytes, lastModified, crc64 } = head;
    return { sizeBytes, modifiedAt: lastModified, crc64: () => Promise.resolve(crc64) };
  } catch (error) {
    const failure = toFailure(error);
    const isFree = failure.kind === 'oss' && failure.status === 404 && failure.code !== 'NoSuchBucket';
    if (isFree || (failure.kind === 'credentials' && failure.reason === 'denied')) return null;
    throw error;
  }
}

/** The object that a download reads. */
export async function sourceContent(source: ObjectSource, signal: AbortSignal): Promise<Content> {
  const { body, sizeBytes, lastModified, crc64 } = await retry(() => source.open({ signal }), REQUEST_RETRY, signal);
  body.on('error', () => undefined).destroy();
  return { sizeBytes, modifiedAt: lastModified, crc64: () => Promise.resolve(crc64) };
}

async function crc64Of(path: string): Promise<string> {
  const crc = makeCrc64();
  const read = async (): Promise<void> => {
    for await (const block of createReadStream(path)) crc.update(block as Uint8Array);
  };
  await withFileErrors(path, read());
  return crc.digest();
}
