import { isUploadOver, toFailure } from '../../failure.ts';
import { uploadPart } from '../../oss/operations/multipart.ts';
import { initiateUpload, completeParts, abortUpload, findSentParts } from './multipart-session.ts';
import type { Outcome } from '../byte-work.ts';
import type { LocalSource } from './local-source.ts';
import { partSizeOf } from './part-plan.ts';
import { type SendPart, sendMissingParts } from './send-parts.ts';
import { sendByPace } from './slow-line.ts';
import { combineCrc64, verifyStored } from '../stored-object.ts';
import type { UploadJob, UploadWatch } from './upload-job.ts';
import type { UploadCheckpoint } from '../tasks/checkpoints.ts';

/** An upload whose file is open. */
export interface PartsJob extends UploadJob {
  readonly source: LocalSource;
  readonly headers: Readonly<Record<string, string>>;
}

/** Uploads a file in parts, several at a time. */
export async function uploadParts(job: PartsJob, watch: UploadWatch): Promise<Outcome> {
  let counted = 0;
  const onBytes = (count: number): void => {
    counted += count;
    watch.onBytes(count);
  };
  const onKept = (count: number): void => {
    counted += count;
    watch.onKept(count);
  };
  try {
    return await sendAll(job, { ...watch, onBytes, onKept });
  } catch (error) {
    if (!isUploadOver(toFailure(error))) throw error;
    watch.onCheckpoint(null);
    // The upload was aborted since the checkpoint, by someone or by a lifecycle rule: nothing of it can be used.
    if (job.checkpoint === null) throw error;
    watch.onBytes(-counted);
    return sendAll({ ...job, checkpoint: null }, watch);
  }
}

async function sendAll(job: PartsJob, watch: UploadWatch): Promise<Outcome> {
  const { connection, bucket, key, source } = job;
  const begun = await resumeOrInitiate(job, watch);
  const { uploadId } = begun;
  const send: SendPart = (part) => uploadPart(connection, { bucket, key, uploadId, ...part });
  const checkpoint = await sendByPace(begun, watch, (planned, watched) =>
    sendMissingParts({ source, checkpoint: planned, send }, watched),
  );
  return complete(job, checkpoint, watch);
}

/** Resumes an earlier upload of the same state of the file, or initiates a new one. */
async function resumeOrInitiate(job: PartsJob, watch: UploadWatch): Promise<UploadCheckpoint> {
  const { connection, bucket, key, source, headers, checkpoint: earlier } = job;
  const { sizeBytes, modifiedAt } = source;
  if (earlier !== null) {
    const isSame = earlier.sizeBytes === sizeBytes && earlier.modifiedAt === modifiedAt && earlier.key === key;
    if (isSame) return resumeUpload(job, earlier, watch);
    await abortUpload(connection, earlier);
  }
  const partSizeBytes = partSizeOf(sizeBytes);
  const start = (uploadId: string): UploadCheckpoint => {
    const checkpoint = { bucket, key, uploadId, partSizeBytes, sizeBytes, modifiedAt, parts: [] };
    watch.onCheckpoint(checkpoint);
    return checkpoint;
  };
  return start(await initiateUpload(connection, { bucket, key, headers }, watch.signal, start));
}

/** Asks OSS which parts it has: the journal may lack the last ones. */
async function resumeUpload(job: PartsJob, earlier: UploadCheckpoint, watch: UploadWatch): Promise<UploadCheckpoint> {
  const parts = await findSentParts(job.connection, earlier, job.source, watch.signal);
  const checkpoint = { ...earlier, parts: [...parts] };
  watch.onCheckpoint(checkpoint);
  return checkpoint;
}

async function complete(job: PartsJob, checkpoint: UploadCheckpoint, watch: UploadWatch): Promise<Outcome> {
  const { uploadId, sizeBytes } = checkpoint;
  const parts = [...checkpoint.parts].sort((a, b) => a.partNumber - b.partNumber);
  const crc64 = combineCrc64(parts);
  const result = await completeParts(job, { uploadId, parts }, { sizeBytes, crc64 }, watch.signal);
  watch.onCheckpoint(null);
  return 'verified' in result ? result : verifyStored(job, result, crc64);
}
