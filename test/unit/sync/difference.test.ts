import { describe, expect, test } from 'vitest';
import { differenceByStoredTime, differenceOf } from '../../../main/sync/difference.ts';
import { prefixOf, type SyncRule } from '../../../main/sync/rule.ts';
import { type SyncEntry, stepOf } from '../../../main/sync/step.ts';
import { addToTotals, noTotals } from '../../../main/sync/totals.ts';

const STORED = Date.UTC(2026, 0, 2, 3, 4, 5);

const local = (sizeBytes: number, afterMs: number) => ({ sizeBytes, modifiedAt: STORED + afterMs });
const remote = (sizeBytes: number) => ({ sizeBytes, lastModified: STORED, etag: 'E' });

describe('by size and time', () => {
  test.each([
    // The file hasn’t changed since the upload
    ['up', 5, -3000, 'same'],
    // An old file was uploaded
    ['up', 5, -86_400_000, 'same'],
    // It may have changed in the second of the upload
    ['up', 5, -2000, 'ask'],
    // OSS keeps whole seconds
    ['up', 5, 700, 'ask'],
    // It changed after the upload, or a clock is wrong
    ['up', 5, 3_600_000, 'ask'],
    // A download gave it this time
    ['down', 5, 0, 'same'],
    // FAT keeps every second second
    ['down', 5, -1000, 'same'],
    // It changed just after
    ['down', 5, 500, 'ask'],
    // It may have been uploaded from here
    ['down', 5, -86_400_000, 'ask'],
    // It changed here
    ['down', 5, 86_400_000, 'ask'],
    // Sizes differ
    ['up', 6, 86_400_000, 'newer'],
    // Sizes differ
    ['up', 6, -86_400_000, 'older'],
    // Sizes differ, and times don’t
    ['up', 6, 1999, 'different'],
    // Sizes differ
    ['down', 6, 86_400_000, 'older'],
    // Sizes differ
    ['down', 6, -86_400_000, 'newer'],
  ] as const)('%s, %i bytes against 5, %i ms after: %s', (direction, sizeBytes, afterMs, expected) => {
    expect(differenceOf(local(sizeBytes, afterMs), remote(5), { direction, compare: 'time' }, 0)).toBe(expected);
  });

  test('two empty files are the same at any time', () => {
    for (const direction of ['up', 'down'] as const) {
      expect(differenceOf(local(0, 9e9), remote(0), { direction, compare: 'time' }, 0)).toBe('same');
      expect(differenceOf(local(0, 9e9), remote(0), { direction, compare: 'checksum' }, 0)).toBe('same');
    }
  });

  test('a file’s time is read on the server’s clock', () => {
    const rule = { direction: 'up', compare: 'time' } as const;
    expect(differenceOf(local(5, -60_000), remote(5), rule, 0)).toBe('same');
    expect(differenceOf(local(5, -60_000), remote(5), rule, 60_000)).toBe('ask');
    expect(differenceOf(local(5, 30_000), remote(5), rule, -60_000)).toBe('same');
  });
});

describe('in doubt', () => {
  test.each([
    ['up', 'same', 3_600_000, 3_600_000],
    ['up', 'same', 3_600_000.4, 3_600_000],
    ['up', 'newer', 3_600_000, 3_599_000],
    ['up', 'newer', 3_600_000, null],
    ['down', 'same', -3_600_000, -3_600_000],
    ['down', 'newer', -3_600_000, null],
    ['down', 'older', 3_600_000, 0],
    ['down', 'different', 500, 0],
  ] as const)('%s is %s where the file is of %d and the uploader’s of %j', (direction, expected, afterMs, storedMs) => {
    const storedAt = storedMs === null ? null : STORED + storedMs;
    expect(differenceByStoredTime(local(5, afterMs), remote(5), { direction }, storedAt)).toBe(expected);
  });
});

test('by checksum sizes tell, and equal ones are asked about', () => {
  const rule = { direction: 'up', compare: 'checksum' } as const;
  expect(differenceOf(local(5, -9e9), remote(5), rule, 0)).toBe('ask');
  expect(differenceOf(local(6, -9e9), remote(5), rule, 0)).toBe('different');
});

const rule: SyncRule = {
  ...{ direction: 'up', folder: '/f', bucket: 'b', prefix: 'p/', compare: 'time' },
  ...{ keepsNewer: false, deletes: false, include: [], exclude: [] },
};

test.each([
  ['new', rule, { action: 'upload' }],
  ['new', { ...rule, direction: 'down' }, { action: 'download' }],
  ['newer', rule, { action: 'upload' }],
  ['different', rule, { action: 'upload' }],
  ['older', rule, { action: 'upload' }],
  ['older', { ...rule, keepsNewer: true }, { action: 'skip', because: 'newer' }],
  ['newer', { ...rule, keepsNewer: true }, { action: 'upload' }],
  ['gone', rule, { action: 'none' }],
  ['gone', { ...rule, deletes: true }, { action: 'delete' }],
  ['same', { ...rule, deletes: true }, { action: 'none' }],
] as const)('what is %s calls for a step', (difference, by, step) => {
  expect(stepOf(difference, by)).toEqual(step);
});

test('totals sum up paths and the bytes that move', () => {
  const entries: readonly SyncEntry[] = [
    { path: 'a', difference: 'newer', step: { action: 'upload' }, local: local(7, 0), remote: remote(5) },
    { path: 'b', difference: 'new', step: { action: 'upload' }, local: local(1, 0), remote: null },
    { path: 'c', difference: 'gone', step: { action: 'delete' }, local: null, remote: remote(3) },
    { path: 'd', difference: null, step: { action: 'skip', because: 'special' }, local: null, remote: null },
  ];
  const { actions, differences } = entries.reduce(addToTotals, noTotals);
  expect(actions.upload).toEqual({ count: 2, bytes: 8 });
  expect(actions.delete).toEqual({ count: 1, bytes: 3 });
  expect(actions.skip).toEqual({ count: 1, bytes: 0 });
  expect(differences).toMatchObject({ new: 1, newer: 1, gone: 1, same: 0 });
});

test.each([
  ['', ''],
  ['a', 'a/'],
  ['a/', 'a/'],
])('%j stands for the prefix %j', (key, prefix) => {
  expect(prefixOf(key)).toBe(prefix);
});
