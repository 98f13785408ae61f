import { describe, expect, test } from 'vitest';
import type { Transfer } from '../../../../../main/contract/contract.ts';
import { failureSentences } from '../../../../../main/words/failure-text.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import { makeApp } from '../../../../../renderer/model/make-app.ts';
import { counted, t } from '../../../../support/words.ts';
import { answering } from '../../answering.ts';
import { makeAccount, makeInfo, settle } from '../../making.ts';

const account = makeAccount();
const done = { at: 'done', verified: 'crc64', versionId: null } as const;
const failed = { at: 'failed', because: { kind: 'file', reason: 'full', path: '/a' } } as const;
const asking = { at: 'blocked', need: 'overwrite-choice' } as const;

function makeTransfer(id: string, state: Transfer['state']): Transfer {
  return {
    ...{ id, direction: 'download', through: 'account', accountId: account.id, bucket: 'photos', key: `album/${id}` },
    ...{ localPath: `/${id}`, name: id, sizeBytes: 1, doneBytes: 0, bytesPerSecond: 0, createdAt: 1 },
    ...{ priority: 'normal', rank: 1, folderId: null, folder: null, state },
  };
}

async function startApp() {
  const shown: string[] = [];
  const info = makeInfo();
  const call = answering({
    'accounts.list': () => [account],
    'transfers.download': ({ keys }) => ({ ids: keys.map((key) => key.slice('album/'.length)) }),
    'transfers.show': ({ id }) => {
      shown.push(id);
      return null;
    },
    'settings.set': (patch) => ({ ...info.settings, ...(patch as object) }),
  });
  const app = makeApp(info, new Messages('en'), call);
  await app.accounts.load(null);
  const news = () => [...app.news.board.items.values()];
  const start = (...names: readonly string[]) =>
    app.actions.download({
      ...{ accountId: account.id, bucket: 'photos', prefixes: [] },
      keys: names.map((name) => `album/${name}`),
    });
  const report = async (...changed: readonly Transfer[]): Promise<void> => {
    app.transfers.apply({ changed, removed: [] });
    app.endings.apply({ changed, removed: [] });
    await settle();
  };
  return { app, news, report, shown, start };
}

describe('after a download', () => {
  test('the news that it began becomes the news that it is there, with a button that shows it', async () => {
    const { news, report, shown, start } = await startApp();
    await start('a.pdf');
    expect(news()).toMatchObject([{ tone: 'begun', title: t('browse.download-added', counted(1)) }]);
    await report(makeTransfer('a.pdf', { at: 'running', attempt: 1 }));
    expect(news()).toMatchObject([{ tone: 'begun' }]);
    await report(makeTransfer('a.pdf', done));
    expect(news()).toMatchObject([{ tone: 'done', title: t('download.done', { ...counted(1), name: 'a.pdf' }) }]);
    const [item] = news();
    expect(item?.actions[0]?.label).toBe(t('transfers.action.show'));
    item?.actions[0]?.run();
    await settle();
    expect(shown).toEqual(['a.pdf']);
  });

  test('that failed, the news says why, what to do next, and opens the transfers', async () => {
    const { app, news, report, start } = await startApp();
    await start('a.pdf');
    await report(makeTransfer('a.pdf', failed));
    const title = t('download.failed', { ...counted(1), name: 'a.pdf' });
    const description = failureSentences(failed.because, new Messages('en'));
    expect(news()).toMatchObject([{ tone: 'failed', title, description }]);
    news()[0]?.actions[0]?.run();
    await settle();
    expect(app.settings.current.transfersOpen).toBe(true);
  });

  test('of several, one news is about all, and never good while one failed', async () => {
    const { news, report, start } = await startApp();
    await start('a', 'b', 'c');
    await report(makeTransfer('a', done), makeTransfer('b', done));
    expect(news()).toMatchObject([{ tone: 'begun' }]);
    await report(makeTransfer('c', failed));
    const [title, description] = [
      t('download.failed', { ...counted(1), name: 'c' }),
      t('download.failed.others', counted(2)),
    ];
    expect(news()).toMatchObject([{ tone: 'failed', title, description }]);
  });

  test('one that waits for an answer isn’t over', async () => {
    const { news, report, start } = await startApp();
    await start('a');
    await report(makeTransfer('a', asking));
    expect(news()).toMatchObject([{ tone: 'begun' }]);
    await report(makeTransfer('a', done));
    expect(news()).toMatchObject([{ tone: 'done' }]);
  });

  test('that was skipped or cancelled, there is nothing to say', async () => {
    const { news, report, start } = await startApp();
    await start('a', 'b');
    await report(makeTransfer('a', { at: 'skipped' }), makeTransfer('b', { at: 'cancelled' }));
    expect(news()).toEqual([]);
  });
});
