import { type Failure, isDenied, toFailure } from '../failure.ts';
import type { Connection } from '../oss/connection.ts';
import { objectPages } from '../oss/operations/ranges/object-pages.ts';
import { inParallel } from '../transfers/parallel.ts';
import { changeObject } from './change-object.ts';
import { checkChange, type ObjectChange } from './object-change.ts';

/** The objects to change: keys, and everything below prefixes; or one version of a single key. */
export interface ChangeScope {
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  readonly versionId: string | null;
}

/** An object that couldn't be changed. */
export interface FailedChange {
  readonly key: string;
  readonly failure: Failure;
}

/** The outcome of a change of many objects. */
export interface ChangeOutcome {
  readonly changed: number;
  /** Objects that needed no change. */
  readonly unchanged: number;
  readonly failed: readonly FailedChange[];
  /** Why the change stopped early: cancelled, no network, no credentials. Null if it ran to the end. */
  readonly stopped: Failure | null;
}

/** What a change runs with. */
export interface ChangeRun {
  readonly connection: Connection;
  readonly signal: AbortSignal;
  /** Reports how many objects are processed. */
  readonly onProgress: (done: number) => void;
}

/** Objects that are changed at a time. */
const PARALLEL = 8;
const PAGE_KEYS = 1000;

/**
 * Changes objects, a few at a time. A failure doesn't stop the others, unless they would fail alike.
 * @throws WaybillError `input` for a change that no object could have
 */
export async function changeMany(
  { connection, signal, onProgress }: ChangeRun,
  scope: ChangeScope,
  change: ObjectChange,
): Promise<ChangeOutcome> {
  checkChange(change);
  const count = { changed: 0, unchanged: 0 };
  const failed: FailedChange[] = [];
  const versionId = scope.versionId ?? undefined;
  // Objects under way when one failure stops the rest still finish, so that they are counted.
  const work = async (key: string): Promise<void> => {
    try {
      const isChanged = await changeObject(connection, { bucket: scope.bucket, key, versionId }, change, signal);
      count[isChanged ? 'changed' : 'unchanged'] += 1;
    } catch (error) {
      const failure = toFailure(error);
      if (signal.aborted || concernsAll(failure)) throw error;
      failed.push({ key, failure });
    }
    onProgress(count.changed + count.unchanged + failed.length);
  };
  let stopped: Failure | null = null;
  try {
    for await (const keys of batches(connection, scope, signal)) await inParallel(keys, () => PARALLEL, signal, work);
  } catch (error) {
    stopped = signal.aborted ? { kind: 'cancelled' } : toFailure(error);
    if (stopped.kind === 'bug') throw error;
  }
  return { ...count, failed, stopped };
}

/**
 * Whether all other objects would fail alike: without network or valid credentials. A signature that doesn't match may
 * be about one object, whose headers differ from the others'.
 */
function concernsAll(failure: Failure): boolean {
  if (failure.kind === 'network') return true;
  return failure.kind === 'credentials' && failure.cause !== 'wrong-secret' && !isDenied(failure);
}

/** The keys themselves, then those below the prefixes, except empty objects that stand for folders. */
async function* batches(
  connection: Connection,
  { bucket, keys, prefixes }: ChangeScope,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  for (let at = 0; at < keys.length; at += PAGE_KEYS) yield keys.slice(at, at + PAGE_KEYS);
  for (const prefix of prefixes) {
    for await (const { objects } of objectPages(connection, bucket, { prefix, signal })) {
      yield objects.filter(({ key, sizeBytes }) => !key.endsWith('/') || sizeBytes > 0).map(({ key }) => key);
    }
  }
}
