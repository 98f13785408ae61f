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
import { abortUpload } from '../upload/multipart-session.ts';
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
  if (source.sizeBytes > largestWhole(job, source)) return copyInParts(job, source, watch);
  if (job.checkpoint === null) {
    const headers = await headersOf(job, source, { isWhole: true, watch });
    const copied = await copyWhole(job, source, headers, watch);
    if ('verified' in copied) return copied;
    const late = copied.kind === 'network' ? await findLate(job, source, watch) : null;
    if (late !== null) return late;
  }
  return copyUnlessLate(job, source, watch);
}

async function copyInParts(job: CopyJob, source: CopiedSource, watch: UploadWatch): Promise<Outcome> {
  return copyParts(job, source, await headersOf(job, source, { isWhole: false, watch }), watch);
}

/** Copies in parts, while OSS may still be at a whole copy that it didn't end in time: its file is no stranger's. */
async function copyUnlessLate(job: CopyJob, source: CopiedSource, watch: UploadWatch): Promise<Outcome> {
  let { checkpoint } = job;
  const onCheckpoint: UploadWatch['onCheckpoint'] = (changed) => {
    checkpoint = changed;
    watch.onCheckpoint(changed);
  };
  try {
    return await copyInParts(job, source, { ...watch, onCheckpoint });
  } catch (error) {
    const late = isOverwriteRefused(toFailure(error)) ? await findLate(job, source, watch) : null;
    if (late === null) throw error;
    if (checkpoint !== null) await abortUpload(job.connection, checkpoint);
    watch.onCheckpoint(null);
    return late;
  }
}

/** What a whole copy has stored after its time. Where files may be replaced, another's would do as well: it isn't looked for. */
async function findLate(job: CopyJob, { sizeBytes, crc64 }: CopiedSource, watch: UploadWatch): Promise<Outcome | null> {
  return job.existing === 'keep' ? findEarlierAttempt(job, sizeBytes, crc64, watch.signal) : null;
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

/** Copies in one request; returns the failure if the object is too much for one. Another request would take as long. */
async function copyWhole(
  job: CopyJob,
  source: CopiedSource,
  headers: Readonly<Record<string, string>>,
  watch: UploadWatch,
): Promise<Outcome | Failure> {
  const { sizeBytes } = source;
  const done = (outcome: Outcome): Outcome => {
    watch.onBytes(sizeBytes);
    return outcome;
  };
  const send = async (): Promise<Outcome | Failure> => {
    let stored: StoredObject;
    try {
      stored = await sendCopy(job, source, headers, watch.signal);
    } catch (error) {
      const failure = toFailure(error);
      if (sizeBytes > job.sizes.whole && isTooMuch(failure)) return failure;
      throw error;
    }
    watch.onVerifying();
    return done(await verifyCopy(job, source, stored));
  };
  const findEarlier = async (): Promise<Outcome | null> => {
    const earlier = await findEarlierAttempt(job, sizeBytes, source.crc64, watch.signal);
    return earlier === null ? null : done(earlier);
  };
  return storeOnce({ send, isRefusal: isOverwriteRefused, findEarlier }, watch.signal);
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
