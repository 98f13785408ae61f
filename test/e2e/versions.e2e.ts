import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { expect, test } from './support/app.ts';
import {
  ask,
  chooseFromMenu,
  openBucket,
  openPractice,
  showTransfers,
  transferOf,
  verified,
} from './support/waybill.ts';

const rowsOf = (page: Page, name: string) =>
  page.getByRole('grid', { name: 'Files' }).getByRole('row').filter({ hasText: name });

test('versions are shown in the list; one is looked at, made current, downloaded and deleted for good', async ({
  page,
}) => {
  await openPractice(page);
  await openBucket(page, 'waybill-versions');
  const prices = rowsOf(page, 'price-list.csv');
  await expect(prices).toHaveCount(1);
  await expect(rowsOf(page, 'old-terms.txt')).toHaveCount(0);

  await page.getByRole('button', { name: 'Show all versions' }).click();
  await expect(prices).toHaveCount(3);
  await expect(prices.first()).toContainText('Current');
  await expect(prices.last()).toContainText('Older');
  await expect(rowsOf(page, 'old-terms.txt').first()).toContainText('Delete marker');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);

  await chooseFromMenu(page, prices.last(), 'Make this the current version');
  await expect(prices).toHaveCount(4);
  await showTransfers(page);
  await chooseFromMenu(page, prices.last(), 'Download');
  await expect(transferOf(page, 'price-list.csv').last()).toContainText(verified);

  await chooseFromMenu(page, prices.last(), 'Delete for good…');
  await page
    .getByRole('dialog', { name: 'Delete this version?' })
    .getByRole('button', { name: 'Delete version' })
    .click();
  await expect(prices).toHaveCount(3);
});

test('a deleted file is brought back from the list, with the keyboard alone', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-versions');
  await page.getByRole('grid', { name: 'Files' }).focus();
  await page.keyboard.press('ControlOrMeta+H');
  const terms = rowsOf(page, 'old-terms.txt');
  await expect(terms).toHaveCount(2);
  await page.keyboard.press('Home');
  while ((await terms.first().getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('toolbar', { name: 'Commands' })).toContainText('Bring back');

  // A version is looked into with the space bar; of a delete marker there is nothing to see.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect(page.getByRole('dialog', { name: 'old-terms.txt' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('grid', { name: 'Files' })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Bring back' }).press('Enter');
  await expect(terms).toHaveCount(1);
  await expect(terms).toContainText('Current');

  await page.keyboard.press('ControlOrMeta+H');
  await expect(page.getByRole('button', { name: 'Show all versions' })).toHaveAttribute('aria-pressed', 'false');
  await expect(terms).toHaveCount(1);
});

test('commands for files say nothing of a selection that has versions in it', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-versions');
  await page.getByRole('button', { name: 'Show all versions' }).click();
  await expect(rowsOf(page, 'price-list.csv')).toHaveCount(3);
  await page.getByRole('grid', { name: 'Files' }).focus();
  await page.keyboard.press('ControlOrMeta+A');
  const commands = page.getByRole('toolbar', { name: 'Commands' });
  await expect(commands.getByRole('button', { name: 'Download' })).toBeHidden();
  await page.keyboard.press('Delete');
  await expect(page.getByRole('dialog')).toBeHidden();
  await commands.getByRole('button', { name: 'Select only the versions among them' }).click();
  await page.keyboard.press('Tab');
  await page.getByRole('grid', { name: 'Files' }).focus();
  await page.keyboard.press('Delete');
  const question = page.getByRole('dialog', { name: /^Delete these \d+ versions\?$/ });
  await expect(question).toContainText('A delete marker only hides a file');
  await question.getByRole('button', { name: 'Cancel' }).click();
});

test('the details show one version as they show a file, and say what a delete marker is', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-versions');
  await chooseFromMenu(page, rowsOf(page, 'price-list.csv'), 'Details');
  await page.getByRole('button', { name: 'Show all versions' }).click();
  const details = page.getByRole('complementary', { name: 'Details' });
  const prices = rowsOf(page, 'price-list.csv');
  await prices.last().click();
  await expect(details).toContainText('Older');
  const shown = details.getByRole('listitem').filter({ has: page.locator('xpath=self::*[@aria-current="true"]') });
  await expect(shown).toHaveCount(1);
  const [account] = await ask(page, 'accounts.list', {});
  const place = { accountId: account?.id ?? '', bucket: 'waybill-versions', key: 'price-list.csv' };
  const oldest = (await ask(page, 'objects.versions', place)).at(-1);
  const head = await ask(page, 'objects.head', { ...place, versionId: oldest?.versionId ?? '' });
  await expect(details).toContainText(head.etag ?? 'no ETag');
  await expect(details).toContainText(oldest?.versionId ?? 'no version');
  await details.getByRole('button', { name: 'Preview' }).click();
  await expect(page.getByRole('dialog', { name: 'price-list.csv' })).toContainText('UTF-8');
  await page.keyboard.press('Escape');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);

  await rowsOf(page, 'old-terms.txt').first().click();
  await expect(details).toContainText('From here on the file counts as deleted');
  await details.getByRole('button', { name: 'Bring back' }).click();
  await expect(rowsOf(page, 'old-terms.txt')).toHaveCount(1);
});

test('tags of an older version are changed, and no new version comes of it', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-versions');
  await page.getByRole('button', { name: 'Show all versions' }).click();
  const prices = rowsOf(page, 'price-list.csv');
  await chooseFromMenu(page, prices.last(), 'Properties…');
  const dialog = page.getByRole('dialog', { name: 'Properties of “price-list.csv”' });
  await dialog.getByRole('tab', { name: 'Headers' }).click();
  await expect(dialog.getByLabel('Content-Type')).toBeDisabled();
  await dialog.getByRole('tab', { name: 'Tags' }).click();
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.getByLabel('Name').last().fill('state');
  await dialog.getByLabel('Value').last().fill('replaced');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(prices).toHaveCount(3);
  const [account] = await ask(page, 'accounts.list', {});
  const place = { accountId: account?.id ?? '', bucket: 'waybill-versions', key: 'price-list.csv' };
  const oldest = (await ask(page, 'objects.versions', place)).at(-1)?.versionId ?? '';
  const tagsOf = async (versionId: string | null) => (await ask(page, 'properties.read', { ...place, versionId })).tags;
  expect(await tagsOf(oldest)).toMatchObject({ ok: true, value: [['state', 'replaced']] });
  expect(await tagsOf(null)).toMatchObject({ ok: true, value: [] });
});
