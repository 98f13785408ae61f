import { describe, expect, test } from 'vitest';
import type { ArgsOf, LinkListCard, Transfer } from '../../../../../../main/contract/contract.ts';
import { ListReceipt } from '../../../../../../renderer/screens/receive/manifest/list-receipt.svelte.ts';
import { TransferList } from '../../../../../../renderer/model/transfers/transfers.svelte.ts';
import { answering } from '../../../answering.ts';

const fileId = '6a0f3c52-5c7e-4c9f-8a57-0d1f1f8a4e11';
const objects = [
  { path: 'a.txt', sizeBytes: 10 },
  { path: 'deep/b.txt', sizeBytes: 200 },
  { path: 'deep/c.txt', sizeBytes: null },
];

function makeReceipt(answer: Parameters<typeof answering>[0] = {}) {
  const call = answering(answer);
  const transfers = new TransferList(call);
  const manifest = {
    kind: 'manifest',
    fileId,
    bucket: 'b',
    server: null,
    madeAt: 1,
    validUntil: 2,
    temporary: false,
    objects,
  } as const;
  return { transfers, receipt: new ListReceipt(manifest, { call, transfers, folder: '/home/li' }) };
}

function makeTransfer(id: string, state: Transfer['state']): Transfer {
  return {
    ...{ id, direction: 'download', through: 'link', accountId: null, bucket: 'b', key: id, localPath: `/${id}` },
    ...{
      name: id,
      sizeBytes: 100,
      doneBytes: 50,
      bytesPerSecond: 0,
      createdAt: 1,
      priority: 'normal',
      rank: 1,
      folderId: null,
      folder: null,
      state,
    },
  };
}

const done = { at: 'done', verified: 'crc64', versionId: null } as const;

describe('a share manifest that was opened', () => {
  test('has all its files chosen, and a size only where each is known', () => {
    const { receipt } = makeReceipt();
    expect([receipt.chosenCount, receipt.chosenBytes]).toEqual([3, null]);
    receipt.choose([2], false);
    expect([receipt.chosenCount, receipt.chosenBytes]).toEqual([2, 210]);
  });

  test('is chosen from as far as the filter shows it', () => {
    const { receipt } = makeReceipt();
    receipt.filter = 'DEEP/';
    expect(receipt.shown).toEqual([1, 2]);
    receipt.choose(receipt.shown, false);
    expect([receipt.chosenCount, receipt.chosenShown, receipt.isChosen(0)]).toEqual([1, 0, true]);
  });

  test('is downloaded by places, or as a whole, and says what failed', async () => {
    const asked: ArgsOf<'links.downloadFile'>[] = [];
    const { receipt, transfers } = makeReceipt({
      'links.downloadFile': (args) => {
        asked.push(args);
        return { transferIds: (args.chosen ?? [0, 1, 2]).map((place) => `t${place}`) };
      },
    });
    await receipt.start();
    receipt.choose([0], false);
    await receipt.start();
    expect(asked.map(({ chosen }) => chosen)).toEqual([null, [1, 2]]);

    transfers.apply({
      changed: [makeTransfer('t1', done), makeTransfer('t2', { at: 'running', attempt: 1 })],
      removed: [],
    });
    expect(receipt.sums).toMatchObject({ done: 1, total: 2, isOver: false, fraction: 0.75 });
    transfers.apply({ changed: [makeTransfer('t2', { at: 'failed', because: { kind: 'cancelled' } })], removed: [] });
    expect(receipt.sums).toMatchObject({ done: 1, failed: 1, isOver: true });
    expect(receipt.transferOf(1)?.state.at).toBe('done');
  });

  test('counts what was cleared away from the queue as done, and what main has not told of yet as not', async () => {
    const { receipt, transfers } = makeReceipt({ 'links.downloadFile': () => ({ transferIds: ['t0', 't1', 't2'] }) });
    await receipt.start();
    expect(receipt.sums).toMatchObject({ done: 0, isOver: false });
    transfers.apply({ changed: ['t0', 't1', 't2'].map((id) => makeTransfer(id, done)), removed: [] });
    expect(receipt.sums).toMatchObject({ done: 3, isOver: true });
    transfers.apply({ changed: [], removed: ['t0', 't1', 't2'] });
    expect(receipt.sums).toMatchObject({ done: 3, isOver: true });
  });
});

describe('a list of links that were pasted', () => {
  const link = {
    kind: 'link',
    ...{ sizeBytes: null, host: 'b.oss-cn-hangzhou.aliyuncs.com', exposed: false, temporary: false },
    ...{ validFrom: null, validUntil: 2, method: null },
  } as const;
  const card: LinkListCard = {
    kind: 'link-list',
    fileId,
    objects: [
      { ...link, path: 'a.txt', state: 'valid', isDownload: true },
      { ...link, path: 'late.txt', state: 'expired', isDownload: true },
      { ...link, path: 'in.txt', state: 'valid', method: 'PUT', isDownload: false },
      {
        ...{ path: 'cut.txt', sizeBytes: null, host: link.host, exposed: false },
        kind: 'damaged',
        reason: 'cut-off',
        isDownload: false,
      },
    ],
  };

  test('of which none can be downloaded offers no download', () => {
    const call = answering({});
    const needs = { call, transfers: new TransferList(call), folder: '/home/li' };
    const others = card.objects.filter(({ isDownload }) => !isDownload);
    const receipt = new ListReceipt({ ...card, objects: others }, needs);
    expect([receipt.hasDownloads, receipt.chosenCount]).toEqual([false, 0]);
    const filtered = new ListReceipt(card, needs);
    filtered.filter = 'in.txt';
    expect(filtered.hasDownloads).toBe(true);
  });

  test('has chosen what can be downloaded now; an expired one may be chosen, others never by “all”', async () => {
    const asked: ArgsOf<'links.downloadFile'>[] = [];
    const call = answering({
      'links.downloadFile': (args) => {
        asked.push(args);
        return { transferIds: ['t0', 't1'] };
      },
    });
    const transfers = new TransferList(call);
    const receipt = new ListReceipt(card, { call, transfers, folder: '/home/li' });
    expect([...receipt.shown.keys()].map((place) => receipt.isChosen(place))).toEqual([true, false, false, false]);
    receipt.choose(receipt.usable, true);
    expect([receipt.chosenCount, receipt.chosenShown]).toEqual([2, 2]);
    await receipt.start();
    expect(asked).toEqual([{ fileId, folder: '/home/li', chosen: [0, 1] }]);
    transfers.apply({ changed: [makeTransfer('t1', done)], removed: [] });
    expect(receipt.transferOf(1)?.state.at).toBe('done');
  });

  test.each([
    ['not chosen at first beside links, and may be chosen', true],
    ['chosen where there is no link', false],
  ])('that nobody signed is %s', (_what, besideLinks) => {
    const call = answering({});
    const logo = { ...{ path: 'logo.png', sizeBytes: null, host: link.host, exposed: false }, isDownload: true };
    const objects = [...card.objects, { ...logo, kind: 'public-file', besideLinks } as const];
    const receipt = new ListReceipt({ ...card, objects }, { call, transfers: new TransferList(call), folder: '/d' });
    const place = objects.length - 1;
    expect([receipt.isChosen(0), receipt.isChosen(place)]).toEqual([true, !besideLinks]);
    receipt.choose([place], true);
    expect(receipt.isChosen(place)).toBe(true);
  });
});
