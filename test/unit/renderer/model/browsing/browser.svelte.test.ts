import { describe, expect, test } from 'vitest';
import type { Account, ObjectPage } from '../../../../../main/contract/contract.ts';
import { AccountList } from '../../../../../renderer/model/accounts.svelte.ts';
import { Browser } from '../../../../../renderer/model/browsing/browser.svelte.ts';
import { answering } from '../../answering.ts';
import { makeAccount, makeGate, makePage } from '../../making.ts';

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

/** Lets all answers that are there arrive. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

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
