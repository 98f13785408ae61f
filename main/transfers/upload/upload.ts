import mime from 'mime';
import { toFailure } from '../../failure.ts';
import { putObject } from '../../oss/operations/objects.ts';
import { transferAgentOf } from '../bytes/transfer-agent.ts';
import { type ByteWatch, type Outcome, SIMPLE_UPLOAD_BYTES } from '../byte-work.ts';
import { LocalSource } from './local-source.ts';
import { modifiedAtHeader } from '../modified-at.ts';
import { uploadParts } from './multipart-upload.ts';
import { partSizeOf } from './part-plan.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';
import { findEarlierAttempt, FORBID_OVERWRITE, isOverwriteRefused, verifyStored } from '../stored-object.ts';
import type { UploadJob, UploadWatch } from './upload-job.ts';

/**
 * Sends a file and compares the CRC-64 of what was read with the server's. Memory does not grow with the file. Where it
 * fails a multipart upload is left as the last checkpoint tells: go on with it, or abort it.
 * @throws WaybillError
 */
export async function uploadFile(job: UploadJob, watch: UploadWatch): Promise<Outcome> {
  const source = await LocalSource.at(job.path);
  try {
    watch.onSize(source.sizeBytes);
    // A file that is too large is refused before anything is sent.
    partSizeOf(source.sizeBytes);
    const headers = {
      'content-type': mime.getType(job.key) ?? 'application/octet-stream',
      ...modifiedAtHeader(source.modifiedAt),
      ...(job.existing === 'keep' ? FORBID_OVERWRITE : {}),
    };
    if (source.sizeBytes <= SIMPLE_UPLOAD_BYTES) return await putWhole(job, source, headers, watch);
    // Before an upload is begun that could not go on.
    await source.open();
    return await uploadParts({ ...job, source, headers }, watch);
  } finally {
    await source.close();
  }
}

/** Makes the empty object that stands for an empty folder. */
export async function uploadFolder(job: Omit<UploadJob, 'path' | 'checkpoint'>, watch: ByteWatch): Promise<Outcome> {
  const { connection, bucket, key } = job;
  const headers = job.existing === 'keep' ? FORBID_OVERWRITE : {};
  const stored = await retry(
    () => putObject(connection, { bucket, key, body: new Uint8Array(), sizeBytes: 0, headers, signal: watch.signal }),
    REQUEST_RETRY,
    watch.signal,
  );
  return verifyStored(job, stored, '0');
}

async function putWhole(
  job: UploadJob,
  source: LocalSource,
  headers: Readonly<Record<string, string>>,
  watch: UploadWatch,
): Promise<Outcome> {
  const { connection, bucket, key } = job;
  const { sizeBytes } = source;
  const { signal } = watch;
  const piece = source.slice({ start: 0, sizeBytes }, watch, transferAgentOf(connection.dispatcher));
  const { body, sendVia } = sizeBytes === 0 ? { body: new Uint8Array(), sendVia: undefined } : piece;
  const work = async (attempt: number): Promise<Outcome> => {
    try {
      const stored = await putObject(connection, { bucket, key, body, sendVia, sizeBytes, headers, signal });
      watch.onVerifying();
      return await verifyStored(job, stored, sizeBytes === 0 ? '0' : piece.crc64());
    } catch (error) {
      piece.takeBack();
      // The answer to an earlier attempt may have been lost after the object was stored.
      const mayBeOwn = attempt > 1 && isOverwriteRefused(toFailure(error));
      // OSS may refuse before it was sent whole: the CRC-64 of what was sent is then not that of the file.
      const whole = { start: 0, sizeBytes };
      const earlier = mayBeOwn ? await findEarlierAttempt(job, sizeBytes, await source.crc64Of(whole), signal) : null;
      if (earlier === null) throw error;
      watch.onBytes(sizeBytes);
      return earlier;
    }
  };
  return retry(work, REQUEST_RETRY, signal);
}
