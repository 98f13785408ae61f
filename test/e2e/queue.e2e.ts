// The queue: what a person can do with a transfer under way, and what becomes of it when Waybill ends meanwhile.
import { join } from 'node:path';
import type { Page } from 'playwright';
import type { PracticeServer } from '../../main/practice/server.ts';
import { counted, like, startingWith, t } from '../support/words.ts';
import { curl } from './support/curl.ts';
import { makeFile, MiB } from './support/files.ts';
import { aliOss, expect, test } from './support/practice.ts';
import {
  addAccount,
  dropIntoFolder,
  openBucket,
  rowOf,
  showTransfers,
  transferOf,
  verified,
} from './support/waybill.ts';

const bucket = 'waybill-inbox';
const big = { name: 'big.bin', sizeBytes: 48 * MiB };
/** How large Waybill makes the parts of a file of this size. */
const partBytes = 8 * MiB;

/** Slow enough that a person can do something meanwhile. @returns lets the rest go fast */
function slowUploads(server: PracticeServer): () => void {
  return server.faults.add({
    match: { bucket, method: 'PUT' },
    effect: { kind: 'slow', bytesPerSecond: 4 * MiB },
  });
}

async function openInbox(page: Page, server: PracticeServer): Promise<void> {
  await addAccount(page, { name: 'Port', ...server });
  await openBucket(page, bucket);
  await showTransfers(page);
}

/** Waits until a part of the big file has arrived. */
async function expectUnderWay(page: Page): Promise<void> {
  const bar = transferOf(page, big.name).getByRole('progressbar');
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(10);
}

/** What the server has under this key, fetched through a link that is not ours. */
async function storedSum(server: PracticeServer, key: string): Promise<string> {
  const { status, sha256 } = await curl(await aliOss(server, bucket).signatureUrlV4('GET', 600, {}, key));
  expect(status).toBe(200);
  return sha256;
}

test('an upload is paused, resumed, cancelled and started again', async ({ page, home, server }) => {
  const sum = await makeFile(join(home.folder, big.name), big.sizeBytes);
  await openInbox(page, server);
  const goFast = slowUploads(server);
  const transfer = transferOf(page, big.name);
  const act = (action: string) => transfer.getByRole('button', { name: `${action}: ${big.name}` }).click();
  await dropIntoFolder(page, [join(home.folder, big.name)]);
  await expectUnderWay(page);
  await expect(transfer).toContainText(/MB\/s/);
  await expect(transfer).toContainText(like('transfers.time-left', { length: /.+/ }));

  await act(t('transfers.action.pause'));
  await expect(transfer).toContainText(t('transfers.state.paused'));
  await expect(page.getByRole('button', { name: t('transfers.resume-all') })).toBeVisible();
  await act(t('transfers.action.resume'));
  await expect(transfer).toContainText(t('transfers.state.uploading'));

  await act(t('common.cancel'));
  await expect(transfer).toContainText(t('transfers.state.cancelled'));
  await expect(rowOf(page, big.name)).toBeHidden();
  const uploadsLeft = async () => (await aliOss(server, bucket).listUploads({ 'max-uploads': 10 }, {})).uploads;
  await expect.poll(uploadsLeft).toEqual([]);

  goFast();
  await act(t('common.retry'));
  await expect(transfer).toContainText(verified, { timeout: 20_000 });
  await expect(rowOf(page, big.name)).toBeVisible();
  expect(await storedSum(server, big.name)).toBe(sum);
});

test('a refused upload says why and works once it is allowed', async ({ page, home, server }) => {
  const path = join(home.folder, 'refused.bin');
  const sum = await makeFile(path, 5_000);
  await openInbox(page, server);
  const allow = server.faults.add({
    match: { key: 'refused.bin', method: 'PUT' },
    effect: { kind: 'error', status: 403, code: 'AccessDenied', message: 'No right to write here.' },
  });
  await dropIntoFolder(page, [path]);
  const transfer = transferOf(page, 'refused.bin');
  await expect(transfer).toContainText(t('failure.cause.denied-by-policy.title'));
  await expect(transfer).toContainText('No right to write here.');
  await expect(page.getByRole('button', { name: startingWith(t('transfers.title')) })).toContainText(
    t('transfers.count.attention', { count: 1 }),
  );

  allow();
  await transfer.getByRole('button', { name: t('common.retry'), exact: true }).click();
  await expect(transfer).toContainText(verified);
  expect(await storedSum(server, 'refused.bin')).toBe(sum);
});

test('what failed opens the queue once, and whoever closes it is left in peace', async ({ page, home, server }) => {
  const paths = ['one.bin', 'two.bin'].map((name) => join(home.folder, name));
  for (const path of paths) await makeFile(path, 5_000);
  await addAccount(page, { name: 'Port', ...server });
  await openBucket(page, bucket);
  const effect = { kind: 'error', status: 403, code: 'AccessDenied', message: 'No right to write here.' } as const;
  server.faults.add({ match: { bucket, method: 'PUT' }, effect });
  const bar = page.getByRole('button', { name: startingWith(t('transfers.title')) });
  await expect(bar).toHaveAttribute('aria-expanded', 'false');
  await dropIntoFolder(page, paths.slice(0, 1));
  await expect(transferOf(page, 'one.bin')).toContainText('No right to write here.');
  await bar.click();
  await dropIntoFolder(page, paths.slice(1));
  await expect(bar).toContainText(t('transfers.count.attention', { count: 2 }));
  await expect(bar).toHaveAttribute('aria-expanded', 'false');
});

test('an upload that breaks off is tried again without anybody doing anything', async ({ page, home, server }) => {
  const path = join(home.folder, 'broken.bin');
  const sum = await makeFile(path, 200_000);
  await openInbox(page, server);
  server.faults.add({
    match: { key: 'broken.bin', method: 'PUT' },
    times: 1,
    effect: { kind: 'reset', at: 'mid-upload', afterBytes: 50_000 },
  });
  await dropIntoFolder(page, [path]);
  await expect(transferOf(page, 'broken.bin')).toContainText(verified, { timeout: 20_000 });
  expect(await storedSum(server, 'broken.bin')).toBe(sum);
});

for (const end of ['quit', 'killed'] as const) {
  test(`an upload goes on at the next start when Waybill was ${end} meanwhile`, async ({ home, server }) => {
    const sum = await makeFile(join(home.folder, big.name), big.sizeBytes);
    const goFast = slowUploads(server);
    const first = await home.launch();
    await openInbox(first.page, server);
    await dropIntoFolder(first.page, [join(home.folder, big.name)]);
    await expect.poll(() => partCount(server), { timeout: 20_000 }).toBeGreaterThan(0);
    const ended = first.app.waitForEvent('close');
    if (end === 'quit') await first.app.close();
    else first.app.process().kill('SIGKILL');
    await ended;

    // What had arrived is not sent again: the server takes as many parts as are missing, and not one more.
    const missing = Math.ceil(big.sizeBytes / partBytes) - (await partCount(server));
    server.faults.add({
      match: { operation: 'UploadPart' },
      skip: missing,
      effect: { kind: 'error', status: 403, code: 'AccessDenied' },
    });
    goFast();
    const second = await home.launch();
    await showTransfers(second.page);
    await expect(transferOf(second.page, big.name)).toContainText(verified, { timeout: 20_000 });
    expect(await storedSum(server, big.name)).toBe(sum);
    await openBucket(second.page, bucket);
    await expect(rowOf(second.page, big.name)).toBeVisible();
  });
}

/** How many parts of the one upload under way the server has. */
async function partCount(server: PracticeServer): Promise<number> {
  const client = aliOss(server, bucket);
  const { uploads } = await client.listUploads({ 'max-uploads': 10 }, {});
  const upload = (uploads as { name: string; uploadId: string }[]).find(({ name }) => name === big.name);
  if (upload === undefined) return 0;
  // One alone is not in an array.
  const { parts } = (await client.listParts(
    big.name,
    upload.uploadId,
    { 'max-parts': 100, 'part-number-marker': 0, 'encoding-type': 'url' },
    {},
  )) as { parts?: object | object[] };
  return parts === undefined ? 0 : [parts].flat().length;
}

test('all transfers are cancelled after a question, and the bucket keeps no half-sent file', async ({
  page,
  home,
  server,
}) => {
  await openInbox(page, server);
  const small = join(home.folder, 'small.txt');
  await makeFile(small, 1000);
  await dropIntoFolder(page, [small]);
  await expect(transferOf(page, 'small.txt')).toContainText(verified);
  slowUploads(server);
  const second = join(home.folder, 'second.bin');
  await makeFile(join(home.folder, big.name), big.sizeBytes);
  await makeFile(second, big.sizeBytes);
  await dropIntoFolder(page, [join(home.folder, big.name), second]);
  await expectUnderWay(page);

  await page.getByRole('button', { name: t('transfers.cancel-all') }).click();
  const question = page.getByRole('dialog', { name: t('transfers.cancel-all.title', counted(2)) });
  await question.getByRole('button', { name: t('transfers.cancel-all.keep') }).click();
  await expect(transferOf(page, big.name)).toContainText(like('transfers.time-left', { length: /.+/ }));
  await page.getByRole('button', { name: t('transfers.cancel-all') }).click();
  await question.getByRole('button', { name: t('transfers.cancel-all.do') }).click();
  await expect(transferOf(page, big.name)).toContainText(t('transfers.state.cancelled'));
  await expect(transferOf(page, 'second.bin')).toContainText(t('transfers.state.cancelled'));
  await expect(transferOf(page, 'small.txt')).toContainText(verified);
  const begun = async () => (await aliOss(server, bucket).listUploads({ 'max-uploads': 10 }, {})).uploads;
  await expect.poll(begun).toEqual([]);
});
