import type { Dispatcher } from 'undici';
import { type Failure, isUploadOver, toFailure, WaybillError } from '../../failure.ts';
import { PARTS_PER_PAGE } from '../../oss/limits.ts';
import type { PartPage } from '../../oss/operations/multipart.ts';
import { completeThrough, listPartsThrough, uploadPartThrough } from '../../oss/operations/presigned-multipart.ts';
import type { Outcome } from '../byte-work.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';
import { storeOnce } from '../store-once.ts';
import { assertEqual, combineCrc64, isOverwriteRefused } from '../stored-object.ts';
import type { UploadCheckpoint } from '../tasks/checkpoints.ts';
import type { TicketLinks } from '../tasks/requests.ts';
import { LocalSource } from './local-source.ts';
import { matchParts } from './multipart-session.ts';
import { planParts } from './part-plan.ts';
import { type SendPart, sendMissingParts } from './send-parts.ts';
import type { UploadWatch } from './upload-job.ts';

/** Upload of a file through an upload ticket. */
export interface TicketUploadJob {
  readonly ticket: TicketLinks;
  readonly path: string;
  /** Where an earlier attempt stopped, perhaps with another ticket for the same upload. */
  readonly checkpoint: UploadCheckpoint | null;
  readonly dispatcher: Dispatcher;
}

/** Like UploadWatch, plus what a person should know. */
export interface TicketWatch extends UploadWatch {
  /** The file isn't as an earlier attempt found it, so its parts are compared with those that were sent. */
  onFileChanged(): void;
}

/** OSS assembled the parts into something else, which only its owner can delete. */
export interface Damaged {
  readonly damaged: Failure;
}

/**
 * Uploads a file in parts through a ticket, compares the CRC-64 of each part and of the whole, and completes the upload
 * by an explicit list. If the answer to that got lost and the upload is over, it can't be known whether that was the
 * reason or its owner ended it, because no link of a ticket reads the object: `unconfirmed`.
 * @throws WaybillError `input` for a file that is larger than the ticket allows; `link` if the ticket is the cause;
 *   `oss` `no-such-upload` once its owner has aborted the upload
 */
export async function uploadThroughTicket(job: TicketUploadJob, watch: TicketWatch): Promise<Outcome | Damaged> {
  const { ticket, path, dispatcher } = job;
  const source = await LocalSource.at(path);
  try {
    watch.onSize(source.sizeBytes);
    if (source.sizeBytes > ticket.sizeBytes) {
      throw new WaybillError({
        kind: 'input',
        field: 'size',
        rule: 'ticket-too-small',
        limit: String(ticket.sizeBytes),
      });
    }
    // Find out whether the file can be read before sending anything.
    await source.open();
    const checkpoint = await findCheckpoint(job, source, watch);
    if (checkpoint === null) return unconfirmed;
    const send: SendPart = ({ partNumber, ...part }) => uploadPartThrough(ticket.put(partNumber), part, dispatcher);
    await sendMissingParts({ source, checkpoint, send }, watch);
    return await complete(job, checkpoint, watch);
  } finally {
    await source.close();
  }
}

const unconfirmed: Outcome = { verified: 'unconfirmed', versionId: null };

/**
 * Asks OSS which parts it has: it alone knows. Null if the upload is over and an earlier attempt had sent all parts, so
 * that it may be the one that completed it.
 */
async function findCheckpoint(
  { ticket, checkpoint: earlier, dispatcher }: TicketUploadJob,
  source: LocalSource,
  watch: TicketWatch,
): Promise<UploadCheckpoint | null> {
  const { bucket, key, uploadId, partSizeBytes } = ticket;
  const { sizeBytes, modifiedAt } = source;
  const isUnchanged = earlier !== null && earlier.sizeBytes === sizeBytes && earlier.modifiedAt === modifiedAt;
  if (earlier !== null && !isUnchanged) watch.onFileChanged();
  // Parts of another size hold other bytes under the same numbers.
  const isSame = isUnchanged && earlier.uploadId === uploadId && earlier.partSizeBytes === partSizeBytes;
  const known = { bucket, key, uploadId, partSizeBytes, sizeBytes, modifiedAt, parts: isSame ? earlier.parts : [] };
  try {
    const listed = listedParts(ticket, dispatcher, watch.signal);
    const checkpoint = { ...known, parts: [...(await matchParts(listed, known, source, watch.signal))] };
    watch.onCheckpoint(checkpoint);
    return checkpoint;
  } catch (error) {
    const wasComplete = known.parts.length === planParts(sizeBytes, partSizeBytes).length;
    if (!isUploadOver(toFailure(error)) || !wasComplete) throw error;
    watch.onBytes(sizeBytes);
    return null;
  }
}

/**
 * Lists the parts that were sent, by links of which each lists up to 1,000 parts from another number on. Between two of
 * these numbers there are no more parts than a page holds, so all pages together hold all parts.
 */
async function* listedParts(
  { list }: TicketLinks,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): AsyncGenerator<PartPage['parts'][number]> {
  let last = 0;
  for (const [index, url] of list.entries()) {
    const after = { marker: index * PARTS_PER_PAGE, signal };
    const page = await retry(() => listPartsThrough(url, after, dispatcher), REQUEST_RETRY, signal);
    for (const part of page.parts) {
      if (part.partNumber <= last) continue;
      last = part.partNumber;
      yield part;
    }
    if (page.nextPartNumberMarker === null) return;
  }
}

async function complete(
  { ticket, dispatcher }: TicketUploadJob,
  checkpoint: UploadCheckpoint,
  watch: UploadWatch,
): Promise<Outcome | Damaged> {
  const parts = [...checkpoint.parts].sort((a, b) => a.partNumber - b.partNumber);
  const crc64 = combineCrc64(parts);
  const send = async (): Promise<Outcome | Damaged> => {
    const request = { parts, headers: ticket.completeHeaders, signal: watch.signal };
    const stored = await completeThrough(ticket.complete, request, dispatcher);
    const { versionId } = stored;
    if (stored.crc64 === null) return { verified: 'length', versionId };
    try {
      assertEqual(crc64, stored.crc64);
    } catch (error) {
      return { damaged: toFailure(error) };
    }
    return { verified: 'crc64', versionId };
  };
  const isRefusal = (failure: Failure): boolean => isUploadOver(failure) || isOverwriteRefused(failure);
  const findEarlier = async (failure: Failure): Promise<Outcome | null> =>
    isUploadOver(failure) || (await isGone(ticket, dispatcher, watch.signal)) ? unconfirmed : null;
  const outcome = await storeOnce({ send, isRefusal, findEarlier }, watch.signal);
  watch.onCheckpoint(null);
  return outcome;
}

/**
 * Whether the upload is over. An object in its place says nothing of that: while the upload goes on, the object is somebody
 * else's.
 */
async function isGone(
  { list: [first = ''] }: TicketLinks,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await listPartsThrough(first, { marker: 0, signal }, dispatcher);
    return false;
  } catch (error) {
    if (isUploadOver(toFailure(error))) return true;
    throw error;
  }
}
