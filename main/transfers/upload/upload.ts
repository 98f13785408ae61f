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
 * Uploads a file and compares the CRC-64 of what was read with the server's. Memory use doesn't depend on the file's
 * size. After a failure a multipart upload stays as the last checkpoint describes; resume or abort it.
 * @throws WaybillError
 */
export async function uploadFile(job: UploadJob, watch: UploadWatch): Promise<Outcome> {
  const source = await LocalSource.at(job.path);
  try {
    watch.onSize(source.sizeBytes);
    // Refuse a file that is too large before sending anything.
    partSizeOf(source.sizeBytes);
    const headers = {
      'content-type': mime.getType(job.key) ?? 'application/octet-stream',
      ...modifiedAtHeader(source.modifiedAt),
      ...(job.existing === 'keep' ? FORBID_OVERWRITE : {}),
    };
    if (source.sizeBytes <= SIMPLE_UPLOAD_BYTES) return await putWhole(job, source, headers, watch);
    // Find out whether the file can be read before initiating an upload.
    await source.open();
    return await uploadParts({ ...job, source, headers }, watch);
  } finally {
    await source.close();
  }
}

/** Creates the empty object that represents an empty folder. */
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
  const slice = source.slice({ start: 0, sizeBytes }, watch, transferAgentOf(connection.dispatcher));
  const { body, sendVia } = sizeBytes === 0 ? { body: new Uint8Array(), sendVia: undefined } : slice;
  const work = async (attempt: number): Promise<Outcome> => {
    try {
      const stored = await putObject(connection, { bucket, key, body, sendVia, sizeBytes, headers, signal });
      watch.onVerifying();
      return await verifyStored(job, stored, sizeBytes === 0 ? '0' : slice.crc64());
    } catch (error) {
      slice.uncount();
      // The response to an earlier attempt may have been lost after the object was stored.
      const mayBeEarlier = attempt > 1 && isOverwriteRefused(toFailure(error));
      // OSS may refuse before everything was sent: the CRC-64 of what was sent isn't that of the file.
      const all = { start: 0, sizeBytes };
      const earlier = mayBeEarlier ? await findEarlierAttempt(job, sizeBytes, await source.crc64Of(all), signal) : null;
      if (earlier === null) throw error;
      watch.onBytes(sizeBytes);
      return earlier;
    }
  };
  return retry(work, REQUEST_RETRY, signal);
}
