import { describe, expect, test } from 'vitest';
import type { ObjectPage } from '../../../preload/contract.ts';
import { CallFailed } from '../../../renderer/lib/bridge.ts';
import { ObjectList } from '../../../renderer/state/object-list.svelte.ts';
import { answering } from '../screens/answering.ts';
import { makeGate, makeObject, makePage } from './making.ts';

const folder = { accountId: 'a', bucket: 'photos', prefix: '' };
const namesOf = (list: ObjectList) => list.rows.map((row) => row.name);

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
        objects: [makeObject('a/'), makeObject('a/b')],
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

  test('stops loading when it is left', async () => {
    const { list, asked } = makeList(pages);
    await list.loadMore();
    const all = list.loadAll();
    list.close();
    await all;
    expect(asked).toEqual([null, '1']);
    expect(list.count).toBe(3);
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

test('a change that is told of while a page is on its way is not missed', async () => {
  const first = makeGate<ObjectPage>();
  const answers = [first.answer, Promise.resolve(makePage(['new']))];
  const list = new ObjectList(folder, answering({ 'objects.list': () => answers.shift() ?? makePage([]) }));
  const loading = list.loadMore();
  await list.refresh();
  first.open(makePage(['old']));
  await loading;
  expect(namesOf(list)).toEqual(['new']);
});
