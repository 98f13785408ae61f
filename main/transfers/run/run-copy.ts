import { toFailure, WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { baseName } from '../../oss/key-path.ts';
import { deleteObject } from '../../oss/operations/deletes.ts';
import type { Outcome } from '../byte-work.ts';
import { RELAY_SIZES, COPY_SIZES, type CopyOutcome, copyToLocation } from '../copy/copy.ts';
import type { SourceLocation } from '../copy/copy-job.ts';
import { type CopySource, readSource, stateOf } from '../copy/copy-source.ts';
import { findEarlierSymlink, staysInBucket } from '../copy/copy-symlink.ts';
import { choiceOf, finishEvent, storeByRule } from './overwrite.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';
import { type Content, resolveRule, storedContent } from './same-content.ts';
import type { TransferEvent } from '../tasks/state.ts';
import { findEarlierAttempt, type ObjectLocation } from '../stored-object.ts';
import type { TaskContext } from './task-context.ts';
import type { Task, Work } from '../tasks/task.ts';

type CopyWork = Extract<Work, { kind: 'copy' }>;

/**
 * Copies an object inside OSS or, between accounts and regions, through this computer; for a move it then deletes the
 * source, if that still is what was copied.
 */
export async function runCopy(task: Task, work: CopyWork, context: TaskContext): Promise<TransferEvent> {
  const { options, watch } = context;
  const connection = await options.connection(work.accountId, work.bucket);
  const source = await options.connection(work.source.accountId, work.source.bucket);
  if (work.copied !== null) {
    await removeSource(source, work, work.copied, watch.signal);
    return { type: 'finish', verified: 'crc64', versionId: null };
  }
  const ends: Ends = {
    place: { connection, bucket: work.bucket, key: work.key },
    origin: { connection: source, ...work.source },
  };
  // Asked once more where the place is taken: OSS may still have been copying for an earlier attempt.
  const findEarlier = async () => (task.mayBeStored ? earlierCopy(ends, watch.signal) : null);
  const outcome = (await findEarlier()) ?? (await startCopy(task, { ...work, ...ends, findEarlier }, context));
  if ('type' in outcome) return outcome;
  if (work.move) {
    context.onCopied(outcome.source);
    await removeSource(source, work, outcome.source, watch.signal);
  }
  return finishEvent(outcome);
}

/** Where a copy goes to and comes from. */
interface Ends {
  readonly place: ObjectLocation;
  readonly origin: SourceLocation;
}

async function startCopy(
  task: Task,
  {
    place,
    origin,
    findEarlier,
    ...work
  }: CopyWork & Ends & { readonly findEarlier: () => Promise<CopyOutcome | null> },
  { watch, onRenamed }: TaskContext,
): Promise<CopyOutcome | TransferEvent> {
  const { signal } = watch;
  const through = isSameServer(work, place.connection, origin.connection) ? 'server' : 'machine';
  const choice = await resolveRule(
    choiceOf(task),
    async () => (await storedContent(origin, signal)) ?? gone,
    () => storedContent(place, signal),
  );
  return storeByRule<CopyOutcome>({ ...place, signal, hints: null, findEarlier }, choice, (free) => {
    if (free.key !== work.key) onRenamed({ key: free.key }, baseName(free.key));
    const job = {
      ...free,
      source: origin,
      through,
      move: work.move,
      sizes: through === 'server' ? COPY_SIZES : RELAY_SIZES,
      checkpoint: task.checkpoints.upload,
    } as const;
    return copyToLocation(job, watch);
  });
}

/** What an attempt that was stopped, or whose process died, had copied before it heard of it. */
async function earlierCopy({ place, origin }: Ends, signal: AbortSignal): Promise<CopyOutcome | null> {
  const source = await readSource(origin, signal);
  const found = await findCopy(place, source, staysInBucket({ ...place, source: origin }), signal);
  return found === null ? null : { ...found, source: stateOf(source) };
}

async function findCopy(
  place: ObjectLocation,
  { head, link }: CopySource,
  isLinked: boolean,
  signal: AbortSignal,
): Promise<Outcome | null> {
  // What is in its place may be read as the same bytes, and be no symlink.
  if (link !== null && isLinked) return findEarlierSymlink(place, link.target, signal);
  const sizeBytes = head?.sizeBytes ?? null;
  return head === null || sizeBytes === null ? null : findEarlierAttempt(place, sizeBytes, head.crc64, signal);
}

/** OSS copies only between buckets of one region, and only what one and the same key may read and write. */
function isSameServer(work: CopyWork, target: Connection, source: Connection): boolean {
  return (
    work.accountId === work.source.accountId &&
    target.region === source.region &&
    target.endpoint.host === source.endpoint.host
  );
}

/** Deletes what was moved: a bucket with versions keeps it below a delete marker. What changed meanwhile stays. */
async function removeSource(
  connection: Connection,
  { source: { bucket, key } }: CopyWork,
  copied: NonNullable<CopyWork['copied']>,
  signal: AbortSignal,
): Promise<void> {
  const found = await readSource({ connection, bucket, key, versionId: null }, signal).catch((error: unknown) => {
    const failure = toFailure(error);
    // An earlier attempt deleted it, and its answer was lost.
    if (failure.kind === 'oss' && failure.status === 404) return null;
    throw error;
  });
  if (found === null) return;
  const { etag, versionId } = stateOf(found);
  if (etag !== copied.etag || versionId !== copied.versionId) throw changedSinceCopied();
  await retry(() => deleteObject(connection, { bucket, key }, signal), REQUEST_RETRY, signal);
}

function changedSinceCopied(): WaybillError {
  const message = 'The original changed after it was copied, so it was not deleted.';
  return new WaybillError({ kind: 'oss', status: 412, code: 'ChangedSinceCopied', message });
}

/** A source that nobody can compare: copying it says why. */
const gone: Content = { sizeBytes: null, modifiedAt: 0, crc64: () => Promise.resolve(null) };
