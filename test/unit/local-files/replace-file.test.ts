import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFile } from '../../../main/local-files/replace-file.ts';
import { withFileLimit } from '../../support/file-limit.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replace-file-'));
  path = join(folder, 'settings.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the last of many replacements stays, and nothing beside it', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, at) => replaceFile(path, String(at))));
  expect(readFileSync(path, 'utf8')).toBe('19');
  expect(readdirSync(folder)).toEqual(['settings.json']);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a link stays one, and its file is replaced', async () => {
  writeFileSync(join(folder, 'elsewhere'), 'old');
  symlinkSync('elsewhere', path);
  await replaceFile(path, 'new');
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, 'elsewhere'), 'utf8')).toBe('new');
});

test('what a killed process left is replaced, and a file with a name like it is not', async () => {
  writeFileSync(`${path}.new`, 'mine');
  let left = '';
  const watching = replaceFile(path, 'first');
  while (left === '') {
    left = readdirSync(folder).find((name) => name.startsWith('.waybill-')) ?? '';
    await new Promise(setImmediate);
  }
  await watching;
  writeFileSync(join(folder, left), 'half');
  await replaceFile(path, 'whole');
  expect(readFileSync(path, 'utf8')).toBe('whole');
  expect(readdirSync(folder).sort()).toEqual(['settings.json', 'settings.json.new']);
  expect(readFileSync(`${path}.new`, 'utf8')).toBe('mine');
});

test.skipIf(process.platform !== 'linux')('a disk that takes a part of it keeps what was there', async () => {
  await replaceFile(path, 'what was there');
  const refused = withFileLimit(100_000, () => replaceFile(path, 'x'.repeat(150_000)));
  await expect(refused).rejects.toMatchObject({ failure: { kind: 'file', reason: 'full', path } });
  expect(readFileSync(path, 'utf8')).toBe('what was there');
  expect(readdirSync(folder)).toEqual(['settings.json']);
});
