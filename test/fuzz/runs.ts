import fc from 'fast-check';

/** How many cases each property is tried with: some in `npm test`, as many as FUZZ_RUNS says in `npm run fuzz`. */
export const numRuns = Number(process.env['FUZZ_RUNS'] ?? 200);

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
