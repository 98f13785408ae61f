// The list of transfers as a pane: its height, the menu of each row, and what becomes of what failed.
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { t } from '../support/words.ts';
import { makeFile, MiB } from './support/files.ts';
import { expect, test } from './support/practice.ts';
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

const dockOf = (page: Page) => page.getByRole('region', { name: t('transfers.title') });
const edgeOf = (page: Page) => dockOf(page).getByRole('separator', { name: t('transfers.resize') });
const heightOf = async (page: Page) => Number(await edgeOf(page).getAttribute('aria-valuenow'));

async function makeFiles(folder: string, names: readonly string[], sizeBytes = 500): Promise<string[]> {
  const paths = names.map((name) => join(folder, name));
  for (const path of paths) await makeFile(path, sizeBytes);
  return paths;
}

test('the list of transfers is as high as it was made, by mouse and by keyboard, also at the next start', async ({
  home,
  server,
}) => {
  const first = await home.launch();
  await addAccount(first.page, { name: 'Port', ...server });
  await openBucket(first.page, bucket);
  await dropIntoFolder(first.page, await makeFiles(home.folder, ['one.txt']));
  await showTransfers(first.page);
  await expect(transferOf(first.page, 'one.txt')).toContainText(verified);
  const usual = await heightOf(first.page);
  const box = await edgeOf(first.page).boundingBox();
  if (box === null) throw new Error('no edge');
  await first.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await first.page.mouse.down();
  await first.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2 - 60, { steps: 3 });
  await first.page.mouse.up();
  await expect.poll(() => heightOf(first.page)).toBe(usual + 60);
  await edgeOf(first.page).focus();
  await first.page.keyboard.press('ArrowDown');
  await expect.poll(() => heightOf(first.page)).toBe(usual + 44);
  const { violations } = await new AxeBuilder({ page: first.page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await first.app.close();

  const second = await home.launch();
  await showTransfers(second.page);
  await openBucket(second.page, bucket);
  await dropIntoFolder(second.page, await makeFiles(home.folder, ['two.txt']));
  await expect.poll(() => heightOf(second.page)).toBe(usual + 44);
  await edgeOf(second.page).dblclick();
  await expect.poll(() => heightOf(second.page)).toBe(usual);
});

test('each transfer has a menu, by mouse and by keyboard', async ({ page, home, server }) => {
  await addAccount(page, { name: 'Port', ...server });
  await openBucket(page, bucket);
  await showTransfers(page);
  const goFast = server.faults.add({
    match: { bucket, method: 'PUT' },
    effect: { kind: 'slow', bytesPerSecond: MiB / 8 },
  });
  const name = 'slow.bin';
  await dropIntoFolder(page, await makeFiles(home.folder, [name], 12 * MiB));
  const transfer = transferOf(page, name);
  await expect(transfer).toContainText(t('transfers.state.uploading'));
  await transfer.getByText(name).click({ button: 'right' });
  await page.getByRole('menuitem', { name: t('transfers.action.pause') }).click();
  await expect(transfer).toContainText(t('transfers.state.paused'));

  goFast();
  const order = t('transfers.action.of', { action: t('transfers.action.order'), name });
  await transfer.getByRole('button', { name: order }).focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: t('transfers.action.resume') }).press('Enter');
  await expect(transfer).toContainText(verified);

  await openBucket(page, 'waybill-samples');
  await transfer.getByText(name).click({ button: 'right' });
  await page.getByRole('menuitem', { name: t('transfers.action.open-folder') }).click();
  await expect(rowOf(page, name)).toBeVisible();
});

test('what failed is dismissed at once, and what is finished stays', async ({ page, home, server }) => {
  await addAccount(page, { name: 'Port', ...server });
  await openBucket(page, bucket);
  await showTransfers(page);
  server.faults.add({ match: { key: /^bad/ }, effect: { kind: 'error', status: 403, code: 'AccessDenied' } });
  await dropIntoFolder(page, await makeFiles(home.folder, ['good.txt', 'bad-1.txt', 'bad-2.txt', 'bad-3.txt']));
  await expect(page.getByText(t('transfers.count.attention', { count: 3 }))).toBeVisible();
  await expect(transferOf(page, 'good.txt')).toContainText(verified);
  await page.getByRole('button', { name: t('transfers.dismiss-failed') }).click();
  await expect(dockOf(page).getByRole('listitem')).toHaveText([/good\.txt/]);
  await expect(page.getByRole('button', { name: t('transfers.dismiss-failed') })).toBeHidden();
});

test('limits of certain hours are chosen in the settings, and the bar shows those of now', async ({ page, server }) => {
  await addAccount(page, { name: 'Port', ...server });
  await openBucket(page, bucket);
  await page.keyboard.press('ControlOrMeta+Comma');
  const settings = page.getByRole('dialog', { name: t('settings.title') });
  await settings.getByRole('tab', { name: t('settings.tab.transfers') }).click();
  await settings.getByRole('checkbox', { name: t('settings.limit-hours') }).focus();
  await page.keyboard.press('Space');
  const choose = async (field: string, option: string) => {
    await settings.getByLabel(field, { exact: true }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };
  await choose(t('settings.limit-hours.days'), t('settings.limit-hours.days.every'));
  await choose(t('settings.limit-hours.upload'), '5 MB/s');
  // From one moment to the same: all day, whenever this runs.
  const until = settings.getByLabel(t('settings.limit-hours.to'), { exact: true });
  const from = settings.getByLabel(t('settings.limit-hours.from'), { exact: true });
  await choose(t('settings.limit-hours.to'), await from.innerText());
  await expect(until).toHaveText(await from.innerText());
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(settings).toBeHidden();
  await expect(dockOf(page).getByRole('button', { name: t('transfers.limit.up', { up: '5 MB/s' }) })).toBeVisible();
  await dockOf(page)
    .getByRole('button', { name: t('transfers.limit.up', { up: '5 MB/s' }) })
    .click();
  await expect(settings.getByRole('checkbox', { name: t('settings.limit-hours') })).toBeChecked();
});
