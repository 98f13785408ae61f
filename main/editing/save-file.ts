import { isMissing, toFailure, WaybillError } from '../failure.ts';
import type { Connection } from '../oss/connection.ts';
import type { ObjectHead } from '../oss/operations/object-headers.ts';
import { headObject } from '../oss/operations/objects.ts';
import { USUAL_CONNECTIONS } from '../transfers/byte-work.ts';
import { REQUEST_RETRY, retry } from '../transfers/retry-policy.ts';
import { storeByRule } from '../transfers/run/overwrite.ts';
import type { UploadCheckpoint } from '../transfers/tasks/checkpoints.ts';
import { abortUpload } from '../transfers/upload/multipart-session.ts';
import { uploadFile } from '../transfers/upload/upload.ts';
import type { UploadTarget, UploadWatch } from '../transfers/upload/upload-job.ts';
import { keptHeaders } from './kept-headers.ts';

/** State of an object whose content is known. */
export interface KnownState {
  readonly etag: string | null;
  /** Unsigned decimal. */
  readonly crc64: string;
  readonly sizeBytes: number;
}

/** What to do if the object is no longer the one that was edited. `both`: store under a free name. */
export type SaveRule = 'ask' | 'mine' | 'both';

/** A changed file to bring back. */
interface SaveJob {
  readonly connection: Connection;
  readonly bucket: string;
  readonly key: string;
  /** A file that nobody changes meanwhile, and its content. */
  readonly path: string;
  readonly content: Omit<KnownState, 'etag'>;
  /** The state that was edited. */
  readonly base: KnownState;
  /** CRC-64 of what attempts without an answer may have stored. */
  readonly attempted: readonly string[];
  readonly rule: SaveRule;
}

/** What came of it. `key` is another one if the file was stored under a free name. */
export type SaveOutcome =
  | { readonly kind: 'saved'; readonly key: string; readonly state: KnownState }
  | { readonly kind: 'conflict'; readonly theirs: 'changed' | 'deleted' };

/**
 * Brings a changed file back to OSS, with all that the object has besides its bytes; in a bucket with versioning as a new
 * version. OSS has no condition for PutObject, so the object is compared with the one that was edited right before.
 * @throws WaybillError
 */
export async function saveFile(job: SaveJob, signal: AbortSignal): Promise<SaveOutcome> {
  const { connection, bucket, key, content, base, attempted, rule } = job;
  const head = await headOrNull(job, signal);
  if (head?.objectType === 'Symlink') throw new WaybillError({ kind: 'input', field: 'key', rule: 'symlink-edited' });
  if (head !== null && head.crc64 === content.crc64 && head.sizeBytes === content.sizeBytes) {
    return { kind: 'saved', key, state: { etag: head.etag, ...content } };
  }
  if (rule === 'ask') {
    if (head === null) return { kind: 'conflict', theirs: 'deleted' };
    if (!isState(head, base) && (head.crc64 === null || !attempted.includes(head.crc64))) {
      return { kind: 'conflict', theirs: 'changed' };
    }
  }
  const headers = head === null ? {} : await keptHeaders(connection, { bucket, key }, head, signal);
  const stored = await store(job, headers, signal);
  return { kind: 'saved', key: stored, state: { etag: null, ...content } };
}

/** Whether the object is in this state: its ETag, or its bytes. A rewrite of the same bytes is no change. */
function isState({ etag, crc64, sizeBytes }: ObjectHead, base: KnownState): boolean {
  if (etag !== null && etag === base.etag) return true;
  return crc64 === base.crc64 && sizeBytes === base.sizeBytes;
}

async function headOrNull({ connection, bucket, key }: SaveJob, signal: AbortSignal): Promise<ObjectHead | null> {
  try {
    return await retry(() => headObject(connection, { bucket, key }, signal), REQUEST_RETRY, signal);
  } catch (error) {
    if (isMissing(toFailure(error))) return null;
    throw error;
  }
}

/** Uploads the file and returns the key that it got. */
async function store(
  { connection, bucket, key, path, rule }: SaveJob,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string> {
  const location = { connection, bucket, key };
  let storedAs = key;
  const upload = async (target: UploadTarget) => {
    const watch = watchOf(signal);
    try {
      const outcome = await uploadFile({ ...target, path, headers, checkpoint: null }, watch);
      storedAs = target.key;
      return outcome;
    } catch (error) {
      if (watch.checkpoint !== null) await abortUpload(connection, watch.checkpoint).catch(() => undefined);
      throw error;
    }
  };
  if (rule === 'both') {
    const request = { ...location, signal, hints: null, findEarlier: () => Promise.resolve(null) };
    await storeByRule(request, 'keep-both', upload);
  } else {
    await upload({ ...location, existing: 'replace' });
  }
  return storedAs;
}

/** Tracks a multipart upload, so that it can be aborted. */
function watchOf(signal: AbortSignal): UploadWatch & { checkpoint: UploadCheckpoint | null } {
  const nothing = (): void => undefined;
  const watch = {
    ...{ signal, connections: () => USUAL_CONNECTIONS },
    ...{ onBytes: nothing, onKept: nothing, onSize: nothing, onVerifying: nothing, onPart: nothing },
    checkpoint: null as UploadCheckpoint | null,
    onCheckpoint: (checkpoint: UploadCheckpoint | null): void => {
      watch.checkpoint = checkpoint;
    },
  };
  return watch;
}
