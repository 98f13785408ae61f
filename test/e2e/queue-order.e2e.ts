// The queue in a person's hands: its order, its limits, folders, and what to do with what is already there.
import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import type { PracticeServer } from '../../main/practice/server.ts';
import { escaped, t } from '../support/words.ts';
import { makeFile, MiB } from './support/files.ts';
import { aliOss, expect, test } from './support/practice.ts';
import {
  addAccount,
  ask,
  dropIntoFolder,
  openBucket,
  rowOf,
  showTransfers,
  transferOf,
  verified,
} from './support/waybill.ts';

const bucket = 'waybill-inbox';

async function openInbox(page: Page, server: PracticeServer): Promise<void> {
  await addAccount(page, { name: 'Port', ...server });
  await openBucket(page, bucket);
  await showTransfers(page);
}

/** Uploads that take their time. @returns lets them go fast */
function slowUploads(server: PracticeServer): () => void {
  return server.faults.add({ match: { bucket, method: 'PUT' }, effect: { kind: 'slow', bytesPerSecond: MiB / 8 } });
}

function rows(page: Page): Locator {
  return page.getByRole('region', { name: t('transfers.title') }).getByRole('listitem');
}

async function makeFiles(folder: string, names: readonly string[], sizeBytes: number): Promise<string[]> {
  const paths = names.map((name) => join(folder, name));
  for (const path of paths) await makeFile(path, sizeBytes);
  return paths;
}

test('transfers change places by mouse and by keyboard, and priority comes first', async ({ page, home, server }) => {
  await openInbox(page, server);
  await ask(page, 'settings.set', { parallelTransfers: 1 });
  slowUploads(server);
  const names = ['one.bin', 'two.bin', 'three.bin', 'four.bin'];
  await dropIntoFolder(page, await makeFiles(home.folder, names, 20 * MiB));
  await expect(rows(page)).toHaveText([/one\.bin/, /two\.bin/, /three\.bin/, /four\.bin/]);

  const orderOf = (name: string) =>
    transferOf(page, name).getByRole('button', {
      name: t('transfers.action.of', { action: t('transfers.action.order'), name }),
    });
  await orderOf('four.bin').click();
  await page.getByRole('menuitem', { name: t('transfers.move.top') }).click();
  await expect(rows(page)).toHaveText([/four\.bin/, /one\.bin/, /two\.bin/, /three\.bin/]);

  await orderOf('three.bin').focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(rows(page)).toHaveText([/four\.bin/, /one\.bin/, /three\.bin/, /two\.bin/]);
  await expect(orderOf('three.bin')).toBeFocused();
  await page.keyboard.press('Alt+Home');
  await expect(rows(page)).toHaveText([/three\.bin/, /four\.bin/, /one\.bin/, /two\.bin/]);

  await orderOf('two.bin').click();
  await page.getByRole('menuitem', { name: t('transfers.priority.high') }).click();
  await expect(rows(page)).toHaveText([/two\.bin/, /three\.bin/, /four\.bin/, /one\.bin/]);
});

test('a folder is one row that counts, opens, and ends verified', async ({ page, home, server }) => {
  await openInbox(page, server);
  const goFast = server.faults.add({ match: { bucket, method: 'PUT' }, effect: { kind: 'latency', ms: 400 } });
  const names = Array.from({ length: 60 }, (_, index) => `photo-${String(index).padStart(2, '0')}.jpg`);
  await makeFiles(join(home.folder, 'Album'), names, 2_000);
  await dropIntoFolder(page, [join(home.folder, 'Album')]);
  const folder = transferOf(page, 'Album').first();
  await expect(folder).toContainText(
    new RegExp(escaped(t('transfers.folder.done', { done: 0, total: 60, failed: 0 })).replace('0', '\\d+')),
  );
  await expect(rows(page)).toHaveCount(1);
  await folder.getByRole('button', { name: t('transfers.folder.open', { name: 'Album' }) }).click();
  await expect(rows(page).nth(1)).toContainText('photo-');
  await folder.getByRole('button', { name: t('transfers.folder.close', { name: 'Album' }) }).click();
  await expect(rows(page)).toHaveCount(1);
  goFast();
  await expect(folder).toContainText(t('transfers.folder.done', { done: 60, total: 60, failed: 0 }), {
    timeout: 20_000,
  });
  await expect(folder).toContainText(verified);
  await expect(rowOf(page, 'Album')).toBeVisible();
});

test('one answer in a folder counts for all of it, and the same bytes are not sent again', async ({
  page,
  home,
  server,
}) => {
  await openInbox(page, server);
  const names = ['a.txt', 'b.txt', 'c.txt'];
  const paths = await makeFiles(join(home.folder, 'Texts'), names, 1_000);
  const client = aliOss(server, bucket);
  await client.put('Texts/a.txt', paths[0] ?? '');
  await client.put('Texts/b.txt', Buffer.from('something else'));
  await dropIntoFolder(page, [join(home.folder, 'Texts')]);
  const folder = transferOf(page, 'Texts').first();
  await expect(folder).toContainText(t('transfers.folder.asking', { count: 2 }));
  await folder.getByRole('button', { name: t('transfers.choose.skip-same') }).click();
  await expect(folder).toContainText(t('transfers.folder.done', { done: 3, total: 3, failed: 0 }));
  await expect(folder).toContainText(verified);
});

test('a rule in the settings answers beforehand', async ({ page, home, server }) => {
  await openInbox(page, server);
  await aliOss(server, bucket).put('there.txt', Buffer.from('old'));
  await page.keyboard.press('ControlOrMeta+Comma');
  const settings = page.getByRole('dialog', { name: t('settings.title') });
  await settings.getByRole('tab', { name: t('settings.tab.transfers') }).click();
  await settings.getByLabel(t('settings.overwrite')).click();
  await page.getByRole('option', { name: t('transfers.choose.skip'), exact: true }).click();
  await page.keyboard.press('Escape');
  await dropIntoFolder(page, await makeFiles(home.folder, ['there.txt'], 100));
  await expect(transferOf(page, 'there.txt')).toContainText(t('transfers.state.skipped'));
});

test('the list shows what is asked for, and forgets what is finished', async ({ page, home, server }) => {
  await openInbox(page, server);
  server.faults.add({ match: { key: 'refused.txt' }, effect: { kind: 'error', status: 403, code: 'AccessDenied' } });
  await dropIntoFolder(page, await makeFiles(home.folder, ['fine.txt', 'refused.txt'], 100));
  await expect(transferOf(page, 'fine.txt')).toContainText(verified);
  await expect(transferOf(page, 'refused.txt')).toContainText(t('failure.cause.denied-by-policy.title'));
  const show = (filter: string) =>
    page.getByRole('region', { name: t('transfers.title') }).getByText(filter, { exact: true });
  await show(t('transfers.filter.attention')).click();
  await expect(rows(page)).toHaveText([/refused\.txt/]);
  await show(t('transfers.filter.finished')).click();
  await expect(rows(page)).toHaveText([/fine\.txt/]);
  await show(t('transfers.filter.going')).click();
  await expect(rows(page)).toHaveCount(0);
  await show(t('transfers.filter.all')).click();
  await page.getByRole('button', { name: t('transfers.clear') }).click();
  await expect(rows(page)).toHaveText([/refused\.txt/]);
});
