import { toFailure } from '../../failure.ts';
import { getSymlink, putSymlink, type Symlink } from '../../oss/operations/symlinks.ts';
import type { Outcome } from '../byte-work.ts';
import type { CopyJob } from './copy-job.ts';
import { persist, REQUEST_PATIENCE } from '../retry-policy.ts';
import { compare, isTaken, type ObjectPlace } from '../stored-object.ts';
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
  return persist(
    async (attempt) => {
      try {
        await putSymlink(connection, { bucket, key, target, headers, signal });
      } catch (error) {
        // The answer to an earlier attempt may have been lost after the symlink was made.
        const earlier = attempt > 1 && isTaken(toFailure(error)) ? await findOwnSymlink(job, target, signal) : null;
        if (earlier === null) throw error;
        return earlier;
      }
      watch.onVerifying();
      const made = await getSymlink(connection, { bucket, key }, signal);
      compare(target, made.target);
      return outcomeOf(made);
    },
    REQUEST_PATIENCE,
    signal,
  );
}

/** The symlink in this place if it leads to the target; null if it does not, or is none. */
export async function findOwnSymlink(
  { connection, bucket, key }: ObjectPlace,
  target: string,
  signal: AbortSignal,
): Promise<Outcome | null> {
  const ask = persist(() => getSymlink(connection, { bucket, key }, signal), REQUEST_PATIENCE, signal);
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
