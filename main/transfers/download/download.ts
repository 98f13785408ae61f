import { type Failure, malformedReply, toFailure } from '../../failure.ts';
import { PartFile, removePartFile } from '../../local-files/part-file.ts';
import type { ObjectBody } from '../../oss/operations/objects.ts';
import type { Outcome } from '../byte-work.ts';
import { checkSpans } from './check-spans.ts';
import type { DownloadJob, DownloadWatch } from './download-job.ts';
import type { ObjectSource } from './object-source.ts';
import { planSpans, SPAN_BYTES } from './download-plan.ts';
import { assertFileState } from '../file-state.ts';
import { modifiedAtOf } from '../modified-at.ts';
import { readSpan } from './read-span.ts';
import { inParallel } from '../parallel.ts';
import { classify, retry, REQUEST_RETRY } from '../retry-policy.ts';
import type { DownloadCheckpoint } from '../tasks/checkpoints.ts';
import { combineCrc64, assertEqual } from '../stored-object.ts';

/** A download whose file is open. `first` is the response that revealed the size; its body is still unread. */
interface OpenDownload {
  readonly file: PartFile;
  readonly checkpoint: DownloadCheckpoint;
  readonly first: ObjectBody | null;
}

/** Give up on an object that changes this often while it is read. */
const MAX_CHANGES = 3;

/**
 * Downloads an object into a temporary file next to the target, compares its CRC-64 with the server's (its length, if
 * the server sends none), and only then moves it into place. All ranges are of one state of the object; if it changes,
 * the download starts over. After a transient failure the temporary file stays as the last checkpoint describes.
 * @throws WaybillError
 */
export async function downloadObject(job: DownloadJob, watch: DownloadWatch): Promise<Outcome> {
  let { checkpoint } = job;
  for (let round = 1; ; round += 1) {
    try {
      return await downloadOnce({ ...job, checkpoint }, watch);
    } catch (error) {
      if (round === MAX_CHANGES || !hasChanged(toFailure(error))) throw error;
      checkpoint = null;
    }
  }
}

/** Removes the temporary file of a download that will not be finished. */
export async function discardDownload(checkpoint: DownloadCheckpoint): Promise<void> {
  await removePartFile(checkpoint.partPath);
}

async function downloadOnce(job: DownloadJob, watch: DownloadWatch): Promise<Outcome> {
  const open = (await resumeDownload(job, watch)) ?? (await startDownload(job, watch));
  const { file, checkpoint } = open;
  const { spans } = checkpoint;
  let isVerified = false;
  try {
    // Free the connection of the first response, which isn't read if the object is empty or the download stopped.
    await readAll(job, open, watch).finally(() => open.first?.body.destroy());
    watch.onVerifying();
    const doneBytes = doneBytesOf(checkpoint);
    if (checkpoint.sizeBytes !== null) assertEqual(String(checkpoint.sizeBytes), String(doneBytes));
    const crc64 = combineCrc64(spans.map((span) => ({ crc64: span.crc64, sizeBytes: span.doneBytes })));
    if (checkpoint.crc64 !== null) assertEqual(checkpoint.crc64, crc64);
    isVerified = true;
    if (job.replaces !== undefined) await assertFileState(job.target, job.replaces);
    await file.commit({ replace: job.replace, modifiedAt: checkpoint.modifiedAt ?? null, signal: watch.signal });
    watch.onCheckpoint(null);
    return { verified: checkpoint.crc64 === null ? 'length' : 'crc64', versionId: checkpoint.versionId };
  } catch (error) {
    if (isVerified || (checkpoint.etag !== null && isWorthKeeping(toFailure(error)))) {
      watch.onCheckpoint({ ...checkpoint, keptAs: await file.keep() });
    } else {
      await file.discard();
      watch.onCheckpoint(null);
      watch.onBytes(-doneBytesOf(checkpoint));
    }
    throw error;
  }
}

/** Reopens the file of an earlier attempt. Returns null if there is nothing to resume. */
async function resumeDownload(
  { checkpoint: earlier, target }: DownloadJob,
  watch: DownloadWatch,
): Promise<OpenDownload | null> {
  if (earlier === null) return null;
  const file = mayContinue(earlier) ? await PartFile.reopen(earlier.partPath, target, earlier.sizeBytes) : null;
  if (file === null) {
    await discardDownload(earlier);
    return null;
  }
  try {
    await checkSpans(file, earlier, watch.signal);
  } catch (error) {
    await file.keep();
    throw error;
  }
  const checkpoint = { ...earlier, keptAs: null };
  watch.onSize(checkpoint.sizeBytes);
  watch.onCheckpoint(checkpoint);
  watch.onKept(doneBytesOf(checkpoint));
  return { file, checkpoint, first: null };
}

/** Without an ETag, what is missing may be of another state of the object. */
function mayContinue(checkpoint: DownloadCheckpoint): boolean {
  return checkpoint.etag !== null || doneBytesOf(checkpoint) === checkpoint.sizeBytes;
}

/**
 * Requests the first bytes. The response reveals size, ETag and CRC-64 of the whole object, and small objects need no
 * other request.
 */
async function startDownload(job: DownloadJob, watch: DownloadWatch): Promise<OpenDownload> {
  const { source, target } = job;
  const { signal } = watch;
  const first = await retry(() => openFirst(source, signal), REQUEST_RETRY, signal);
  try {
    const { sizeBytes, etag, crc64, versionId, contentRange } = first;
    watch.onSize(sizeBytes);
    const file = await PartFile.create(target, sizeBytes);
    const spans = planSpans(sizeBytes, contentRange === null ? 'one' : source.connections, watch.connections());
    const modifiedAt = job.modifiedAt ?? modifiedAtOf(first);
    const checkpoint = { partPath: file.path, etag, crc64, versionId, sizeBytes, modifiedAt, spans };
    watch.onCheckpoint(checkpoint);
    return { file, checkpoint, first };
  } catch (error) {
    first.body.destroy();
    throw error;
  }
}

/** @throws WaybillError `oss` MalformedReply for a range that isn't the first one */
async function openFirst(source: ObjectSource, signal: AbortSignal): Promise<ObjectBody> {
  if (source.connections === 'one') return source.open({ signal });
  const range = { start: 0, end: SPAN_BYTES - 1 };
  const first = await source.open({ range, signal }).catch((error: unknown) => {
    // An empty object has no first byte, so OSS answers 416.
    if (isRangeRefused(toFailure(error))) return source.open({ signal });
    throw error;
  });
  if ((first.contentRange?.start ?? 0) === 0) return first;
  first.body.destroy();
  throw malformedReply(first.status, 'the answer does not begin where the object does');
}

async function readAll(job: DownloadJob, open: OpenDownload, watch: DownloadWatch): Promise<void> {
  const { spans } = open.checkpoint;
  const missing = [...spans.keys()].filter((index) => spans[index]?.doneBytes !== spans[index]?.sizeBytes);
  // With `few`, the first request is small: start all large ones along with it.
  const extra = job.source.connections === 'few' ? 1 : 0;
  const expired: unknown[] = [];
  await inParallel(
    missing,
    () => watch.connections() + extra,
    watch.signal,
    async (index, signal) => {
      const span = spans[index];
      if (span === undefined) return;
      const first = index === 0 ? open.first : null;
      try {
        await readSpan({ ...job, ...open, first, span }, { ...watch, signal });
        watch.onSpan(index);
      } catch (error) {
        if (!hasLinkExpired(toFailure(error))) throw error;
        // Requests already sent still deliver, and could not be sent again: let them finish.
        expired.push(error);
      }
    },
  );
  if (expired.length > 0) throw expired[0];
}

function doneBytesOf({ spans }: DownloadCheckpoint): number {
  return spans.reduce((sum, span) => sum + span.doneBytes, 0);
}

function isRangeRefused(failure: Failure): boolean {
  return failure.kind === 'oss' && failure.status === 416;
}

function hasLinkExpired(failure: Failure): boolean {
  return failure.kind === 'link' && (failure.cause === 'expired' || failure.cause === 'token-expired');
}

function hasChanged(failure: Failure): boolean {
  return failure.kind === 'oss' && failure.status === 412;
}

/** What stops a download without a word about its bytes. */
const harmless: readonly Failure['kind'][] = ['network', 'credentials', 'keychain', 'link', 'cancelled'];

/** Whether the bytes so far are valid although the download stopped. */
function isWorthKeeping(failure: Failure): boolean {
  if (failure.kind === 'integrity') return false;
  if (failure.kind === 'file' && (failure.reason === 'exists' || failure.reason === 'full')) return true;
  return harmless.includes(failure.kind) || classify(failure).action === 'retry';
}
