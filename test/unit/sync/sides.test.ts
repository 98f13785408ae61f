import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compareBytes } from '../../../main/local-files/byte-order.ts';
import { type LocalItem, localSide } from '../../../main/sync/local-side.ts';
import { pairsOf } from '../../../main/sync/pairs.ts';
import { readPatterns } from '../../../main/sync/patterns.ts';
import type { RemoteItem } from '../../../main/sync/remote-side.ts';
import { TargetNames } from '../../../main/sync/target-names.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'waybill-sync-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function add(path: string, text = 'x'): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

async function walked(exclude: readonly string[] = [], folder = root): Promise<readonly LocalItem[]> {
  const items: LocalItem[] = [];
  for await (const page of localSide(folder, readPatterns([], exclude))) items.push(...page);
  return items;
}

test('a folder is walked in the order of keys', async () => {
  for (const path of ['a/x', 'a-b', 'a.txt', 'a0', 'a!', 'b', '🎉', '\ue000', 'a/b/c', 'a/b-']) await add(path);
  const paths = (await walked()).map(({ path }) => path);
  expect(paths).toEqual(['a!', 'a-b', 'a.txt', 'a/', 'a/b-', 'a/b/', 'a/b/c', 'a/x', 'a0', 'b', '\ue000', '🎉']);
});

test('the order is that of the bytes for any names', async () => {
  const name = fc.string({
    unit: fc.constantFrom('a', 'b', '-', '0', '.', ' ', 'é', '\ue000', '🎉'),
    minLength: 1,
    maxLength: 3,
  });
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.map((one) => `_${one}`).join('/'));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(path, { maxLength: 12 }), async (paths) => {
      // No path may lead through another one's file.
      const files = paths.filter((one) => !paths.some((other) => other.startsWith(`${one}/`)));
      await rm(root, { recursive: true });
      await mkdir(root);
      for (const one of files) await add(one);
      const found = (await walked()).flatMap((item) => (item.kind === 'file' ? [item.path] : []));
      expect(found).toEqual(files.toSorted(compareBytes));
    }),
    { numRuns: 40 },
  );
});

test('links are named, never followed, and what hides a folder stands where the folder would', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'waybill-outside-'));
  await writeFile(join(outside, 'secret'), 'x');
  await add('plain');
  await symlink(outside, join(root, 'folder'));
  await symlink(join(outside, 'secret'), join(root, 'file'));
  await symlink(join(outside, 'nothing'), join(root, 'broken'));
  await add('folder.txt');
  const items = await walked();
  expect(items.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
    'skipped broken',
    'skipped file',
    'file folder.txt',
    'skipped folder/',
    'file plain',
  ]);
  await rm(outside, { recursive: true });
});

test('part files of downloads are no files of the folder', async () => {
  for (const path of ['.a.waybill-part', '.a.waybill-part2', 'a.waybill-part', '.a.waybill-parts']) await add(path);
  expect((await walked()).map(({ path }) => path)).toEqual(['.a.waybill-parts', 'a.waybill-part']);
});

test.runIf(process.platform === 'linux')('a name that isn’t UTF-8 isn’t taken for another one', async () => {
  await add('a\ufffd', 'real');
  await writeFile(Buffer.concat([Buffer.from(join(root, 'a')), Buffer.from([0xff])]), 'other');
  await mkdir(Buffer.concat([Buffer.from(join(root, 'b')), Buffer.from([0xff])]));
  await add('b\ufffd/c');
  expect(await walked()).toEqual([
    { kind: 'skipped', path: 'a\ufffd', because: 'name' },
    { kind: 'skipped', path: 'b\ufffd/', because: 'name' },
  ]);
});

test('an excluded folder isn’t even opened', async () => {
  await add('a/b');
  await add('c');
  await chmod(join(root, 'a'), 0);
  expect((await walked(['a/'])).map(({ path }) => path)).toEqual(['c']);
  await chmod(join(root, 'a'), 0o700);
});

test.skipIf(process.getuid?.() === 0)('a folder that can’t be read hides what is below', async () => {
  await add('a/b');
  await chmod(join(root, 'a'), 0);
  expect(await walked()).toMatchObject([
    { path: 'a/', kind: 'unreadable', because: { kind: 'file', reason: 'denied' } },
  ]);
  await chmod(join(root, 'a'), 0o700);
});

test('a folder that isn’t there is an error', async () => {
  await expect(walked([], join(root, 'missing'))).rejects.toThrow('file: missing');
});

test.skipIf(process.platform !== 'linux')('a name that isn’t UTF-8 is named as one that can’t be a key', async () => {
  await writeFile(Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff])]), 'x');
  await mkdir(Buffer.concat([Buffer.from(`${root}/folder`), Buffer.from([0xff])]));
  await add('good\ufffd');
  expect(await walked()).toMatchObject([
    { path: 'bad\ufffd', kind: 'skipped', because: 'name' },
    { path: 'folder\ufffd/', kind: 'skipped', because: 'name' },
    { path: 'good\ufffd', kind: 'file' },
  ]);
});

const file = (path: string): LocalItem => ({ path, kind: 'file', sizeBytes: 1, modifiedAt: 0 });
const object = (path: string): RemoteItem => {
  const state = { sizeBytes: 1, lastModified: 0, etag: '' };
  return { path, kind: 'file', state, frozenAs: null, after: '' };
};

async function* inPages<T>(items: readonly T[], size: number): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) {
    yield items.slice(at, at + size);
    yield await Promise.resolve([]);
  }
}

test('both sides are merged, whatever the pages', async () => {
  const paths = fc.uniqueArray(
    fc.string({ unit: fc.constantFrom('a', 'b', '/', '-', '🎉'), minLength: 1, maxLength: 4 }),
  );
  const size = fc.integer({ min: 1, max: 5 });
  await fc.assert(
    fc.asyncProperty(paths, paths, size, size, async (here, there, pageHere, pageThere) => {
      const locals = here.filter((path) => !path.endsWith('/')).toSorted(compareBytes);
      const remotes = there.toSorted(compareBytes);
      const pairs = [];
      for await (const page of pairsOf(inPages(locals.map(file), pageHere), inPages(remotes.map(object), pageThere))) {
        pairs.push(...page);
      }
      const all = [...new Set([...locals, ...remotes])].toSorted(compareBytes);
      expect(pairs.map(({ path }) => path)).toEqual(all);
      for (const { path, local, remote } of pairs) {
        expect(local !== null).toBe(locals.includes(path));
        expect(remote !== null).toBe(remotes.includes(path));
      }
    }),
  );
});

test('objects below a folder that can’t be looked at are passed over, and no others', async () => {
  const locals: LocalItem[] = [file('a'), { path: 'b/', kind: 'skipped', because: 'linked' }, file('c')];
  const remotes = ['b', 'b/', 'b/x', 'b/y/z', 'b0', 'c'].map(object);
  const pairs = [];
  for await (const page of pairsOf(inPages(locals, 2), inPages(remotes, 2))) pairs.push(...page);
  expect(pairs.map(({ path, hidden }) => [path, hidden])).toEqual([
    ['a', 0],
    ['b', 0],
    ['b/', 2],
    ['b0', 0],
    ['c', 0],
  ]);
});

test.each([
  ['../x', 'name'],
  ['a/../x', 'name'],
  ['/x', 'name'],
  ['a//x', 'name'],
  ['./x', 'name'],
  ['x', null],
])('a download of %j is refused as %j', (path, refusal) => {
  expect(new TargetNames(root, false).refusalOf(path)).toBe(refusal);
});

test('what lies below a file can’t be downloaded beside it', () => {
  const names = new TargetNames(root, false);
  const paths = ['a', 'a-b', 'a/b', 'a/c/d', 'a0', 'b/c', 'b/c/d'];
  expect(paths.map((path) => names.refusalOf(path))).toEqual([null, null, 'taken', 'taken', null, null, 'taken']);
});

test('where case doesn’t count, the first spelling of a file or folder stays', () => {
  const paths = ['A/x', 'README', 'a/y', 'a/z', 'readme', 'É', 'e\u0301'];
  const folding = new TargetNames(root, true);
  const refusals = paths.toSorted(compareBytes).map((path) => `${path} ${folding.refusalOf(path)}`);
  expect(refusals).toEqual([
    'A/x null',
    'README null',
    'a/y taken',
    'a/z taken',
    'e\u0301 null',
    'readme taken',
    'É taken',
  ]);
  const exact = new TargetNames(root, false);
  expect(paths.toSorted(compareBytes).every((path) => exact.refusalOf(path) === null)).toBe(true);
});

test('a place is taken by whatever is there, a folder too', async () => {
  await add('a/b');
  const names = new TargetNames(root, false);
  expect(await Promise.all(['a', 'a/b', 'a/c', 'a/b/c', 'x', 'n/ew/y'].map((path) => names.isTaken(path)))).toEqual([
    true,
    true,
    false,
    true,
    false,
    false,
  ]);
});
