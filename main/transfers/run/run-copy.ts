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
import { type Content, resolveRule, contentOfObject } from './same-content.ts';
import type { TransferEvent } from '../tasks/state.ts';
import { findEarlierAttempt, type ObjectLocation } from '../stored-object.ts';
import type { TaskContext } from './task-context.ts';
import type { Task, Work } from '../tasks/task.ts';

type CopyWork = Extract<Work, { kind: 'copy' }>;

/**
 * Copies an object within OSS or, between accounts or regions, through this computer. A move then deletes the source,
 * unless it changed after it was copied.
 */
export async function runCopy(task: Task, work: CopyWork, context: TaskContext): Promise<TransferEvent> {
  const { options, watch } = context;
  const connection = await options.connection(work.accountId, work.bucket);
  const sourceConnection = await options.connection(work.source.accountId, work.source.bucket);
  if (work.copied !== null) {
    await removeSource(sourceConnection, work, work.copied, watch.signal);
    return { type: 'finish', verified: 'crc64', versionId: null };
  }
  const ends: Ends = {
    target: { connection, bucket: work.bucket, key: work.key },
    source: { connection: sourceConnection, ...work.source },
  };
  // Called again if the key is taken: OSS may still have been copying for an earlier attempt.
  const findEarlier = async () => (task.mayBeStored ? earlierCopy(ends, watch.signal) : null);
  const outcome = (await findEarlier()) ?? (await startCopy(task, { work, ...ends, findEarlier }, context));
  if ('type' in outcome) return outcome;
  if (work.move) {
    context.onCopied(outcome.source);
    await removeSource(sourceConnection, work, outcome.source, watch.signal);
  }
  return finishEvent(outcome);
}

/** Target and source of a copy. */
interface Ends {
  readonly target: ObjectLocation;
  readonly source: SourceLocation;
}

/** A copy about to start. */
interface StartedCopy extends Ends {
  readonly work: CopyWork;
  readonly findEarlier: () => Promise<CopyOutcome | null>;
}

async function startCopy(
  task: Task,
  { work, target, source, findEarlier }: StartedCopy,
  { watch, onRenamed }: TaskContext,
): Promise<CopyOutcome | TransferEvent> {
  const { signal } = watch;
  const through = isSameServer(work, target.connection, source.connection) ? 'server' : 'machine';
  const choice = await resolveRule(
    choiceOf(task),
    async () => (await contentOfObject(source, signal)) ?? gone,
    () => contentOfObject(target, signal),
  );
  return storeByRule<CopyOutcome>({ ...target, signal, hints: null, findEarlier }, choice, (free) => {
    if (free.key !== work.key) onRenamed({ key: free.key }, baseName(free.key));
    const job = {
      ...free,
      source,
      through,
      move: work.move,
      sizes: through === 'server' ? COPY_SIZES : RELAY_SIZES,
      checkpoint: task.checkpoints.upload,
    } as const;
    return copyToLocation(job, watch);
  });
}

/** Finds the copy of an attempt that was stopped, or whose process died, before it received the answer. */
async function earlierCopy({ target, source }: Ends, signal: AbortSignal): Promise<CopyOutcome | null> {
  const original = await readSource(source, signal);
  const found = await findCopy(target, original, staysInBucket({ ...target, source }), signal);
  return found === null ? null : { ...found, source: stateOf(original) };
}

async function findCopy(
  target: ObjectLocation,
  { head, link }: CopySource,
  isLinked: boolean,
  signal: AbortSignal,
): Promise<Outcome | null> {
  // HEAD follows symlinks: an object with the same bytes may not be the symlink.
  if (link !== null && isLinked) return findEarlierSymlink(target, link.target, signal);
  const sizeBytes = head?.sizeBytes ?? null;
  return head === null || sizeBytes === null ? null : findEarlierAttempt(target, sizeBytes, head.crc64, signal);
}

/** OSS copies only within a region, and with one key that may read the source and write the target. */
function isSameServer(work: CopyWork, target: Connection, source: Connection): boolean {
  return work.accountId === work.source.accountId && target.region === source.region;
}

/**
 * Deletes the source of a move; with versioning on it stays below a delete marker. A source that changed meanwhile is
 * kept.
 */
async function removeSource(
  connection: Connection,
  { source: { bucket, key } }: CopyWork,
  copied: NonNullable<CopyWork['copied']>,
  signal: AbortSignal,
): Promise<void> {
  const found = await readSource({ connection, bucket, key, versionId: null }, signal).catch((error: unknown) => {
    const failure = toFailure(error);
    // An earlier attempt deleted it, and its response was lost.
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
  return new WaybillError({
    kind: 'oss',
    cause: 'changed-since-copied',
    status: 412,
    code: 'ChangedSinceCopied',
    message,
  });
}

/** Stands for a source that can't be read. Copying it reports why. */
const gone: Content = { sizeBytes: null, modifiedAt: 0, crc64: () => Promise.resolve(null) };
