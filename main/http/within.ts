/** Ends after `limitMs` milliseconds, or once `ended` does. */
export function within(limitMs: number, ended: AbortSignal | undefined): AbortSignal {
  const limit = AbortSignal.timeout(limitMs);
  return ended === undefined ? limit : AbortSignal.any([ended, limit]);
}
