import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recogniseFile } from '../../../../main/shell/security/read-sent.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-recognise-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a file is judged by its content, and a folder holds nothing to open', async () => {
  const path = join(folder, 'request.txt');
  await writeFile(path, '{"waybill":"upload-request","version":1,"slots":[');
  expect(await recogniseFile(path)).toBe('upload-request');
  expect(await recogniseFile(folder)).toBeNull();
});

test('a file that cannot be read is a failure, not a file without links', async () => {
  const path = join(folder, 'gone.txt');
  expect(await recogniseFile(path)).toEqual({ kind: 'file', reason: 'missing', path });
});
