import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { counting } from '../../../../main/transfers/upload/counting.ts';
import { LocalSource } from '../../../../main/transfers/upload/local-source.ts';
import { modifiedAtHeader, modifiedAtOf } from '../../../../main/transfers/modified-at.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-source-'));
  path = join(folder, 'file');
  writeFileSync(path, 'xyz');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a file that changes after it was looked at is not sent', async () => {
  const source = await LocalSource.at(path);
  const whole = await LocalSource.at(path);
  await source.open();
  utimesSync(path, 1, 1);
  await expect(source.assertUnchanged()).rejects.toMatchObject({ failure: { reason: 'changed' } });
  await expect(whole.open()).rejects.toMatchObject({ failure: { reason: 'changed' } });
  for (const one of [source, whole]) await one.close();
});

test('a file is opened once, and in the state in which it was found it may be sent', async () => {
  const source = await LocalSource.at(path);
  const [first, second] = await Promise.all([source.slice({ start: 1, sizeBytes: 2 }), source.open()]);
  expect(first).toMatchObject({ fd: second.fd, path, start: 1, sizeBytes: 2, file: { sizeBytes: 3 } });
  expect(source.whole()).toMatchObject({ fd: null, start: 0, sizeBytes: 3 });
  await source.assertUnchanged();
  await source.close();
  expect(second.fd).toBe(-1);
});

test('a file that could not be opened can be closed', async () => {
  const source = await LocalSource.at(path);
  rmSync(path);
  await expect(source.open()).rejects.toMatchObject({ failure: { reason: 'missing' } });
  await source.close();
});

test('what was sent in vain is taken back, and what comes later does not count', async () => {
  const counts: number[] = [];
  const watch = { onBytes: (count: number) => void counts.push(count) };
  let late: (bytes: number) => void = () => undefined;
  const failing = counting(watch, (onSent) => {
    late = onSent;
    onSent(2);
    onSent(3);
    return Promise.reject(new Error('broken'));
  });
  await expect(failing).rejects.toThrow('broken');
  late(7);
  expect(counts).toEqual([2, 3, -5]);
  await expect(counting(watch, () => Promise.reject(new Error('at once')))).rejects.toThrow('at once');
  expect(counts).toEqual([2, 3, -5]);
  await counting(watch, (onSent) => {
    onSent(4);
    return Promise.resolve();
  });
  expect(counts).toEqual([2, 3, -5, 4]);
});

test.each([
  ['1700000000.123', 1_700_000_000_123],
  ['-1.5', -1_500],
  ['1700000000', 1_700_000_000_000],
  ['17x', 5],
  ['x17', 5],
  ['', 5],
  ['123456789012', 5],
])('a modification time is that of the uploader (%s), else that of the upload', (mtime, expected) => {
  expect(modifiedAtOf({ meta: { mtime }, lastModified: 5 })).toBe(expected);
});

test('a modification time goes up and comes back; nobody’s is unknown', () => {
  expect(modifiedAtHeader(1_700_000_000_123.4)).toEqual({ 'x-oss-meta-mtime': '1700000000.123' });
  expect([modifiedAtOf({ meta: {}, lastModified: 7 }), modifiedAtOf({ meta: {}, lastModified: 0 })]).toEqual([7, null]);
});
