/** Numbers that look random and are the same for the same seed. */
export interface Seeded {
  readonly seed: number;
  /** 0 to 1, without 1. */
  next(): number;
  /** A whole number below `limit`. */
  below(limit: number): number;
  pick<T>(choices: readonly T[]): T;
}

/** A generator (mulberry32) with the seed that SEED names, else a new one. Print the seed where a test fails. */
export function seeded(seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)): Seeded {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { seed, next, below, pick: <T>(choices: readonly T[]) => choices[below(choices.length)] as T };
}
