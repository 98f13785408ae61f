import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { listVersions } from '../../../main/oss/operations/versions.ts';
import { makeBucket, makePracticeBucket, type PracticeBucket } from './practice-bucket.ts';
import { accountId, makeQueue, type QueueRun } from './queue-run.ts';

let practice: PracticeBucket;
let run: QueueRun;
/** Methods and paths of what went through the pool: bodies of files go another way. */
let asked: string[] = [];

const note = (message: unknown): void => {
  const { request } = message as { readonly request: { readonly method: string; readonly path: string } };
  asked.push(`${request.method} ${request.path}`);
};

beforeAll(async () => {
  practice = await makePracticeBucket();
  subscribe('undici:request:create', note);
});
beforeEach(() => {
  asked = [];
  run = makeQueue(practice);
});
afterEach(() => run.close());
afterAll(async () => {
  unsubscribe('undici:request:create', note);
  await practice.close();
});

const looks = (): readonly string[] => asked.filter((line) => line.startsWith('HEAD'));

/** A folder of small files, named by numbers. */
async function folderOf(name: string, count: number): Promise<string> {
  await mkdir(join(practice.folder, name));
  for (let index = 0; index < count; index += 1) await practice.file(`${name}/${index}`, `file ${index}`);
  return join(practice.folder, name);
}

async function upload(path: string, bucket: string): Promise<void> {
  await run.queue.addUploads({ accountId, bucket, prefix: '', paths: [path] });
  await run.settled();
}

test('a small file is one request: its key is not looked at first', async () => {
  await upload(await folderOf('many', 20), practice.bucket);
  expect(run.find('many')).toMatchObject({ state: { at: 'done' }, folder: { done: 20 } });
  expect(asked).toEqual([`GET /${practice.bucket}/?versioning`]);
  expect((await practice.read('many/7')).toString()).toBe('file 7');
});

test('what is there already stays and is asked about; the keys after it are looked at first', async () => {
  for (let index = 0; index < 40; index += 1) await practice.put(`again/${index}`, 'theirs');
  await upload(await folderOf('again', 40), practice.bucket);
  const { folder } = run.find('again');
  expect(folder).toMatchObject({ done: 0, asking: 40 });
  // The first ones were under way together when the first of them was refused.
  expect(looks().length).toBeGreaterThanOrEqual(20);
  for (const index of [0, 39]) expect((await practice.read(`again/${index}`)).toString()).toBe('theirs');
});

test('in a bucket with versions, which OSS lets nobody protect, every key is looked at first', async () => {
  const bucket = 'waybill-versions';
  await makeBucket(practice.connection, bucket, true);
  const path = await folderOf('kept', 5);
  await upload(path, bucket);
  expect(looks()).toHaveLength(5);
  await upload(path, bucket);
  expect(run.queue.list().at(-1)).toMatchObject({ folder: { asking: 5 } });
  const { versions } = await listVersions(practice.connection, bucket);
  expect(versions).toHaveLength(5);
});
