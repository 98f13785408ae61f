import { describe, expect, test } from 'vitest';
import { csvLine, readCsv } from '../../../../main/links/text/csv.ts';
import { listedSizes } from '../../../../main/links/text/listed-sizes.ts';

describe('a table', () => {
  test('is read as it was written', () => {
    const rows = [
      ['key', 'url'],
      ['a "b", c', 'two\nlines'],
      ['', 'x'],
    ];
    expect(readCsv(rows.map(csvLine).join(''), ',')).toEqual(rows);
  });

  test('may end without a line break, and may lack its last quote', () => {
    expect(readCsv('a\tb\r\n\r\nc\td', '\t')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(readCsv('a,"b,c', ',')).toEqual([['a', 'b,c']]);
  });

  test('may hold quotes within a cell, which end with it', () => {
    const text = ['a,12" pipe,b', '"x ""y""",2" z', '"5" v,w "', 'c'].join('\r\n');
    expect(readCsv(text, ',')).toEqual([['a', '12" pipe', 'b'], ['x "y"', '2" z'], ['5" v', 'w "'], ['c']]);
    const sizes = listedSizes('name,sizeBytes,url\n12" pipe,12,https://h/a\nb,34,https://h/b');
    expect([...sizes.values()]).toEqual([12, 34]);
  });

  test('of any length is read in a time that grows with it', () => {
    expect(readCsv(`"${'x,'.repeat(500_000)}`, ',')).toHaveLength(1);
    expect(readCsv('"'.repeat(1_000_000), ',')).toHaveLength(1);
  });
});

describe('the sizes that a list states', () => {
  test.each([
    ['a table', 'name;sizeBytes;url\na;12;https://h/a\nb;;https://h/b\nc;1 KB;https://h/c'],
    ['JSON', '[{"url":"https://h/a#waybill=x","sizeBytes":12},{"url":"https://h/b"},{"url":5,"sizeBytes":1},null]'],
  ])('are read from %s where they are whole numbers', (_what, text) => {
    expect([...listedSizes(text)]).toEqual([['https://h/a', 12]]);
  });

  test.each([
    '',
    'url,sizes\nhttps://h/a,12',
    'sizeBytes: 12, url https://h/a',
    '[{"url":',
    '[1',
    '{"url":"https://h/a"}',
  ])('are not made up from %j', (text) => {
    expect(listedSizes(text).size).toBe(0);
  });
});
