import { expect, test } from 'vitest';
import type { ObjectVersion } from '../../../../main/contract/contract.ts';
import { isVersionId, nameOf, pathOf, toVersionRows } from '../../../../renderer/lib/rows.ts';

function makeVersion(changes: Partial<ObjectVersion>): ObjectVersion {
  const version = { key: 'a/b.txt', versionId: 'v1', isLatest: false, deleteMarker: false, sizeBytes: 5 };
  return { ...version, lastModified: 1, etag: 'e', storageClass: 'Standard', ...changes };
}

test('what is current is the row of an object; the rest are versions of the same name, in order', () => {
  const versions = [
    makeVersion({ versionId: 'v3', isLatest: true }),
    makeVersion({ versionId: 'v2', deleteMarker: true, sizeBytes: 0 }),
    makeVersion({ versionId: 'v1' }),
  ];
  const { folders, objects } = toVersionRows({ versions, prefixes: ['a/c/'], after: null }, 'a/');
  expect(folders.map(({ id }) => id)).toEqual(['a/c/']);
  expect(objects.map((row) => [row.kind, nameOf(row, 'a/'), pathOf(row.id)])).toEqual([
    ['object', 'b.txt', 'a/b.txt'],
    ['version', 'b.txt', 'a/b.txt'],
    ['version', 'b.txt', 'a/b.txt'],
  ]);
  expect(new Set(objects.map(({ id }) => id)).size).toBe(3);
  expect(objects.map(({ id }) => isVersionId(id))).toEqual([false, true, true]);
});

test('no key is taken for a version, whatever is in it', () => {
  for (const key of ['a/\uffff', 'a/\ufffe', 'a/😀', 'a/\u0000b']) expect(isVersionId(key)).toBe(false);
});
