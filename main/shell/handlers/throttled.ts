/** Wraps `report` so that it runs at most once in `everyMs` milliseconds; values that come in between are dropped. */
export function throttled<T>(everyMs: number, report: (value: T) => void): (value: T) => void {
  let last = -Infinity;
  return (value) => {
    if (performance.now() - last < everyMs) return;
    last = performance.now();
    report(value);
  };
}
