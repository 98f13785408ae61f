import { readdirSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isExpected } from '../../cases/compare.ts';
import { kinds } from '../../cases/kinds.ts';
import { checkFile } from '../../cases/run.ts';

const folder = join(import.meta.dirname, '../../cases');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

it('has cases of every kind', () => {
  expect(files).toEqual(expect.arrayContaining(Object.keys(kinds).map((kind) => `${kind}.json`)));
});

it.each(files)('answers every case of %s as expected', async (name) => {
  const outcomes = await checkFile(join(folder, name));
  expect(outcomes.length).toBeGreaterThan(0);
  expect(outcomes.filter(({ difference }) => difference !== null)).toEqual([]);
});

it('refuses a file of an unknown kind, of another shape, or that is no file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cases-'));
  const write = async (name: string, content: unknown): Promise<string> => {
    await writeFile(join(folder, name), JSON.stringify(content));
    return join(folder, name);
  };
  await expect(checkFile(await write('kind.json', { kind: 'toString', cases: [] }))).rejects.toThrow('isn’t known');
  await expect(checkFile(await write('shape.json', { vectors: [] }))).rejects.toThrow('no cases');
  await expect(checkFile(join(folder, 'none.json'))).rejects.toThrow('no cases');
});

it('compares what is expected, lets any of several values pass, and tells null from a missing field', () => {
  const kind = { run: () => null };
  expect(isExpected(kind, { a: 1, b: 2 }, { a: 1 }, null)).toBe(true);
  expect(isExpected(kind, { a: 1 }, { a: 1, b: null }, null)).toBe(false);
  expect(isExpected(kind, { a: [1, 2] }, { a: [1] }, null)).toBe(false);
  expect(isExpected(kind, { a: { b: 1, c: 2 } }, { a: { b: 1 } }, null)).toBe(false);
  expect(isExpected(kind, { a: 2 }, { anyOf: [{ a: 1 }, { a: 2 }] }, null)).toBe(true);
  expect(isExpected(kind, { a: [2] }, { a: [{ anyOf: [1, 2] }] }, null)).toBe(true);
  expect(isExpected(kind, { a: 3 }, { a: { anyOf: [1, 2] } }, null)).toBe(false);
  expect(isExpected({ ...kind, fields: ['a'] }, { a: 1 }, { a: 1, hint: 2 }, null)).toBe(true);
});
