import { type Failure, toFailure } from '../../failure.ts';
import { numberedName } from '../../local-files/safe-name.ts';
import type { Outcome } from '../byte-work.ts';
import type { OverwriteHints } from './overwrite-hints.ts';
import type { OverwriteRule } from '../tasks/requests.ts';
import type { TransferEvent } from '../tasks/state.ts';
import { isOverwriteRefused, type ObjectLocation } from '../stored-object.ts';
import type { Task } from '../tasks/task.ts';
import { type ResolvedRule, storedContent } from './same-content.ts';
import type { UploadTarget } from '../upload/upload-job.ts';

/** Somebody must say what becomes of what is there already. */
export const askOverwrite: TransferEvent = { type: 'block', need: 'overwrite-choice' };
/** What is there already stays. */
export const skipEvent: TransferEvent = { type: 'skip' };

/** What was said about what is there already. */
export function choiceOf(task: Task): OverwriteRule | 'ask' {
  return task.record.choice ?? task.batch.choice ?? 'ask';
}

/** An object that is to be stored. */
interface StoreRequest<T> extends ObjectLocation {
  readonly signal: AbortSignal;
  /** Says whether to try without a look at the key; null: look. */
  readonly hints: OverwriteHints | null;
  /** What is in the wanted place if an earlier attempt stored it after all; null where it did not. */
  readonly findEarlier: () => Promise<T | null>;
}

/** Choices that need no look at what is there. */
const existingByRule: Partial<Record<ResolvedRule, UploadTarget['existing']>> = { replace: 'replace', refuse: 'keep' };

/**
 * Stores an object under its key, or what `choice` makes of a key that is taken: `store` is tried with the next one until
 * it finds a free one. An event in place of an outcome says why nothing was stored.
 */
export async function storeByRule<T extends Outcome>(
  { signal, hints, findEarlier, ...wanted }: StoreRequest<T>,
  rule: ResolvedRule,
  store: (place: UploadTarget) => Promise<T>,
): Promise<T | TransferEvent> {
  const existing = existingByRule[rule];
  if (existing !== undefined) return store({ ...wanted, existing });
  const storeIfFree = async (place: ObjectLocation, isLikely = false): Promise<T | null> =>
    isLikely || !(await isKeyTaken(place, signal)) ? nullIfTaken(store({ ...place, existing: 'keep' })) : null;
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

/** Null where the key or the path turned out to be taken only while the bytes were on their way. */
export async function nullIfTaken<T extends Outcome>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    const failure: Failure = toFailure(error);
    if (isOverwriteRefused(failure) || (failure.kind === 'file' && failure.reason === 'exists')) return null;
    throw error;
  }
}

/** The event of an outcome. */
export function finishEvent({ verified, versionId }: Outcome): TransferEvent {
  return { type: 'finish', verified, versionId };
}

/** False also where nobody may tell: then OSS itself refuses to replace. */
async function isKeyTaken(place: ObjectLocation, signal: AbortSignal): Promise<boolean> {
  return (await storedContent(place, signal)) !== null;
}

/** `a/b (2).txt`; a key that ends with a slash keeps it. */
function numberedKey(key: string, number: number): string {
  const end = key.endsWith('/') ? key.length - 1 : key.length;
  const start = key.lastIndexOf('/', end - 1) + 1;
  return key.slice(0, start) + numberedName(key.slice(start, end), number) + key.slice(end);
}
