import mime from 'mime';
import { crc64OfSlice } from '../../http/file-slice.ts';
import { putObject } from '../../oss/operations/objects.ts';
import { type ByteWatch, type Outcome, SIMPLE_UPLOAD_BYTES } from '../byte-work.ts';
import { LocalSource } from './local-source.ts';
import { counting } from './counting.ts';
import { modifiedAtHeader } from '../modified-at.ts';
import { uploadParts } from './multipart-upload.ts';
import { partSizeOf } from './part-plan.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';
import { findEarlierAttempt, FORBID_OVERWRITE, isOverwriteRefused, verifyStored } from '../stored-object.ts';
import { storeOnce } from '../store-once.ts';
import type { UploadJob, UploadWatch } from './upload-job.ts';

/**
 * Uploads a file and compares the CRC-64 of what was read with the server's. Memory use doesn't depend on the file's
 * size. After a failure a multipart upload stays as the last checkpoint describes; resume or abort it.
 * @throws WaybillError
 */
export async function uploadFile(job: UploadJob, watch: UploadWatch): Promise<Outcome> {
  const source = await LocalSource.at(job.path, job.file);
  try {
    watch.onSize(source.sizeBytes);
    // Refuse a file that is too large before sending anything.
    partSizeOf(source.sizeBytes);
    const headers = {
      'content-type': mime.getType(job.key) ?? 'application/octet-stream',
      ...job.headers,
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
  const body = source.whole();
  return storeOnce(
    {
      send: () =>
        counting(watch, async (onSent) => {
          const stored = await putObject(connection, { bucket, key, body, onSent, sizeBytes, headers, signal });
          watch.onVerifying();
          return verifyStored(job, stored, sizeBytes === 0 ? '0' : stored.sentCrc64);
        }),
      isRefusal: isOverwriteRefused,
      findEarlier: async () => {
        // OSS may refuse before everything was sent: the CRC-64 of what was sent isn't that of the file.
        const earlier = await findEarlierAttempt(job, sizeBytes, await crc64OfSlice(body), signal);
        if (earlier !== null) watch.onBytes(sizeBytes);
        return earlier;
      },
    },
    signal,
  );
}
