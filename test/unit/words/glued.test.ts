import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gluedTexts } from './glued.ts';

const root = join(import.meta.dirname, '../../..');
const files = ['renderer', 'main/shell', 'main/words', 'main/cli'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|svelte)$/.test(name) && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name)),
);

test.each([
  ['`${text(a)}: ${name}`', '`${text(a)}: ${name}`'],
  ["text(a) + '.'", "text(a) + '.'"],
  ["parts.map((part) => messages.text(part)).join(', ')", "parts.map((part) => messages.text(part)).join(', ')"],
])('%s is seen as glue', (source, found) => {
  expect(gluedTexts(`const line = ${source};`, false)).toEqual([found]);
});

test.each(['<p>{text(a)} {text(b)}</p>', '<p>{text(a)}: <b>{name}</b></p>', '<p>{text(a)}{name}</p>'])(
  '%s is seen as glue',
  (markup) => {
    expect(gluedTexts(markup, true)).toHaveLength(1);
  },
);

test.each([
  'text(a, { name: text(b) });',
  "[text(a), text(b)].join(' · ');",
  "response.text() + '\\n';",
  'text(`failure.${kind}`);',
])('%s is not', (source) => {
  expect(gluedTexts(source, false)).toEqual([]);
});

test('no sentence is glued from messages: word order and punctuation differ between languages', () => {
  const found = files.flatMap((file) =>
    gluedTexts(readFileSync(join(root, file), 'utf8'), file.endsWith('.svelte')).map((text) => `${file}: ${text}`),
  );
  expect(found).toEqual([]);
});
