import { expect, test } from 'vitest';
import { type Row, type Sort, sortRows, toFolderRow, toObjectRow } from '../../../renderer/lib/rows.ts';

function makeObject(key: string, sizeBytes: number, lastModified: number): Row {
  return toObjectRow({ key, sizeBytes, lastModified, etag: '', storageClass: 'Standard' }, '');
}

const rows = [
  makeObject('file10.txt', 5, 300),
  toFolderRow('music/', ''),
  makeObject('file2.txt', 900, 100),
  toFolderRow('album/', ''),
  makeObject('a.txt', 5, 200),
];
const namesBy = (sort: Sort) => sortRows(rows, sort).map((row) => row.name);

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

test('a row keeps the whole key as its ID and the rest after the folder as its name', () => {
  expect(toFolderRow('album//', 'album/')).toEqual({ kind: 'folder', id: 'album//', name: '' });
});
