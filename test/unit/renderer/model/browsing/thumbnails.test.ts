import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Thumbnails } from '../../../../../renderer/model/browsing/thumbnails.ts';
import { answering } from '../../answering.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const folder = { accountId: 'a', bucket: 'photos', prefix: '' };

function start() {
  const calls: (readonly string[])[] = [];
  const call = answering({
    'objects.thumbnails': ({ objects }) => {
      calls.push(objects.map(({ key }) => key));
      return objects.map(({ key }) => (key === 'none' ? null : `ticket of ${key}`));
    },
  });
  const thumbnails = new Thumbnails(call);
  const taken: (string | null)[] = [];
  const ask = (key: string) =>
    thumbnails.ask(folder, { key, sizeBytes: 1, lastModified: 1 }, (ticket) => taken.push(ticket));
  return { calls, taken, ask };
}

test('the tiles on the screen are asked for in one call', async () => {
  const { ask, calls, taken } = start();
  for (const key of ['a', 'none', 'b']) ask(key);
  expect(calls).toEqual([]);
  await vi.runAllTimersAsync();
  expect(calls).toEqual([['a', 'none', 'b']]);
  expect(taken).toEqual(['ticket of a', null, 'ticket of b']);
});

test('what is scrolled past is not asked for, and what left meanwhile gets no answer', async () => {
  const { ask, calls, taken } = start();
  ask('passed')();
  const leave = ask('left');
  ask('stays');
  vi.advanceTimersByTime(100);
  leave();
  await vi.runAllTimersAsync();
  expect(calls).toEqual([['left', 'stays']]);
  expect(taken).toEqual(['ticket of stays']);
});

test('more than a call may ask for is asked for in several', async () => {
  const { ask, calls, taken } = start();
  for (let at = 0; at < 450; at += 1) ask(String(at));
  await vi.runAllTimersAsync();
  expect(calls.map(({ length }) => length)).toEqual([200, 200, 50]);
  expect(taken).toHaveLength(450);
});
