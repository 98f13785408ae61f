// SECURITY.md says of each call what a page that was taken over can do with it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { calls } from '../../../main/contract/contract.ts';

const text = readFileSync(join(import.meta.dirname, '../../../SECURITY.md'), 'utf8');
const [, section = ''] = text.split('## What a page that was taken over can do\n');
const [table = ''] = section.split('\n## ');
const rows = table
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()));
const named = rows.flatMap(([, names = '']) => [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));

test('every call of the contract is in the table, once, and nothing else is', () => {
  expect(named.toSorted()).toEqual(Object.keys(calls).toSorted());
});

test('every row says what its calls give the page, and what stops it', () => {
  for (const [, names, gives, stops, ...rest] of rows) {
    expect(
      [gives, stops].every((cell) => cell !== undefined && cell !== ''),
      names,
    ).toBe(true);
    expect(rest, names).toEqual(['']);
  }
});
