/**
 * Processes all items in order, at most `limit()` at a time; a limit that rises or falls meanwhile counts from the next
 * item on. The first error aborts the others through the signal passed to `work`, and is thrown once all of them have
 * stopped, so nothing keeps running in the background.
 */
export async function inParallel<T>(
  items: readonly T[],
  limit: () => number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const running = new Set<Promise<void>>();
  const errors: unknown[] = [];
  const start = (item: T): void => {
    const run = work(item, either)
      .catch((error: unknown) => {
        errors.push(error);
        stop.abort();
      })
      .finally(() => running.delete(run));
    running.add(run);
  };
  for (const item of items) {
    while (running.size >= Math.max(1, limit())) await Promise.race(running);
    if (either.aborted) break;
    start(item);
  }
  await Promise.all(running);
  if (errors.length > 0) throw errors[0];
  signal.throwIfAborted();
}
