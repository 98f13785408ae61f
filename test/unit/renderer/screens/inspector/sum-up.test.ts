import { expect, test } from 'vitest';
import type { Row } from '../../../../../renderer/lib/rows.ts';
import { sumUp } from '../../../../../renderer/screens/inspector/sum-up.ts';

const folder: Row = { kind: 'folder', id: 'a/' };
const file = (sizeBytes: number, lastModified: number): Row => ({
  kind: 'object',
  id: `${sizeBytes}.txt`,
  sizeBytes,
  lastModified,
  storageClass: 'Standard',
});

test('files are added up, and the newest of them is named', () => {
  expect(sumUp([file(10, 5), file(20, 7)], [])).toEqual({
    files: 2,
    folders: 0,
    sizeBytes: 30,
    inside: 0,
    isPartial: false,
    newest: 7,
  });
});

test('folders count with what was counted of them', () => {
  const done = { objects: 3, sizeBytes: 100, state: 'done', failure: null } as const;
  expect(sumUp([folder, file(1, 1)], [done])).toMatchObject({ sizeBytes: 101, inside: 3, isPartial: false });
  expect(sumUp([folder], [{ ...done, state: 'counting' }])).toMatchObject({ isPartial: true, newest: null });
  expect(sumUp([folder], [null])).toMatchObject({ folders: 1, sizeBytes: 0, isPartial: true });
});
