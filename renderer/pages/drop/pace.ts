/** How far back the pace is measured. */
const windowMs = 15_000;
/** Before that, a pace says nothing. */
const leastMs = 3_000;

interface Sample {
  readonly at: number;
  readonly bytes: number;
}

/** How fast bytes leave, over the last seconds. */
export class Pace {
  #samples: readonly Sample[] = [];

  /** Notes how many bytes have left in all. */
  note(bytes: number, now: number): void {
    const last = this.#samples.at(-1);
    // A file that starts over would make it negative.
    if (last !== undefined && bytes < last.bytes) this.#samples = [];
    this.#samples = [...this.#samples.filter(({ at }) => now - at < windowMs), { at: now, bytes }];
  }

  /** Milliseconds until so many more bytes have left at this pace; null while it isn't known. */
  msFor(bytes: number): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < leastMs || last.bytes === first.bytes) {
      return null;
    }
    return (bytes * (last.at - first.at)) / (last.bytes - first.bytes);
  }
}
