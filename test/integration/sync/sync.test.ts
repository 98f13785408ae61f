import { mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deleteObjects } from '../../../main/oss/operations/deletes.ts';
import { putObject } from '../../../main/oss/operations/objects.ts';
import { putSymlink } from '../../../main/oss/operations/symlinks.ts';
import { toFailure } from '../../../main/failure.ts';
import { ServerClock } from '../../../main/oss/connection.ts';
import { isChange } from '../../../main/sync/changed.ts';
import { compare } from '../../../main/sync/compare.ts';
import type { AtBucket } from '../../../main/sync/remote-side.ts';
import type { SyncEntry } from '../../../main/sync/step.ts';
import { makePracticeBucket, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { noteRequests } from '../transfers/noted-requests.ts';
import { stepsOf, SyncPair, type Tree } from './sync-run.ts';

let practice: PracticeBucket;
let pair: SyncPair;
beforeAll(async () => {
  practice = await makePracticeBucket();
  pair = new SyncPair(practice);
});
afterAll(() => practice.close());
beforeEach(() => pair.clear());
afterEach(() => pair.empty());

test.each(['up', 'down'] as const)(
  'a second sync %s finds nothing to do, and asks for no object',
  async (direction) => {
    const tree = { 'a-b': '2', 'a/x': '3', a0: '4', 'deep/er/y': '', '🎉 é\n': '5' };
    await (direction === 'up' ? pair.writeAll(tree) : pair.putAll(tree));
    const { ended } = await pair.sync(pair.rule(direction));
    expect(ended.map(({ state }) => state.at)).toEqual(Object.keys(tree).map(() => 'done'));
    expect(await pair.files()).toEqual(tree);
    expect(await pair.objects()).toEqual(tree);
    const requests = noteRequests();
    const second = await pair.compared(pair.rule(direction));
    requests.stop();
    expect(second.map(({ difference }) => difference)).toEqual(Object.keys(tree).map(() => 'same'));
    expect(requests.asked.filter((asked) => asked.startsWith('HEAD'))).toEqual([]);
  },
);

test('what was uploaded from here is known by its time, in the other direction too', async () => {
  await pair.writeAll({ a: '1', b: '2' }, 86_400_000);
  await pair.sync(pair.rule('up'));
  expect(stepsOf(await pair.compared(pair.rule('down')))).toEqual([]);
  await pair.writeAll({ b: '3' }, 3_600_000);
  expect((await pair.compared(pair.rule('down'))).map(({ difference }) => difference)).toEqual(['same', 'newer']);
});

test('a file of the same size that changed right after its upload is uploaded again', async () => {
  await pair.writeAll({ a: '1', future: 'x' }, 0);
  await utimes(join(pair.folder, 'future'), Date.now() / 1000 + 9e5, Date.now() / 1000 + 9e5);
  await pair.sync(pair.rule('up'));
  expect(stepsOf(await pair.compared(pair.rule('up')))).toEqual([]);
  await pair.writeAll({ a: '2' }, -1);
  expect(stepsOf(await pair.compared(pair.rule('up')))).toEqual(['upload a']);
  await pair.sync(pair.rule('up'));
  expect(await pair.objects()).toEqual({ a: '2', future: 'x' });
});

test('a clock that is behind hides no change, though only the listing shows that it is', async () => {
  const HOUR = 3_600_000;
  await pair.putAll({ a: '1' });
  await pair.writeAll({ a: '2' }, HOUR - 60_000);
  const connection = { ...practice.connection, clock: new ServerClock(() => Date.now() - HOUR) };
  const atBucket: AtBucket = (operation) => operation(connection);
  const entries: SyncEntry[] = [];
  for await (const page of compare(pair.rule('up'), { ...pair.tools, atBucket })) entries.push(...page);
  expect(stepsOf(entries)).toEqual(['upload a']);
});

test.each(['up', 'down'] as const)('part files are passed over on both sides, %s', async (direction) => {
  const part = '.a.waybill-part';
  await pair.writeAll({ a: '1', [part]: 'half' });
  await pair.putAll({ a: '1', [part]: 'other', [`b/${part}2`]: 'other' });
  const { plan } = await pair.sync(pair.rule(direction, { deletes: true, compare: 'checksum' }));
  expect(stepsOf(plan)).toEqual([]);
  expect(await pair.objects()).toEqual({ a: '1', [part]: 'other', [`b/${part}2`]: 'other' });
  expect(await pair.files()).toEqual({ a: '1', [part]: 'half' });
});

test('by checksum, times mean nothing', async () => {
  await pair.writeAll({ a: '1', b: '2', c: '33' }, -9e6);
  await pair.putAll({ a: '1', b: '9', c: '3' });
  const rule = pair.rule('up', { compare: 'checksum' });
  expect((await pair.compared(rule)).map(({ difference }) => difference)).toEqual(['same', 'different', 'different']);
});

test('deletions come last, where the rule has them, and take empty folders along', async () => {
  await pair.putAll({ keep: '1', 'old/er/x': '2', 'old/': '' });
  await pair.writeAll({ keep: '1' });
  expect(stepsOf(await pair.compared(pair.rule('up')))).toEqual([]);
  const { deleted } = await pair.sync(pair.rule('up', { deletes: true }));
  expect(deleted).toEqual(['old/', 'old/er/x'].map((path) => ({ path, failure: null })));
  expect(await pair.objects()).toEqual({ keep: '1' });

  await pair.writeAll({ 'old/er/x': '2', 'old/y': '3' });
  await mkdir(join(pair.folder, 'empty'));
  await pair.sync(pair.rule('down', { deletes: true }));
  expect(await pair.files()).toEqual({ keep: '1' });
  await expect(rm(join(pair.folder, 'old'))).rejects.toThrow('ENOENT');
});

test('what patterns leave out is neither transferred nor deleted', async () => {
  await pair.writeAll({ 'a.txt': '1', 'b.tmp': '2', 'cache/c.txt': '3' });
  await pair.putAll({ 'd.tmp': '4', 'cache/e.txt': '5', 'f.txt': '6', 'g.jpg': '7' });
  const rule = pair.rule('up', { deletes: true, include: ['*.txt'], exclude: ['cache/', '*.tmp'] });
  expect(stepsOf((await pair.sync(rule)).plan)).toEqual(['upload a.txt', 'delete f.txt']);
  expect(Object.keys(await pair.objects())).toEqual(['a.txt', 'cache/e.txt', 'd.tmp', 'g.jpg']);
});

test('names that can’t exist here stay in OSS, and nothing is written outside the folder', async () => {
  const odd = ['../out', 'a//b', './c', 'd/../../out', 'e'.repeat(256), 'f/', '/g'];
  for (const path of odd) await practice.put(`to/${path}`, path === 'f/' ? 'bytes' : 'x');
  await pair.putAll({ fine: '1', con: '2', 'back\\slash': '3' });
  const { plan } = await pair.sync(pair.rule('down', { deletes: true }));
  const refused = plan.flatMap(({ path, step }) => (step.action === 'skip' && step.because === 'name' ? [path] : []));
  expect(refused.toSorted()).toEqual(odd.toSorted());
  expect(await pair.files()).toEqual({ fine: '1', con: '2', 'back\\slash': '3' });
  expect(await practice.has('to/../out')).toBe(true);
});

test('a file and a folder of one name, and names that differ in case, don’t replace each other', async () => {
  await pair.putAll({ a: '1', 'a/b': '2', c: '3', C: '4' });
  await pair.writeAll({ 'c/local': 'x' });
  expect(stepsOf(await pair.compared(pair.rule('down')))).toEqual([
    'download C',
    'download a',
    'skip a/b taken',
    'skip c taken',
  ]);
  expect(stepsOf(await pair.compared(pair.rule('down'), { foldsNames: true }))).toContain('skip c taken');
  const { deleted } = await pair.sync(pair.rule('down', { deletes: true }));
  expect(deleted).toEqual([]);
  expect(await pair.files()).toEqual({ C: '4', a: '1', 'c/local': 'x' });
});

test('links aren’t followed on either side, and what they hide isn’t deleted', async () => {
  const outside = join(practice.folder, 'outside');
  await mkdir(outside, { recursive: true });
  await writeFile(join(outside, 'secret'), 'x');
  await pair.writeAll({ plain: '1' });
  await symlink(outside, join(pair.folder, 'folder'));
  await symlink(join(outside, 'secret'), join(pair.folder, 'file'));
  await pair.putAll({ 'folder/secret': 'old', file: 'old', gone: 'x' });
  const { plan } = await pair.sync(pair.rule('up', { deletes: true }));
  expect(stepsOf(plan)).toEqual(['skip file linked', 'skip folder/ linked', 'delete gone', 'upload plain']);
  expect(await pair.objects()).toEqual({ 'folder/secret': 'old', file: 'old', plain: '1' });

  await putSymlink(practice.connection, { bucket: practice.bucket, key: 'to/link', target: 'to/plain' });
  const down = await pair.sync(pair.rule('down', { deletes: true }));
  expect(stepsOf(down.plan)).toEqual(['skip file linked', 'skip folder/ linked', 'skip link linked']);
});

test('archived objects are named, unless the bucket serves them as they are', async () => {
  const { connection, bucket } = practice;
  const put = {
    bucket,
    key: 'to/a',
    body: Buffer.from('x'),
    sizeBytes: 1,
    headers: { 'x-oss-storage-class': 'ColdArchive' },
  };
  await putObject(connection, put);
  expect(stepsOf(await pair.compared(pair.rule('down')))).toEqual(['skip a archived']);
  await pair.writeAll({ a: 'y' });
  expect(stepsOf(await pair.compared(pair.rule('up', { compare: 'checksum' })))).toEqual(['upload a']);
});

describe('what changes between the plan and its step stays as it is', () => {
  const failuresOf = ({ ended, deleted }: Awaited<ReturnType<SyncPair['sync']>>) => [
    ...ended.flatMap(({ name, state }) => (state.at === 'failed' ? [[name, isChange(state.because)]] : [])),
    ...deleted.flatMap(({ path, failure }) => (failure === null ? [] : [[path, isChange(failure)]])),
  ];

  test('uploads: a new object, another object, another file', async () => {
    await pair.writeAll({ created: '1', file: '1', gone: '1', replaced: '1' });
    await pair.putAll({ replaced: '22', deleted: 'x' });
    const result = await pair.sync(pair.rule('up', { deletes: true }), async () => {
      await pair.putAll({ created: 'other', replaced: 'other', deleted: 'other' });
      await pair.writeAll({ file: 'longer' });
      await rm(join(pair.folder, 'gone'));
    });
    expect(failuresOf(result).toSorted()).toEqual([
      ['created', true],
      ['deleted', true],
      ['file', true],
      ['gone', true],
      ['replaced', true],
    ]);
    expect(await pair.objects()).toEqual({ created: 'other', replaced: 'other', deleted: 'other' });
  });

  test('downloads: a new file, another file, another object', async () => {
    await pair.putAll({ created: '1', gone: '1', object: '1', replaced: '1' });
    await pair.writeAll({ replaced: '22', deleted: 'x' });
    const result = await pair.sync(pair.rule('down', { deletes: true }), async () => {
      await pair.writeAll({ created: 'other', replaced: 'other', deleted: 'other' });
      await pair.putAll({ object: 'longer' });
      await deleteObjects(practice.connection, practice.bucket, [{ key: 'to/gone' }]);
    });
    expect(failuresOf(result).toSorted()).toEqual([
      ['created', true],
      ['deleted', true],
      ['gone', true],
      ['object', true],
      ['replaced', true],
    ]);
    expect(await pair.files()).toEqual({ created: 'other', replaced: 'other', deleted: 'other' });
  });
});

test('a folder that is missing is an error as the source, and created as the target', async () => {
  await rm(pair.folder, { recursive: true });
  await expect(pair.compared(pair.rule('up')).catch((error: unknown) => toFailure(error))).resolves.toMatchObject({
    kind: 'file',
    reason: 'missing',
  });
  await pair.putAll({ 'a/b': '1' });
  await pair.sync(pair.rule('down'));
  expect(await pair.files()).toEqual({ 'a/b': '1' });
});

test('the plan is what happens, and then both sides are equal', async () => {
  const unit = fc.constantFrom('a', 'B', '-', '.x', ' ', 'é', '🎉', '\\', ':', '%2F', '+');
  const name = fc.array(unit, { minLength: 1, maxLength: 3 }).map((parts) => `_${parts.join('')}`);
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
  const tree = fc.dictionary(path, fc.constantFrom('', '1', '2', '22'), { maxKeys: 6 });
  const clean = (one: Tree): Tree =>
    Object.fromEntries(
      Object.entries(one).filter(([key]) => !Object.keys(one).some((other) => other.startsWith(`${key}/`))),
    );
  await fc.assert(
    fc.asyncProperty(
      tree.map(clean),
      tree.map(clean),
      fc.constantFrom('up', 'down'),
      async (here, there, direction) => {
        // A file on one side where the other has a folder can’t be solved in one go.
        const all = [...Object.keys(here), ...Object.keys(there)];
        fc.pre(!all.some((one) => all.some((other) => other.startsWith(`${one}/`))));
        await pair.clear();
        const left = Object.keys(await pair.objects()).map((key) => ({ key: `to/${key}` }));
        if (left.length > 0) await deleteObjects(practice.connection, practice.bucket, left);
        await pair.writeAll(here);
        await pair.putAll(there);
        const rule = pair.rule(direction, { deletes: true, compare: 'checksum' });
        const { plan, ended, deleted } = await pair.sync(rule);
        const done = [...ended.map(({ name: each }) => each), ...deleted.map((each) => each.path)];
        expect(done.toSorted()).toEqual(plan.map((each) => each.path).toSorted());
        const expected = direction === 'up' ? here : there;
        expect(await pair.files()).toEqual(expected);
        expect(await pair.objects()).toEqual(expected);
      },
    ),
    { numRuns: 25 },
  );
});
