import { isUploadOver, toFailure } from '../../failure.ts';
import { uploadPartCopy } from '../../oss/operations/copies.ts';
import { type MultipartUpload, uploadPart } from '../../oss/operations/multipart.ts';
import type { Outcome } from '../byte-work.ts';
import { initiateUpload, completeParts, abortUpload } from '../upload/multipart-session.ts';
import { relay } from './relay.ts';
import { type CopiedSource, type CopyJob, objectRefOf } from './copy-job.ts';
import { inParallel } from '../parallel.ts';
import { partSizeOf, type PlannedPart, planParts } from '../upload/part-plan.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';
import type { UploadWatch } from '../upload/upload-job.ts';
import { verifyCopy } from './verify-copy.ts';
import type { FinishedPart, UploadCheckpoint } from '../tasks/checkpoints.ts';
import { combineCrc64, assertEqual } from '../stored-object.ts';

/** Copies an object in parts, several at a time. `headers` carry everything the source has besides its bytes. */
export async function copyParts(
  job: CopyJob,
  source: CopiedSource,
  headers: Readonly<Record<string, string>>,
  watch: UploadWatch,
): Promise<Outcome> {
  const checkpoint = await resumeOrInitiate(job, source, headers, watch);
  try {
    watch.onKept(bytesOf(checkpoint));
    const finished = new Set(checkpoint.parts.map(({ partNumber }) => partNumber));
    const missing = planParts(source.sizeBytes, checkpoint.partSizeBytes).filter(
      (part) => !finished.has(part.partNumber),
    );
    await inParallel(missing, watch.connections, watch.signal, async (part, signal) => {
      const done = await retry(() => copyPart({ ...job, ...checkpoint }, source, part, signal), REQUEST_RETRY, signal);
      watch.onBytes(done.sizeBytes);
      checkpoint.parts.push(done);
      watch.onPart(done);
    });
    watch.onVerifying();
    return await complete(job, source, checkpoint, watch);
  } catch (error) {
    const failure = toFailure(error);
    // Parts of another state of the source, or of an aborted upload, are useless.
    const isUseless = failure.kind === 'integrity' || (failure.kind === 'oss' && [404, 412].includes(failure.status));
    if (!isUseless) throw error;
    await abortUpload(job.connection, checkpoint);
    watch.onCheckpoint(null);
    watch.onBytes(-bytesOf(checkpoint));
    if (!isUploadOver(failure) || job.checkpoint === null) throw error;
    return copyParts({ ...job, checkpoint: null }, source, headers, watch);
  }
}

/** Resumes an earlier copy of the same state of the source, or initiates a new one. */
async function resumeOrInitiate(
  { connection, bucket, key, sizes, checkpoint: earlier }: CopyJob,
  { sizeBytes, lastModified: modifiedAt }: CopiedSource,
  headers: Readonly<Record<string, string>>,
  watch: UploadWatch,
): Promise<UploadCheckpoint> {
  if (earlier !== null) {
    const isSame = earlier.sizeBytes === sizeBytes && earlier.modifiedAt === modifiedAt;
    if (isSame && earlier.bucket === bucket && earlier.key === key) return earlier;
    await abortUpload(connection, earlier);
  }
  const partSizeBytes = Math.max(sizes.part, sizeBytes > sizes.part * 10_000 ? partSizeOf(sizeBytes) : 0);
  const start = (uploadId: string): UploadCheckpoint => {
    const checkpoint = { bucket, key, uploadId, partSizeBytes, sizeBytes, modifiedAt, parts: [] };
    watch.onCheckpoint(checkpoint);
    return checkpoint;
  };
  return start(await initiateUpload(connection, { bucket, key, headers }, watch.signal, start));
}

async function copyPart(
  job: CopyJob & MultipartUpload,
  source: CopiedSource,
  { partNumber, start, sizeBytes }: PlannedPart,
  signal: AbortSignal,
): Promise<FinishedPart> {
  const { connection, bucket, key, uploadId, through } = job;
  const part = { bucket, key, uploadId, partNumber, sizeBytes, signal };
  const { etag, crc64 } =
    through === 'server'
      ? await uploadPartCopy(connection, {
          ...part,
          source: objectRefOf(job.source),
          start,
          ifMatch: source.etag ?? undefined,
        })
      : await relay(job.source, { etag: source.etag, start, sizeBytes }, signal, (body) =>
          uploadPart(connection, { ...part, body }),
        );
  return { partNumber, etag, crc64: crc64 ?? '', sizeBytes };
}

async function complete(
  job: CopyJob,
  source: CopiedSource,
  checkpoint: UploadCheckpoint,
  watch: UploadWatch,
): Promise<Outcome> {
  const { uploadId } = checkpoint;
  const parts = [...checkpoint.parts].sort((a, b) => a.partNumber - b.partNumber);
  // Compare before completing: wrong parts must not replace an existing object.
  if (source.crc64 !== null && parts.every((part) => part.crc64 !== '')) assertEqual(source.crc64, combineCrc64(parts));
  const result = await completeParts(job, { uploadId, parts }, source, watch.signal);
  watch.onCheckpoint(null);
  return 'verified' in result ? result : verifyCopy(job, source, result);
}

function bytesOf({ parts }: UploadCheckpoint): number {
  return parts.reduce((sum, part) => sum + part.sizeBytes, 0);
}
