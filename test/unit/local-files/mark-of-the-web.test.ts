import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { markAsDownloaded } from '../../../main/local-files/mark-of-the-web.ts';
import { PartFile } from '../../../main/local-files/part-file.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-mark-'));
  path = join(folder, 'a.exe');
  await writeFile(path, 'x');
});
afterEach(() => rm(folder, { recursive: true }));

async function downloaded(): Promise<string> {
  const target = join(folder, 'b.exe');
  const file = await PartFile.create(target, null);
  await file.commit({ replace: false, modifiedAt: 1_000_000_000_000, signal: new AbortController().signal });
  return target;
}

test('on Windows, the stream Zone.Identifier names the internet zone and no address', async () => {
  await markAsDownloaded(path, 'win32');
  const stream = await readFile(`${path}:Zone.Identifier`, 'utf8');
  expect(stream).toBe('[ZoneTransfer]\r\nZoneId=3\r\n');
});

test('a mark that cannot be written stops nothing', async () => {
  await markAsDownloaded(join(folder, 'none', 'a'), 'win32');
  await markAsDownloaded(join(folder, 'none', 'a'), 'darwin');
});

// Streams are of NTFS, quarantine of macOS: CI runs these tests there.
test.runIf(process.platform === 'win32')('a download on NTFS has the stream, and its own time', async () => {
  const target = await downloaded();
  expect(await readFile(`${target}:Zone.Identifier`, 'utf8')).toContain('ZoneId=3');
});

test.runIf(process.platform === 'darwin')('a download on macOS is quarantined', async () => {
  const target = await downloaded();
  const mark = execFileSync('/usr/bin/xattr', ['-p', 'com.apple.quarantine', target]).toString();
  expect(mark).toMatch(/^0083;[0-9a-f]+;Waybill;/);
});

test.runIf(process.platform === 'linux')('a download on Linux gets no mark', async () => {
  await downloaded();
  expect((await readdir(folder)).toSorted()).toEqual(['a.exe', 'b.exe']);
});
