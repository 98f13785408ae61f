import { appendFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { type Seeded, seeded } from '../support/seeded.ts';

/**
 * What strangers send, and how many of ten million inputs each gets: most go to what is read with hand-written code,
 * few to what takes a connection or a key derivation each.
 */
const shares = {
  'pasted texts': 1_000_000,
  'pasted links': 1_200_000,
  'pasted credentials': 600_000,
  endpoints: 500_000,
  'deep links': 500_000,
  redaction: 350_000,
  XML: 1_400_000,
  'error replies': 700_000,
  'contract schemas': 1_400_000,
  'journals and ledgers': 600_000,
  'settings and accounts': 200_000,
  'profiles of other programs': 200_000,
  manifests: 500_000,
  'upload requests': 500_000,
  'grant codes': 300_000,
  'grant codes with their key derivation': 10_000,
  'form bodies': 200_000,
  'bytes of replies': 20_000,
  'bytes of requests': 20_000,
} as const;

/** A kind of input. */
export type Target = keyof typeof shares;

const ALL = Object.values(shares).reduce((sum, share) => sum + share, 0);

/** Inputs in all (`npm run fuzz`); unset in `npm test`, where each property takes a sample. */
const total = process.env['FUZZ_RUNS'];
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 0x7fff_ffff);

/** Cases at a time: between two slices the test runner hears that the process lives. */
const SLICE = 5000;

/** Options of fuzz(). */
interface FuzzOptions {
  /** How many cases are a sample. Default: 200. */
  readonly sample?: number;
  /** How many properties share the inputs of the target. Default: 1. */
  readonly among?: number;
  /** Inputs of one case. Default: 1. */
  readonly inputsEach?: number;
}

/** Tries a property with as many inputs as its target gets. A failure names seed and path, which repeat it. */
export async function fuzz(
  target: Target,
  property: fc.IProperty<unknown> | fc.IAsyncProperty<unknown>,
  { sample = 200, among = 1, inputsEach = 1 }: FuzzOptions = {},
): Promise<void> {
  const wanted =
    total === undefined ? sample : Math.ceil(((Number(total) / ALL) * shares[target]) / among / inputsEach);
  const started = performance.now();
  let done = 0;
  let crashes = 1;
  try {
    for (let slice = 0; done < wanted; slice += 1) {
      const numRuns = Math.min(SLICE, wanted - done);
      await fc.assert(property as fc.IAsyncProperty<unknown>, { numRuns, seed: seed + slice });
      done += numRuns;
      await setImmediate();
    }
    crashes = 0;
  } finally {
    report({ target, inputs: done * inputsEach, seconds: (performance.now() - started) / 1000, crashes });
  }
}

/** How many more inputs a plain loop gets: it costs a fraction of what fast-check does for each case. */
const QUICK = 100;

/**
 * Tries as many inputs as a target gets, a hundred times as many as fuzz() would, all made by one generator. A failure is
 * repeated by FUZZ_SEED.
 */
export async function fuzzQuickly(
  target: Target,
  { sample = 5000, among = 1 }: Omit<FuzzOptions, 'inputsEach'>,
  tryOne: (random: Seeded) => void,
): Promise<void> {
  const wanted = total === undefined ? sample : Math.ceil((((Number(total) / ALL) * shares[target]) / among) * QUICK);
  const random = seeded(seed);
  const started = performance.now();
  let done = 0;
  try {
    for (; done < wanted; done += 1) {
      tryOne(random);
      if (done % SLICE === 0) await setImmediate();
    }
  } catch (error) {
    throw new Error(`input ${done} of seed ${seed}`, { cause: error });
  } finally {
    report({ target, inputs: done, seconds: (performance.now() - started) / 1000, crashes: Number(done < wanted) });
  }
}

/** For the table that `npm run fuzz` prints at its end. */
function report(line: { target: Target; inputs: number; seconds: number; crashes: number }): void {
  const file = process.env['FUZZ_REPORT'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(line)}\n`);
}

/** Text as it comes from strangers: any characters, control characters and half surrogates too. */
export const anyText = fc.oneof(
  fc.string({ maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 100 }).map((codes) => String.fromCharCode(...codes)),
);

/** A text with some of its characters cut out, doubled or replaced. */
export function mangled(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const cut = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(20), by: anyText });
  return fc.tuple(text, fc.array(cut, { maxLength: 4 })).map(([whole, cuts]) =>
    cuts.reduce((rest, { at, length, by }) => {
      const start = Math.floor(at * rest.length);
      return rest.slice(0, start) + by.slice(0, 20) + rest.slice(start + length);
    }, whole),
  );
}

/** JSON of a value in which something, at any depth, is missing, twice, or something else. */
export function altered(values: readonly object[]): fc.Arbitrary<string> {
  const change = fc.record({
    steps: fc.array(fc.nat(50), { maxLength: 6 }),
    by: fc.option(fc.jsonValue({ maxDepth: 2 })),
  });
  return fc
    .tuple(fc.constantFrom(...values), fc.array(change, { maxLength: 3 }))
    .map(([value, changes]) =>
      JSON.stringify(changes.reduce<unknown>((whole, { steps, by }) => alter(whole, steps, by), value)),
    );
}

/** Goes down as many steps as there are, and replaces what is there; null takes it away. */
function alter(value: unknown, [step = 0, ...rest]: readonly number[], by: unknown): unknown {
  if (typeof value !== 'object' || value === null) return by;
  const entries = Object.entries(value);
  if (entries.length === 0) return by;
  const at = step % entries.length;
  const changed = entries.flatMap(([name, inner], index): [string, unknown][] => {
    if (index !== at) return [[name, inner]];
    if (rest.length > 0) return [[name, alter(inner, rest, by)]];
    return by === null ? [] : [[name, by]];
  });
  return Array.isArray(value) ? changed.map(([, inner]) => inner) : Object.fromEntries(changed);
}
