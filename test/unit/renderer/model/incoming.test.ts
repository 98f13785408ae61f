import { describe, expect, test } from 'vitest';
import type { Account, ArgsOf, Recognised } from '../../../../main/contract/contract.ts';
import { Messages } from '../../../../renderer/lib/messages.svelte.ts';
import { makeApp } from '../../../../renderer/model/make-app.ts';
import { t } from '../../../support/words.ts';
import { answering } from '../answering.ts';
import { makeAccount, makeInfo } from '../making.ts';

const account = makeAccount();
const folder = { accountId: account.id, bucket: 'photos', prefix: 'album/' };

/** Main's answer about each file, by its name. */
type Kinds = Readonly<Record<string, Recognised>>;

async function startApp(kinds: Kinds, accounts: readonly Account[] = [account], slow = Promise.resolve()) {
  const uploads: ArgsOf<'transfers.upload'>[] = [];
  const looked: string[] = [];
  const call = answering({
    'accounts.list': () => accounts,
    'links.recognise': async (sent) => {
      await slow;
      const names = 'text' in sent ? [sent.text] : sent.paths;
      looked.push(...names);
      return names.map((name) => kinds[name] ?? null);
    },
    'transfers.upload': (args) => {
      uploads.push(args);
      return { ids: args.paths };
    },
  });
  const app = makeApp(makeInfo(), new Messages('en'), call);
  await app.accounts.load(null);
  const news = () => [...app.news.board.items.values()].map(({ title, description }) => [title, description]);
  return { ...app, uploads, looked, news };
}

describe('files dropped on a folder', () => {
  test('are uploaded if Waybill can open none of them, with links and credentials among them', async () => {
    const { incoming, uploads, dialogs } = await startApp({ '/link.txt': 'link', '/AccessKey.csv': 'credentials' });
    await incoming.intoFolder(['/a.json', '/link.txt', '/AccessKey.csv'], folder);
    expect(uploads).toEqual([{ ...folder, paths: ['/a.json', '/link.txt', '/AccessKey.csv'] }]);
    expect(dialogs.current).toBeNull();
  });

  test.each(['manifest', 'upload-request', 'grant-code'] as const)(
    'are asked about if one is a %s, whichever it is',
    async (kind) => {
      const { incoming, uploads, dialogs } = await startApp({ '/b': kind });
      await incoming.intoFolder(['/a', '/b', '/c'], folder);
      expect(uploads).toEqual([]);
      const drop = { paths: ['/a', '/b', '/c'], folder, copiesLinks: false, opened: { path: '/b', kind } };
      expect(dialogs.current).toEqual({ name: 'open-or-upload', drop });
    },
  );

  test('are looked at only as far as a person could mean one of them', async () => {
    const { incoming, uploads, looked } = await startApp({ '/50': 'manifest' });
    const paths = Array.from({ length: 100 }, (_, index) => `/${index}`);
    await incoming.intoFolder(paths, folder);
    expect([looked.length, uploads[0]?.paths.length]).toEqual([20, 100]);
  });

  test('that are none change nothing', async () => {
    const { incoming, looked } = await startApp({});
    await incoming.intoFolder([], folder);
    await incoming.outsideFolders([]);
    expect(looked).toEqual([]);
  });
});

describe('files dropped where no folder is shown', () => {
  test('open in the receive card or in the account form, the first that can', async () => {
    const { incoming, dialogs } = await startApp({ '/links.json': 'manifest', '/AccessKey.csv': 'credentials' });
    await incoming.outsideFolders(['/plain.txt', '/links.json', '/AccessKey.csv']);
    const received = dialogs.current;
    expect(received?.name === 'receive' ? received.given?.take() : null).toEqual({ path: '/links.json' });
    await incoming.outsideFolders(['/AccessKey.csv']);
    const form = dialogs.current;
    expect(form?.name === 'account' ? form.given?.take() : null).toEqual({ path: '/AccessKey.csv' });
  });

  test('that cannot be opened need a bucket', async () => {
    const { incoming, dialogs, news } = await startApp({});
    await incoming.outsideFolders(['/home/one.txt']);
    await incoming.outsideFolders(['/one.txt', '/two.txt']);
    expect(dialogs.current).toBeNull();
    expect(news()).toEqual([
      [t('drop.not-uploaded', { count: 1, shown: '1', name: 'one.txt' }), t('drop.no-bucket', { count: 1 })],
      [t('drop.not-uploaded', { count: 2, shown: '2', name: 'one.txt' }), t('drop.no-bucket', { count: 2 })],
    ]);
  });

  test('are said not to be uploaded, besides the one that opens', async () => {
    const { incoming, news } = await startApp({ '/links.json': 'manifest' });
    await incoming.outsideFolders(['/plain.txt', '/links.json', '/x.bin']);
    expect(news()).toEqual([
      [t('drop.not-uploaded', { count: 2, shown: '2', name: 'plain.txt' }), t('drop.no-bucket', { count: 2 })],
    ]);
  });

  test('are said not to be uploaded for want of an account too', async () => {
    const { incoming, news } = await startApp({ '/AccessKey.csv': 'credentials' }, []);
    await incoming.outsideFolders(['/AccessKey.csv', '/x.bin']);
    expect(news()).toEqual([[t('drop.not-uploaded', { count: 1, shown: '1', name: 'x.bin' }), t('drop.no-account')]]);
  });

  test.each([
    { accounts: [account], having: 'an account' },
    { accounts: [], having: 'none' },
  ])('that cannot be read are reported with the reason, with $having', async ({ accounts }) => {
    const denied = { kind: 'file' as const, reason: 'denied' as const, path: '/secret.txt' };
    const { incoming, news, dialogs } = await startApp({ '/secret.txt': denied }, accounts);
    await incoming.outsideFolders(['/secret.txt']);
    expect(news().map(([title]) => title)).toEqual([t('failure.file.denied.title')]);
    expect(dialogs.current).toBeNull();
  });

  test('wait for a dialog that was opened while they were looked at', async () => {
    let answer = () => {};
    const slow = new Promise<void>((resolve) => (answer = resolve));
    const { incoming, dialogs } = await startApp({ '/links.json': 'manifest' }, [account], slow);
    const opening = incoming.outsideFolders(['/links.json']);
    dialogs.open({ name: 'settings', tab: 'general' });
    answer();
    await opening;
    expect(dialogs.current?.name).toBe('settings');
    dialogs.close();
    expect(dialogs.current?.name).toBe('receive');
    dialogs.close();
    expect(dialogs.current).toBeNull();
  });

  test('that cannot be opened need an account where there is none', async () => {
    const { incoming, news } = await startApp({}, []);
    await incoming.outsideFolders(['/home/one.txt']);
    expect(news()).toEqual([[t('drop.nothing', { count: 1, shown: '1', name: 'one.txt' }), t('drop.no-account')]]);
  });
});

describe('a text', () => {
  test.each(['credentials', 'grant-code'] as const)('of %s opens the account form', async (kind) => {
    const { incoming, dialogs } = await startApp({ 'the text': kind });
    await incoming.text('the text');
    const { current } = dialogs;
    expect(current?.name === 'account' ? current.given?.take() : null).toEqual({ text: 'the text' });
  });

  test('of any other kind opens the receive card, which says what it is', async () => {
    const { incoming, dialogs } = await startApp({ 'a link': 'link' });
    for (const text of ['a link', 'nothing']) {
      await incoming.text(text);
      const { current } = dialogs;
      expect(current?.name === 'receive' ? current.given?.take() : null).toEqual({ text });
    }
  });
});

describe('an address of OSS that is pasted', () => {
  test.each(['oss://photos/album/', ' oss://photos/album/ '])('is gone to: %j', async (text) => {
    const { browser, dialogs, incoming } = await startApp({});
    browser.open({ accountId: account.id, bucket: null, prefix: '' });
    await incoming.text(text);
    expect([browser.place?.bucket, browser.place?.prefix, dialogs.current]).toEqual(['photos', 'album/', null]);
  });

  test.each(['photos/album/', 'oss://photos/a\noss://photos/b', 'oss://', 'oss://Photos/'])(
    'is more than %j, which the receive card explains',
    async (text) => {
      const { dialogs, incoming } = await startApp({});
      await incoming.text(text);
      expect(dialogs.current?.name).toBe('receive');
    },
  );

  test('leads nowhere without an account', async () => {
    const { dialogs, incoming } = await startApp({}, []);
    await incoming.text('oss://photos/album/');
    expect(dialogs.current?.name).toBe('receive');
  });
});

describe('what is pasted', () => {
  const picture = new File(['x'], 'image.png', { type: 'image/png' });

  async function inFolder() {
    const app = await startApp({});
    app.browser.followAccounts();
    app.browser.openBucket('photos');
    return app;
  }

  test('a file of the file manager is uploaded into the folder, though its name comes along as text', async () => {
    const { incoming, uploads } = await inFolder();
    await incoming.pasted('/a.png', [picture], ['/a.png']);
    expect(uploads).toEqual([{ ...folder, prefix: '', paths: ['/a.png'] }]);
  });

  test('a picture alone is asked about, with a name and the folder', async () => {
    const { incoming, dialogs } = await inFolder();
    await incoming.pasted('', [picture], []);
    expect(dialogs.current).toMatchObject({ name: 'paste-picture', picture, folder: { bucket: 'photos', prefix: '' } });
  });

  test('a picture beside a text is the text, and without a folder it is nothing', async () => {
    const { incoming, looked, dialogs } = await startApp({ words: 'link' });
    await incoming.pasted('', [picture], []);
    expect(dialogs.current).toBeNull();
    await incoming.pasted('words', [picture], []);
    expect(looked).toEqual(['words']);
  });
});
