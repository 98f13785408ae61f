/**
 * Processes all items in order, at most `limit` at a time. The first error aborts the others through the signal passed
 * to `work`, and is thrown once all of them have stopped, so nothing keeps running in the background.
 */
export async function inParallel<T>(
  items: readonly T[],
  limit: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  let position = 0;
  const errors: unknown[] = [];
  const worker = async (): Promise<void> => {
    while (position < items.length && !either.aborted) {
      const item = items[position] as T;
      position += 1;
      try {
        await work(item, either);
      } catch (error) {
        errors.push(error);
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
  signal.throwIfAborted();
}
