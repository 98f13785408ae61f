import { beforeEach, expect, test } from 'vitest';
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
  limit = new DeletionLimit(new Consent(ask, t), t);
});

const bucket = 'holiday';
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
  await Promise.all([permit(1000), permit(1000), permit(1000), permit(1000), permit(1000)]);
  expect(questions).toEqual([t('consent.delete', { bucket, count: 5000 })]);
});

test('a folder that holds more than the page says is asked about, once for all the rest', async () => {
  const permit = await limit.open(bucket, 1);
  await permit(999);
  expect(questions).toEqual([]);
  await Promise.all([permit(1000), permit(1000), permit(1000)]);
  expect(questions).toEqual([t('consent.delete.rest', { bucket })]);
  agrees = false;
  const other = await limit.open(bucket, 0);
  await other(1000);
  await expect(other(1)).rejects.toMatchObject(refused);
});

test('a page can’t open a stack of questions', async () => {
  let answer: (agreed: boolean) => void = () => undefined;
  const consent = new Consent(() => new Promise((resolve) => (answer = resolve)), t);
  const question = { message: 'a', detail: 'b', proceed: 'c' };
  const first = consent.require(question);
  await expect(consent.require(question)).rejects.toMatchObject(refused);
  answer(true);
  await first;
  const next = consent.require(question);
  answer(false);
  await expect(next).rejects.toMatchObject(refused);
});
