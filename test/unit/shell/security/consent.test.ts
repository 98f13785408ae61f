import { beforeEach, expect, test } from 'vitest';
import { Consent } from '../../../../main/shell/security/consent.ts';
import { t } from '../../../support/words.ts';

const refused = { failure: { kind: 'cancelled' } };
const about = (message: string) => ({ message, detail: 'b', proceed: 'c' });

let questions: string[];
let answers: ((agreed: boolean) => void)[];
let isLocked: boolean;
let now: number;
let consent: Consent;

beforeEach(() => {
  [questions, answers, isLocked, now] = [[], [], false, 0];
  consent = new Consent({
    text: t,
    ask: ({ message }) => {
      questions.push(message);
      return new Promise((resolve) => answers.push(resolve));
    },
    isLocked: () => isLocked,
    now: () => now,
  });
});

/** Answers the next question, once it is asked. */
async function answer(agrees: boolean): Promise<void> {
  await expect.poll(() => answers.length).toBeGreaterThan(0);
  answers.shift()?.(agrees);
}

test('questions of two windows are asked one after the other, and each gets its answer', async () => {
  const [first, second] = [consent.require(about('one')), consent.require(about('two'))];
  const secondRefused = expect(second).rejects.toMatchObject(refused);
  await expect.poll(() => questions).toEqual(['one']);
  await answer(true);
  await first;
  await answer(false);
  await secondRefused;
  expect(questions).toEqual(['one', 'two']);
});

test('a page that asks on and on after each refusal is refused unseen for a minute', async () => {
  const all = Array.from({ length: 100 }, () => consent.require(about('again')));
  const outcomes = Promise.allSettled(all);
  for (let count = 0; count < 5; count += 1) await answer(false);
  expect((await outcomes).every(({ status }) => status === 'rejected')).toBe(true);
  expect(questions).toHaveLength(5);
  now = 59_999;
  await expect(consent.require(about('too early'))).rejects.toMatchObject(refused);
  now = 60_000;
  const next = consent.require(about('later'));
  await answer(true);
  await next;
  // After an agreement, questions are as many as at first.
  for (let count = 0; count < 4; count += 1) {
    const other = expect(consent.require(about('other'))).rejects.toMatchObject(refused);
    await answer(false);
    await other;
  }
  expect(questions).toHaveLength(10);
});

test('an answer that is given while Waybill is locked is a refusal, and nothing is asked then', async () => {
  const open = expect(consent.require(about('open'))).rejects.toMatchObject(refused);
  await expect.poll(() => questions).toEqual(['open']);
  isLocked = true;
  await answer(true);
  await open;
  await expect(consent.require(about('locked'))).rejects.toMatchObject(refused);
  expect(questions).toEqual(['open']);
});
