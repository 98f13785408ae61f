import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeletionProgress, DeletionSubject } from '../../../main/deleting/deletion-job.ts';
import { Deletions } from '../../../main/deleting/deletions.ts';
import { putBucketVersioning } from '../../../main/oss/operations/bucket-settings.ts';
import { type Connection, ServerClock } from '../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { makeDispatcher } from '../../../main/http/dispatcher.ts';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import { listVersions } from '../../../main/oss/operations/versions.ts';
import { type PracticeServer, startPractice } from '../../../main/practice/server.ts';
import { makeBucketOfKeys } from '../../support/many-keys.ts';

const bucket = 'attic';
const subject: DeletionSubject = { accountId: 'a', bucket, keys: ['top.txt'], prefixes: ['old/'] };
const dispatcher = makeDispatcher();
let dataDir: string;
let server: PracticeServer;
let connection: Connection;

function* keys() {
  for (let at = 0; at < 5200; at += 1) yield { key: `old/${String(at).padStart(5, '0')}.txt` };
  yield { key: 'top.txt' };
  yield { key: 'kept.txt' };
  yield { key: 'old/\u0001' };
}

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'waybill-deletions-'));
  await makeBucketOfKeys(dataDir, bucket, keys());
  server = await startPractice({ dataDir, seed: false });
  const { accessKeyId, accessKeySecret } = server;
  connection = {
    endpoint: parseEndpoint(server.endpoint),
    region: 'cn-hangzhou',
    signVersion: 'v4',
    accessKey: () => Promise.resolve({ accessKeyId, accessKeySecret, securityToken: null }),
    dispatcher,
    clock: new ServerClock(),
  };
});

afterEach(async () => {
  await server.close();
  await rm(dataDir, { recursive: true });
});

const permit = { take: () => Promise.resolve(), giveBack: () => undefined };

/** Deletions, and the first news of them that is as wanted. */
function makeDeletions() {
  const told: (readonly DeletionProgress[])[] = [];
  let look = (): void => undefined;
  const gone: string[] = [];
  const deletions = new Deletions({
    run: (_account, _bucket, operation) => operation(connection),
    onProgress: (all) => {
      told.push(all);
      look();
    },
    onGone: ({ prefixes }) => gone.push(...prefixes),
  });
  const news = (isWanted: (progress: DeletionProgress) => boolean): Promise<DeletionProgress> =>
    new Promise((resolve) => {
      look = () => {
        const found = told.at(-1)?.find(isWanted);
        if (found !== undefined) resolve(found);
      };
      look();
    });
  return { deletions, news, gone, told };
}

async function keysLeft(): Promise<readonly string[]> {
  return (await listObjects(connection, bucket)).objects.map(({ key }) => key);
}

test('thousands of objects are deleted step by step, and nothing else', async () => {
  const { deletions, news, gone, told } = makeDeletions();
  deletions.start(subject, 5202, permit);
  const done = await news(({ state }) => state === 'done');
  expect(done).toMatchObject({ deleted: 5202, failedCount: 0, total: 5202, canUndo: false, failure: null });
  expect(await keysLeft()).toEqual(['kept.txt']);
  expect(gone).toContain('old/');
  const steps = told.flat().map(({ deleted }) => deleted);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
});

test('what was stopped is left, and goes on when it is told to', async () => {
  server.faults.add({
    match: { operation: 'DeleteMultipleObjects' },
    skip: 2,
    effect: { kind: 'latency', ms: 3000 },
  });
  const { deletions, news } = makeDeletions();
  const id = deletions.start(subject, null, permit);
  await news(({ deleted }) => deleted > 0);
  deletions.stop(id);
  const stopped = await news(({ state }) => state === 'stopped');
  expect(stopped.deleted).toBeLessThan(5202);
  expect((await keysLeft()).length).toBeGreaterThan(1);
  server.faults.clear();
  deletions.resume(id);
  await news(({ state }) => state === 'done');
  expect(await keysLeft()).toEqual(['kept.txt']);
});

test('what OSS refuses is told by name, and tried again alone', async () => {
  const denied = { kind: 'error', status: 403, code: 'AccessDenied' } as const;
  server.faults.add({ match: { operation: 'DeleteObject' }, effect: denied });
  const { deletions, news } = makeDeletions();
  const id = deletions.start(subject, 5202, permit);
  const done = await news(({ state }) => state === 'done');
  expect(done).toMatchObject({ deleted: 5201, failedCount: 1 });
  expect(deletions.failedOf(id)).toMatchObject([{ key: 'old/\u0001', failure: { kind: 'credentials' } }]);
  server.faults.clear();
  deletions.resume(id);
  expect(await news(({ failedCount, deleted }) => failedCount === 0 && deleted === 5202)).toMatchObject({
    total: 5202,
  });
  expect(await keysLeft()).toEqual(['kept.txt']);
});

test('a server that asks to slow down is asked again; one that refuses is not', async () => {
  const slowDown = { kind: 'error', status: 503, code: 'ServiceUnavailable' } as const;
  server.faults.add({ match: { operation: 'DeleteMultipleObjects' }, times: 2, effect: slowDown });
  const first = makeDeletions();
  first.deletions.start({ ...subject, prefixes: [] }, 1, permit);
  await first.news(({ state }) => state === 'done');
  expect(await keysLeft()).not.toContain('top.txt');

  const denied = { kind: 'error', status: 403, code: 'AccessDenied' } as const;
  server.faults.add({ match: { operation: 'ListObjectsV2' }, effect: denied });
  server.faults.add({ match: { operation: 'ListObjects' }, effect: denied });
  const second = makeDeletions();
  second.deletions.start({ ...subject, keys: [] }, null, permit);
  const broken = await second.news(({ state }) => state === 'broken');
  expect(broken).toMatchObject({ deleted: 0, failure: { kind: 'credentials', cause: 'denied-by-policy' } });
});

test('in a bucket that keeps versions it is taken back', async () => {
  await putBucketVersioning(connection, bucket, 'enabled');
  const { deletions, news } = makeDeletions();
  const id = deletions.start({ ...subject, prefixes: [] }, 1, permit);
  expect(await news(({ state }) => state === 'done')).toMatchObject({ deleted: 1, canUndo: true });
  deletions.dismiss(id);
  expect(await deletions.undo(id)).toEqual({ restored: 1, failedCount: 0 });
  expect(deletions.list()).toEqual([]);
  const { versions } = await listVersions(connection, bucket, { prefix: 'top.txt' });
  expect(versions.map(({ deleteMarker }) => deleteMarker)).toEqual([false]);
});
