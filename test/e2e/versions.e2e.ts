import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { counted, like, t } from '../support/words.ts';
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
  page
    .getByRole('grid', { name: t('browse.content') })
    .getByRole('row')
    .filter({ hasText: name });

test('versions are shown in the list; one is looked at, made current, downloaded and deleted for good', async ({
  page,
}) => {
  await openPractice(page);
  await openBucket(page, 'waybill-versions');
  const prices = rowsOf(page, 'price-list.csv');
  await expect(prices).toHaveCount(1);
  await expect(rowsOf(page, 'old-terms.txt')).toHaveCount(0);

  await page.getByRole('button', { name: t('browse.versions') }).click();
  await expect(prices).toHaveCount(3);
  await expect(prices.first()).toContainText(t('browse.version.current'));
  await expect(prices.last()).toContainText(t('browse.version.older'));
  await expect(rowsOf(page, 'old-terms.txt').first()).toContainText(t('browse.version.deleted'));
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);

  await chooseFromMenu(page, prices.last(), t('browse.versions.restore'));
  await expect(prices).toHaveCount(4);
  await showTransfers(page);
  await chooseFromMenu(page, prices.last(), t('browse.download'));
  await expect(transferOf(page, 'price-list.csv').last()).toContainText(verified);

  await chooseFromMenu(page, prices.last(), t('browse.versions.delete'));
  await page
    .getByRole('dialog', { name: t('inspector.delete-version.title', counted(1)) })
    .getByRole('button', { name: t('inspector.delete-version.do', counted(1)) })
    .click();
  await expect(prices).toHaveCount(3);
});

test('a deleted file is brought back from the list, with the keyboard alone', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-versions');
  await page.getByRole('grid', { name: t('browse.content') }).focus();
  await page.keyboard.press('ControlOrMeta+H');
  const terms = rowsOf(page, 'old-terms.txt');
  await expect(terms).toHaveCount(2);
  await page.keyboard.press('Home');
  while ((await terms.first().getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('toolbar', { name: t('browse.commands') })).toContainText(
    t('browse.deleted-files.restore'),
  );

  // A version is looked into with the space bar; of a delete marker there is nothing to see.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect(page.getByRole('dialog', { name: 'old-terms.txt' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('grid', { name: t('browse.content') })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: t('browse.deleted-files.restore') }).press('Enter');
  await expect(terms).toHaveCount(1);
  await expect(terms).toContainText(t('browse.version.current'));

  await page.keyboard.press('ControlOrMeta+H');
  await expect(page.getByRole('button', { name: t('browse.versions') })).toHaveAttribute('aria-pressed', 'false');
  await expect(terms).toHaveCount(1);
});

test('commands for files say nothing of a selection that has versions in it', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-versions');
  await page.getByRole('button', { name: t('browse.versions') }).click();
  await expect(rowsOf(page, 'price-list.csv')).toHaveCount(3);
  await page.getByRole('grid', { name: t('browse.content') }).focus();
  await page.keyboard.press('ControlOrMeta+A');
  const commands = page.getByRole('toolbar', { name: t('browse.commands') });
  await expect(commands.getByRole('button', { name: t('browse.download') })).toBeHidden();
  await page.keyboard.press('Delete');
  await expect(page.getByRole('dialog')).toBeHidden();
  await commands.getByRole('button', { name: t('browse.versions.select-only') }).click();
  await page.keyboard.press('Tab');
  await page.getByRole('grid', { name: t('browse.content') }).focus();
  await page.keyboard.press('Delete');
  const question = page.getByRole('dialog', {
    name: like('inspector.delete-version.title', { count: 2, shown: /\d+/ }),
  });
  await expect(question).toContainText(t('inspector.delete-versions.markers'));
  await question.getByRole('button', { name: t('common.cancel') }).click();
});

test('the details show one version as they show a file, and say what a delete marker is', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-versions');
  await chooseFromMenu(page, rowsOf(page, 'price-list.csv'), t('browse.details'));
  await page.getByRole('button', { name: t('browse.versions') }).click();
  const details = page.getByRole('complementary', { name: t('browse.inspector') });
  const prices = rowsOf(page, 'price-list.csv');
  await prices.last().click();
  await expect(details).toContainText(t('browse.version.older'));
  const shown = details.getByRole('listitem').filter({ has: page.locator('xpath=self::*[@aria-current="true"]') });
  await expect(shown).toHaveCount(1);
  const [account] = await ask(page, 'accounts.list', {});
  const place = { accountId: account?.id ?? '', bucket: 'waybill-versions', key: 'price-list.csv' };
  const oldest = (await ask(page, 'objects.versions', place)).at(-1);
  const head = await ask(page, 'objects.head', { ...place, versionId: oldest?.versionId ?? '' });
  await details.getByText(t('inspector.technical')).click();
  await expect(details).toContainText(head.etag ?? 'no ETag');
  await expect(details).toContainText(oldest?.versionId ?? 'no version');
  await details.getByRole('button', { name: t('preview.open') }).click();
  await expect(page.getByRole('dialog', { name: 'price-list.csv' })).toContainText('UTF-8');
  await page.keyboard.press('Escape');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);

  await rowsOf(page, 'old-terms.txt').first().click();
  await expect(details).toContainText(t('inspector.marker'));
  await details.getByRole('button', { name: t('browse.deleted-files.restore') }).click();
  await expect(rowsOf(page, 'old-terms.txt')).toHaveCount(1);
});

test('tags of an older version are changed, and no new version comes of it', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-versions');
  await page.getByRole('button', { name: t('browse.versions') }).click();
  const prices = rowsOf(page, 'price-list.csv');
  await chooseFromMenu(page, prices.last(), t('properties.open'));
  const dialog = page.getByRole('dialog', { name: t('properties.title', { name: 'price-list.csv' }) });
  await dialog.getByRole('tab', { name: t('properties.tab.headers') }).click();
  await expect(dialog.getByLabel('Content-Type')).toBeDisabled();
  await dialog.getByRole('tab', { name: t('properties.tab.tags') }).click();
  await dialog.getByRole('button', { name: t('rows.add') }).click();
  await dialog.getByLabel(t('common.name')).last().fill('state');
  await dialog.getByLabel(t('rows.value')).last().fill('replaced');
  await dialog.getByRole('button', { name: t('common.save') }).click();
  await expect(dialog).toBeHidden();
  await expect(prices).toHaveCount(3);
  const [account] = await ask(page, 'accounts.list', {});
  const place = { accountId: account?.id ?? '', bucket: 'waybill-versions', key: 'price-list.csv' };
  const oldest = (await ask(page, 'objects.versions', place)).at(-1)?.versionId ?? '';
  const tagsOf = async (versionId: string | null) => (await ask(page, 'properties.read', { ...place, versionId })).tags;
  expect(await tagsOf(oldest)).toMatchObject({ ok: true, value: [['state', 'replaced']] });
  expect(await tagsOf(null)).toMatchObject({ ok: true, value: [] });
});
