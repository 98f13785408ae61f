import { malformedReply, WaybillError } from '../../failure.ts';
import type { PartFile } from '../../local-files/part-file.ts';
import { crc64Combine, makeCrc64 } from '../../oss/crc64/crc64.ts';
import { networkFailure } from '../../oss/exchange/network-failure.ts';
import type { ObjectBody } from '../../oss/operations/objects.ts';
import { BLOCK_BYTES, type ByteWatch } from '../byte-work.ts';
import { WorkerBody } from '../bytes/worker-body.ts';
import type { ObjectSource } from './object-source.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';
import type { DownloadCheckpoint, Span } from '../tasks/checkpoints.ts';

/** One span of a download whose file is open. */
export interface SpanJob {
  readonly source: ObjectSource;
  readonly file: PartFile;
  readonly checkpoint: DownloadCheckpoint;
  readonly span: Span;
  /** A response with the beginning of the span, not read yet. */
  readonly first: ObjectBody | null;
}

/** Reads the missing bytes of a span. If a request breaks, another one reads the rest. */
export async function readSpan(job: SpanJob, watch: Pick<ByteWatch, 'signal' | 'onBytes'>): Promise<void> {
  let { first } = job;
  await retry(
    async () => {
      const answer = first ?? (await openRest(job, watch));
      first = null;
      await (answer.body instanceof WorkerBody
        ? storeWorkerBody(job, answer.body, watch)
        : writeStream(job, answer, watch));
    },
    REQUEST_RETRY,
    watch.signal,
  );
}

async function openRest(
  { source, checkpoint, span }: SpanJob,
  { signal, onBytes }: Pick<ByteWatch, 'signal' | 'onBytes'>,
): Promise<ObjectBody> {
  const { etag } = checkpoint;
  if (etag === null) {
    // Without an ETag, the rest may be of another state of the object: start over.
    onBytes(-span.doneBytes);
    span.doneBytes = 0;
    span.crc64 = '0';
    return source.open({ signal });
  }
  const start = span.start + span.doneBytes;
  const end = span.sizeBytes === null ? undefined : span.start + span.sizeBytes - 1;
  const answer = await source.open({ range: { start, end }, ifMatch: etag, signal });
  if (answer.etag === etag && (answer.contentRange?.start ?? 0) === start) return answer;
  answer.body.destroy();
  if (answer.etag !== etag) throw changedObject();
  throw malformedReply(answer.status, 'the answer does not hold the range that was asked for');
}

/** Has a worker thread write a body to its position. */
async function storeWorkerBody(
  { source, file, span }: SpanJob,
  body: WorkerBody,
  { onBytes, signal }: Pick<ByteWatch, 'signal' | 'onBytes'>,
): Promise<void> {
  if (span.sizeBytes !== null && span.doneBytes + body.sizeBytes > span.sizeBytes) {
    body.destroy();
    throw tooLong();
  }
  const target = { fd: file.fd, path: file.target, position: span.start + span.doneBytes };
  const { storedBytes, crc64, error } = await body.store(target, onBytes);
  span.crc64 = crc64Combine(span.crc64, crc64, storedBytes);
  span.doneBytes += storedBytes;
  if (error !== null)
    throw signal.aborted ? new WaybillError({ kind: 'cancelled' }) : networkFailure(error, source.host);
  assertWhole(span, source);
}

/**
 * Writes a body to its position, a block at a time. The CRC-64 covers exactly what was written, even after an error.
 */
async function writeStream(
  { source, file, span }: SpanJob,
  { body }: ObjectBody,
  { onBytes }: Pick<ByteWatch, 'onBytes'>,
): Promise<void> {
  const crc = makeCrc64(span.crc64);
  let block: Uint8Array[] = [];
  let blockBytes = 0;
  const flush = async (): Promise<void> => {
    if (blockBytes === 0) return;
    await file.write(block, span.start + span.doneBytes);
    for (const chunk of block) crc.update(chunk);
    span.doneBytes += blockBytes;
    onBytes(blockBytes);
    block = [];
    blockBytes = 0;
  };
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      block.push(chunk);
      blockBytes += chunk.length;
      if (span.sizeBytes !== null && span.doneBytes + blockBytes > span.sizeBytes) {
        throw tooLong();
      }
      if (blockBytes >= BLOCK_BYTES) await flush();
    }
    await flush();
  } catch (error) {
    throw networkFailure(error, source.host);
  } finally {
    span.crc64 = crc.digest();
  }
  assertWhole(span, source);
}

function assertWhole(span: Span, { host }: ObjectSource): void {
  if (span.sizeBytes !== null && span.doneBytes < span.sizeBytes) {
    throw new WaybillError({ kind: 'network', reason: 'reset', host });
  }
}

function tooLong(): WaybillError {
  return malformedReply(206, 'the answer holds more than the range that was asked for');
}

/** Returns the error for an object that changed during its download. */
export function changedObject(): WaybillError {
  const message = 'The object changed while it was downloaded.';
  return new WaybillError({ kind: 'oss', status: 412, code: 'PreconditionFailed', message });
}
