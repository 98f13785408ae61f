import { toFailure } from '../../failure.ts';
import { getSymlink, putSymlink, type Symlink } from '../../oss/operations/symlinks.ts';
import type { Outcome } from '../byte-work.ts';
import type { CopyJob } from './copy-job.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';
import { assertEqual, isOverwriteRefused, type ObjectLocation } from '../stored-object.ts';
import { storeOnce } from '../store-once.ts';
import type { UploadWatch } from '../upload/upload-job.ts';

/** Whether a copied symlink can keep its target: only within the same bucket. */
export function staysInBucket({ bucket, source }: Pick<CopyJob, 'bucket' | 'source'>): boolean {
  return bucket === source.bucket;
}

/**
 * Creates a symlink to the same target, which need not exist, and verifies where it points.
 * @throws WaybillError `integrity` if it points elsewhere
 */
export async function copySymlink(
  job: CopyJob,
  { target }: Symlink,
  headers: Readonly<Record<string, string>>,
  watch: UploadWatch,
): Promise<Outcome> {
  const { connection, bucket, key } = job;
  const { signal } = watch;
  watch.onSize(0);
  return storeOnce(
    {
      send: async () => {
        await putSymlink(connection, { bucket, key, target, headers, signal });
        watch.onVerifying();
        const created = await getSymlink(connection, { bucket, key }, signal);
        assertEqual(target, created.target);
        return outcomeOf(created);
      },
      isRefusal: isOverwriteRefused,
      findEarlier: () => findEarlierSymlink(job, target, signal),
    },
    signal,
  );
}

/**
 * Looks for the symlink that an earlier attempt may have created. Returns null if there is none, or it points
 * elsewhere.
 */
export async function findEarlierSymlink(
  { connection, bucket, key }: ObjectLocation,
  target: string,
  signal: AbortSignal,
): Promise<Outcome | null> {
  const ask = retry(() => getSymlink(connection, { bucket, key }, signal), REQUEST_RETRY, signal);
  const found = await ask.catch((error: unknown) => {
    const failure = toFailure(error);
    if (failure.kind === 'oss' && failure.status < 500) return null;
    throw error;
  });
  return found?.target === target ? outcomeOf(found) : null;
}

/** A symlink has no bytes: that it points to the same key is all there is to verify. */
function outcomeOf({ versionId }: Symlink): Outcome {
  return { verified: 'crc64', versionId };
}
