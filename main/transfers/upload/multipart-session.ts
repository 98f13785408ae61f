import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDenied, toFailure, WaybillError } from '../../failure.ts';
import { crc64OfSlice } from '../../http/file-slice.ts';
import type { Connection } from '../../oss/connection.ts';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  initiateMultipartUpload,
  listParts,
  type PartPage,
} from '../../oss/operations/multipart.ts';
import type { StoredObject } from '../../oss/operations/object-headers.ts';
import type { Outcome } from '../byte-work.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';
import { findEarlierAttempt, FORBID_OVERWRITE } from '../stored-object.ts';
import { storeOnce } from '../store-once.ts';
import type { FinishedPart, UploadCheckpoint } from '../tasks/checkpoints.ts';
import type { LocalSource } from './local-source.ts';
import { planParts } from './part-plan.ts';
import type { UploadTarget } from './upload-job.ts';

/** How long to wait for the response after cancellation, in milliseconds. */
const GRACE_MS = 2_000;

/**
 * Initiates a multipart upload and returns its ID. On abort it still waits a moment for the reply; an ID that arrives
 * even later goes to `onLate`, since without it the upload could be neither resumed nor aborted.
 * @throws WaybillError
 */
export async function initiateUpload(
  connection: Connection,
  upload: { readonly bucket: string; readonly key: string; readonly headers: Readonly<Record<string, string>> },
  signal: AbortSignal,
  onLate: (uploadId: string) => void,
): Promise<string> {
  signal.throwIfAborted();
  const initiating = retry(() => initiateMultipartUpload(connection, upload), REQUEST_RETRY, signal);
  const isOver = new AbortController();
  const tooLate = once(signal, 'abort', { signal: isOver.signal })
    .then(() => sleep(GRACE_MS, null, { signal: isOver.signal, ref: false }))
    .catch(() => null);
  const uploadId = await Promise.race([initiating, tooLate]).finally(() => isOver.abort());
  if (uploadId !== null) return uploadId;
  initiating.then(onLate, () => undefined);
  throw new WaybillError({ kind: 'cancelled' });
}

/** The whole object: size in bytes, and CRC-64 in unsigned decimal, null if unknown. */
interface WholeObject {
  readonly sizeBytes: number;
  readonly crc64: string | null;
}

/**
 * Completes the upload and returns what OSS stored, or an outcome if the response was lost and the object was found by
 * looking.
 * @throws WaybillError
 */
export async function completeParts(
  { connection, bucket, key, existing }: UploadTarget,
  { uploadId, parts }: Pick<UploadCheckpoint, 'uploadId' | 'parts'>,
  { sizeBytes, crc64 }: WholeObject,
  signal: AbortSignal,
): Promise<StoredObject | Outcome> {
  const headers = existing === 'keep' ? FORBID_OVERWRITE : {};
  return storeOnce<StoredObject | Outcome>(
    {
      send: () => completeMultipartUpload(connection, { bucket, key, uploadId, parts, headers, signal }),
      isRefusal: ({ kind }) => kind === 'oss',
      findEarlier: () => findEarlierAttempt({ connection, bucket, key }, sizeBytes, crc64, signal),
    },
    signal,
  );
}

/** Finds the parts of an account's upload that need not be sent again, as matchParts() does. @throws WaybillError */
export function findSentParts(
  connection: Connection,
  checkpoint: UploadCheckpoint,
  source: LocalSource,
  signal: AbortSignal,
): Promise<readonly FinishedPart[]> {
  return matchParts(listedParts(connection, checkpoint, signal), checkpoint, source, signal);
}

type ListedPart = PartPage['parts'][number];

/**
 * Returns the parts that need not be sent again: those OSS lists and the checkpoint knows, and those missing from the
 * checkpoint (the process died) whose CRC-64 matches the file. If listing is denied, the checkpoint's parts are
 * trusted.
 * @throws WaybillError `oss` NoSuchUpload; `cancelled`
 */
export async function matchParts(
  listed: AsyncIterable<ListedPart>,
  checkpoint: UploadCheckpoint,
  source: LocalSource,
  signal: AbortSignal,
): Promise<readonly FinishedPart[]> {
  const known = new Map(checkpoint.parts.map((part) => [`${part.partNumber} ${part.etag}`, part]));
  const planned = planParts(checkpoint.sizeBytes, checkpoint.partSizeBytes);
  const sent: FinishedPart[] = [];
  try {
    for await (const { partNumber, etag, crc64, sizeBytes } of listed) {
      signal.throwIfAborted();
      const plan = planned[partNumber - 1];
      if (plan?.sizeBytes !== sizeBytes) continue;
      const noted = known.get(`${partNumber} ${etag}`);
      if (noted !== undefined) sent.push(noted);
      else if (crc64 !== null && (await crc64OfSlice(await source.slice(plan), signal)) === crc64) {
        sent.push({ partNumber, etag, crc64, sizeBytes });
      }
    }
  } catch (error) {
    if (isDenied(toFailure(error))) return checkpoint.parts;
    throw error;
  }
  return sent;
}

async function* listedParts(
  connection: Connection,
  checkpoint: UploadCheckpoint,
  signal: AbortSignal,
): AsyncGenerator<ListedPart> {
  let marker: number | null | undefined;
  while (marker !== null) {
    const options = { partNumberMarker: marker, signal };
    const page = await retry(() => listParts(connection, checkpoint, options), REQUEST_RETRY, signal);
    yield* page.parts;
    marker = page.nextPartNumberMarker;
  }
}

/**
 * Aborts an upload that will not be finished, so that its parts are no longer billed. Final errors are ignored; it may
 * be gone already.
 */
export async function abortUpload(connection: Connection, checkpoint: UploadCheckpoint): Promise<void> {
  const { signal } = new AbortController();
  await retry(() => abortMultipartUpload(connection, checkpoint), REQUEST_RETRY, signal).catch(() => undefined);
}
