import { toFailure, WaybillError } from '../../failure.ts';
import { copyObject } from '../../oss/operations/copies.ts';
import type { ObjectHead } from '../../oss/operations/object-headers.ts';
import { headObject, putObject } from '../../oss/operations/objects.ts';
import type { Outcome } from '../byte-work.ts';
import { relay } from './relay.ts';
import { type CopiedSource, type CopyJob, type CopySizes, objectRefOf, type SourceLocation } from './copy-job.ts';
import { copyParts } from './copy-parts.ts';
import { readSource, type SourceState, stateOf } from './copy-source.ts';
import { copySymlink, staysInBucket } from './copy-symlink.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';
import { findEarlierAttempt, isOverwriteRefused } from '../stored-object.ts';
import type { UploadWatch } from '../upload/upload-job.ts';
import { verifyCopy } from './verify-copy.ts';
import { headersOf } from './copy-headers.ts';

/** How a copy ended well, and what it is a copy of. */
export interface CopyOutcome extends Outcome {
  readonly source: SourceState;
}

/**
 * CopyObject takes up to 1 GB; a part takes OSS about as long as a small object, and a lost one costs little.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/copyobject
 */
export const COPY_SIZES: CopySizes = { whole: 1024 ** 3, part: 128 * 1024 ** 2 };

/** What comes through this computer is cut as an upload is. */
export const RELAY_SIZES: CopySizes = { whole: 8 * 1024 ** 2, part: 8 * 1024 ** 2 };

/** An object that changes this often while it is copied will not hold still. */
const MAX_CHANGES = 3;

/**
 * Copies an object with its headers, metadata, tags and storage class, and compares the CRC-64 of the copy with that of
 * the source. A symlink becomes another one within its bucket, and elsewhere what it leads to. A failure that may pass leaves a copy in parts as the last checkpoint tells.
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
  const shown = { ...job, source: { ...job.source, key: link.target, versionId: null } };
  return { ...(await copyContent(shown, await readHead(shown.source, watch), watch)), source: state };
}

async function copyContent(job: CopyJob, head: ObjectHead, watch: UploadWatch): Promise<Outcome> {
  const source = sizedSource(head);
  watch.onSize(source.sizeBytes);
  const isWhole = source.sizeBytes <= job.sizes.whole;
  const headers = await headersOf(job, source, { isWhole, watch });
  return isWhole ? copyWhole(job, source, headers, watch) : copyParts(job, source, headers, watch);
}

async function readHead({ connection, ...place }: SourceLocation, { signal }: UploadWatch): Promise<ObjectHead> {
  return retry(() => headObject(connection, objectRefOf(place), signal), REQUEST_RETRY, signal);
}

function sizedSource(head: ObjectHead): CopiedSource {
  const { sizeBytes } = head;
  if (sizeBytes !== null) return { ...head, sizeBytes };
  const message = 'the answer does not tell the size of the object';
  throw new WaybillError({ kind: 'oss', status: 200, code: 'MalformedReply', message });
}

async function copyWhole(
  job: CopyJob,
  source: CopiedSource,
  headers: Readonly<Record<string, string>>,
  watch: UploadWatch,
): Promise<Outcome> {
  const { connection, bucket, key } = job;
  const { signal } = watch;
  const work = async (attempt: number): Promise<Outcome> => {
    try {
      const stored =
        job.through === 'server'
          ? await copyObject(connection, {
              source: objectRefOf(job.source),
              bucket,
              key,
              ifMatch: source.etag ?? undefined,
              headers,
              signal,
            })
          : await relay(job.source, { ...source, start: 0 }, signal, (body) =>
              putObject(connection, { bucket, key, body, sizeBytes: source.sizeBytes, headers, signal }),
            );
      watch.onBytes(source.sizeBytes);
      watch.onVerifying();
      return await verifyCopy(job, source, stored);
    } catch (error) {
      // The answer to an earlier attempt may have been lost after the copy was made.
      const mayBeOwn = attempt > 1 && isOverwriteRefused(toFailure(error));
      const earlier = mayBeOwn ? await findEarlierAttempt(job, source.sizeBytes, source.crc64, signal) : null;
      if (earlier === null) throw error;
      watch.onBytes(source.sizeBytes);
      return earlier;
    }
  };
  return retry(work, REQUEST_RETRY, signal);
}
