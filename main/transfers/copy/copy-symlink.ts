import { toFailure } from '../../failure.ts';
import { getSymlink, putSymlink, type Symlink } from '../../oss/operations/symlinks.ts';
import type { Outcome } from '../byte-work.ts';
import type { CopyJob } from './copy-job.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';
import { assertEqual, isOverwriteRefused, type ObjectLocation } from '../stored-object.ts';
import type { UploadWatch } from '../upload/upload-job.ts';

/** Whether a symlink can lead to the same object from its new place: only within its bucket. */
export function staysInBucket({ bucket, source }: Pick<CopyJob, 'bucket' | 'source'>): boolean {
  return bucket === source.bucket;
}

/**
 * Makes another symlink to the same target, which need not exist, and asks where it leads.
 * @throws WaybillError `integrity` where that is somewhere else
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
  return retry(
    async (attempt) => {
      try {
        await putSymlink(connection, { bucket, key, target, headers, signal });
      } catch (error) {
        // The answer to an earlier attempt may have been lost after the symlink was made.
        const earlier =
          attempt > 1 && isOverwriteRefused(toFailure(error)) ? await findEarlierSymlink(job, target, signal) : null;
        if (earlier === null) throw error;
        return earlier;
      }
      watch.onVerifying();
      const made = await getSymlink(connection, { bucket, key }, signal);
      assertEqual(target, made.target);
      return outcomeOf(made);
    },
    REQUEST_RETRY,
    signal,
  );
}

/** The symlink in this place if it leads to the target; null if it does not, or is none. */
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

/** There are no bytes; that it leads to the same key is all that there is to check. */
function outcomeOf({ versionId }: Symlink): Outcome {
  return { verified: 'crc64', versionId };
}
