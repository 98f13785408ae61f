import { describe, expect, test } from 'vitest';
import type { ArgsOf, Results } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { EverywhereSearch } from '../../../../../renderer/model/browsing/everywhere.svelte.ts';
import { answering } from '../../answering.ts';
import { makeGate, makeObject, settle } from '../../making.ts';

type Page = Results['objects.search'];

const limits = { minBytes: null, maxBytes: null, after: null, before: null };
const queryOf = (...buckets: string[]) => ({ accountId: 'a', buckets, text: 'x', limits });
const pageOf = (keys: readonly string[], nextPageToken: string | null = null): Page => ({
  objects: keys.map((key) => makeObject(key)),
  scanned: 10,
  nextPageToken,
});

function makeSearch(answer: (args: ArgsOf<'objects.search'>) => Page | Promise<Page>): EverywhereSearch {
  return new EverywhereSearch(answering({ 'objects.search': answer }));
}

describe('a search through buckets', () => {
  test('reads each to its end, and says where each file is', async () => {
    const search = makeSearch(({ bucket, pageToken }) =>
      pageToken === null ? pageOf([`${bucket}-1`], 'next') : pageOf([`${bucket}-2`]),
    );
    await search.start(queryOf('one', 'two', 'three', 'four'));
    expect(search.found.map(({ bucket, key }) => `${bucket}/${key}`).toSorted()).toEqual([
      'four/four-1',
      'four/four-2',
      'one/one-1',
      'one/one-2',
      'three/three-1',
      'three/three-2',
      'two/two-1',
      'two/two-2',
    ]);
    expect([search.scanned, search.searched, search.running]).toEqual([80, 4, false]);
  });

  test('goes on where one bucket refuses, and names it', async () => {
    const search = makeSearch(({ bucket }) => {
      if (bucket === 'shut') throw new CallFailed({ kind: 'credentials', cause: 'denied-by-policy' });
      return pageOf(['x']);
    });
    await search.start(queryOf('shut', 'open'));
    expect(search.failed).toEqual([{ bucket: 'shut', failure: { kind: 'credentials', cause: 'denied-by-policy' } }]);
    expect(search.found.map(({ bucket }) => bucket)).toEqual(['open']);
  });

  test('ends at a thousand files', async () => {
    let asked = 0;
    const search = makeSearch(() => {
      asked += 1;
      return pageOf(
        Array.from({ length: 400 }, (_, at) => `${asked}/${at}`),
        'more',
      );
    });
    await search.start(queryOf('one'));
    expect([search.found.length, search.isFull, asked, search.running]).toEqual([1000, true, 3, false]);
  });

  test('keeps what it found when it is stopped, and takes no late answer', async () => {
    const gate = makeGate<Page>();
    const search = makeSearch(({ pageToken }) => (pageToken === null ? pageOf(['early'], 'next') : gate.answer));
    void search.start(queryOf('one'));
    await settle();
    search.stop();
    gate.open(pageOf(['late']));
    await settle();
    expect([search.found.map(({ key }) => key), search.running]).toEqual([['early'], false]);
  });

  test('forgets the one before, whose late answer counts no more', async () => {
    const gate = makeGate<Page>();
    const search = makeSearch(({ bucket }) => (bucket === 'slow' ? gate.answer : pageOf(['new'])));
    void search.start(queryOf('slow'));
    await search.start(queryOf('quick'));
    gate.open(pageOf(['old']));
    await settle();
    expect([search.found.map(({ key }) => key), search.searched]).toEqual([['new'], 1]);
  });
});
