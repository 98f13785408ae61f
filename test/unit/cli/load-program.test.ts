import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CODE_CACHE, compileProgram, loadProgram } from '../../../main/cli/load-program.ts';

async function makeBuild(code: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-program-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'cli-program.cjs'), `exports.run = async (args) => args.length + ${String(code)};`);
  return folder;
}

test('a program runs without a cache', async () => {
  expect(await loadProgram(await makeBuild(1)).run(['a', 'b'])).toBe(3);
});

test('a program runs with its own cache', async () => {
  const folder = await makeBuild(1);
  await writeFile(join(folder, CODE_CACHE), compileProgram(folder, null).code());
  expect(await loadProgram(folder).run([])).toBe(1);
});

test.each([
  ['another program of the same length', async () => compileProgram(await makeBuild(2), null).code()],
  ['nothing', () => Promise.resolve(Buffer.alloc(0))],
  ['noise', () => Promise.resolve(Buffer.alloc(4096, 7))],
])('a cache of %s is ignored', async (_, makeCache) => {
  const folder = await makeBuild(1);
  await writeFile(join(folder, CODE_CACHE), await makeCache());
  expect(await loadProgram(folder).run([])).toBe(1);
});

test('damaged data behind the right digest is ignored', async () => {
  const folder = await makeBuild(1);
  const cache = compileProgram(folder, null).code();
  await writeFile(join(folder, CODE_CACHE), Buffer.concat([cache.subarray(0, 40), Buffer.alloc(400, 7)]));
  expect(await loadProgram(folder).run([])).toBe(1);
});
