import { expect, test } from 'vitest';
import { toIdSet } from '../../../../../renderer/lib/id-set.ts';
import type { ObjectList } from '../../../../../renderer/model/browsing/object-list.svelte.ts';
import { type Visit, VisitHistory } from '../../../../../renderer/model/browsing/visit-history.svelte.ts';

function makeVisit(prefix: string, accountId = 'one'): Visit {
  // The history only hands lists back: it looks into none.
  const list = Object.create(null) as ObjectList;
  return { place: { accountId, bucket: 'photos', prefix }, list, selected: toIdSet([]), cursor: null };
}

test('back and forward lead through what was left', () => {
  const history = new VisitHistory();
  expect([history.canGoBack, history.back(makeVisit('a/'))]).toEqual([false, null]);
  history.leave(makeVisit('a/'));
  history.leave(makeVisit('b/'));
  expect(history.back(makeVisit('c/'))?.place.prefix).toBe('b/');
  expect(history.back(makeVisit('b/'))?.place.prefix).toBe('a/');
  expect([history.canGoBack, history.canGoForward]).toEqual([false, true]);
  expect(history.forward(makeVisit('a/'))?.place.prefix).toBe('b/');
  expect(history.forward(makeVisit('b/'))?.place.prefix).toBe('c/');
  expect(history.forward(makeVisit('c/'))).toBeNull();
});

test('another place ends the way forward', () => {
  const history = new VisitHistory();
  history.leave(makeVisit('a/'));
  history.back(makeVisit('b/'));
  history.leave(makeVisit('a/'));
  expect(history.canGoForward).toBe(false);
});

test('the last eight visits keep their lists, older ones are loaded again', () => {
  const history = new VisitHistory();
  for (let number = 1; number <= 9; number += 1) history.leave(makeVisit(`${number}/`));
  const hasList: boolean[] = [];
  for (let visit = history.back(null); visit !== null; visit = history.back(null)) hasList.push(visit.list !== null);
  expect(hasList).toEqual([...Array<boolean>(8).fill(true), false]);
});

test('places of an account that is gone are no way back', () => {
  const history = new VisitHistory();
  history.leave(makeVisit('a/', 'gone'));
  history.leave(makeVisit('b/'));
  history.keep(({ accountId }) => accountId !== 'gone');
  expect(history.back(null)?.place.prefix).toBe('b/');
  expect(history.canGoBack).toBe(false);
});
