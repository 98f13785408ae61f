import { describe, expect, test } from 'vitest';
import type { DeletionProgress } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import { makeApp } from '../../../../../renderer/model/make-app.ts';
import { answering } from '../../answering.ts';
import { makeAccount, makeGate, makeInfo, makePage, settle } from '../../making.ts';

const account = makeAccount();
const subject = { accountId: account.id, bucket: 'photos', keys: ['cat.jpg'], prefixes: [] };
const id = '5a0f7d0e-6f0e-4a55-9a9e-000000000001';

function makeProgress(changes: Partial<DeletionProgress> = {}): DeletionProgress {
  return {
    ...{ id, accountId: account.id, bucket: 'photos', state: 'running', deleted: 0, total: 1, failedCount: 0 },
    ...{ canUndo: false, failure: null },
    ...changes,
  };
}

async function startApp(answers: Parameters<typeof answering>[0] = {}) {
  const dismissed: string[] = [];
  const call = answering({
    'accounts.list': () => [account],
    'buckets.list': () => [],
    'objects.list': () => makePage(['cat.jpg', 'dog.jpg']),
    'deletions.start': () => ({ id }),
    'deletions.dismiss': (args) => {
      dismissed.push(args.id);
      return null;
    },
    ...answers,
  });
  const app = makeApp(makeInfo(), new Messages('en'), call);
  await app.accounts.load(null);
  app.browser.followAccounts();
  app.browser.openBucket('photos');
  await settle();
  const told = () => [...app.news.board.items.values()];
  return { deletions: app.deletions, browser: app.browser, undo: app.undo, told, dismissed };
}

describe('the end of a deletion', () => {
  test('is told in the window that began it, once', async () => {
    const { deletions, told, dismissed } = await startApp();
    await deletions.start(subject, 1);
    deletions.apply([makeProgress()]);
    deletions.apply([makeProgress({ state: 'done', deleted: 1 })]);
    deletions.apply([makeProgress({ state: 'done', deleted: 1 })]);
    expect(told().map(({ tone }) => tone)).toEqual(['done']);
    expect(dismissed).toEqual([id]);
  });

  test('is told also where it comes before main has answered with the ID', async () => {
    const answer = makeGate<{ id: string }>();
    const { deletions, told } = await startApp({ 'deletions.start': () => answer.answer });
    const started = deletions.start(subject, 1);
    deletions.apply([makeProgress()]);
    deletions.apply([makeProgress({ state: 'done', deleted: 1 })]);
    expect(told()).toEqual([]);
    answer.open({ id });
    await started;
    expect(told().map(({ tone }) => tone)).toEqual(['done']);
  });

  test('is another window’s to tell where that one began it', async () => {
    const { deletions, told, dismissed } = await startApp();
    deletions.apply([makeProgress()]);
    deletions.apply([makeProgress({ state: 'done', deleted: 1 })]);
    expect([told(), dismissed]).toEqual([[], []]);
  });

  test('is told of those that were under way before the window came', async () => {
    const { deletions, told } = await startApp({ 'deletions.list': () => [makeProgress()] });
    await deletions.load();
    deletions.apply([makeProgress({ state: 'done', deleted: 1 })]);
    expect(told()).toHaveLength(1);
  });

  test('with failures stays in the strip and is no news', async () => {
    const { deletions, told } = await startApp();
    await deletions.start(subject, 1);
    deletions.apply([makeProgress({ state: 'done', failedCount: 1 })]);
    expect(told()).toEqual([]);
    expect(deletions.shown.map((shown) => shown.id)).toEqual([id]);
  });

  test('offers to take it back where main can', async () => {
    const undone: string[] = [];
    const { deletions, told } = await startApp({
      'deletions.undo': (args) => {
        undone.push(args.id);
        return { restored: 1, failedCount: 0 };
      },
    });
    await deletions.start(subject, 1);
    deletions.apply([makeProgress({ state: 'done', deleted: 1, canUndo: true })]);
    told()[0]?.actions[0]?.run();
    await settle();
    expect(undone).toEqual([id]);
    expect(told().at(-1)).toMatchObject({ tone: 'done', title: '1 item restored' });
  });

  test('offers nothing to take back where main cannot', async () => {
    const { deletions, told } = await startApp();
    await deletions.start(subject, 1);
    deletions.apply([makeProgress({ state: 'done', deleted: 1, canUndo: false })]);
    expect(told().map(({ actions }) => actions)).toEqual([[]]);
  });

  test('that is taken back only in part says so', async () => {
    const { deletions, told } = await startApp({ 'deletions.undo': () => ({ restored: 3, failedCount: 2 }) });
    await deletions.undo(id);
    expect(told()).toMatchObject([
      { tone: 'partly', title: '3 items restored', description: 'Couldn’t restore 2 items' },
    ]);
  });
});

test.each([
  ['before anything was deleted', 0, false],
  ['in the middle', 1, true],
])('one that was stopped %s, and goes on, is undone whole once it has ended', async (_, deleted, canUndo) => {
  const undone: string[] = [];
  const { deletions, undo } = await startApp({
    'deletions.goOn': () => null,
    'deletions.undo': (args) => {
      undone.push(args.id);
      return { restored: 2, failedCount: 0 };
    },
  });
  await deletions.start({ ...subject, keys: ['cat.jpg', 'dog.jpg'] }, 2);
  deletions.apply([makeProgress({ total: 2, state: 'stopped', deleted, canUndo })]);
  await settle();
  await deletions.resume(id);
  deletions.apply([makeProgress({ total: 2, deleted, canUndo })]);
  undo.undo();
  await settle();
  expect(undone).toEqual([]);
  deletions.apply([makeProgress({ total: 2, state: 'done', deleted: 2, canUndo: true })]);
  await settle();
  expect(undone).toEqual([id]);
  undo.undo();
  await settle();
  expect(undone).toEqual([id]);
});

test('only what takes several requests is shown while it runs', async () => {
  const { deletions } = await startApp();
  deletions.apply([makeProgress({ total: 1000 })]);
  expect(deletions.shown).toEqual([]);
  deletions.apply([makeProgress({ total: 1001 })]);
  expect(deletions.shown).toHaveLength(1);
  deletions.apply([makeProgress({ total: null })]);
  expect(deletions.shown).toHaveLength(1);
});

test('what is selected elsewhere by the time a deletion begins stays selected', async () => {
  const answer = makeGate<{ id: string }>();
  const { deletions, browser } = await startApp({ 'deletions.start': () => answer.answer });
  browser.selection.select('cat.jpg');
  const started = deletions.start(subject, 1);
  expect(browser.selection.size).toBe(0);
  browser.openBucket('films');
  await settle();
  browser.selection.select('dog.jpg');
  answer.open({ id });
  await started;
  expect([...browser.selection.ids]).toEqual(['dog.jpg']);
});

test('a refused start is told', async () => {
  const refuse = () => {
    throw new CallFailed({ kind: 'credentials', cause: 'denied-by-policy', action: 'oss:DeleteObject' });
  };
  const { deletions, told } = await startApp({ 'deletions.start': refuse });
  await deletions.start(subject, 1);
  expect(told().map(({ tone }) => tone)).toEqual(['failed']);
});
