import { expect, test } from 'vitest';
import { groupActs, pageOfActs } from '../../../../main/links/ledger/ledger-acts.ts';
import type { LedgerItem, LedgerState } from '../../../../main/links/ledger/ledger-entry.ts';

function makeItem(id: string, state: LedgerState, changes: Partial<LedgerItem> = {}): LedgerItem {
  return { id, state, validUntil: 100, ...changes } as LedgerItem;
}

const act = (id: string) => ({ act: { id, format: 'text', folder: 'album/' } }) as const;
const everything = { scope: 'all', offset: 0, limit: 100 } as const;

test('entries of one act are one, named by the newest, with a count for each state', () => {
  const acts = groupActs([
    makeItem('c', 'live'),
    makeItem('b2', 'live', act('b')),
    makeItem('b1', 'target-gone', act('b')),
    makeItem('a', 'ended'),
  ]);
  expect(acts.map(({ id, first, count }) => [id, first.id, count])).toEqual([
    ['c', 'c', 1],
    ['b', 'b2', 2],
    ['a', 'a', 1],
  ]);
  expect(acts[1]?.states).toMatchObject({ live: 1, 'target-gone': 1, ended: 0 });
});

test('an act stands for what still works of it: that is what can be revoked', () => {
  const [first] = groupActs([makeItem('b3', 'revoked', act('b')), makeItem('b2', 'live', act('b'))]);
  expect(first?.first.id).toBe('b2');
});

test('what expires soon comes first, by its end; the rest follows, newest first', () => {
  const items = [
    makeItem('e', 'live'),
    makeItem('d', 'ending-soon', { validUntil: 50 }),
    makeItem('c', 'ended'),
    makeItem('b', 'ending-soon', { validUntil: 40 }),
  ];
  expect(pageOfActs(items, everything).acts.map(({ id }) => id)).toEqual(['b', 'd', 'e', 'c']);
  expect(pageOfActs(items, { scope: 'all', offset: 1, limit: 2 }).acts.map(({ id }) => id)).toEqual(['d', 'e']);
});

test('an act is live while something of it still works, and over afterwards', () => {
  const items = [
    makeItem('b2', 'ended', act('b')),
    makeItem('b1', 'denied', act('b')),
    makeItem('a2', 'revoked', act('a')),
    makeItem('a1', 'target-gone', act('a')),
  ];
  const live = pageOfActs(items, { ...everything, scope: 'live' });
  expect([live.acts.map(({ id }) => id), live.total, live.counts]).toEqual([['b'], 1, { live: 1, over: 1 }]);
  expect(pageOfActs(items, { ...everything, scope: 'over' }).acts.map(({ id }) => id)).toEqual(['a']);
});
