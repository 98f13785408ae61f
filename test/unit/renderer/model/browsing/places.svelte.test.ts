import { expect, test } from 'vitest';
import type { Settings } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import { Places } from '../../../../../renderer/model/browsing/places.svelte.ts';
import { SettingsState } from '../../../../../renderer/model/settings.svelte.ts';
import { answering } from '../../answering.ts';
import { makeAccount, makeInfo, settle } from '../../making.ts';

const { id: accountId } = makeAccount();
const placeOf = (prefix: string) => ({ accountId, bucket: 'photos', prefix });

function makePlaces() {
  const info = makeInfo();
  let kept = info.settings;
  let written = 0;
  const call = answering({
    'settings.set': (patch) => {
      written += 1;
      kept = { ...kept, ...(patch as Partial<Settings>) };
      return kept;
    },
  });
  const settings = new SettingsState(info, new Messages('en'), call);
  return { places: new Places(settings), settings, written: () => written };
}

test('a place is marked, and a second time no longer', async () => {
  const { places } = makePlaces();
  places.toggle(placeOf('a/'));
  await settle();
  places.toggle(placeOf('b/'));
  await settle();
  expect([places.bookmarks.map(({ prefix }) => prefix), places.isMarked(placeOf('a/'))]).toEqual([['a/', 'b/'], true]);
  places.toggle(placeOf('a/'));
  await settle();
  expect(places.bookmarks.map(({ prefix }) => prefix)).toEqual(['b/']);
});

test('the place that was visited last comes first, each of them once and twelve at most', async () => {
  const { places } = makePlaces();
  for (const prefix of [...Array.from({ length: 14 }, (_, number) => `${number}/`), '5/']) {
    places.visit(placeOf(prefix));
    await settle();
  }
  expect(places.recent.map(({ prefix }) => prefix)).toEqual(
    [5, 13, 12, 11, 10, 9, 8, 7, 6, 4, 3, 2].map((number) => `${number}/`),
  );
});

test('the buckets of an account are no place to mark, and the same place is not written twice', async () => {
  const { places, written } = makePlaces();
  places.visit({ accountId, bucket: null, prefix: '' });
  places.toggle({ accountId, bucket: null, prefix: '' });
  places.toggle(null);
  await settle();
  expect([places.recent, places.bookmarks]).toEqual([[], []]);
  places.visit(placeOf('a/'));
  await settle();
  const before = written();
  places.visit(placeOf('a/'));
  await settle();
  expect(written()).toBe(before);
});

test('the next start begins where the last one was left, in a folder or in the list of buckets', async () => {
  const { places, settings } = makePlaces();
  places.visit(placeOf('a/'));
  await settle();
  expect(settings.current.lastPlace).toEqual(placeOf('a/'));
  places.visit({ accountId, bucket: null, prefix: '' });
  places.visit(null);
  await settle();
  expect(settings.current.lastPlace).toEqual({ accountId, bucket: null, prefix: '' });
});

test('a bookmark gets a name, keeps it in another order, and loses it with an empty one', async () => {
  const { places } = makePlaces();
  for (const prefix of ['a/', 'b/', 'c/']) places.toggle(placeOf(prefix));
  places.rename(placeOf('c/'), ' Invoices ');
  places.put(placeOf('c/'), placeOf('a/'));
  places.put(placeOf('a/'), null);
  places.put(placeOf('b/'), placeOf('b/'));
  places.put(placeOf('gone/'), placeOf('a/'));
  await settle();
  expect(places.bookmarks).toEqual([{ ...placeOf('c/'), name: 'Invoices' }, placeOf('b/'), placeOf('a/')]);
  places.rename(placeOf('c/'), ' ');
  await settle();
  expect(places.bookmarks[0]).toEqual(placeOf('c/'));
});

test('of two changes in the same moment, neither is lost', async () => {
  const { places } = makePlaces();
  places.toggle(placeOf('a/'));
  places.toggle(placeOf('b/'));
  for (const prefix of ['a/', 'b/', 'a/']) places.visit(placeOf(prefix));
  await settle();
  expect(places.bookmarks.map(({ prefix }) => prefix)).toEqual(['a/', 'b/']);
  expect(places.recent.map(({ prefix }) => prefix)).toEqual(['a/', 'b/']);
});

test('a change that main refuses does not hold up the next', async () => {
  const info = makeInfo();
  let isFull = true;
  const call = answering({
    'settings.set': (patch) => {
      if (isFull) throw new CallFailed({ kind: 'file', reason: 'full', path: 'settings.json' });
      return { ...info.settings, ...(patch as Partial<Settings>) };
    },
  });
  const settings = new SettingsState(info, new Messages('en'), call);
  await expect(settings.update(() => ({ theme: 'dark' }))).rejects.toThrow(CallFailed);
  isFull = false;
  await settings.update(() => ({ theme: 'light' }));
  expect(settings.current.theme).toBe('light');
});
