import { expect, test } from 'vitest';
import { compareUtf8, filterRows, type Sort, sortRows } from '../../../../renderer/lib/row-order.ts';
import { nameOf, toRows } from '../../../../renderer/lib/rows.ts';
import { makeObject } from '../making.ts';

const rows = toRows(
  {
    objects: [
      makeObject('file10.txt', { sizeBytes: 5, lastModified: 300 }),
      makeObject('file2.txt', { sizeBytes: 900, lastModified: 100 }),
      makeObject('a.txt', { sizeBytes: 5, lastModified: 200 }),
    ],
    prefixes: ['music/', 'album/'],
    nextPageToken: null,
  },
  '',
);
const namesBy = (sort: Sort) => sortRows(rows, sort, '').map((row) => nameOf(row, ''));

test('folders come first, and numbers count as numbers', () => {
  expect(namesBy({ by: 'name', descending: false })).toEqual(['album', 'music', 'a.txt', 'file2.txt', 'file10.txt']);
});

test('names in reverse leave the folders first', () => {
  expect(namesBy({ by: 'name', descending: true })).toEqual(['music', 'album', 'file10.txt', 'file2.txt', 'a.txt']);
});

test('equal sizes are sorted by name', () => {
  expect(namesBy({ by: 'size', descending: true })).toEqual(['album', 'music', 'file2.txt', 'a.txt', 'file10.txt']);
});

test('the oldest comes first by time', () => {
  expect(namesBy({ by: 'modified', descending: false }).slice(2)).toEqual(['file2.txt', 'a.txt', 'file10.txt']);
});

test('a list too large to compare names keeps the order of OSS, and turns it round', () => {
  const objects = Array.from({ length: 20_001 }, (_, at) => makeObject(`key ${at % 7}-${at}`));
  const many = toRows({ objects, prefixes: [], nextPageToken: null }, '');
  expect(sortRows(many, { by: 'name', descending: true }, '')[0]?.id).toBe(objects.at(-1)?.key);
});

test.each([
  ['AL', ['album']],
  ['.txt', ['file10.txt', 'file2.txt', 'a.txt']],
  ['e(1', []],
  ['  ', ['album', 'music', 'file10.txt', 'file2.txt', 'a.txt']],
])('the filter %o is a text and no pattern', (filter, names) => {
  const all = [...rows.folders.toReversed(), ...rows.objects];
  expect(filterRows(all, filter, '').map((row) => nameOf(row, ''))).toEqual(names);
});

test('a folder inside a folder without a name keeps its whole prefix', () => {
  const [folder] = toRows({ objects: [], prefixes: ['album//'], nextPageToken: null }, 'album/').folders;
  expect(folder?.id).toBe('album//');
  expect(folder && nameOf(folder, 'album/')).toBe('');
});

test('texts are compared as OSS does, by their bytes', () => {
  const texts = ['a', 'a/b', 'a0', 'b', '\u00e9', '\u8fd0', '\uff21', '\u{1f69a}'];
  expect(texts.toReversed().sort(compareUtf8)).toEqual(texts);
  expect(texts.toReversed().sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))).toEqual(texts);
});

test('rows of a million objects share what they say of restoring', () => {
  const ends = { at: 'restored', until: 5 } as const;
  const objects = [{ ...ends }, { ...ends }, { at: 'ongoing' } as const].map((restore, at) =>
    makeObject(`k${at}`, { storageClass: 'Archive', restore }),
  );
  const [first, second, third] = toRows(
    { objects: [...objects, makeObject('k3')], prefixes: [], nextPageToken: null },
    '',
  ).objects.map((row) => (row.kind === 'object' ? row.restore : undefined));
  expect(first).toEqual(ends);
  expect(second).toBe(first);
  expect(third).toEqual({ at: 'ongoing' });
  expect(rows.objects.some((row) => 'restore' in row)).toBe(false);
});
