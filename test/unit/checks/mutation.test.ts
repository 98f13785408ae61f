import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { afterAll, expect, test } from 'vitest';
import { faultsOf } from '../../../.ci/mutation/faults.mjs';
import { markPlaces } from '../../../.ci/mutation/marks.mjs';

const folder = mkdtempSync(join(tmpdir(), 'waybill-faults-'));
afterAll(() => rmSync(folder, { recursive: true }));

const cases: readonly (readonly [text: string, changes: readonly string[]])[] = [
  ['export const f = (a: number) => a < 1;', ['< → <=', '< → >=', '1 → 2']],
  ['export const f = (a?: string) => a ?? "x";', ['a ?? "x" → "x"', '"x" → \'\'']],
  ['export const f = (a: boolean) => (a ? 1n : 2n);', ['a → true', 'a → false', '1n → (1n + 1n)', '2n → (2n + 1n)']],
  ['export const f = (a: string) => a.trim();', ['a.trim() → a']],
  ['export const f = (a?: string) => a?.length;', ['a?.length → a.length']],
  ['export const p = /^a$/g;', ['/^a$/g → /a$/g', '/^a$/g → /^a/g']],
  ['export async function f(a: Promise<void>) { await a; }', ['await a; → ;', 'await a → a']],
  ['export function f(a: string) { if (!a) return; }', ['!a → true', '!a → false', '!a → a', 'return; → ;']],
  ['export function f(a: string[]) { return [a]; }', ['[a] → null', '[a] → []']],
  // The compiler sees another text of a fixed set; types, names and the words of an error have no effect.
  ["export type T = 'a' | 'b'; export const t: T = 'a'; export const f = (x: T) => x !== 'b';", ['!== → ===']],
  ["import { sep } from 'node:path'; export const f = () => new Error('words', { cause: sep });", []],
];
const files = cases.map((_, index) => `case-${index}.ts`);
const compilerOptions = { target: 'ES2023', strict: true, types: [] };
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
for (const [index, file] of files.entries()) writeFileSync(join(folder, file), cases[index]?.[0] ?? '');
const faults = faultsOf(folder, files);

test.each(cases.map(([text, changes], index) => ({ text, changes, file: files[index] })))(
  'each fault changes one thing: $text',
  ({ file, changes }) => {
    expect(faults.filter((fault) => fault.file === file).map(({ change }) => change)).toEqual(changes);
  },
);

test('a marked copy does the same, and tells where it was', () => {
  const text = `
    const half = 0.5;
    function pick(a, { b = a * 2 } = {}) {
      if (a > 1) return b;
      for (const x of [1]) if (x > a) return 'one';
      switch (a) {
        case 0: { return 'none'; }
        default: return a === 1 ? 'other' : (() => half)();
      }
    }
    class C { n = 1; get twice() { return this.n * 2; } }
    [pick(2), pick(0), pick(1), pick(0.5), new C().twice];
  `;
  const parts = ['half =', 'a * 2', 'return b', "'one'", "'none'", "'other'", '1; get', 'this.n'];
  const { code, marks, nextMark } = markPlaces(
    text,
    parts.map((part) => text.indexOf(part)),
    10,
  );
  const waybillMarks = new Uint8Array(nextMark);
  Object.assign(globalThis, { waybillMarks });
  expect(runInThisContext(code)).toEqual([4, 'one', 'other', 'one', 2]);
  const passed = parts.filter((part) => waybillMarks[marks.get(text.indexOf(part)) ?? 0] === 1);
  expect(passed).toEqual(parts.filter((part) => part !== "'none'"));
  // What runs when the module is loaded counts as passed where a function is entered.
  expect(marks.get(text.indexOf('half ='))).toBe(10);
});
