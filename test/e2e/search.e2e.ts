// Files found in all buckets, by name, size and time.
import { AxeBuilder } from '@axe-core/playwright';
import { t } from '../support/words.ts';
import { expect, test } from './support/app.ts';
import { openBucket, openPractice, rowOf } from './support/waybill.ts';

test('a file is found in another bucket with the keyboard alone, and is selected where it is', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await expect(rowOf(page, 'Welcome to Waybill.txt')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Shift+F');
  const dialog = page.getByRole('dialog', { name: t('search.title') });
  await expect(dialog.getByLabel(t('search.text'))).toBeFocused();
  await page.keyboard.type('PRICE-LIST');
  await page.keyboard.press('Enter');
  const found = dialog.getByRole('list', { name: t('search.found') }).getByRole('button');
  await expect(found.first()).toContainText('price-list.csv');
  await expect(found.filter({ hasText: 'waybill-versions' })).toHaveCount(1);
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await found.filter({ hasText: 'waybill-versions' }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(rowOf(page, 'price-list.csv')).toHaveAttribute('aria-selected', 'true');
  await expect(page).toHaveTitle('waybill-versions — Waybill');
});

test('a filter goes on in all buckets; size and time narrow it, and what was found is there again', async ({
  page,
}) => {
  await openPractice(page);
  await openBucket(page, 'waybill-versions');
  await page.getByLabel(t('browse.filter')).fill('welcome');
  await page.getByRole('button', { name: t('search.title') }).click();
  const dialog = page.getByRole('dialog', { name: t('search.title') });
  await expect(dialog.getByLabel(t('search.text'))).toHaveValue('welcome');
  await dialog.getByRole('button', { name: t('common.search') }).click();
  const found = dialog.getByRole('list', { name: t('search.found') }).getByRole('button');
  await expect(found.first()).toContainText('Welcome to Waybill.txt');
  await dialog.getByLabel(t('common.size')).click();
  await page.getByRole('option', { name: t('search.size.over-1-gb') }).click();
  await dialog.getByRole('button', { name: t('common.search') }).click();
  await expect(found).toHaveCount(0);
  await dialog.getByLabel(t('common.size')).click();
  await page.getByRole('option', { name: t('search.size.under-1-mb') }).click();
  await dialog.getByRole('button', { name: t('common.search') }).click();
  await expect(found.first()).toContainText('Welcome to Waybill.txt');
  await dialog
    .getByRole('button', { name: t('common.close') })
    .last()
    .click();
  await page.getByRole('button', { name: t('search.open'), exact: true }).click();
  await expect(found.first()).toContainText('Welcome to Waybill.txt');
});
