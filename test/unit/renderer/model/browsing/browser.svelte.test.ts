import { describe, expect, test } from 'vitest';
import type { Account, ObjectPage } from '../../../../../main/contract/contract.ts';
import { AccountList } from '../../../../../renderer/model/accounts.svelte.ts';
import { Browser } from '../../../../../renderer/model/browsing/browser.svelte.ts';
import { answering } from '../../answering.ts';
import { makeAccount, makeGate, makePage, settle } from '../../making.ts';

interface Answers {
  readonly accounts?: readonly Account[];
  readonly page?: (prefix: string) => ObjectPage | Promise<ObjectPage>;
}

async function makeBrowser({ accounts = [makeAccount()], page = () => makePage(['a.txt', 'sub/']) }: Answers = {}) {
  const asked: string[] = [];
  const call = answering({
    'accounts.list': () => accounts,
    'buckets.list': () => [],
    'objects.list': ({ bucket, prefix }) => {
      asked.push(`${bucket}/${prefix}`);
      return page(prefix);
    },
  });
  const list = new AccountList(call);
  await list.load(null);
  const browser = new Browser(list, call);
  browser.followAccounts();
  return { accounts: list, browser, asked };
}

describe('browsing', () => {
  test('starts at the buckets of the first account', async () => {
    const { browser, accounts } = await makeBrowser();
    expect(browser.place).toEqual({ accountId: accounts.all[0]?.id, bucket: null, prefix: '' });
    expect(browser.list).toBeNull();
  });

  test('starts at the start path of an account that has one', async () => {
    const account = makeAccount({ startPath: { bucket: 'photos', prefix: 'inbox' } });
    const { asked } = await makeBrowser({ accounts: [account] });
    expect(asked).toEqual(['photos/inbox/']);
  });

  test('goes back and forward through what was seen', async () => {
    const { browser } = await makeBrowser();
    browser.openBucket('photos');
    browser.openPrefix('album/');
    browser.back();
    expect(browser.place?.prefix).toBe('');
    expect(browser.place?.bucket).toBe('photos');
    browser.back();
    expect(browser.place?.bucket).toBeNull();
    expect(browser.canGoBack).toBe(false);
    browser.forward();
    browser.forward();
    expect(browser.place?.prefix).toBe('album/');
    expect(browser.canGoForward).toBe(false);
  });

  test('forgets the way forward when another folder is opened', async () => {
    const { browser } = await makeBrowser();
    browser.openBucket('photos');
    browser.back();
    browser.openBucket('films');
    expect(browser.canGoForward).toBe(false);
  });

  test('goes up with the cursor on the folder that one comes from', async () => {
    const { browser } = await makeBrowser();
    browser.openBucket('photos');
    browser.openPrefix('album/2026/');
    browser.up();
    expect(browser.place?.prefix).toBe('album/');
    expect(browser.selection.cursor).toBe('album/2026/');
    browser.up();
    browser.up();
    expect(browser.place?.bucket).toBeNull();
    expect(browser.selection.cursor).toBe('photos');
    expect(browser.canGoUp).toBe(false);
  });

  test('shows nothing of a folder that was left before its answer came', async () => {
    const late = makeGate<ObjectPage>();
    const { browser } = await makeBrowser({
      page: (prefix) => (prefix === 'slow/' ? late.answer : makePage(['fast/x'])),
    });
    browser.openBucket('photos');
    browser.openPrefix('slow/');
    browser.openPrefix('fast/');
    await settle();
    late.open(makePage(['slow/y']));
    await settle();
    expect(browser.list?.rows.map((row) => row.id)).toEqual(['fast/x']);
  });
});

describe('an address', () => {
  test('of a folder opens it', async () => {
    const { browser } = await makeBrowser();
    expect(await browser.goTo('oss://photos/album/')).toBe(true);
    expect(browser.place).toMatchObject({ bucket: 'photos', prefix: 'album/' });
  });

  test('of an object opens its folder and selects it', async () => {
    const { browser } = await makeBrowser({ page: () => makePage(['album/cat.jpg']) });
    expect(await browser.goTo('oss://photos/album/cat.jpg')).toBe(true);
    expect(browser.place).toMatchObject({ bucket: 'photos', prefix: 'album/' });
    expect(browser.selection.has('album/cat.jpg')).toBe(true);
  });

  test('without its last slash, of something that is no object, is a folder', async () => {
    const { browser } = await makeBrowser({ page: () => makePage(['album/']) });
    await browser.goTo('oss://photos/album');
    expect(browser.place?.prefix).toBe('album/');
  });

  test('that is none changes nothing', async () => {
    const { browser } = await makeBrowser();
    const before = browser.place;
    expect(await browser.goTo('what?')).toBe(false);
    expect(browser.place).toBe(before);
  });
});

describe('an address that OSS is still asked about', () => {
  async function goSlowly() {
    const slow = makeGate<ObjectPage>();
    const { browser } = await makeBrowser({ page: (prefix) => (prefix === 'slow' ? slow.answer : makePage([])) });
    browser.openBucket('photos');
    await settle();
    browser.editingAddress = true;
    const going = browser.goTo('oss://photos/slow');
    return { browser, slow, going };
  }

  test('takes nobody away from what they opened meanwhile', async () => {
    const { browser, slow, going } = await goSlowly();
    browser.openBucket('films');
    slow.open(makePage(['slow']));
    expect(await going).toBe(true);
    expect(browser.place).toMatchObject({ bucket: 'films', prefix: '' });
  });

  test('takes nobody away who gave it up', async () => {
    const { browser, slow, going } = await goSlowly();
    browser.cancelAddress();
    slow.open(makePage(['slow/']));
    await going;
    expect(browser.place).toMatchObject({ bucket: 'photos', prefix: '' });
    expect(browser.editingAddress).toBe(false);
  });

  test('says nothing of its failure once it was given up', async () => {
    const { browser, slow, going } = await goSlowly();
    browser.cancelAddress();
    slow.fail(new Error('no answer'));
    expect(await going).toBe(true);
  });

  test('leaves the links alone that were opened meanwhile', async () => {
    const { browser, slow, going } = await goSlowly();
    browser.openLinks();
    slow.open(makePage(['slow']));
    await going;
    expect(browser.showsLinks).toBe(true);
  });
});

describe('what main tells', () => {
  test('of a change in the folder that is shown has it asked for again', async () => {
    const { browser, asked } = await makeBrowser();
    browser.openBucket('photos');
    browser.openPrefix('album/');
    await settle();
    asked.length = 0;
    const accountId = browser.place?.accountId ?? '';
    browser.objectsChanged({ accountId, bucket: 'photos', prefix: 'album/2026/' });
    browser.objectsChanged({ accountId, bucket: 'photos', prefix: 'other/' });
    browser.objectsChanged({ accountId, bucket: 'films', prefix: 'album/' });
    browser.objectsChanged({ accountId: 'another', bucket: 'photos', prefix: 'album/' });
    await settle();
    expect(asked).toEqual(['photos/album/']);
  });

  test('of a removed account leaves its folders, also on the way back', async () => {
    const [one, two] = [makeAccount(), makeAccount()];
    const { accounts, browser } = await makeBrowser({ accounts: [one, two] });
    browser.openBucket('photos');
    browser.openAccount(two);
    accounts.apply([two]);
    browser.followAccounts();
    expect(browser.place?.accountId).toBe(two.id);
    expect(browser.canGoBack).toBe(false);
  });

  test('of the last account going leaves nothing on the screen', async () => {
    const { accounts, browser } = await makeBrowser();
    browser.openBucket('photos');
    accounts.apply([]);
    browser.followAccounts();
    expect(browser.place).toBeNull();
    expect(browser.list).toBeNull();
  });
});

test('a refresh keeps what is selected, as far as it is still there', async () => {
  let keys = ['a', 'b', 'c'];
  const { browser } = await makeBrowser({ page: () => makePage(keys) });
  browser.openBucket('photos');
  await settle();
  browser.selection.all([{ id: 'a' }, { id: 'b' }]);
  keys = ['b', 'c'];
  browser.refresh();
  await settle();
  expect([...browser.selection.ids]).toEqual(['b']);
});

describe('what is selected', () => {
  async function openList(page: (pageToken: string | null) => ObjectPage | Promise<ObjectPage>) {
    const account = makeAccount();
    const call = answering({
      'accounts.list': () => [account],
      'buckets.list': () => [],
      'objects.list': ({ bucket, pageToken }) => (bucket === 'photos' ? page(pageToken) : makePage(['z'])),
    });
    const accounts = new AccountList(call);
    await accounts.load(null);
    const browser = new Browser(accounts, call);
    browser.followAccounts();
    browser.openBucket('photos');
    await settle();
    const changed = { accountId: account.id, bucket: 'photos', prefix: '' };
    return { browser, changed };
  }

  test('loses what was deleted while a refresh was on its way', async () => {
    let keys = ['a', 'b'];
    const gate = makeGate<null>();
    let waits = false;
    const { browser, changed } = await openList(async () => {
      const page = makePage(keys);
      if (waits) await gate.answer;
      return page;
    });
    browser.selection.select('a');
    waits = true;
    browser.refresh();
    waits = false;
    keys = ['b'];
    browser.objectsChanged(changed);
    gate.open(null);
    await settle();
    expect(browser.list?.rows.map(({ id }) => id)).toEqual(['b']);
    expect([...browser.selection.ids]).toEqual([]);
  });

  test('loses what was deleted while the next page was on its way', async () => {
    let first = ['a', 'b'];
    const next = makeGate<ObjectPage>();
    let asked = 0;
    const { browser, changed } = await openList((pageToken) => {
      if (pageToken === null) return makePage(first, 't');
      return (asked += 1) === 1 ? next.answer : makePage(['c']);
    });
    browser.selection.select('a');
    void browser.list?.loadMore();
    first = ['b'];
    browser.objectsChanged(changed);
    next.open(makePage(['c']));
    await settle();
    expect(browser.list?.rows.map(({ id }) => id)).toEqual(['b', 'c']);
    expect([...browser.selection.ids]).toEqual([]);
  });

  test('loses what was deleted while the folder was left', async () => {
    let keys = ['a', 'b'];
    const { browser } = await openList(() => makePage(keys));
    browser.selection.all([{ id: 'a' }, { id: 'b' }]);
    browser.openBucket('films');
    await settle();
    keys = ['b'];
    browser.back();
    expect(browser.selection.size).toBe(2);
    await settle();
    expect([...browser.selection.ids]).toEqual(['b']);
  });

  test('loses what a filter hides: no command acts on what is not seen', async () => {
    const { browser, changed } = await openList(() => makePage(['a', 'b']));
    browser.selection.all([{ id: 'a' }, { id: 'b' }]);
    const { list } = browser;
    if (list !== null) list.filter = 'b';
    expect([...browser.selection.ids]).toEqual(['b']);
    browser.objectsChanged(changed);
    await settle();
    if (list !== null) list.filter = '';
    expect([...browser.selection.ids]).toEqual(['b']);
  });

  test('is short of everything while pages are missing, however many came since', async () => {
    const { browser } = await openList((pageToken) => (pageToken === null ? makePage(['a'], 't') : makePage(['b'])));
    const isShort = () => browser.list !== null && browser.selection.isShortOf(browser.list);
    browser.selection.select('a');
    expect(isShort()).toBe(false);
    browser.selection.all(browser.list?.rows ?? []);
    expect(isShort()).toBe(true);
    await browser.list?.loadMore();
    expect(browser.selection.size).toBe(1);
    expect(isShort()).toBe(true);
    await browser.selectAll();
    expect(isShort()).toBe(false);
  });

  test('is the folder that one comes from, on whichever page it is listed', async () => {
    const { browser } = await openList((pageToken) => (pageToken === null ? makePage(['a'], 't') : makePage(['sub/'])));
    browser.openPrefix('sub/');
    await settle();
    browser.up();
    await settle();
    expect(browser.list?.rows.map(({ id }) => id)).toEqual(['sub/', 'a']);
    expect([...browser.selection.ids]).toEqual(['sub/']);
  });

  test('is nothing where the folder that one comes from is gone', async () => {
    const { browser } = await openList(() => makePage(['a']));
    browser.openPrefix('gone/');
    await settle();
    browser.up();
    await settle();
    expect([...browser.selection.ids]).toEqual([]);
    expect(browser.selection.cursor).toBeNull();
  });

  test('is everything once all pages are loaded', async () => {
    const { browser } = await openList((pageToken) => (pageToken === null ? makePage(['a'], 't') : makePage(['b'])));
    await browser.selectAll();
    expect([...browser.selection.ids]).toEqual(['a', 'b']);
  });

  test('is nothing of a long list that was left while all of it was loaded', async () => {
    const rest = makeGate<ObjectPage>();
    const { browser } = await openList((pageToken) => (pageToken === null ? makePage(['a'], 't') : rest.answer));
    const all = browser.selectAll();
    browser.openBucket('films');
    rest.open(makePage(['b']));
    await all;
    await settle();
    expect(browser.list?.rows.map(({ id }) => id)).toEqual(['z']);
    expect([...browser.selection.ids]).toEqual([]);
  });
});
