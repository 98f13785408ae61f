import { toFailure } from '../failure.ts';
import type { CommandContext } from './command.ts';
import { failureWords } from './failure-words.ts';

/** Files that are on their way at the same time. */
const PARALLEL_FILES = 4;

/**
 * Works on all items, a few at a time. One that fails is named on stderr and the others go on.
 * @returns how many failed
 */
export async function forMany<T>(
  items: AsyncIterable<T>,
  { out, signal }: Pick<CommandContext, 'out' | 'signal'>,
  nameOf: (item: T) => string,
  work: (item: T) => Promise<void>,
): Promise<number> {
  const iterator = items[Symbol.asyncIterator]();
  let failed = 0;
  const worker = async (): Promise<void> => {
    for (let found = await iterator.next(); found.done !== true; found = await iterator.next()) {
      signal.throwIfAborted();
      try {
        await work(found.value);
      } catch (error) {
        signal.throwIfAborted();
        failed += 1;
        out.say(`${nameOf(found.value)}: ${failureWords(toFailure(error))}`);
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: PARALLEL_FILES }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return failed;
}
