import { expect, test } from 'vitest';
import { delimiterOf, parseCsv } from '../../../../../../renderer/screens/preview/text/csv.ts';

test.each([
  ['commas', 'a,b\n1,2\n', ','],
  ['semicolons, as spreadsheets write them where the comma is decimal', 'a;b\n1,5;2,5\n3,1;4', ';'],
  ['tabs', 'a\tb, c\n1\t2', '\t'],
  ['commas, but not those in quotes', '"a;b;c",d\n', ','],
])('%s separate cells', (_, text, delimiter) => {
  expect(delimiterOf(text)).toBe(delimiter);
});

test.each([
  [
    'plain cells',
    'a,b\r\n1,2\r\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['a mark at the beginning', '\ufeffa,b\n', [['a', 'b']]],
  ['quotes', '"a, b","say ""hi""","two\nlines"\n', [['a, b', 'say "hi"', 'two\nlines']]],
  [
    'empty cells, and none after the last line',
    'a,,\n,b,\n',
    [
      ['a', '', ''],
      ['', 'b', ''],
    ],
  ],
  ['a delimiter at the very end', 'a,', [['a', '']]],
  [
    'blank lines',
    'a,b\n\n\nc,d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'old line breaks',
    'a,b\rc,d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['a quote that isn’t closed', 'a,"b\nc', [['a', 'b\nc']]],
  ['text behind a quote', '"a"b,c', [['ab', 'c']]],
  ['nothing', '', []],
])('%s are read', (_, text, rows) => {
  expect(parseCsv(text, 100)).toEqual(rows);
});

test('no more rows are read than asked for', () => {
  expect(parseCsv('a,b\n'.repeat(5000), 1000)).toHaveLength(1000);
});
