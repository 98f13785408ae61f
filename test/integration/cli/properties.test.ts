import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { CommandContext } from '../../../main/cli/arguments/command.ts';
import { aclCommand } from '../../../main/cli/commands/properties/acl.ts';
import { getObjectAcl } from '../../../main/oss/operations/acl.ts';
import { putObject } from '../../../main/oss/operations/objects.ts';
import { getBucketAcl, putBucketAcl, putBucketPublicAccessBlock } from '../../../main/oss/operations/public-access.ts';
import { getObjectTags } from '../../../main/oss/operations/tags.ts';
import { makeBucket, makePracticeBucket, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';
import { environmentOf } from './practice-cli.ts';
import { t } from '../../support/words.ts';

let practice: PracticeBucket;
let cli: Program;

beforeAll(async () => {
  [practice, cli] = await Promise.all([makePracticeBucket({ restoreMs: 1500 }), builtCli()]);
});
afterEach(() => practice.server.faults.clear());
afterAll(() => practice.close());

function waybill(...args: string[]): Promise<Ended> {
  return runProgram(cli.path, args, { env: environmentOf(practice) });
}

function address(key: string): string {
  return `oss://${practice.bucket}/${key}`;
}

async function store(key: string, storageClass: string, bucket = practice.bucket): Promise<void> {
  const headers = { 'x-oss-storage-class': storageClass };
  await putObject(practice.connection, { bucket, key, body: Buffer.from('x'), sizeBytes: 1, headers });
}

const json = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

test('tag sets tags beside others, replaces all, removes some and all, and prints what is left', async () => {
  await practice.put('tagged', 'x');
  const there = address('tagged');
  expect(await waybill('tag', there)).toEqual({ code: 0, stdout: '', stderr: `${t('cli.tag.none')}\n` });
  expect(await waybill('tag', there, 'a=1', 'b=two words')).toMatchObject({ code: 0, stdout: 'a=1\nb=two words\n' });
  expect(await waybill('tag', there, 'a=x=y', 'c=')).toMatchObject({ code: 0, stdout: 'a=x=y\nb=two words\nc=\n' });
  const object = { bucket: practice.bucket, key: 'tagged' };
  expect(await getObjectTags(practice.connection, object)).toEqual([
    ['a', 'x=y'],
    ['b', 'two words'],
    ['c', ''],
  ]);
  expect(await waybill('tag', there, '--delete', 'b', 'c')).toMatchObject({ code: 0, stdout: 'a=x=y\n' });
  const only = await waybill('tag', there, '--only', 'z=26', '--json');
  expect(json(only.stdout)).toEqual([{ ...object, versionId: null, tags: { z: '26' } }]);
  expect(await waybill('tag', there, '--delete', '--json')).toMatchObject({ code: 0, stderr: '' });
  expect(await getObjectTags(practice.connection, object)).toEqual([]);
});

test.each([
  [['a'], 'tag “a”'],
  [['a=1', 'a=2'], ''],
  [Array.from({ length: 11 }, (_, place) => `n${place}=`), '10'],
  [[`${'n'.repeat(129)}=`], '128'],
  [[`n=${'v'.repeat(257)}`], '256'],
  [['标签=1'], ''],
  [['--only'], '--only'],
  [['--only', '--delete', 'a'], '--only'],
])('tag refuses %j before anything is asked', async (words, part) => {
  const ended = await waybill('tag', 'oss://no-such-bucket-here/x', ...words);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(part);
  expect(ended.stderr).not.toContain('NoSuchBucket');
});

test('an eleventh tag beside ten is refused, and the ten stay', async () => {
  await practice.put('full', 'x');
  const ten = Array.from({ length: 10 }, (_, place) => `n${place}=${place}`);
  await waybill('tag', address('full'), ...ten);
  const ended = await waybill('tag', address('full'), 'eleven=11');
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(await waybill('tag', address('full'))).toMatchObject({ stdout: `${ten.join('\n')}\n` });
});

test('versions have tags and ACLs of their own', async () => {
  const bucket = 'waybill-cli-property-versions';
  await makeBucket(practice.connection, bucket, true);
  const old = await putObject(practice.connection, { bucket, key: 'v', body: Buffer.from('1'), sizeBytes: 1 });
  await putObject(practice.connection, { bucket, key: 'v', body: Buffer.from('2'), sizeBytes: 1 });
  const version = ['--version-id', String(old.versionId)];
  await waybill('tag', `oss://${bucket}/v`, 'old=1', ...version);
  expect(await waybill('tag', `oss://${bucket}/v`)).toMatchObject({ stdout: '' });
  expect(await waybill('tag', `oss://${bucket}/v`, ...version)).toMatchObject({ stdout: 'old=1\n' });
  await waybill('acl', `oss://${bucket}/v`, 'private', ...version);
  expect(await waybill('acl', `oss://${bucket}/v`)).toMatchObject({ stdout: 'default\n' });
  expect(await waybill('acl', `oss://${bucket}/v`, ...version)).toMatchObject({ stdout: 'private\n' });
});

test('acl shows and sets the ACL of a file and of a bucket', async () => {
  await practice.put('open', 'x');
  const { bucket, connection } = practice;
  expect(await waybill('acl', address('open'))).toEqual({
    ...{ code: 0, stdout: 'default\n', stderr: `${t('cli.acl.inherited')}\n` },
  });
  expect(await waybill('acl', address('open'), 'public-read', '--yes')).toMatchObject({ stdout: 'public-read\n' });
  expect(await getObjectAcl(connection, { bucket, key: 'open' })).toBe('public-read');
  const shown = await waybill('acl', address('open'), '--json');
  expect(json(shown.stdout)).toEqual([{ bucket, key: 'open', versionId: null, acl: 'public-read' }]);
  const ofBucket = await waybill('acl', `oss://${bucket}`, '--json');
  expect(json(ofBucket.stdout)).toEqual([{ bucket, key: null, versionId: null, acl: 'private' }]);
  expect(await waybill('acl', `oss://${bucket}`, 'public-read', '--yes')).toMatchObject({ code: 0 });
  expect(await getBucketAcl(connection, bucket)).toBe('public-read');
  expect(await waybill('acl', `oss://${bucket}`, 'private')).toMatchObject({ code: 0, stdout: 'private\n' });
});

test('without --yes and a terminal nothing becomes public, not even by a public bucket', async () => {
  await practice.put('shut', 'x');
  const object = { bucket: practice.bucket, key: 'shut' };
  for (const acl of ['public-read', 'public-read-write']) {
    const ended = await waybill('acl', address('shut'), acl);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('--yes');
  }
  await waybill('acl', address('shut'), 'private');
  expect(await getObjectAcl(practice.connection, object)).toBe('private');
  await putBucketAcl(practice.connection, practice.bucket, 'public-read');
  expect(await waybill('acl', address('shut'), 'default')).toMatchObject({ code: 2, stdout: '' });
  expect(await getObjectAcl(practice.connection, object)).toBe('private');
  await putBucketAcl(practice.connection, practice.bucket, 'private');
  expect(await waybill('acl', address('shut'), 'default')).toMatchObject({ code: 0, stdout: 'default\n' });
});

test.each([
  ['yes', 0, 'public-read'],
  ['n', 2, 'default'],
  [null, 2, 'default'],
])('the answer %j at a terminal decides', async (typed, code, acl) => {
  const key = `asked-${String(typed)}`;
  await practice.put(key, 'x');
  const questions: string[] = [];
  const context: CommandContext = {
    env: environmentOf(practice),
    out: {
      answer: () => Promise.resolve(),
      bytes: () => Promise.resolve(),
      say: () => undefined,
      terminal: null,
      ask: (question) => {
        questions.push(question);
        return Promise.resolve(typed);
      },
    },
    dispatcher: practice.connection.dispatcher,
    signal: new AbortController().signal,
  };
  const ended = aclCommand.run([address(key), 'public-read'], context).catch(() => 2);
  expect(await ended).toBe(code);
  expect(questions).toEqual([`${t('cli.acl.question.public-read', { place: address(key) })} `]);
  expect(await getObjectAcl(practice.connection, { bucket: practice.bucket, key })).toBe(acl);
});

test('Block Public Access is named where it refuses an ACL', async () => {
  const bucket = 'waybill-cli-blocked';
  await makeBucket(practice.connection, bucket);
  await putObject(practice.connection, { bucket, key: 'x', body: Buffer.from('x'), sizeBytes: 1 });
  await putBucketPublicAccessBlock(practice.connection, bucket, true);
  for (const there of [`oss://${bucket}`, `oss://${bucket}/x`]) {
    const ended = await waybill('acl', there, 'public-read', '--yes');
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain(t('failure.cause.public-access-blocked.title'));
  }
});

test.each([
  ['acl', 'oss://b', 'default'],
  ['acl', 'oss://b/k', 'open'],
  ['acl', 'oss://b', '--version-id', 'x'],
  ['acl', 'oss://b/k', 'private', 'more'],
  ['tag', 'oss://b'],
  ['restore', 'oss://b'],
  ['restore', 'oss://b/k', '--days', '0'],
  ['restore', 'oss://b/k', '--days', '366'],
  ['restore', 'oss://b/k', '--tier', 'fast'],
  ['restore', 'oss://b/k', '--status', '--wait'],
  ['restore', 'oss://b/', '--recursive', '--version-id', 'x'],
])('%s %s %s is refused with exit code 2', async (...args) => {
  expect(await waybill(...args)).toMatchObject({ code: 2, stdout: '' });
});

test('restore makes an archived file readable, says how far it is, and keeps it longer', async () => {
  await store('old.tar', 'Archive');
  const there = address('old.tar');
  expect((await waybill('get', there, practice.folder)).stderr).toContain('waybill restore');
  const before = await waybill('restore', there, '--status', '--json');
  const { bucket } = practice;
  const object = { bucket, key: 'old.tar', versionId: null, storageClass: 'Archive' };
  expect(json(before.stdout)).toEqual([{ ...object, state: 'archived', until: null }]);
  const begun = await waybill('restore', there, '--days', '3');
  expect(begun).toMatchObject({ code: 0, stderr: '' });
  expect(begun.stdout).toMatch(/^restoring +Archive +oss:/);
  const again = await waybill('restore', there, '--wait', '--json');
  expect(again).toMatchObject({ code: 0 });
  expect(again.stderr).toContain(t('cli.restore.waiting', { count: 1 }));
  const [done] = json(again.stdout) as { readonly state: string; readonly until: string }[];
  expect(done).toMatchObject({ ...object, state: 'restored' });
  const longer = await waybill('restore', there, '--days', '30', '--json');
  expect(longer).toMatchObject({
    code: 0,
    stderr: `${t('cli.restore.adapted', { storageClass: 'Archive', days: 7, tier: 'Standard' })}\n`,
  });
  const [kept] = json(longer.stdout) as { readonly state: string; readonly until: string }[];
  expect(kept?.state).toBe('restored');
  expect(Date.parse(kept?.until ?? '')).toBeGreaterThan(Date.parse(done?.until ?? ''));
  expect(await waybill('get', there, practice.folder)).toMatchObject({ code: 0 });
});

test('restore --recursive takes every archived file, and waits for all of them', async () => {
  await store('deep/a', 'Archive');
  await store('deep/b', 'ColdArchive');
  await store('deep/sub/c', 'DeepColdArchive');
  await store('deep/now', 'Standard');
  const ended = await waybill('restore', address('deep/'), '--recursive', '--tier', 'bulk', '--wait', '--json');
  expect(ended).toMatchObject({ code: 0 });
  const states = json(ended.stdout) as { readonly key: string; readonly state: string }[];
  expect(new Set(states.map(({ key, state }) => `${key} ${state}`))).toEqual(
    new Set(['deep/a restored', 'deep/b restored', 'deep/sub/c restored']),
  );
  for (const storageClass of ['Archive', 'DeepColdArchive']) {
    expect(ended.stderr).toContain(t('cli.restore.adapted', { storageClass, days: 1, tier: 'Standard' }));
  }
});

test('restore says what needs none, and fails where there is nothing', async () => {
  await practice.put('plain', 'x');
  const plain = await waybill('restore', address('plain'), '--wait');
  expect(plain).toMatchObject({ code: 0, stderr: `${t('cli.restore.not-archived', { key: 'plain' })}\n` });
  expect(plain.stdout).toMatch(/^readable +Standard +oss:/);
  expect(await waybill('restore', address('none/'), '--recursive')).toEqual({
    ...{ code: 1, stdout: '', stderr: `${t('cli.restore.nothing')}\n` },
  });
  expect((await waybill('restore', address('none'))).stderr).toContain('NoSuchKey');
});

test('a file that cannot be restored does not stop the others, and the exit code is 1', async () => {
  await store('some/a', 'Archive');
  await store('some/b', 'Archive');
  practice.server.faults.add({
    match: { key: 'some/a', operation: 'RestoreObject' },
    effect: { kind: 'error', status: 403, code: 'AccessDenied' },
  });
  const ended = await waybill('restore', address('some/'), '--recursive', '--json');
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(/^some\/a: /);
  expect(json(ended.stdout)).toMatchObject([{ key: 'some/b', state: 'restoring' }]);
});
