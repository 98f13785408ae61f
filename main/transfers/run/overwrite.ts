import { type Failure, toFailure } from '../../failure.ts';
import { numberedName } from '../../local-files/safe-name.ts';
import type { Outcome } from '../byte-work.ts';
import type { OverwriteHints } from './overwrite-hints.ts';
import type { OverwriteRule } from '../tasks/requests.ts';
import type { TransferEvent } from '../tasks/state.ts';
import { isOverwriteRefused, type ObjectLocation } from '../stored-object.ts';
import type { Task } from '../tasks/task.ts';
import { type ResolvedRule, contentOfObject } from './same-content.ts';
import type { UploadTarget } from '../upload/upload-job.ts';

/** A person must decide about the existing target. */
export const askOverwrite: TransferEvent = { type: 'block', need: 'overwrite-choice' };
/** The existing target stays. */
export const skipEvent: TransferEvent = { type: 'skip' };

/** Returns the rule for a task's existing target, or `ask`. */
export function choiceOf(task: Task): OverwriteRule | 'ask' {
  const { work } = task.record;
  // A comparison has decided: only what it saw is replaced.
  if ('expects' in work) return work.expects.replaces === null ? 'refuse' : 'replace';
  return task.record.choice ?? task.batch.choice ?? 'ask';
}

/** An object to store. */
interface StoreRequest<T> extends ObjectLocation {
  readonly signal: AbortSignal;
  /** Decides whether to try without HEAD; null: always check first. */
  readonly hints: OverwriteHints | null;
  /** Finds what an earlier attempt stored; returns null if it stored nothing. */
  readonly findEarlier: () => Promise<T | null>;
}

/** Rules that don't depend on what exists. */
const withoutLooking: Partial<Record<ResolvedRule, UploadTarget['existing']>> = { replace: 'replace', refuse: 'keep' };

/**
 * Stores an object under its key, or does what `rule` says if the key is taken: with `keep-both`, tries numbered keys
 * until one is free. Returns an event instead of an outcome if nothing was stored.
 */
export async function storeByRule<T extends Outcome>(
  { signal, hints, findEarlier, ...wanted }: StoreRequest<T>,
  rule: ResolvedRule,
  store: (location: UploadTarget) => Promise<T>,
): Promise<T | TransferEvent> {
  const existing = withoutLooking[rule];
  if (existing !== undefined) return store({ ...wanted, existing });
  const storeIfFree = async (location: ObjectLocation, isLikely = false): Promise<T | null> =>
    isLikely || !(await isKeyTaken(location, signal)) ? nullIfTaken(store({ ...location, existing: 'keep' })) : null;
  const stored = await storeIfFree(wanted, await hints?.canSkipHead(wanted));
  hints?.record(wanted, stored !== null);
  const outcome = stored ?? (await findEarlier());
  if (outcome !== null) return outcome;
  if (rule === 'ask') return askOverwrite;
  if (rule === 'skip') return skipEvent;
  for (let number = 2; ; number += 1) {
    const numbered = await storeIfFree({ ...wanted, key: numberedKey(wanted.key, number) });
    if (numbered !== null) return numbered;
  }
}

/** Awaits `work`. Returns null if the key or path turned out to be taken only during the transfer. */
export async function nullIfTaken<T extends Outcome>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    const failure: Failure = toFailure(error);
    if (isOverwriteRefused(failure) || (failure.kind === 'file' && failure.reason === 'exists')) return null;
    throw error;
  }
}

/** Converts an outcome into an event. */
export function finishEvent({ verified, versionId, callback }: Outcome): TransferEvent {
  return { type: 'finish', verified, versionId, ...(callback === undefined ? {} : { callback }) };
}

/** Also false without permission to look: then OSS itself refuses to replace. */
async function isKeyTaken(location: ObjectLocation, signal: AbortSignal): Promise<boolean> {
  return (await contentOfObject(location, signal)) !== null;
}

/** `a/b (2).txt`; keeps a trailing slash. */
function numberedKey(key: string, number: number): string {
  const end = key.endsWith('/') ? key.length - 1 : key.length;
  const start = key.lastIndexOf('/', end - 1) + 1;
  return key.slice(0, start) + numberedName(key.slice(start, end), number) + key.slice(end);
}
