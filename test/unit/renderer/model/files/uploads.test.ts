import { describe, expect, test } from 'vitest';
import type { ArgsOf, Transfer, TransferBatch } from '../../../../../main/contract/contract.ts';
import { failureSentences } from '../../../../../main/words/failure-text.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import { makeApp } from '../../../../../renderer/model/make-app.ts';
import { counted, t } from '../../../../support/words.ts';
import { answering } from '../../answering.ts';
import { makeAccount, makeInfo, makePage, settle } from '../../making.ts';

const account = makeAccount({ defaultExpirySeconds: 7200 });
const folder = { accountId: account.id, bucket: 'photos', prefix: 'album/' };
const place = 'oss://photos/album/';

const done = { at: 'done', verified: 'crc64', versionId: null } as const;
const failed = { at: 'failed', because: { kind: 'network', reason: 'reset' } } as const;

/** A transfer into the folder; its ID is the path's last letter. */
function makeTransfer(id: string, state: Transfer['state'], changes: Partial<Transfer> = {}): Transfer {
  return {
    ...{ id, direction: 'upload', through: 'account', accountId: account.id, bucket: 'photos', key: `album/${id}` },
    ...{ localPath: `/${id}`, name: id, sizeBytes: 1, doneBytes: 0, bytesPerSecond: 0, createdAt: 1 },
    ...{ priority: 'normal', rank: 1, folderId: null, folder: null, state },
    ...changes,
  };
}

async function startApp() {
  const copied: (ArgsOf<'links.copy'> | ArgsOf<'links.makeMany'>)[] = [];
  const validity = { validUntil: Date.now() + 7_200_000, limitedBy: 'expiry', sessionEndUnknown: false } as const;
  const info = makeInfo();
  const call = answering({
    'accounts.list': () => [account],
    'transfers.upload': ({ paths }) => ({ ids: paths.map((path) => path.slice(1)) }),
    'settings.set': (patch) => ({ ...info.settings, ...(patch as object) }),
    'buckets.list': () => [],
    'objects.list': ({ prefix }) => makePage([`${prefix}a`, `${prefix}b`, `${prefix}d/`]),
    'links.copy': (args) => {
      copied.push(args);
      return { ...validity, ...args, versionId: null, ledgerId: crypto.randomUUID(), warnings: [] };
    },
    'links.makeMany': (args) => {
      copied.push(args);
      const none = { failedCount: 0, failed: [], archivedCount: 0, archived: [] };
      return { ...validity, ...none, made: args.keys.length, path: null, warnings: [] };
    },
  });
  const app = makeApp(info, new Messages('en'), call);
  await app.accounts.load(null);
  const news = () => [...app.news.board.items.values()];
  const act = async (label: string): Promise<void> => {
    news()
      .flatMap(({ actions }) => actions)
      .find((action) => action.label === label)
      ?.run();
    await settle();
  };
  const reportBatch = async (batch: TransferBatch): Promise<void> => {
    app.transfers.apply(batch);
    app.endings.apply(batch);
    await settle();
  };
  const report = (...changed: readonly Transfer[]) => reportBatch({ changed, removed: [] });
  return { app, copied, news, act, report, reportBatch };
}

const copyLink = t('browse.copy-links', counted(1));

describe('after an upload', () => {
  test('the news of its end stays where another one, which began with the same words, is cancelled', async () => {
    const { app, news, report } = await startApp();
    await app.uploads.start(['/a'], folder);
    await app.uploads.start(['/b'], folder);
    await report(makeTransfer('a', done));
    await report(makeTransfer('b', { at: 'cancelled' }));
    expect(news()).toMatchObject([{ tone: 'done', title: t('upload.done', { ...counted(1), name: 'a' }) }]);
  });

  test('the news that it began becomes the news that it is there, with a button that copies its link', async () => {
    const { app, copied, news, act, report } = await startApp();
    await app.uploads.start(['/a'], folder);
    expect(news()).toMatchObject([
      { tone: 'begun', title: t('browse.upload-added', { ...counted(1), folder: place }) },
    ]);
    await report(makeTransfer('a', { at: 'running', attempt: 1 }));
    expect(news()).toMatchObject([{ tone: 'begun' }]);
    await report(makeTransfer('a', done));
    const title = t('upload.done', { ...counted(1), name: 'a' });
    expect(news()).toMatchObject([{ tone: 'done', title, description: place }]);
    expect(copied).toEqual([]);
    await act(copyLink);
    expect(copied).toEqual([{ accountId: account.id, bucket: 'photos', key: 'album/a' }]);
    expect(news().at(-1)).toMatchObject({ tone: 'done', title: t('browse.link-copied', { name: 'a' }) });
  });

  test('the news shows what is there: its folder opens, from wherever one is, with the rows selected', async () => {
    const { app, act, news, report } = await startApp();
    app.browser.open({ accountId: account.id, bucket: 'other', prefix: '' });
    await settle();
    await app.uploads.start(['/a', '/d'], folder);
    const counts = { total: 2, isCounted: true, done: 2, skipped: 0, failed: 0, asking: 0 };
    await report(makeTransfer('a', done), makeTransfer('d', done, { key: 'album/d/', folder: counts }));
    await act(t('common.show'));
    expect(app.browser.place).toEqual(folder);
    expect([...app.browser.selection.ids]).toEqual(['album/a', 'album/d/']);
    expect(news().flatMap(({ actions }) => actions.map(({ stays }) => stays))).toEqual([undefined, true]);
  });

  test('what is shown in the folder that is open already is not hidden by its filter', async () => {
    const { app, act, report } = await startApp();
    app.browser.open(folder);
    await settle();
    if (app.browser.list !== null) app.browser.list.filter = 'nothing';
    await app.uploads.start(['/a'], folder);
    await report(makeTransfer('a', done));
    await act(t('common.show'));
    expect(app.browser.list?.filter).toBe('');
    expect([...app.browser.selection.ids]).toEqual(['album/a']);
  });

  test('that was over before main’s reply, the news is the same', async () => {
    const { app, news, report } = await startApp();
    await report(makeTransfer('a', done));
    await app.uploads.start(['/a'], folder);
    await settle();
    expect(news()).toMatchObject([{ tone: 'done', title: t('upload.done', { ...counted(1), name: 'a' }) }]);
  });

  test('several files have a link each, under the names that they got in OSS and for the account’s usual time', async () => {
    const { app, copied, act, report } = await startApp();
    await app.uploads.start(['/a', '/b'], folder);
    await report(makeTransfer('a', done, { key: 'album/a (2)' }));
    await report(makeTransfer('b', done));
    await act(t('browse.copy-links', counted(2)));
    expect(copied).toMatchObject([
      { keys: ['album/a (2)', 'album/b'], expiresSeconds: 7200, format: 'text', folder: null },
    ]);
  });

  test('of a folder, the links of what is in it are decided on in the dialog', async () => {
    const { app, copied, act, report } = await startApp();
    await app.uploads.start(['/d'], folder);
    const counts = { total: 2, isCounted: true, done: 2, skipped: 0, failed: 0, asking: 0 };
    await report(makeTransfer('d', done, { key: 'album/d/', folder: counts }));
    await act(t('share.many'));
    expect(copied).toEqual([]);
    const subject = { accountId: account.id, bucket: 'photos', keys: [], prefixes: ['album/d/'] };
    expect(app.dialogs.current).toEqual({ name: 'share-many', subject });
  });

  test('that failed, the news says so and opens the transfers', async () => {
    const { app, news, act, report } = await startApp();
    await app.uploads.start(['/a', '/b'], folder);
    await report(makeTransfer('a', done), makeTransfer('b', failed));
    const [title, description] = [
      t('upload.failed', { ...counted(1), name: 'b' }),
      t('upload.failed.others', counted(1)),
    ];
    expect(news()).toMatchObject([{ tone: 'failed', title, description }]);
    await act(t('common.show'));
    expect(app.settings.current.transfersOpen).toBe(true);
  });

  test('of one file that failed, the news names it and says what to do next', async () => {
    const { app, news, report } = await startApp();
    await app.uploads.start(['/a'], folder);
    await report(makeTransfer('a', failed));
    const title = t('upload.failed', { ...counted(1), name: 'a' });
    const description = failureSentences(failed.because, new Messages('en'));
    expect(news()).toMatchObject([{ tone: 'failed', title, description }]);
  });

  test('that was skipped or cancelled and cleared, there is nothing to say', async () => {
    const { app, news, report, reportBatch } = await startApp();
    await app.uploads.start(['/a', '/b', '/c'], folder, { copiesLinks: true });
    await report(makeTransfer('a', { at: 'skipped' }), makeTransfer('b', { at: 'cancelled' }));
    await reportBatch({ changed: [], removed: ['c'] });
    expect(news()).toEqual([]);
  });

  test('one that waits for an answer is not over, and two at a time keep their own news', async () => {
    const { app, news, report } = await startApp();
    await app.uploads.start(['/a'], folder);
    await app.uploads.start(['/b'], folder);
    await report(makeTransfer('a', { at: 'blocked', need: 'overwrite-choice' }), makeTransfer('b', done));
    expect(news().map(({ title }) => title)).toEqual([t('upload.done', { ...counted(1), name: 'b' })]);
    await report(makeTransfer('a', done));
    expect(news().map(({ title }) => title)).toEqual([
      t('upload.done', { ...counted(1), name: 'b' }),
      t('upload.done', { ...counted(1), name: 'a' }),
    ]);
  });
});

describe('with a link asked for', () => {
  test('it is copied once the file is there, and not before', async () => {
    const { app, copied, news, report } = await startApp();
    await app.uploads.start(['/a'], folder, { copiesLinks: true });
    expect(news()).toMatchObject([{ description: t('upload.link-follows', counted(1)) }]);
    expect(copied).toEqual([]);
    await report(makeTransfer('a', done));
    expect(copied).toEqual([{ accountId: account.id, bucket: 'photos', key: 'album/a' }]);
    expect(news().map(({ title }) => title)).toEqual([t('browse.link-copied', { name: 'a' })]);
  });

  test('what is there gets one, though others failed', async () => {
    const { app, copied, news, report } = await startApp();
    await app.uploads.start(['/a', '/b'], folder, { copiesLinks: true });
    await report(makeTransfer('a', failed), makeTransfer('b', done));
    expect(copied).toMatchObject([{ key: 'album/b' }]);
    expect(news().map(({ tone }) => tone)).toEqual(['failed', 'done']);
  });
});
