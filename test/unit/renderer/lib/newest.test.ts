import { expect, test } from 'vitest';
import { Newest } from '../../../../renderer/lib/newest.ts';
import { makeGate } from '../making.ts';

test('an answer is taken, and a failure reported', async () => {
  const newest = new Newest();
  const taken: unknown[] = [];
  const failed: unknown[] = [];
  const error = new Error('no');
  await newest.ask(
    () => Promise.resolve(1),
    (answer) => taken.push(answer),
    (reason) => failed.push(reason),
  );
  await newest.ask(
    () => Promise.reject(error),
    (answer) => taken.push(answer),
    (reason) => failed.push(reason),
  );
  expect([taken, failed]).toEqual([[1], [error]]);
});

test('of two questions only the newest one’s answer counts, whichever comes first', async () => {
  const newest = new Newest();
  const taken: string[] = [];
  const [older, newer] = [makeGate<string>(), makeGate<string>()];
  const both = [older, newer].map(({ answer }) =>
    newest.ask(
      () => answer,
      (text) => taken.push(text),
    ),
  );
  newer.open('newer');
  older.open('older');
  await Promise.all(both);
  expect(taken).toEqual(['newer']);
});

test('a failure of an older question is nobody’s', async () => {
  const newest = new Newest();
  const failed: unknown[] = [];
  const older = makeGate<string>();
  const asked = newest.ask(
    () => older.answer,
    () => undefined,
    (error) => failed.push(error),
  );
  newest.drop();
  older.fail(new Error('late'));
  await asked;
  expect(failed).toEqual([]);
});

test('without a place for failures the newest one is thrown', async () => {
  const newest = new Newest();
  const asked = newest.ask(
    () => Promise.reject(new Error('no')),
    () => undefined,
  );
  await expect(asked).rejects.toThrow('no');
});
