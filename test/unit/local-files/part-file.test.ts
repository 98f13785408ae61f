import { spawnSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PartFile } from '../../../main/local-files/part-file.ts';

let folder: string;
const mounted: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'part-file-'));
});
afterEach(() => {
  for (const path of mounted.splice(0)) spawnSync('umount', [path]);
  rmSync(folder, { recursive: true });
});

/** Makes a mount point of `path`, over itself. */
function mount(path: string): void {
  expect(spawnSync('mount', ['--bind', path, path]).status).toBe(0);
  mounted.push(path);
}

/** Not every user may mount. */
function mayMount(): boolean {
  if (process.platform !== 'linux') return false;
  const probe = mkdtempSync(join(tmpdir(), 'part-file-'));
  const isMounted = spawnSync('mount', ['--bind', probe, probe]).status === 0;
  if (isMounted) spawnSync('umount', [probe]);
  rmSync(probe, { recursive: true });
  return isMounted;
}

function linkOf(path: string): string | null {
  return existsSync(path) ? readlinkSync(path) : null;
}

const { signal } = new AbortController();
const bytes = Buffer.from('complete');

async function written(target: string): Promise<PartFile> {
  const file = await PartFile.create(target, bytes.length);
  writeSync(file.fd, bytes, 0, bytes.length, 0);
  return file;
}

describe('its name', () => {
  test.each([`${'b'.repeat(251)}.bin`, '键'.repeat(85), `${'e\u0301'.repeat(84)}.bi`, 'short.txt'])(
    'fits for every target that fits: %s',
    async (name) => {
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
      const file = await written(join(folder, name));
      expect(basename(file.path)).toMatch(/^\..*\.waybill-part$/);
      expect(basename(file.path)).not.toContain('\ufffd');
      await file.commit({ replace: false, modifiedAt: null, signal });
      expect(readdirSync(folder)).toEqual([name]);
    },
  );

  test('is another one for each of two long names that start alike, and for the same target twice', async () => {
    const names = ['1', '2'].map((end) => `${'x'.repeat(250)}${end}`);
    const files = [];
    for (const name of [...names, ...names]) files.push(await written(join(folder, name)));
    expect(new Set(files.map(({ path }) => path)).size).toBe(4);
    for (const file of files) await file.keep();
  });
});

describe('what is not a part file of ours is not written to', () => {
  test.each([
    ['a link to another file', (path: string) => symlinkSync(join(folder, 'mine'), path)],
    ['a second name of another file', (path: string) => linkSync(join(folder, 'mine'), path)],
    ['a folder', (path: string) => mkdirSync(path)],
  ])('%s', async (_, put) => {
    writeFileSync(join(folder, 'mine'), 'mine');
    const path = join(folder, '.x.waybill-part');
    put(path);
    const file = await PartFile.reopen(path, join(folder, 'x'), 10);
    await file?.keep();
    expect(file).toBeNull();
  });
});

describe.skipIf(!mayMount())('a target that cannot be replaced', () => {
  test('at the moment is waited for', async () => {
    const target = join(folder, 'report');
    writeFileSync(target, 'old');
    // Renaming over a mount point fails with EBUSY, as over an open file on Windows.
    mount(target);
    const file = await written(target);
    let isDone = false;
    const done = file.commit({ replace: true, modifiedAt: null, signal }).then(() => (isDone = true));
    const path = `/proc/self/fd/${file.fd}`;
    await expect.poll(() => linkOf(path)).not.toBe(file.path);
    // The file has been closed, and the rename asked for: what is asked later is answered later.
    for (let turn = 0; turn < 50; turn += 1) await stat(folder);
    expect(isDone).toBe(false);
    expect(spawnSync('umount', [target]).status).toBe(0);
    await done;
    expect(readFileSync(target, 'utf8')).toBe('complete');
    expect(readdirSync(folder)).toEqual(['report']);
  });

  test('is not waited for once the transfer is cancelled, and the bytes stay', async () => {
    const target = join(folder, 'report');
    writeFileSync(target, 'old');
    mount(target);
    const file = await written(target);
    const abort = new AbortController();
    const done = file.commit({ replace: true, modifiedAt: null, signal: abort.signal });
    setImmediate(() => abort.abort());
    await expect(done).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(readFileSync(file.path, 'utf8')).toBe('complete');
  });

  test.each([true, false])(
    'because its folder became read-only is said at once, and the bytes stay: %s',
    async (replace) => {
      const inside = join(folder, 'inside');
      mkdirSync(inside);
      const target = join(inside, 'report');
      const file = await written(target);
      mount(inside);
      expect(spawnSync('mount', ['-o', 'remount,ro,bind', inside]).status).toBe(0);
      const failure = { kind: 'file', reason: 'in-use', path: target };
      await expect(file.commit({ replace, modifiedAt: null, signal })).rejects.toMatchObject({ failure });
      expect(readFileSync(file.path, 'utf8')).toBe('complete');
    },
  );
});
