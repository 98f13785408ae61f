import { malformedReply, WaybillError } from '../../failure.ts';
import type { PartFile } from '../../local-files/part-file.ts';
import { crc64Combine } from '../../crc64/crc64.ts';
import { storeBody } from '../../http/store-body.ts';
import { networkFailure } from '../../oss/exchange/network-failure.ts';
import type { ObjectBody } from '../../oss/operations/objects.ts';
import type { ByteWatch } from '../byte-work.ts';
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
      await store(job, answer, watch);
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

/** Has a body written to its position, and takes note of what was written, even after an error. */
async function store(
  { source, file, span }: SpanJob,
  { body }: ObjectBody,
  { onBytes, signal }: Pick<ByteWatch, 'signal' | 'onBytes'>,
): Promise<void> {
  const maxBytes = span.sizeBytes === null ? null : span.sizeBytes - span.doneBytes;
  const target = { fd: file.fd, path: file.target, position: span.start + span.doneBytes, maxBytes };
  const { storedBytes, crc64, error } = await storeBody(body, target, onBytes);
  span.crc64 = crc64Combine(span.crc64, crc64, storedBytes);
  span.doneBytes += storedBytes;
  if (error === null) assertWhole(span, source);
  else throw signal.aborted ? new WaybillError({ kind: 'cancelled' }) : networkFailure(error, source.host);
}

function assertWhole(span: Span, { host }: ObjectSource): void {
  if (span.sizeBytes !== null && span.doneBytes < span.sizeBytes) {
    throw new WaybillError({ kind: 'network', reason: 'reset', host });
  }
}

/** Returns the error for an object that changed during its download. */
export function changedObject(): WaybillError {
  const message = 'The object changed while it was downloaded.';
  return new WaybillError({ kind: 'oss', cause: 'changed', status: 412, code: 'PreconditionFailed', message });
}
