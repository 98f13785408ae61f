import { type Failure, toFailure } from '../../failure.ts';
import { PartFile, removePartFile, sizeOf } from '../../local-files/part-file.ts';
import type { ObjectBody } from '../../oss/operations/objects.ts';
import type { Outcome } from '../byte-work.ts';
import type { DownloadJob, DownloadWatch } from './download-job.ts';
import { planSpans, SPAN_BYTES } from './download-plan.ts';
import { modifiedAtOf } from '../modified-at.ts';
import { readSpan } from './read-span.ts';
import { inParallel } from '../parallel.ts';
import { classify, retry, REQUEST_RETRY } from '../retry-policy.ts';
import type { DownloadCheckpoint } from '../tasks/checkpoints.ts';
import { combineCrc64, assertEqual } from '../stored-object.ts';

/** A download whose file is open. `first` is the answer that told the size, its bytes still to be read. */
interface OpenDownload {
  readonly file: PartFile;
  readonly checkpoint: DownloadCheckpoint;
  readonly first: ObjectBody | null;
}

/** An object that changes this often while it is read will not hold still. */
const MAX_CHANGES = 3;

/**
 * Reads an object into a temporary file beside the target, compares its CRC-64 with the server's (where it tells none:
 * its length), and only then puts it into its place. All ranges are of one state of the object: where it changes the
 * download begins anew. A failure that may pass leaves the temporary file as the last checkpoint tells.
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

/** Removes what a download left that will not be finished. */
export async function dropDownload(checkpoint: DownloadCheckpoint): Promise<void> {
  await removePartFile(checkpoint.partPath);
}

async function downloadOnce(job: DownloadJob, watch: DownloadWatch): Promise<Outcome> {
  const open = (await resume(job, watch)) ?? (await begin(job, watch));
  const { file, checkpoint } = open;
  const { spans } = checkpoint;
  try {
    // Of an empty object nothing is read, of a stopped one perhaps not this: its connection waits all the same.
    await readAll(job, open, watch).finally(() => open.first?.body.destroy());
    watch.onVerifying();
    const doneBytes = sumOf(checkpoint);
    if (checkpoint.sizeBytes !== null) assertEqual(String(checkpoint.sizeBytes), String(doneBytes));
    const crc64 = combineCrc64(spans.map((span) => ({ crc64: span.crc64, sizeBytes: span.doneBytes })));
    if (checkpoint.crc64 !== null) assertEqual(checkpoint.crc64, crc64);
    await file.commit({ replace: job.replace, modifiedAt: checkpoint.modifiedAt ?? null });
    watch.onCheckpoint(null);
    return { verified: checkpoint.crc64 === null ? 'length' : 'crc64', versionId: checkpoint.versionId };
  } catch (error) {
    if (checkpoint.etag !== null && isWorthKeeping(toFailure(error))) {
      await file.keep();
    } else {
      await file.discard();
      watch.onCheckpoint(null);
      watch.onBytes(-sumOf(checkpoint));
    }
    throw error;
  }
}

/** Opens what an earlier attempt left; null where there is nothing to go on with. */
async function resume({ checkpoint, target }: DownloadJob, watch: DownloadWatch): Promise<OpenDownload | null> {
  if (checkpoint === null) return null;
  const size = await sizeOf(checkpoint.partPath);
  const needed = Math.max(
    0,
    ...checkpoint.spans.map(({ start, doneBytes }) => (doneBytes > 0 ? start + doneBytes : 0)),
  );
  if (checkpoint.etag !== null && size !== null && size >= needed) {
    const file = await PartFile.reopen(checkpoint.partPath, target, checkpoint.sizeBytes);
    if (file !== null) {
      watch.onSize(checkpoint.sizeBytes);
      watch.onBytes(sumOf(checkpoint));
      return { file, checkpoint, first: null };
    }
  }
  await dropDownload(checkpoint);
  return null;
}

/** Asks for the first bytes, whose answer tells size, ETag and CRC-64 of the whole: small objects need no more. */
async function begin({ source, target }: DownloadJob, watch: DownloadWatch): Promise<OpenDownload> {
  const { signal } = watch;
  const ranged = { range: { start: 0, end: SPAN_BYTES - 1 }, signal };
  const first = await retry(
    () =>
      source.connections === 'one'
        ? source.open({ signal })
        : source.open(ranged).catch((error: unknown) => {
            // An empty object has no first byte.
            if (isRangeRefused(toFailure(error))) return source.open({ signal });
            throw error;
          }),
    REQUEST_RETRY,
    signal,
  );
  try {
    const { sizeBytes, etag, crc64, versionId } = first;
    watch.onSize(sizeBytes);
    const file = await PartFile.create(target, sizeBytes);
    const spans = planSpans(sizeBytes, first.contentRange === null ? 'one' : source.connections, watch.connections);
    const modifiedAt = modifiedAtOf(first);
    const checkpoint = { partPath: file.path, etag, crc64, versionId, sizeBytes, modifiedAt, spans };
    watch.onCheckpoint(checkpoint);
    return { file, checkpoint, first };
  } catch (error) {
    first.body.destroy();
    throw error;
  }
}

async function readAll(job: DownloadJob, open: OpenDownload, watch: DownloadWatch): Promise<void> {
  const { spans } = open.checkpoint;
  const missing = [...spans.keys()].filter((index) => spans[index]?.doneBytes !== spans[index]?.sizeBytes);
  // With `few` the request that told the size is small: the large ones start beside it.
  const limit = job.source.connections === 'few' ? watch.connections + 1 : watch.connections;
  const ended: unknown[] = [];
  await inParallel(missing, limit, watch.signal, async (index, signal) => {
    const span = spans[index];
    if (span === undefined) return;
    const first = index === 0 ? open.first : null;
    try {
      await readSpan({ ...job, ...open, first, span }, { ...watch, signal });
      watch.onSpan(index);
    } catch (error) {
      if (!hasLinkExpired(toFailure(error))) throw error;
      // What was asked for before still arrives, and could not be asked for again.
      ended.push(error);
    }
  });
  if (ended.length > 0) throw ended[0];
}

function sumOf({ spans }: DownloadCheckpoint): number {
  return spans.reduce((sum, span) => sum + span.doneBytes, 0);
}

function isRangeRefused(failure: Failure): boolean {
  return failure.kind === 'oss' && failure.status === 416;
}

function hasLinkExpired(failure: Failure): boolean {
  return failure.kind === 'link' && failure.reason === 'expired';
}

function hasChanged(failure: Failure): boolean {
  return failure.kind === 'oss' && failure.status === 412;
}

/** Whether the bytes so far are good although the download stopped. */
function isWorthKeeping(failure: Failure): boolean {
  switch (failure.kind) {
    case 'network':
    case 'credentials':
    case 'link':
    case 'cancelled':
      return true;
    case 'oss':
      return classify(failure).action === 'retry';
    case 'file':
      return failure.reason === 'exists' || failure.reason === 'full';
    case 'keychain':
    case 'integrity':
    case 'input':
    case 'bug':
      return false;
    default:
      return failure satisfies never;
  }
}
