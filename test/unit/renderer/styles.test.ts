import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../../renderer');
const lines = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(css|svelte)$/.test(name))
  .flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const style = name.endsWith('.css') ? text : (/<style>([^]*)<\/style>/.exec(text)?.[1] ?? '');
    return style.split('\n').map((line) => `${name}: ${line.trim()}`);
  });

test('styles say start and end, not left and right, so that a script from right to left turns the window round', () => {
  const sided =
    /: (((margin|padding|border|scroll-\w+)-)?(left|right)\b[\w-]*:|(text-align|float|clear): (left|right);)/;
  expect(lines.filter((line) => sided.test(line))).toEqual([]);
});

test('four lengths in a row are the same left and right', () => {
  const uneven = lines.filter((line) => {
    const [, , right, , left] =
      /: (?:padding|margin|inset): (\S+) (\S+) (\S+) (\S+);$/.exec(
        line.replaceAll(/\([^)]*\)/g, (inside) => inside.replaceAll(' ', '')),
      ) ?? [];
    return right !== left;
  });
  expect(uneven).toEqual([]);
});
