import { afterAll, beforeAll, expect, test } from 'vitest';
import { listArrived } from '../../../main/links/pages/arrived.ts';
import type { Connection } from '../../../main/oss/connection.ts';
import { createBucket } from '../../../main/oss/operations/bucket-settings.ts';
import { putObject } from '../../../main/oss/operations/objects.ts';
import { type PracticeRun, startPracticeRun } from '../accounts/practice-server.ts';

const bucket = 'arrivals-here';
let run: PracticeRun;
let connection: Connection;
const lister = { accessKeyId: 'LISTER', accessKeySecret: 'lister-secret', name: 'lister' };
const time = { ahead: 0 };

beforeAll(async () => {
  const now = (): number => Date.now() + time.ahead;
  const Statement = [{ Effect: 'Allow', Action: 'oss:ListObjects', Resource: 'acs:oss:*:*:*' }] as const;
  const users = [{ ...lister, policy: { Version: '1', Statement } }] as const;
  run = await startPracticeRun({ now, localNow: now, users });
  const { id } = await run.accounts.add(run.draft({ remember: false }));
  connection = run.accounts.access(id).connectionIn('cn-hangzhou');
  await createBucket(connection, bucket, { storageClass: 'Standard', acl: 'private' });
});
afterAll(() => run.close());

async function put(key: string, name?: string): Promise<void> {
  time.ahead += 2000;
  const headers = name === undefined ? {} : { 'x-oss-meta-name': name };
  await putObject(connection, { bucket, key, body: Buffer.from(key), sizeBytes: Buffer.byteLength(key), headers });
}

test('below a prefix, what came since the page was made is listed, the newest first', async () => {
  await put('drop/old');
  time.ahead += 10_000;
  const since = connection.clock.now();
  await put('drop/1', 'a%2Fb%20c.txt');
  await put('drop/2');
  await put('drop/folder/');
  await put('elsewhere/3');
  const { files, ...rest } = await listArrived(connection, {
    bucket,
    keys: { kind: 'prefix', prefix: 'drop/' },
    since,
  });
  expect(rest).toEqual({ isCut: false, emptySlots: null });
  expect(files.map(({ name, key, sizeBytes }) => [name, key, sizeBytes])).toEqual([
    ['2', 'drop/2', 6],
    ['a/b c.txt', 'drop/1', 6],
  ]);
  expect(files[0]?.crc64).toMatch(/^\d+$/);
});

test('more than is listed is said, and the newest are kept', async () => {
  const place = { bucket, keys: { kind: 'prefix', prefix: 'drop/' }, since: null } as const;
  const { files, isCut } = await listArrived(connection, place, { maxFiles: 2 });
  expect(files.map(({ key }) => key)).toEqual(['drop/2', 'drop/1']);
  expect(isCut).toBe(true);
});

test('slots are asked for one by one, and those that hold older files count as empty', async () => {
  await put('slots/1');
  time.ahead += 10_000;
  const since = connection.clock.now();
  await put('slots/2', 'x.pdf');
  const keys = ['slots/1', 'slots/2', 'slots/3'];
  const { files, emptySlots } = await listArrived(connection, { bucket, keys: { kind: 'slots', keys }, since });
  expect(files.map(({ name }) => name)).toEqual(['x.pdf']);
  expect(emptySlots).toBe(2);
});

test('a bucket that is gone is no empty one', async () => {
  const gone = { bucket: 'not-there-at-all', keys: { kind: 'slots', keys: ['a'] }, since: null } as const;
  await expect(listArrived(connection, gone)).rejects.toMatchObject({ failure: { cause: 'no-such-bucket' } });
});

test('who may list but not read sees files under their keys', async () => {
  const { accessKeyId, accessKeySecret } = lister;
  const { id } = await run.accounts.add(run.draft({ remember: false, accessKeyId, accessKeySecret }));
  const poor = run.accounts.access(id).connectionIn('cn-hangzhou');
  const place = { bucket, keys: { kind: 'prefix', prefix: 'drop/' }, since: null } as const;
  const { files } = await listArrived(poor, place, { maxFiles: 2 });
  expect(files.map(({ name, sizeBytes, crc64 }) => [name, sizeBytes, crc64])).toEqual([
    ['2', 6, null],
    ['1', 6, null],
  ]);
});
