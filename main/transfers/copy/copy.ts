import { type Failure, toFailure, WaybillError } from '../../failure.ts';
import { copyObject } from '../../oss/operations/copies.ts';
import type { ObjectHead, StoredObject } from '../../oss/operations/object-headers.ts';
import { headObject, putObject } from '../../oss/operations/objects.ts';
import type { Outcome } from '../byte-work.ts';
import { relay } from './relay.ts';
import { type CopiedSource, type CopyJob, type CopySizes, objectRefOf, type SourceLocation } from './copy-job.ts';
import { copyParts } from './copy-parts.ts';
import { readSource, type SourceState, stateOf } from './copy-source.ts';
import { copySymlink, staysInBucket } from './copy-symlink.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';
import { findEarlierAttempt, isOverwriteRefused } from '../stored-object.ts';
import { storeOnce } from '../store-once.ts';
import type { UploadWatch } from '../upload/upload-job.ts';
import { verifyCopy } from './verify-copy.ts';
import { headersOf } from './copy-headers.ts';

/** Result of a successful copy, and the state of its source. */
export interface CopyOutcome extends Outcome {
  readonly source: SourceState;
}

/**
 * What CopyObject accepts. OSS copies a part about as fast as a small object, and redoing one costs little.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/copyobject
 */
export const COPY_SIZES: CopySizes = {
  whole: 1024 ** 3,
  kept: { within: Infinity, across: 5 * 1024 ** 3 },
  part: 128 * 1024 ** 2,
};

/** Copies through this computer use the sizes of uploads. */
export const RELAY_SIZES: CopySizes = { whole: 8 * 1024 ** 2, part: 8 * 1024 ** 2 };

/** Give up on an object that changes this often while it is copied. */
const MAX_CHANGES = 3;

/**
 * Copies an object with its headers, metadata, tags and storage class, and compares the CRC-64 of the copy with that of
 * the source. A symlink stays a symlink within its bucket; elsewhere its target is copied. After a transient failure a
 * copy in parts stays as the last checkpoint describes.
 * @throws WaybillError
 */
export async function copyToLocation(job: CopyJob, watch: UploadWatch): Promise<CopyOutcome> {
  let { checkpoint } = job;
  for (let round = 1; ; round += 1) {
    try {
      return await copyOnce({ ...job, checkpoint }, watch);
    } catch (error) {
      const failure = toFailure(error);
      if (round === MAX_CHANGES || failure.kind !== 'oss' || failure.status !== 412) throw error;
      checkpoint = null;
    }
  }
}

async function copyOnce(job: CopyJob, watch: UploadWatch): Promise<CopyOutcome> {
  const source = await readSource(job.source, watch.signal);
  const { head, link } = source;
  const state = stateOf(source);
  if (link === null) return { ...(await copyContent(job, head, watch)), source: state };
  if (staysInBucket(job)) {
    const headers = await headersOf(job, head, { isWhole: false, watch });
    return { ...(await copySymlink(job, link, headers, watch)), source: state };
  }
  const targetJob = { ...job, source: { ...job.source, key: link.target, versionId: null } };
  return { ...(await copyContent(targetJob, await readHead(targetJob.source, watch), watch)), source: state };
}

async function copyContent(job: CopyJob, head: ObjectHead, watch: UploadWatch): Promise<Outcome> {
  const source = sizedSource(head);
  watch.onSize(source.sizeBytes);
  const inParts = async (): Promise<Outcome> =>
    copyParts(job, source, await headersOf(job, source, { isWhole: false, watch }), watch);
  if (job.checkpoint !== null || source.sizeBytes > largestWhole(job, source)) return inParts();
  const headers = await headersOf(job, source, { isWhole: true, watch });
  try {
    return await copyWhole(job, source, headers, watch);
  } catch (error) {
    if (source.sizeBytes > job.sizes.whole && isTooMuch(toFailure(error))) return inParts();
    throw error;
  }
}

function largestWhole({ bucket, source: { bucket: from }, sizes, rewrite }: CopyJob, source: CopiedSource): number {
  const keepsClass = (rewrite?.(source) ?? source).storageClass === source.storageClass;
  if (!keepsClass || sizes.kept === undefined) return sizes.whole;
  return bucket === from ? sizes.kept.within : sizes.kept.across;
}

/**
 * Whether OSS may have refused a copy for its size, or not have ended it in time. The target's default encryption, which
 * isn't known here, changes that of the copy, and no page names the refusal.
 */
function isTooMuch(failure: Failure): boolean {
  return failure.kind === 'network' ? failure.reason === 'timeout' : failure.kind === 'oss' && failure.status === 400;
}

async function readHead({ connection, ...location }: SourceLocation, { signal }: UploadWatch): Promise<ObjectHead> {
  return retry(() => headObject(connection, objectRefOf(location), signal), REQUEST_RETRY, signal);
}

function sizedSource(head: ObjectHead): CopiedSource {
  const { sizeBytes } = head;
  if (sizeBytes !== null) return { ...head, sizeBytes };
  const message = 'the response does not include the size of the object';
  throw new WaybillError({ kind: 'oss', cause: 'malformed', status: 200, code: 'MalformedReply', message });
}

async function copyWhole(
  job: CopyJob,
  source: CopiedSource,
  headers: Readonly<Record<string, string>>,
  watch: UploadWatch,
): Promise<Outcome> {
  const { sizeBytes } = source;
  const done = (outcome: Outcome): Outcome => {
    watch.onBytes(sizeBytes);
    return outcome;
  };
  return storeOnce(
    {
      send: async () => {
        const stored = await sendCopy(job, source, headers, watch.signal);
        watch.onVerifying();
        return done(await verifyCopy(job, source, stored));
      },
      isRefusal: isOverwriteRefused,
      findEarlier: async () => {
        const earlier = await findEarlierAttempt(job, sizeBytes, source.crc64, watch.signal);
        return earlier === null ? null : done(earlier);
      },
    },
    watch.signal,
  );
}

function sendCopy(
  job: CopyJob,
  source: CopiedSource,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<StoredObject> {
  const { connection, bucket, key } = job;
  if (job.through === 'server') {
    const ifMatch = source.etag ?? undefined;
    return copyObject(connection, { source: objectRefOf(job.source), bucket, key, ifMatch, headers, signal });
  }
  const { sizeBytes } = source;
  return relay(job.source, { ...source, start: 0 }, signal, (body) =>
    putObject(connection, { bucket, key, body, sizeBytes, headers, signal }),
  );
}
