import { expect, test } from 'vitest';
import { NewestFirst } from '../../../main/browsing/newest-first.ts';

/** Work that ends when it is told to. */
function makeWork(turns: NewestFirst) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const run = (name: string) =>
    turns.run(async () => {
      begun.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      return name;
    });
  const end = async (name: string) => {
    await new Promise(setImmediate);
    ends.get(name)?.();
    await new Promise(setImmediate);
  };
  return { begun, run, end };
}

test('a few run at once, then the newest of those that wait', async () => {
  const { begun, run, end } = makeWork(new NewestFirst(2, 10));
  const all = ['a', 'b', 'c', 'd'].map(run);
  await new Promise(setImmediate);
  expect(begun).toEqual(['a', 'b']);
  for (const name of ['a', 'd', 'b', 'c']) await end(name);
  expect(begun).toEqual(['a', 'b', 'd', 'c']);
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
});

test('of too many, the oldest that wait are dropped', async () => {
  const turns = new NewestFirst(1, 2);
  const { run, end, begun } = makeWork(turns);
  const all = ['a', 'b', 'c', 'd'].map(run);
  for (const name of ['a', 'd', 'c']) await end(name);
  expect(await Promise.all(all)).toEqual(['a', null, 'c', 'd']);
  const rest = [run('e'), run('f')];
  turns.clear();
  await end('e');
  expect(await Promise.all(rest)).toEqual(['e', null]);
  expect(begun).toEqual(['a', 'd', 'c', 'e']);
});

test('a turn that is handed over is nobody else’s', async () => {
  const turns = new NewestFirst(1, 2);
  const { run, end, begun } = makeWork(turns);
  const first = run('a');
  const waits = run('b');
  await end('a');
  const late = first.then(() => run('c'));
  await new Promise(setImmediate);
  expect(begun).toEqual(['a', 'b']);
  for (const name of ['b', 'c']) await end(name);
  expect(await Promise.all([waits, late])).toEqual(['b', 'c']);
});

test('work that fails gives up its turn', async () => {
  const turns = new NewestFirst(1, 2);
  const fails = turns.run(() => Promise.reject(new Error('no')));
  const next = turns.run(() => Promise.resolve('next'));
  await expect(fails).rejects.toThrow('no');
  expect(await next).toBe('next');
});
