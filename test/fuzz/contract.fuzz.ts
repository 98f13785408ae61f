import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calls } from '../../main/contract/contract.ts';
import { fuzz } from './runs.ts';

const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true });

/** Objects with the names that a call knows, and values that it does not. */
const nearly = (names: readonly string[]) =>
  fc.dictionary(fc.constantFrom(...names, '__proto__', 'constructor', 'toString'), anything);

for (const [name, schema] of Object.entries(calls)) {
  test(`${name} takes arguments of its shape or refuses them, and lets nothing else through`, async () => {
    const known = Object.keys('shape' in schema ? schema.shape : {});
    await fuzz(
      'contract schemas',
      fc.property(fc.oneof(anything, nearly(known)), (args) => {
        const parsed = schema.safeParse(args);
        if (!parsed.success) return;
        expect(Object.keys(parsed.data).every((key) => known.includes(key))).toBe(true);
        expect(Object.getPrototypeOf(parsed.data)).toBe(Object.prototype);
      }),
      { sample: 50, among: Object.keys(calls).length },
    );
  });
}
