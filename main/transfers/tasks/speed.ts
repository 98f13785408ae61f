/** Length of the sliding window, in milliseconds: long enough for a steady number, short enough to show a stall. */
const WINDOW_MS = 3_000;

/** Measures bytes per second over a sliding window. Times are milliseconds of a clock that is never set. */
export class SpeedMeter {
  readonly #samples: { readonly time: number; readonly bytes: number }[] = [];
  #startedAt: number | null = null;

  add(bytes: number, now: number): void {
    this.#startedAt ??= now;
    this.#samples.push({ time: now, bytes });
    this.#forget(now);
  }

  bytesPerSecond(now: number): number {
    if (this.#startedAt === null) return 0;
    this.#forget(now);
    const bytes = this.#samples.reduce((sum, sample) => sum + sample.bytes, 0);
    // Divide by at least 250 ms: the first samples would give absurd speeds.
    const elapsedMs = Math.min(WINDOW_MS, Math.max(250, now - this.#startedAt));
    return Math.round((bytes * 1000) / elapsedMs);
  }

  clear(): void {
    this.#samples.length = 0;
    this.#startedAt = null;
  }

  #forget(now: number): void {
    let old = 0;
    while ((this.#samples[old]?.time ?? now) < now - WINDOW_MS) old += 1;
    this.#samples.splice(0, old);
  }
}
