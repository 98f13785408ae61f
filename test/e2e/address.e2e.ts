import { AxeBuilder } from '@axe-core/playwright';
import { t } from '../support/words.ts';
import { expect, test } from './support/app.ts';
import { openBucket, openPractice, rowOf } from './support/waybill.ts';

test('an address is completed as it is typed, with the keyboard and with the mouse', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await page.keyboard.press('ControlOrMeta+L');
  const address = page.getByRole('combobox', { name: t('browse.address') });
  await address.fill('waybill-v');
  const suggestions = page.getByRole('listbox', { name: t('browse.address.suggestions') });
  await expect(suggestions.getByRole('option')).toHaveText(['oss://waybill-versions/']);
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(rowOf(page, 'price-list.csv')).toBeVisible();

  // The address has no slash yet: Tab completes it, and folders of the server follow.
  await page.keyboard.press('ControlOrMeta+L');
  await address.fill('waybill-sa');
  await page.keyboard.press('Tab');
  await expect(address).toHaveValue('oss://waybill-samples/');
  const folder = suggestions.getByRole('option').first();
  await expect(folder).toBeVisible();
  const wanted = (await folder.textContent())?.trim() ?? '';
  expect(wanted).toMatch(/^oss:\/\/waybill-samples\/.+\/$/);
  await folder.click();
  await expect(address).toBeHidden();
  await expect(page.getByRole('navigation', { name: t('browse.path') })).toContainText(wanted.split('/').at(-2) ?? '');

  await page.keyboard.press('ControlOrMeta+L');
  await address.fill('waybill-');
  await expect(suggestions).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(suggestions).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(address).toBeHidden();
});

test('an address that is half typed stays while another window has the focus', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await page.keyboard.press('ControlOrMeta+L');
  const address = page.getByRole('combobox', { name: t('browse.address') });
  await address.fill('oss://waybill-v');
  // As a window tells it that is not in front any more: the field is still the active element. (Playwright keeps every
  // page in front.)
  await address.evaluate((field) => field.dispatchEvent(new FocusEvent('blur')));
  await expect(address).toHaveValue('oss://waybill-v');
  await page.getByRole('grid', { name: t('browse.content') }).click();
  await expect(address).toBeHidden();
});
