import { toFailure } from '../../failure.ts';
import { completeMultipartUpload } from '../../oss/operations/multipart.ts';
import type { StoredObject } from '../../oss/operations/object-headers.ts';
import type { Outcome } from '../byte-work.ts';
import { persist, REQUEST_PATIENCE } from '../retry-policy.ts';
import { findOwn, FORBID_OVERWRITE } from '../stored-object.ts';
import type { UploadCheckpoint } from '../tasks/checkpoints.ts';
import type { FreePlace } from './upload-job.ts';

/** What the parts make together: size in bytes, and CRC-64 in unsigned decimal; null where nobody tells it. */
interface Whole {
  readonly sizeBytes: number;
  readonly crc64: string | null;
}

/**
 * Makes the object of its parts, and gives what OSS says of it; an outcome where only a look at the object told that it
 * is there.
 * @throws WaybillError
 */
export async function completeParts(
  { connection, bucket, key, existing }: FreePlace,
  { uploadId, parts }: Pick<UploadCheckpoint, 'uploadId' | 'parts'>,
  { sizeBytes, crc64 }: Whole,
  signal: AbortSignal,
): Promise<StoredObject | Outcome> {
  const headers = existing === 'keep' ? FORBID_OVERWRITE : {};
  const work = async (attempt: number): Promise<StoredObject | Outcome> => {
    try {
      return await completeMultipartUpload(connection, { bucket, key, uploadId, parts, headers, signal });
    } catch (error) {
      // The answer to an earlier attempt may have been lost after the object was made.
      const mayBeOwn = attempt > 1 && toFailure(error).kind === 'oss';
      const earlier = mayBeOwn ? await findOwn({ connection, bucket, key }, sizeBytes, crc64, signal) : null;
      if (earlier === null) throw error;
      return earlier;
    }
  };
  return persist(work, REQUEST_PATIENCE, signal);
}
