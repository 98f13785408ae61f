import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readShellLine, shellText } from '../../../../main/cli/completion/shell-line.ts';

const BREAKS = ' \t\n"\'@><=;|&(:';

test.each([
  ['waybill ls oss://buc', ['waybill', 'ls', 'oss://buc'], 4, ''],
  ['waybill ls ', ['waybill', 'ls', ''], 0, ''],
  ['waybill ls "oss://b/a b', ['waybill', 'ls', 'oss://b/a b'], 0, '"'],
  ["waybill ls oss://b/'a b", ['waybill', 'ls', 'oss://b/a b'], 8, "'"],
  ['waybill ls oss://b/a\\ b', ['waybill', 'ls', 'oss://b/a b'], 4, ''],
  ["waybill put 'it\"s' --region=cn-", ['waybill', 'put', 'it"s', '--region=cn-'], 9, ''],
  ['waybill put "" 图片', ['waybill', 'put', '', '图片'], 0, ''],
])('%j is read as bash reads it', (line, words, kept, quote) => {
  expect(readShellLine(line, BREAKS)).toEqual({ words, kept, quote });
});

test('what is inserted reads as the candidate, whatever its characters and the quote', () => {
  const name = fc.string({ unit: 'binary' }).filter((text) => !/\p{Cc}/u.test(text));
  fc.assert(
    fc.property(name, fc.constantFrom('', '"', "'"), (text, quote) => {
      const value = `oss://bucket/${text}`;
      const line = `waybill ls ${quote}oss://b`;
      const read = readShellLine(line, BREAKS);
      const typed = line.slice(0, line.length - (quote === '' ? '//b'.length : 'oss://b'.length));
      const inserted = readShellLine(`${typed}${shellText(value, read)}${quote}`.trimEnd(), BREAKS);
      // The blank that ends the word is trimmed, and so are blanks at its own end.
      expect(inserted.words.at(-1)?.trimEnd()).toBe(value.replace(/\\?\s+$/u, '').trimEnd());
    }),
  );
});
