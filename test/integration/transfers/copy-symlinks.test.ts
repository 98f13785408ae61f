import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import type { NewCopies } from '../../../main/transfers/tasks/requests.ts';
import { type Client, connect } from '../practice/client.ts';
import { makeBucket, makePracticeBucket, type PracticeBucket } from './practice-bucket.ts';
import { accountId, makeQueue, type QueueRun } from './queue-run.ts';

const other = 'waybill-elsewhere';
let practice: PracticeBucket;
let ali: Client;
let run: QueueRun;

beforeAll(async () => {
  practice = await makePracticeBucket();
  await makeBucket(practice.connection, other);
  ali = connect(practice.server, { bucket: practice.bucket });
});
afterEach(async () => {
  practice.server.faults.clear();
  await run.close();
});
afterAll(() => practice.close());

async function copy(
  what: { readonly keys?: readonly string[]; readonly prefixes?: readonly string[] },
  to: { readonly prefix: string; readonly bucket?: string; readonly accountId?: string },
  more: Partial<Pick<NewCopies, 'move' | 'name'>> = {},
): Promise<void> {
  run = makeQueue(practice);
  await run.queue.addCopies({
    from: { accountId, bucket: practice.bucket, keys: [], prefixes: [], versionId: null, ...what },
    to: { accountId, bucket: practice.bucket, ...to },
    ...{ move: false, name: null, ...more },
  });
  await run.settled();
}

const ended = () => run.queue.list().map(({ state }) => state.at);

async function keysBelow(prefix: string, bucket = practice.bucket): Promise<string[]> {
  return (await listObjects(practice.connection, bucket, { prefix })).objects.map(({ key }) => key);
}

/** Where ali-oss says that it leads. */
async function targetOf(key: string): Promise<string> {
  return (await ali.getSymlink(key)).targetName;
}

test('a copy of a symlink is one to the same target, with its metadata, tags and class', async () => {
  await practice.put('c/目标 1?.txt', 'of the target');
  await ali.putSymlink('c/link', 'c/目标 1?.txt', { storageClass: 'IA', meta: { uid: 7, pid: 8 } });
  await ali.putObjectTagging('c/link', { team: 'blue' });
  await copy({ keys: ['c/link'] }, { prefix: 'copied/' });
  expect(ended()).toEqual(['done']);
  expect(await targetOf('copied/link')).toBe('c/目标 1?.txt');
  expect((await ali.head('copied/link')).res.headers).toMatchObject({
    'x-oss-object-type': 'Symlink',
    'x-oss-storage-class': 'IA',
    'x-oss-meta-uid': '7',
  });
  expect((await ali.getObjectTagging('copied/link')).tag).toEqual({ team: 'blue' });
  expect(await targetOf('c/link')).toBe('c/目标 1?.txt');
});

test('a symlink is renamed, and its target stays', async () => {
  await practice.put('r/target', 'x');
  await ali.putSymlink('r/old', 'r/target', {});
  await ali.putACL('r/old', 'private');
  await copy({ keys: ['r/old'] }, { prefix: 'r/' }, { move: true, name: 'new' });
  expect(await keysBelow('r/')).toEqual(['r/new', 'r/target']);
  expect(await targetOf('r/new')).toBe('r/target');
  expect((await ali.getACL('r/new')).acl).toBe('private');
});

test('a folder moves with symlinks in it, also with one whose target went before', async () => {
  await practice.put('f/a target', 'x');
  await ali.putSymlink('f/b link', 'f/a target', {});
  await ali.putSymlink('f/c leads nowhere', 'never/there', {});
  await copy({ prefixes: ['f/'] }, { prefix: '' }, { move: true, name: 'g' });
  expect(new Set(ended())).toEqual(new Set(['done']));
  expect(await keysBelow('f/')).toEqual([]);
  expect(await keysBelow('g/')).toEqual(['g/a target', 'g/b link', 'g/c leads nowhere']);
  expect([await targetOf('g/b link'), await targetOf('g/c leads nowhere')]).toEqual(['f/a target', 'never/there']);
});

test('a symlink to an archived object moves, though nobody can read it', async () => {
  await ali.put('h/cold', Buffer.from('x'), { headers: { 'x-oss-storage-class': 'Archive' } });
  await ali.putSymlink('h/link', 'h/cold', {});
  await copy({ keys: ['h/link'] }, { prefix: 'moved/' }, { move: true });
  expect([await targetOf('moved/link'), await keysBelow('h/')]).toEqual(['h/cold', ['h/cold']]);
});

test.each([
  ['of the account', accountId],
  ['of another account', '6f9d3f5e-0000-4000-8000-000000000002'],
])('in another bucket %s the copy is what the symlink leads to', async (_, to) => {
  await practice.put('e/target', 'of the target');
  await ali.putSymlink('e/link', 'e/target', {});
  await copy({ keys: ['e/link'] }, { prefix: `${to}/`, bucket: other, accountId: to }, { move: true });
  const elsewhere = connect(practice.server, { bucket: other });
  const { content, res } = (await elsewhere.get(`${to}/link`)) as { content: Buffer; res: { headers: object } };
  expect(String(content)).toBe('of the target');
  expect(res.headers).toMatchObject({ 'x-oss-object-type': 'Normal' });
  expect(await keysBelow('e/')).toEqual(['e/target']);
});

test('a symlink that leads nowhere cannot go to another bucket, and stays', async () => {
  await ali.putSymlink('n/link', 'never/there', {});
  await copy({ keys: ['n/link'] }, { prefix: 'n/', bucket: other }, { move: true });
  expect(ended()).toEqual(['failed']);
  expect(await targetOf('n/link')).toBe('never/there');
  expect(await keysBelow('n/', other)).toEqual([]);
});

test('a symlink whose copy is not found in its place stays', async () => {
  await practice.put('s/target', 'x');
  await ali.putSymlink('s/link', 's/target', {});
  practice.server.faults.add({
    match: { operation: 'GetSymlink', key: 'kept/link' },
    effect: { kind: 'error', status: 404, code: 'NoSuchKey' },
  });
  await copy({ keys: ['s/link'] }, { prefix: 'kept/' }, { move: true });
  expect(ended()).toEqual(['failed']);
  expect(await keysBelow('s/')).toEqual(['s/link', 's/target']);
});

test('where an object of that name is, the move asks, and replaces it only then', async () => {
  for (const key of ['q/target', 'taken/link']) await practice.put(key, key);
  await ali.putSymlink('q/link', 'q/target', {});
  await copy({ keys: ['q/link'] }, { prefix: 'taken/' }, { move: true });
  expect(ended()).toEqual(['blocked']);
  expect(await keysBelow('q/')).toEqual(['q/link', 'q/target']);
  run.queue.choose(run.find('taken/link').id, 'replace', false);
  await run.settled();
  expect([await targetOf('taken/link'), await keysBelow('q/')]).toEqual(['q/target', ['q/target']]);
});

test('a symlink that was made, but whose answer was lost, moves all the same', async () => {
  await practice.put('l/target', 'x');
  await ali.putSymlink('l/link', 'l/target', {});
  for (const operation of ['PutSymlink', 'DeleteObject']) {
    practice.server.faults.add({ match: { operation }, times: 1, effect: { kind: 'reset', at: 'after-work' } });
  }
  await copy({ keys: ['l/link'] }, { prefix: 'lost/' }, { move: true });
  expect(ended()).toEqual(['done']);
  expect([await targetOf('lost/link'), await keysBelow('l/')]).toEqual(['l/target', ['l/target']]);
});
