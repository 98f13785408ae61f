import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PastedFiles } from '../../../main/shell/pasted-files.ts';
import type { Transfer } from '../../../main/transfers/tasks/transfer.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pasted-'));
});
afterEach(() => rm(root, { recursive: true }));

const done = { at: 'done', verified: 'crc64', versionId: null } as const;
const failed = { at: 'failed', because: { kind: 'network', reason: 'reset' } } as const;

function uploadOf(localPath: string, state: Transfer['state']): Transfer {
  return { localPath, state } as Transfer;
}

test('a picture waits in a file of its owner until its upload is over; one that failed can be retried', async () => {
  const folder = join(root, 'pasted');
  const pasted = new PastedFiles(folder);
  const path = await pasted.save(new Uint8Array([1, 2]));
  expect([...(await readFile(path))]).toEqual([1, 2]);
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  pasted.forget(uploadOf(path, failed));
  pasted.forget(uploadOf(join(root, 'other'), done));
  expect(await readdir(folder)).toHaveLength(1);
  pasted.forget(uploadOf(path, done));
  await expect.poll(() => readdir(folder)).toEqual([]);
});

test('a picture whose upload failed goes with it from the queue', async () => {
  const folder = join(root, 'pasted');
  const pasted = new PastedFiles(folder);
  const path = await pasted.save(new Uint8Array([1]));
  await writeFile(join(root, 'other'), '');
  pasted.drop(uploadOf(join(root, 'other'), failed));
  pasted.drop(uploadOf(path, failed));
  await expect.poll(() => readdir(folder)).toEqual([]);
  expect(await readdir(root)).toEqual(['other', 'pasted']);
});

test('at a start, what no upload waits for is removed', async () => {
  const folder = join(root, 'pasted');
  const pasted = new PastedFiles(folder);
  await pasted.sweep([]);
  const [kept, dropped] = [await pasted.save(new Uint8Array([1])), await pasted.save(new Uint8Array([2]))];
  await pasted.sweep([uploadOf(kept, failed)]);
  expect((await readdir(folder)).map((name) => join(folder, name))).toEqual([kept]);
  expect(dropped).not.toBe(kept);
});
