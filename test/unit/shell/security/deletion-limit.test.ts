import { beforeEach, expect, test } from 'vitest';
import { DeletionJob, type RunAtBucket } from '../../../../main/deleting/deletion-job.ts';
import { WaybillError } from '../../../../main/failure.ts';
import { Consent } from '../../../../main/shell/security/consent.ts';
import { DeletionLimit } from '../../../../main/shell/security/deletion-limit.ts';
import { t } from '../../../support/words.ts';

let questions: string[];
let agrees: boolean;
let limit: DeletionLimit;

beforeEach(() => {
  questions = [];
  agrees = true;
  const ask = ({ message }: { readonly message: string }) => {
    questions.push(message);
    return Promise.resolve(agrees);
  };
  limit = new DeletionLimit(new Consent({ ask, text: t, isLocked: () => false }), t);
});

const bucket = 'holiday';
const never = new AbortController().signal;
const refused = { failure: { kind: 'cancelled' } };

test('1,000 files are deleted without a question, in one deletion or in many', async () => {
  for (let count = 0; count < 10; count += 1) await limit.take(bucket, 100);
  expect(questions).toEqual([]);
  await limit.take(bucket, 1);
  expect(questions).toEqual([t('consent.delete', { bucket, count: 1 })]);
});

test('an answer allows what it named, and 1,000 after it', async () => {
  await limit.take(bucket, 50_000);
  await limit.take(bucket, 1000);
  expect(questions).toEqual([t('consent.delete', { bucket, count: 50_000 })]);
  agrees = false;
  await expect(limit.take(bucket, 1)).rejects.toMatchObject(refused);
  // Refused once is not refused for ever.
  agrees = true;
  await limit.take(bucket, 1);
  expect(questions).toHaveLength(3);
});

test('a deletion of as many files as were counted asks at its start alone', async () => {
  const permit = await limit.open(bucket, 5000);
  await Promise.all([1000, 1000, 1000, 1000, 1000].map((count) => permit.take(count, never)));
  expect(questions).toEqual([t('consent.delete', { bucket, count: 5000 })]);
});

test('a folder that holds more than the page says is asked about, once for all the rest', async () => {
  const permit = await limit.open(bucket, 1);
  await permit.take(999, never);
  expect(questions).toEqual([]);
  await Promise.all([1000, 1000, 1000].map((count) => permit.take(count, never)));
  expect(questions).toEqual([t('consent.delete.rest', { bucket })]);
  agrees = false;
  const other = await limit.open(bucket, 0);
  await other.take(1000, never);
  await expect(other.take(1, never)).rejects.toMatchObject(refused);
});

/** A deletion of these keys, started as the window starts it. */
async function start(keys: readonly string[], run: RunAtBucket): Promise<DeletionJob> {
  const subject = { accountId: 'a', bucket, keys, prefixes: [] };
  const permit = await limit.open(bucket, keys.length);
  return new DeletionJob(subject, keys.length, { run, permit, onChange: () => undefined });
}

const names = Array.from({ length: 5000 }, (_, at) => `k${at}`);

test('a refusal while a deletion runs counts for all its batches, until it is resumed', async () => {
  const subject = { accountId: 'a', bucket, keys: names, prefixes: [] };
  const permit = await limit.open(bucket, 0);
  const run = (() => Promise.resolve({ failed: [], markers: [] })) as RunAtBucket;
  const job = new DeletionJob(subject, null, { run, permit, onChange: () => undefined });
  agrees = false;
  await job.run();
  expect(questions).toEqual([t('consent.delete.rest', { bucket })]);
  expect(job.progress).toMatchObject({ state: 'stopped', deleted: 1000 });
  agrees = true;
  await job.run();
  expect(questions).toHaveLength(2);
  expect(job.progress).toMatchObject({ state: 'done', deleted: 5000 });
});

test('a deletion that broke off, or was refused by OSS, is resumed without another question', async () => {
  let isBroken = true;
  const breaking = (() =>
    isBroken
      ? Promise.reject(new WaybillError({ kind: 'credentials', cause: 'denied-by-policy' }))
      : Promise.resolve({ failed: [], markers: [] })) as RunAtBucket;
  const broken = await start(names, breaking);
  for (let times = 0; times < 3; times += 1) await broken.run();
  isBroken = false;
  await broken.run();
  expect(broken.progress).toMatchObject({ state: 'done', deleted: 5000 });

  let at = 0;
  let refuses = true;
  const failed = () => Array.from({ length: 1000 }, () => ({ key: names[at++ % names.length], failure: null }));
  const partly = await start(names, (() =>
    Promise.resolve({ failed: refuses ? failed() : [], markers: [] })) as RunAtBucket);
  await partly.run();
  refuses = false;
  await partly.run();
  expect(partly.progress).toMatchObject({ state: 'done', deleted: 5000 });
  expect(questions).toEqual(Array(2).fill(t('consent.delete', { bucket, count: 5000 })));
});

test('no text of a page stands in a question instead of a bucket’s name', async () => {
  const wrong = { failure: { kind: 'input', field: 'bucket' } };
  await expect(limit.take('holiday? No, only a preview', 5000)).rejects.toMatchObject(wrong);
  await expect(limit.open('a b', 5000)).rejects.toMatchObject(wrong);
  expect(questions).toEqual([]);
});

test.each(['move', 'delete-link'] as const)('a %s of more asks in words of its own', async (how) => {
  await limit.take(bucket, 1001, how);
  expect(questions).toEqual([t(`consent.${how}`, { bucket, count: 1001 })]);
});
