import { expect, test } from 'vitest';
import { DeletionJob, type RunAtBucket } from '../../../main/deleting/deletion-job.ts';
import { WaybillError } from '../../../main/failure.ts';
import { MAX_DELETE_KEYS } from '../../../main/oss/limits.ts';

const MANY = 200_000;
const subject = {
  ...{ accountId: 'a', bucket: 'bbb', prefixes: [] },
  keys: Array.from({ length: MANY }, (_, index) => `k${index}`),
};

const permit = { take: () => Promise.resolve(), giveBack: () => undefined };

test('very many keys that OSS refuses are told, and tried again', async () => {
  let asked = 0;
  const refusing = (() => {
    const failed = Array.from({ length: MAX_DELETE_KEYS }, () => ({ key: `k${(asked += 1)}`, failure: null }));
    return Promise.resolve({ failed, markers: [] });
  }) as RunAtBucket;
  const job = new DeletionJob(subject, MANY, { run: refusing, permit, onChange: () => undefined });
  for (let round = 1; round <= 2; round += 1) {
    await job.run();
    expect(job.progress).toMatchObject({ state: 'done', deleted: 0, failedCount: MANY });
    expect(asked).toBe(round * MANY);
  }
});

test('a deletion that breaks keeps what is left, in any number', async () => {
  const breaking = (() =>
    Promise.reject(new WaybillError({ kind: 'credentials', cause: 'denied-by-policy' }))) as unknown as RunAtBucket;
  const job = new DeletionJob(subject, MANY, { run: breaking, permit, onChange: () => undefined });
  await job.run();
  expect(job.progress).toMatchObject({ state: 'broken', deleted: 0, failure: { kind: 'credentials' } });
});

test('a deletion that is no longer permitted stops, keeps what is left, and asks again when it is resumed', async () => {
  let allowed = 2 * MAX_DELETE_KEYS;
  const refused = new WaybillError({ kind: 'cancelled' });
  const job = new DeletionJob(subject, MANY, {
    run: (() => Promise.resolve({ failed: [], markers: [] })) as RunAtBucket,
    permit: {
      take: (count) => ((allowed -= count) < 0 ? Promise.reject(refused) : Promise.resolve()),
      giveBack: () => undefined,
    },
    onChange: () => undefined,
  });
  await job.run();
  expect(job.progress).toMatchObject({ state: 'stopped', deleted: 2 * MAX_DELETE_KEYS });
  allowed = Infinity;
  await job.run();
  expect(job.progress).toMatchObject({ state: 'done', deleted: MANY });
});

test('what is deleted while an earlier part is restored can be restored after it', async () => {
  const keys = Array.from({ length: 2 * MAX_DELETE_KEYS }, (_, index) => `k${index}`);
  const markersOf = (some: readonly string[]) => some.map((key) => ({ key, versionId: 'marker' }));
  let restore: () => void = () => undefined;
  const restored = new Promise((resolve) => {
    restore = () => resolve({ failed: [], markers: [] });
  });
  let answer: () => Promise<unknown> = () => Promise.resolve({ failed: [], markers: markersOf(keys.slice(0, 1)) });
  let allowed = MAX_DELETE_KEYS;
  const job = new DeletionJob({ ...subject, keys }, keys.length, {
    run: (() => answer()) as RunAtBucket,
    permit: {
      take: (count) =>
        (allowed -= count) < 0 ? Promise.reject(new WaybillError({ kind: 'cancelled' })) : Promise.resolve(),
      giveBack: () => undefined,
    },
    onChange: () => undefined,
  });
  await job.run();
  answer = () => restored;
  const undone = job.undo();
  answer = () => Promise.resolve({ failed: [], markers: markersOf(keys.slice(1, 3)) });
  allowed = Infinity;
  await job.run();
  restore();
  expect(await undone).toEqual({ restored: 1, failedCount: 0 });
  expect(await job.undo()).toEqual({ restored: 2, failedCount: 0 });
});
