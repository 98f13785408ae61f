import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readStart, readText } from '../../../main/local-files/read-text.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-text-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a file is read up to the limit, and one of a byte more is not', async () => {
  const path = join(folder, 'links.txt');
  writeFileSync(path, '链接'.repeat(40_000));
  expect(await readText(path, 240_000)).toBe('链接'.repeat(40_000));
  expect(await readText(path, 239_999)).toBeNull();
});

test.skipIf(process.platform === 'win32')('a device, a pipe without a writer and a folder are refused', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const path of ['/dev/zero', pipe, folder]) {
    const failure = { kind: 'file', reason: 'not-a-file', path };
    await expect(readText(path, 1024), path).rejects.toMatchObject({ failure });
  }
});

test.runIf(process.platform === 'linux')('a file that claims to be empty is held to the limit', async () => {
  expect(await readText('/proc/self/status', 1_000_000)).toContain('VmRSS');
  expect(await readText('/proc/self/status', 100)).toBeNull();
});

test('a file that is missing is said to be', async () => {
  const path = join(folder, 'none');
  await expect(readText(path, 100)).rejects.toMatchObject({ failure: { kind: 'file', reason: 'missing', path } });
});

test('the start of a long file is read, and all of a shorter one', async () => {
  const path = join(folder, 'long.txt');
  writeFileSync(path, 'AccessKey ID,AccessKey Secret');
  expect(await readStart(path, 9)).toBe('AccessKey');
  expect(await readStart(path, 100)).toBe('AccessKey ID,AccessKey Secret');
});

test('a byte order mark is no part of the text, which may be UTF-16 as PowerShell writes it', async () => {
  const path = join(folder, 'marked.txt');
  for (const encoding of ['utf8', 'utf16le'] as const) {
    writeFileSync(path, Buffer.from('\u{feff}{"a":"链接"}', encoding));
    expect(await readText(path, 100), encoding).toBe('{"a":"链接"}');
  }
  writeFileSync(path, Buffer.from('\u{feff}{"a":"链接"}', 'utf16le').swap16());
  expect(await readText(path, 100), 'big-endian').toBe('{"a":"链接"}');
});
