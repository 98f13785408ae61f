import { expect, test } from 'vitest';
import { barText } from '../../../../main/cli/transfers/progress-bar.ts';
import { readOverwrite, readRate } from '../../../../main/cli/arguments/transfer-options.ts';

const MiB = 1024 ** 2;
const half = { doneBytes: 5 * MiB, sizeBytes: 10 * MiB, bytesPerSecond: MiB, isOffline: false, doneFiles: 1, files: 3 };

test('the bar tells share, bytes, speed, time left and files', () => {
  expect(barText(half, 100)).toBe('━━━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌   50 %  5 MB of 10 MB  1 MB/s  0:05 left  1 of 3 files');
});

test('while the size is not known there is no share and no time', () => {
  expect(barText({ ...half, sizeBytes: null, files: 1 }, 100)).toBe('5 MB  1 MB/s');
});

test.each([
  [false, 'stalled'],
  [true, 'waiting for the network'],
])('while nothing moves it says what is waited for, offline: %s', (isOffline, words) => {
  const text = barText({ ...half, bytesPerSecond: 0, isOffline }, 100);
  expect(text).toContain(`5 MB of 10 MB  ${words}  1 of 3 files`);
  expect(text).not.toContain('B/s');
});

test.each([100, 60, 40, 20, 8, 0])('it never needs more than %d columns', (columns) => {
  expect(barText(half, columns).length).toBeLessThanOrEqual(columns);
});

test.each([
  ['500000', 500_000],
  ['500k', 512_000],
  ['1.5M', 1.5 * MiB],
  ['2G', 2048 * MiB],
])('%s is a rate', (text, bytesPerSecond) => {
  expect(readRate(text)).toBe(bytesPerSecond);
});

test('an option in a word and the same rule in words may stand together', () => {
  const force = { name: '--force', isGiven: true, rule: 'replace' } as const;
  expect(readOverwrite(undefined, 'refuse', force)).toBe('replace');
  expect(readOverwrite('replace', 'refuse', force)).toBe('replace');
  expect(readOverwrite(undefined, 'refuse', { ...force, isGiven: false })).toBe('refuse');
});
