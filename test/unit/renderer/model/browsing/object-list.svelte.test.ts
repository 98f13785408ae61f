import { describe, expect, test, vi } from 'vitest';
import type { ObjectPage } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { isPrefixId, nameOf, pathOf } from '../../../../../renderer/lib/rows.ts';
import { ObjectList } from '../../../../../renderer/model/browsing/object-list.svelte.ts';
import { answering } from '../../answering.ts';
import { makeGate, makeObject, makePage } from '../../making.ts';

const folder = { accountId: 'a', bucket: 'photos', prefix: '' };
const namesOf = (list: ObjectList) => list.rows.map((row) => nameOf(row, list.folder.prefix));

/** A folder of these pages; the token of a page is its number. */
function makeList(pages: readonly (readonly string[])[], prefix = '') {
  const asked: (string | null)[] = [];
  const call = answering({
    'objects.list': ({ pageToken }) => {
      asked.push(pageToken);
      const at = Number(pageToken ?? 0);
      return makePage(pages[at] ?? [], at + 1 < pages.length ? String(at + 1) : null);
    },
  });
  return { list: new ObjectList({ ...folder, prefix }, call), asked };
}

describe('a folder of one page', () => {
  test('is sorted by name as people do, folders first', async () => {
    const { list } = makeList([['file10', 'file2', 'album/']]);
    await list.loadMore();
    expect(namesOf(list)).toEqual(['album', 'file2', 'file10']);
    expect(list.hasMore).toBe(false);
  });

  test('does not show the object that stands for the folder itself', async () => {
    const call = answering({
      'objects.list': () => ({
        objects: [makeObject('a/', { sizeBytes: 0 }), makeObject('a/b')],
        prefixes: ['a//'],
        nextPageToken: null,
      }),
    });
    const list = new ObjectList({ ...folder, prefix: 'a/' }, call);
    await list.loadMore();
    expect(namesOf(list)).toEqual(['', 'b']);
  });
});

describe('a folder of several pages', () => {
  const pages = [
    ['b10', 'b2', 'm/'],
    ['c', 'z/'],
    ['d', 'e'],
  ];

  test('keeps the order of OSS, so that further pages do not move rows about', async () => {
    const { list } = makeList(pages);
    await list.loadMore();
    expect(namesOf(list)).toEqual(['m', 'b10', 'b2']);
    expect(list.inServerOrder).toBe(true);
    await list.loadMore();
    expect(namesOf(list)).toEqual(['m', 'z', 'b10', 'b2', 'c']);
  });

  test('sorts what is loaded once a column is chosen', async () => {
    const { list } = makeList(pages);
    await list.loadMore();
    list.sortBy('name');
    expect(list.inServerOrder).toBe(false);
    expect(namesOf(list)).toEqual(['m', 'b10', 'b2']);
    expect(list.hasMore).toBe(true);
  });

  test('is loaded to its end on demand', async () => {
    const { list, asked } = makeList(pages);
    await list.loadMore();
    await list.loadAll();
    expect(list.count).toBe(7);
    expect(list.hasMore).toBe(false);
    expect(asked).toEqual([null, '1', '2']);
  });

  test('is loaded to its end also when scrolling asked for a page just before', async () => {
    const { list, asked } = makeList(pages);
    await list.loadMore();
    await Promise.all([list.loadMore(), list.loadAll()]);
    expect(list.count).toBe(7);
    expect(asked).toEqual([null, '1', '2']);
  });

  test('is shown in ever larger lots while all of it is loaded, so that few of them are sorted', async () => {
    const { list } = makeList(Array.from({ length: 64 }, (_, index) => [`key ${index}`]));
    let lots = 0;
    const stop = $effect.root(() => {
      $effect(() => {
        if (list.count > 0) lots += 1;
      });
    });
    await list.loadMore();
    await list.loadAll();
    expect(list.count).toBe(64);
    expect(lots).toBeLessThanOrEqual(7);
    stop();
  });

  test('stops loading when it is left, and goes on from there later', async () => {
    const { list, asked } = makeList(pages);
    await list.loadMore();
    const all = list.loadAll();
    list.close();
    await all;
    expect(asked).toEqual([null, '1']);
    expect(list.count).toBe(5);
    await list.loadMore();
    expect(list.count).toBe(7);
  });

  test('stops loading on demand and keeps what came', async () => {
    const { list, asked } = makeList(pages);
    await list.loadMore();
    const all = list.loadAll();
    list.stop();
    await all;
    expect(asked).toEqual([null, '1']);
    expect(list.count).toBe(5);
    expect(list.loadingAll).toBe(false);
  });

  test('loads a page ahead of what is in sight, and none while it is sorted or filtered', async () => {
    const { list, asked } = makeList(pages);
    await list.loadMore();
    list.loadAhead(2);
    await list.loadMore();
    expect(asked).toEqual([null, '1']);
    list.filter = 'b';
    list.loadAhead(2);
    list.filter = '';
    list.sortBy('size');
    list.loadAhead(2);
    expect(asked).toEqual([null, '1']);
  });

  test('asks for one page at a time, however often it is scrolled', async () => {
    const { list, asked } = makeList(pages);
    await Promise.all([list.loadMore(), list.loadMore(), list.loadMore()]);
    expect(asked).toEqual([null]);
  });

  test('is refreshed as far as it is shown', async () => {
    const { list, asked } = makeList(pages);
    await list.loadMore();
    await list.loadMore();
    asked.length = 0;
    await list.refresh();
    expect(asked).toEqual([null, '1']);
    expect(list.count).toBe(5);
  });
});

test('sizes and times are sorted with the most first, and turned round by a second click', async () => {
  const call = answering({
    'objects.list': () => ({
      objects: [makeObject('small', { sizeBytes: 1 }), makeObject('large', { sizeBytes: 9 })],
      prefixes: [],
      nextPageToken: null,
    }),
  });
  const list = new ObjectList(folder, call);
  await list.loadMore();
  list.sortBy('size');
  expect(namesOf(list)).toEqual(['large', 'small']);
  list.sortBy('size');
  expect(namesOf(list)).toEqual(['small', 'large']);
});

test('the filter looks at names in any case', async () => {
  const { list } = makeList([['IMG_1.jpg', 'img_2.jpg', 'notes.md']]);
  await list.loadMore();
  list.filter = ' Img ';
  expect(namesOf(list)).toEqual(['IMG_1.jpg', 'img_2.jpg']);
});

test('the size of a filtered list is that of its rows', async () => {
  const { list } = makeList([['a.jpg', 'b.jpg', 'notes.md', 'all.jpg/']]);
  await list.loadMore();
  expect(list.totalBytes).toBe(15);
  list.filter = 'jpg';
  expect(list.isFiltered).toBe(true);
  expect(list.totalBytes).toBe(10);
});

test('a page that fails leaves what is there, and can be asked for again', async () => {
  let broken = true;
  const call = answering({
    'objects.list': ({ pageToken }) => {
      if (pageToken !== null && broken) throw new CallFailed({ kind: 'network', reason: 'reset' });
      return pageToken === null ? makePage(['a'], '1') : makePage(['b']);
    },
  });
  const list = new ObjectList(folder, call);
  await list.loadMore();
  await list.loadMore();
  expect(list.failure).toEqual({ kind: 'network', reason: 'reset' });
  expect(namesOf(list)).toEqual(['a']);
  broken = false;
  await list.loadMore();
  expect(list.failure).toBeNull();
  expect(namesOf(list)).toEqual(['a', 'b']);
});

test('a list that failed for want of a network comes by itself once it is back', async () => {
  vi.useFakeTimers();
  let broken = true;
  const call = answering({
    'objects.list': () => {
      if (broken) throw new CallFailed({ kind: 'network', reason: 'offline' });
      return makePage(['a']);
    },
  });
  const list = new ObjectList(folder, call);
  await list.loadMore();
  expect(list.failure).toEqual({ kind: 'network', reason: 'offline' });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(list.failure).toEqual({ kind: 'network', reason: 'offline' });
  broken = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect([namesOf(list), list.failure]).toEqual([['a'], null]);
  vi.useRealTimers();
});

test('a refresh that failed says so, and is what a retry repeats', async () => {
  let broken = false;
  let keys = ['a'];
  const call = answering({
    'objects.list': () => {
      if (broken) throw new CallFailed({ kind: 'network', reason: 'tls' });
      return makePage(keys);
    },
  });
  const list = new ObjectList(folder, call);
  await list.loadMore();
  broken = true;
  await list.refresh();
  expect(list.refreshFailed).toBe(true);
  [broken, keys] = [false, ['a', 'b']];
  await list.retry();
  expect([namesOf(list), list.failure, list.refreshFailed]).toEqual([['a', 'b'], null, false]);
});

test('loading all goes on from the page that failed, and asks for no page twice', async () => {
  const asked: (string | null)[] = [];
  let broken = true;
  const call = answering({
    'objects.list': ({ pageToken }) => {
      asked.push(pageToken);
      if (pageToken === '2' && broken) throw new CallFailed({ kind: 'network', reason: 'reset' });
      const at = Number(pageToken ?? 0);
      return makePage([`key ${at}`], at < 3 ? String(at + 1) : null);
    },
  });
  const list = new ObjectList(folder, call);
  await list.loadAll();
  expect(list.failure).toEqual({ kind: 'network', reason: 'reset' });
  expect(namesOf(list)).toEqual(['key 0', 'key 1']);
  broken = false;
  await list.retry();
  expect(namesOf(list)).toEqual(['key 0', 'key 1', 'key 2', 'key 3']);
  expect(asked).toEqual([null, '1', '2', '2', '3']);
});

test('a refresh of a long list replaces its beginning, and says that the rest may be out of date', async () => {
  const keys = Array.from({ length: 13 }, (_, at) => `key ${String(at).padStart(2, '0')}`);
  const call = answering({
    'objects.list': ({ pageToken }) => {
      const at = keys.findIndex((key) => pageToken === null || key > pageToken);
      const key = keys[at] ?? '';
      return makePage([key], at + 1 < keys.length ? key : null);
    },
  });
  const list = new ObjectList(folder, call);
  await list.loadAll();
  keys.splice(3, 1, 'key 03 new');
  keys.splice(11, 1);
  await list.refresh();
  expect(namesOf(list).slice(2, 5)).toEqual(['key 02', 'key 03 new', 'key 04']);
  expect(namesOf(list)).toContain('key 11');
  expect(list.outdated).toBe(true);
  await list.reload();
  expect(namesOf(list)).toEqual(keys);
  expect(list.outdated).toBe(false);
});

test('an object whose key ends with a slash is a row of its own, and no folder', async () => {
  const call = answering({
    'objects.list': () => ({ objects: [makeObject('a/')], prefixes: ['a//'], nextPageToken: null }),
  });
  const list = new ObjectList({ ...folder, prefix: 'a/' }, call);
  await list.loadMore();
  expect(list.rows.map(({ id, kind }) => [pathOf(id), kind])).toEqual([
    ['a//', 'folder'],
    ['a/', 'object'],
  ]);
  expect(list.rows.map(({ id }) => isPrefixId(id))).toEqual([true, false]);
});

describe('a search', () => {
  test('for the beginning of names asks OSS for them', async () => {
    const asked: string[] = [];
    const call = answering({
      'objects.list': ({ prefix }) => {
        asked.push(prefix);
        return makePage(['a/IMG_1.jpg', 'a/IMG_2/']);
      },
    });
    const list = new ObjectList({ ...folder, prefix: 'a/' }, call, { search: { kind: 'starts-with', text: 'IMG' } });
    await list.loadMore();
    expect(asked).toEqual(['a/IMG']);
    expect(namesOf(list)).toEqual(['IMG_2', 'IMG_1.jpg']);
  });

  test('at any depth shows paths, how far it is, and stops on demand', async () => {
    const call = answering({
      'objects.search': ({ text, pageToken }) => ({
        objects: pageToken === null ? [] : [makeObject(`a/deep/${text} ${pageToken}.jpg`)],
        scanned: 5000,
        nextPageToken: String(Number(pageToken ?? 0) + 1),
      }),
    });
    const list = new ObjectList({ ...folder, prefix: 'a/' }, call, { search: { kind: 'anywhere', text: 'cat' } });
    const all = list.loadAll();
    while (list.scanned < 15_000) await Promise.resolve();
    list.stop();
    await all;
    expect(namesOf(list).slice(0, 2)).toEqual(['deep/cat 1.jpg', 'deep/cat 2.jpg']);
    expect(list.hasMore).toBe(true);
  });
});

test('a change that is told of while a page is on its way is not missed', async () => {
  const first = makeGate<ObjectPage>();
  const answers = [first.answer, Promise.resolve(makePage(['new']))];
  const list = new ObjectList(folder, answering({ 'objects.list': () => answers.shift() ?? makePage([]) }));
  const loading = list.loadMore();
  const refreshing = list.refresh();
  first.open(makePage(['old']));
  await refreshing;
  expect(namesOf(list)).toEqual(['new']);
  await loading;
});

test('a list that was left while it is refreshed keeps its rows for the way back', async () => {
  const gate = makeGate<ObjectPage>();
  let answer: Promise<ObjectPage> = Promise.resolve(makePage(['a', 'b']));
  const list = new ObjectList(folder, answering({ 'objects.list': () => answer }));
  await list.loadMore();
  answer = gate.answer;
  const refreshing = list.refresh();
  list.close();
  gate.open(makePage(['b']));
  await refreshing;
  expect(namesOf(list)).toEqual(['a', 'b']);
});
