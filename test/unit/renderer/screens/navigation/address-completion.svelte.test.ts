import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AddressCompletion } from '../../../../../renderer/screens/navigation/address-completion.svelte.ts';
import { answering } from '../../answering.ts';
import { makeGate, makePage } from '../../making.ts';

const accountId = '00000000-0000-4000-8000-000000000001';
const places = [{ accountId, bucket: 'photos', prefix: '2026/spring/' }];
const buckets = ['photos', 'papers'];

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('places and buckets are suggested at once, folders as OSS has them', async () => {
  const asked: string[] = [];
  const call = answering({
    'objects.list': ({ prefix }) => {
      asked.push(prefix);
      return makePage(['2026/autumn/', '2026/spring/', '2026/a.txt']);
    },
  });
  const completion = new AddressCompletion({ accountId, places, buckets, call });
  completion.suggest('pho');
  expect(completion.suggestions).toEqual(['oss://photos/2026/spring/', 'oss://photos/']);
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toEqual([]);

  completion.suggest('oss://photos/20');
  completion.suggest('oss://photos/2026/');
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toEqual(['2026/']);
  expect(completion.suggestions).toEqual(['oss://photos/2026/spring/', 'oss://photos/2026/autumn/']);
});

test('an answer that comes late changes nothing, and one that fails suggests nothing', async () => {
  const gate = makeGate<ReturnType<typeof makePage>>();
  const call = answering({
    'objects.list': ({ prefix }) => {
      if (prefix === 'b') throw new Error('denied');
      return gate.answer;
    },
  });
  const completion = new AddressCompletion({ accountId, places: [], buckets, call });
  completion.suggest('oss://photos/a');
  await vi.advanceTimersByTimeAsync(500);
  completion.suggest('oss://photos/b');
  gate.open(makePage(['a/']));
  await vi.advanceTimersByTimeAsync(500);
  expect(completion.suggestions).toEqual([]);
});

test('the arrow keys go round, past what was typed', () => {
  const completion = new AddressCompletion({ accountId, places: [], buckets, call: answering({}) });
  completion.suggest('p');
  expect(completion.chosen).toBeNull();
  expect(completion.best).toBe('oss://photos/');
  completion.move(-1);
  expect(completion.chosen).toBe('oss://papers/');
  completion.move(1);
  expect(completion.chosen).toBeNull();
  completion.move(1);
  expect(completion.chosen).toBe('oss://photos/');
  completion.close();
  expect(completion.suggestions).toEqual([]);
});
