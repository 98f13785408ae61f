/** Long enough to be calm, short enough to show a stall. */
const WINDOW_MS = 3_000;

/** Bytes per second over the last seconds. Times in milliseconds. */
export class SpeedMeter {
  readonly #samples: { readonly at: number; readonly bytes: number }[] = [];
  #startedAt: number | null = null;

  add(bytes: number, now: number): void {
    this.#startedAt ??= now;
    this.#samples.push({ at: now, bytes });
    this.#forget(now);
  }

  bytesPerSecond(now: number): number {
    if (this.#startedAt === null) return 0;
    this.#forget(now);
    const bytes = this.#samples.reduce((sum, sample) => sum + sample.bytes, 0);
    // The very first moments would show absurd speeds.
    const elapsedMs = Math.min(WINDOW_MS, Math.max(250, now - this.#startedAt));
    return Math.round((bytes * 1000) / elapsedMs);
  }

  clear(): void {
    this.#samples.length = 0;
    this.#startedAt = null;
  }

  #forget(now: number): void {
    let old = 0;
    while ((this.#samples[old]?.at ?? now) < now - WINDOW_MS) old += 1;
    this.#samples.splice(0, old);
  }
}
