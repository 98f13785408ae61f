// SECURITY.md promises what tests show: each test that it names must be there.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'SECURITY.md'), 'utf8');
const tests = new Map<string, string>();
for (const path of readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })) {
  if (/\.ts$/.test(path)) {
    const text = readFileSync(join(root, 'test', path), 'utf8');
    tests.set(basename(path), `${tests.get(basename(path)) ?? ''}${text}`);
  }
}

const named = [...page.matchAll(/`([\w.-]+\.(?:test|e2e|fuzz)\.ts)`(?:: ([^;|.()`]+))?/g)].map(
  ([, file = '', titles = '']) => ({ file, titles }),
);

test('every test file that SECURITY.md names is there', () => {
  expect(named.length).toBeGreaterThan(80);
  expect(named.filter(({ file }) => !tests.has(file))).toEqual([]);
});

test('every test that SECURITY.md quotes is in its file', () => {
  // Quotes may leave out the beginning or the end, and stand beside each other.
  const missing = named.flatMap(({ file, titles }) => {
    const quotes = titles.split(/…,|…/).flatMap((quote) => (quote.trim() === '' ? [] : [quote.trim()]));
    const text = (tests.get(file) ?? '').replaceAll('\\', '').replaceAll("'", '’');
    return quotes
      .filter((quote) => !text.includes(quote.replace(/,$/, '').replaceAll("'", '’')))
      .map((quote) => `${file}: ${quote}`);
  });
  expect(missing).toEqual([]);
});

test('every attack has what stops it, and a test', () => {
  const [, section = ''] = page.split('## Attacks and their tests\n');
  const rows =
    section
      .split('\n## ')[0]
      ?.split('\n')
      .filter((line) => line.startsWith('| ')) ?? [];
  expect(rows.length).toBeGreaterThan(50);
  for (const row of rows.slice(2)) {
    const [attack = '', stops = '', shown = ''] = row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    expect(stops, attack).not.toBe('');
    expect(shown, attack).toMatch(/\.(?:test|e2e|fuzz)\.ts`/);
  }
});
