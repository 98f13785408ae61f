import { describe, expect, test, vi } from 'vitest';
import type { ArgsOf, MenuCommand, ObjectHead, Results } from '../../../../../main/contract/contract.ts';
import { formatMoment } from '../../../../../main/words/format.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import { toVersionRows } from '../../../../../renderer/lib/rows.ts';
import { makeApp } from '../../../../../renderer/model/make-app.ts';
import { answering } from '../../answering.ts';
import { t } from '../../../../support/words.ts';
import { makeAccount, makeGate, makeInfo, makeObject, makePage, settle } from '../../making.ts';

const account = makeAccount();

async function startApp(copied: Partial<Results['links.copy']> = {}) {
  const asked: { name: string; args: unknown }[] = [];
  const note = <Result>(name: string, args: unknown, result: Result): Result => {
    asked.push({ name, args });
    return result;
  };
  const info = makeInfo();
  const call = answering({
    'accounts.list': () => [account],
    'buckets.list': () => [],
    'objects.list': () => makePage(['album/', 'cat.jpg', 'dog.jpg']),
    'ledger.acts': (args) =>
      note('ledger.acts', args, { acts: [], total: 0, counts: { live: 0, over: 0 }, accounts: [] }),
    'deletions.start': (args) => note('deletions.start', args, { id: crypto.randomUUID() }),
    'objects.createFolder': (args) => note('objects.createFolder', args, null),
    'links.copy': (args) =>
      note('links.copy', args, {
        validUntil: Date.now() + 3_600_000,
        limitedBy: 'expiry' as const,
        sessionEndUnknown: false,
        bucket: args.bucket,
        key: args.key,
        versionId: null,
        ledgerId: crypto.randomUUID(),
        warnings: [],
        ...copied,
      }),
    'transfers.upload': (args) => note('transfers.upload', args, { ids: args.paths }),
    'transfers.download': (args) => note('transfers.download', args, { ids: args.keys }),
    'dialogs.pickFiles': () => ['/home/li/a.txt'],
    'settings.set': (patch: ArgsOf<'settings.set'>) => ({ ...info.settings, ...(patch as object) }),
  });
  const app = makeApp(info, new Messages('en'), call);
  await app.accounts.load(null);
  app.browser.followAccounts();
  return { app, asked };
}

async function openFolder(copied: Partial<Results['links.copy']> = {}) {
  const started = await startApp(copied);
  started.app.browser.openBucket('photos');
  await new Promise((resolve) => setImmediate(resolve));
  return started;
}

const place = { accountId: account.id, bucket: 'photos' };

/** The ID of the row of an older version. */
const olderDog =
  toVersionRows(
    {
      versions: [{ ...makeObject('dog.jpg'), versionId: 'v1', isLatest: false, deleteMarker: false }],
      prefixes: [],
      after: null,
    },
    '',
  ).objects[0]?.id ?? '';

describe('what is selected', () => {
  test('is downloaded into the download folder, folders as prefixes', async () => {
    const { app, asked } = await openFolder();
    app.browser.selection.all([{ id: 'album/' }, { id: 'cat.jpg' }]);
    await app.actions.downloadSelection();
    expect(asked).toEqual([
      {
        name: 'transfers.download',
        args: {
          ...place,
          keys: ['cat.jpg'],
          prefixes: ['album/'],
          versionId: null,
          folder: '/home/li/Downloads',
        },
      },
    ]);
  });

  test('is deleted only after a question', async () => {
    const { app, asked } = await openFolder();
    app.browser.selection.select('cat.jpg');
    app.actions.askToDelete();
    expect(asked).toEqual([]);
    const { current } = app.dialogs;
    if (current?.name !== 'delete') throw new Error('no question was asked');
    await app.deletions.start(current.subject, 1);
    expect(asked).toEqual([{ name: 'deletions.start', args: { ...place, keys: ['cat.jpg'], prefixes: [], total: 1 } }]);
    expect(app.browser.selection.size).toBe(0);
  });

  test('is one object for links only when it is exactly one, and no folder', async () => {
    const { app } = await openFolder();
    app.browser.selection.select('album/');
    expect(app.actions.selectedKey).toBeNull();
    app.browser.selection.select('cat.jpg');
    expect(app.actions.selectedKey).toBe('cat.jpg');
    app.browser.selection.toggle('dog.jpg');
    expect(app.actions.selectedKey).toBeNull();
  });

  test('is nothing for commands on files while a version is among it: they must not act on a part', async () => {
    const { app } = await openFolder();
    app.browser.selection.all([{ id: 'album/' }, { id: 'cat.jpg' }, { id: olderDog }]);
    expect([app.actions.selectedKeys, app.actions.selectedPrefixes]).toEqual([[], []]);
    app.browser.selection.select(olderDog);
    expect(app.actions.selectedKey).toBeNull();
    app.actions.askToDelete();
    expect(app.dialogs.current).toBeNull();
  });
});

test('a link is copied by main: only what it is for is asked', async () => {
  const { app, asked } = await openFolder();
  await app.actions.copyLink('cat.jpg');
  expect(asked).toEqual([{ name: 'links.copy', args: { ...place, key: 'cat.jpg' } }]);
});

test.each([
  [7_200_000, false, 'browse.link-until.clock-behind'],
  [-7_200_000, false, 'browse.link-until.clock-ahead'],
  [7_200_000, true, 'browse.link-until.at-latest.clock-behind'],
  [-7_200_000, true, 'browse.link-until.at-latest.clock-ahead'],
] as const)(
  'a copied link whose server is %i ms ahead (end unknown: %s) says when it expires, and what is wrong',
  async (clockOffsetMs, sessionEndUnknown, key) => {
    const validUntil = Date.now() + clockOffsetMs + 86_400_000 * 3 + 60_000;
    const { app } = await openFolder({ clockOffsetMs, sessionEndUnknown, validUntil });
    await app.actions.copyLink('cat.jpg');
    const descriptions = [...app.news.board.items.values()].map(({ description }) => description);
    const moment = formatMoment(validUntil, 'en');
    expect(descriptions).toEqual([t(key, { moment, length: '3 days', offset: '2 hr' })]);
  },
);

test.each(['public-host-refused', 'apk-forbidden'] as const)(
  'a copied link that won’t work says so: %s',
  async (warning) => {
    const { app } = await openFolder({ warnings: ['v1-closed', warning] });
    await app.actions.copyLink('cat.jpg');
    const [item] = app.news.board.items.values();
    expect(item).toMatchObject({ tone: 'partly', description: t(`share.warning.${warning}`) });
  },
);

test('a new folder is made here and selected', async () => {
  const { app, asked } = await openFolder();
  await app.actions.createFolder('2026/11');
  expect(asked).toEqual([{ name: 'objects.createFolder', args: { ...place, prefix: '2026/11/' } }]);
  expect(app.browser.selection.has('2026/')).toBe(true);
});

test('nothing can be uploaded or made where there is no folder', async () => {
  const { app, asked } = await startApp();
  await app.actions.upload(['/home/li/a.txt']);
  app.actions.run('new-folder');
  expect(asked).toEqual([]);
  expect(app.dialogs.current).toBeNull();
});

describe('the application menu', () => {
  test.each([
    ['open-link', { name: 'receive', given: null }],
    ['add-account', { name: 'account', account: null }],
    ['new-folder', { name: 'new-folder' }],
    ['settings', { name: 'settings', tab: 'general' }],
  ] as const satisfies readonly (readonly [MenuCommand, unknown])[])(
    'opens a dialog with %s',
    async (command, dialog) => {
      const { app } = await openFolder();
      app.actions.run(command);
      expect(app.dialogs.current).toEqual(dialog);
    },
  );

  test('edits the address, filters, and shows the transfers', async () => {
    const { app } = await openFolder();
    app.actions.run('go-to-address');
    expect(app.browser.editingAddress).toBe(true);
    const asked = vi.fn();
    app.actions.filterAsked.on(asked);
    app.actions.run('filter');
    expect(asked).toHaveBeenCalledOnce();
    app.actions.run('toggle-transfers');
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(app.settings.current.transfersOpen).toBe(true);
  });

  test('uploads what is chosen to the folder that is shown', async () => {
    const { app, asked } = await openFolder();
    app.actions.run('upload-files');
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toEqual([{ name: 'transfers.upload', args: { ...place, prefix: '', paths: ['/home/li/a.txt'] } }]);
  });

  test('refreshes the links where those are shown', async () => {
    const { app, asked } = await openFolder();
    app.actions.run('refresh');
    expect(asked).toEqual([]);
    app.browser.openLinks();
    app.actions.run('refresh');
    expect(asked.map(({ name }) => name)).toEqual(['ledger.acts']);
  });
});

describe('what was chosen is what is done, wherever the person is by then', () => {
  /** In the folder `photos`, with an archived and restored object selected. */
  async function chooseArchived() {
    const gate = makeGate<ObjectHead>();
    const done: { name: string; args: unknown }[] = [];
    const note = <Result>(name: string, args: unknown, result: Result): Result => {
      done.push({ name, args });
      return result;
    };
    const paths = makeGate<string[]>();
    const call = answering({
      'accounts.list': () => [account],
      'buckets.list': () => [],
      'objects.list': ({ bucket }) =>
        bucket === 'photos'
          ? { ...makePage([]), objects: ['a', 'b', 'c'].map((key) => makeObject(key, { storageClass: 'Archive' })) }
          : makePage(['z']),
      'objects.head': () => gate.answer,
      'objects.createFolder': async () => {
        await gate.answer;
        return null;
      },
      'dialogs.pickFiles': () => paths.answer,
      'transfers.download': (args) => note('transfers.download', args, { ids: args.keys }),
      'transfers.upload': (args) => note('transfers.upload', args, { ids: args.paths }),
    });
    const app = makeApp(makeInfo(), new Messages('en'), call);
    await app.accounts.load(null);
    app.browser.followAccounts();
    app.browser.openBucket('photos');
    await settle();
    return { app, done, gate, paths };
  }

  const restored = { storageClass: 'Archive', restore: { at: 'restored', until: null } } as ObjectHead;
  const frozen = { storageClass: 'Archive', restore: null } as ObjectHead;

  test('a download comes from the bucket that it was chosen in', async () => {
    const { app, done, gate } = await chooseArchived();
    app.browser.selection.select('a');
    const downloaded = app.actions.downloadSelection();
    app.browser.openBucket('films');
    gate.open(restored);
    await downloaded;
    expect(done.map(({ args }) => args)).toEqual([
      { ...place, keys: ['a'], prefixes: [], versionId: null, folder: '/home/li/Downloads' },
    ]);
  });

  test('what is not archived of it is downloaded from there, too', async () => {
    const { app, done } = await chooseArchived();
    app.browser.openBucket('films');
    await app.actions.download({ ...place, keys: ['b'], prefixes: ['sub/'] });
    expect(done[0]?.args).toMatchObject({ ...place, keys: ['b'], prefixes: ['sub/'] });
  });

  test('a link that opens nothing yet leads to the dialog of that object', async () => {
    const { app, gate } = await chooseArchived();
    const copied = app.actions.copyLink('a');
    app.browser.openBucket('films');
    gate.open(frozen);
    await copied;
    expect(app.dialogs.current).toEqual({ name: 'share', object: { ...place, key: 'a', versionId: null } });
  });

  test('uploads go where they were asked for, however long the files are looked for', async () => {
    const { app, done, paths } = await chooseArchived();
    const uploaded = app.actions.pickAndUpload('files');
    app.browser.openBucket('films');
    paths.open(['/home/li/a.txt']);
    await uploaded;
    expect(done[0]?.args).toMatchObject({ ...place, prefix: '' });
  });

  test('a folder that is made late is not selected in another list', async () => {
    const { app, gate } = await chooseArchived();
    const created = app.actions.createFolder('new');
    app.browser.openBucket('films');
    await settle();
    app.browser.selection.select('z');
    gate.open(restored);
    await created;
    expect([...app.browser.selection.ids]).toEqual(['z']);
  });

  test('an object that is looked at is downloaded alone, whatever is selected', async () => {
    const { app, done, gate } = await chooseArchived();
    app.browser.selection.all([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
    gate.open(restored);
    await app.actions.downloadObject({ ...place, key: 'c', versionId: null });
    app.browser.selection.clear();
    await app.actions.downloadObject({ ...place, key: 'c', versionId: null });
    await app.actions.downloadObject({ ...place, key: 'c', versionId: 'v1' });
    expect(done.map(({ args }) => args)).toMatchObject([
      { ...place, keys: ['c'], versionId: null },
      { ...place, keys: ['c'], versionId: null },
      { ...place, keys: ['c'], versionId: 'v1' },
    ]);
  });

  test('an archived object that is looked at is not downloaded before it is restored', async () => {
    const { app, done, gate } = await chooseArchived();
    gate.open(frozen);
    await app.actions.downloadObject({ ...place, key: 'c', versionId: null });
    expect(done).toEqual([]);
    expect(app.dialogs.current).toMatchObject({
      ...{ name: 'frozen', subject: { ...place, keys: ['c'] } },
      frozen: [{ key: 'c', storageClass: 'Archive' }],
    });
  });
});
