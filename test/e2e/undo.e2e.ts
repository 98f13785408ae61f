// What was deleted, renamed or moved goes back; what arrives is selected; copies within a folder.
import { counted, t } from '../support/words.ts';
import { expect, test } from './support/app.ts';
import { chooseMenuItem } from './support/desktop.ts';
import { chooseFromMenu, goTo, openBucket, openPractice, rowOf } from './support/waybill.ts';

test.beforeEach(async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-versions');
  await expect(rowOf(page, 'price-list.csv')).toBeVisible();
});

test('Ctrl+Z takes back a renaming and a deletion, the newest first, with the keyboard alone', async ({ page }) => {
  const list = page.getByRole('grid', { name: t('browse.content') });
  await list.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('F2');
  await page.keyboard.type('prices');
  await page.keyboard.press('Enter');
  const renamed = rowOf(page, 'prices.csv');
  await expect(renamed).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByText(t('browse.renamed', { name: 'prices.csv' }))).toBeVisible();

  await list.focus();
  await page.keyboard.press('Delete');
  await page
    .getByRole('dialog', { name: t('browse.delete.title', counted(1)) })
    .getByRole('button', { name: t('browse.delete.do', counted(1)), exact: true })
    .press('Enter');
  await expect(renamed).toBeHidden();
  await expect(page.getByText(t('browse.deleted', counted(1)))).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Z');
  await expect(renamed).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Z');
  await expect(rowOf(page, 'price-list.csv')).toBeVisible();
  await expect(renamed).toBeHidden();
});

test('Ctrl+Z outside of fields changes no text in them, and inside of them only text', async ({ page }) => {
  const filter = page.getByLabel(t('browse.filter'));
  await filter.fill('9999');
  await filter.fill('');
  await rowOf(page, 'price-list.csv').click();
  await page.keyboard.press('ControlOrMeta+Z');
  await expect(filter).toHaveValue('');
  await filter.pressSequentially('price');
  await page.keyboard.press('ControlOrMeta+Z');
  await expect(filter).not.toHaveValue('price');
});

test('Edit → Undo and Select all of the menu do what their keys do, in a field and outside of it', async ({
  started: { app, page },
}) => {
  const filter = page.getByLabel(t('browse.filter'));
  await rowOf(page, 'price-list.csv').click();
  await page.keyboard.press('F2');
  await page.keyboard.type('prices');
  await page.keyboard.press('Enter');
  await expect(rowOf(page, 'prices.csv')).toHaveAttribute('aria-selected', 'true');

  await filter.pressSequentially('prices');
  await chooseMenuItem(app, 'undo');
  await expect(filter).not.toHaveValue('prices');
  await chooseMenuItem(app, 'redo');
  await expect(filter).toHaveValue('prices');
  await chooseMenuItem(app, 'select-all');
  await expect.poll(() => page.evaluate(() => window.getSelection()?.toString())).toBe('prices');
  await page.keyboard.press('Delete');
  await expect(filter).toHaveValue('');

  // What the field could undo is left alone now: the focus is elsewhere.
  await rowOf(page, 'prices.csv').click();
  await chooseMenuItem(app, 'undo');
  await expect(rowOf(page, 'price-list.csv')).toBeVisible();
  await expect(filter).toHaveValue('');
  const rows = page.getByRole('grid', { name: t('browse.content') }).locator('[data-row]');
  await chooseMenuItem(app, 'select-all');
  for (const row of await rows.all()) await expect(row).toHaveAttribute('aria-selected', 'true');
});

test('a file that was moved goes back by the button of the news', async ({ page }) => {
  await chooseFromMenu(page, rowOf(page, 'price-list.csv'), t('browse.move-to'));
  const dialog = page.getByRole('dialog', {
    name: t('browse.move-to.title', { ...counted(1), name: 'price-list.csv' }),
  });
  await dialog.getByLabel(t('browse.copy-to.folder')).fill('oss://waybill-inbox/lists/');
  await dialog.getByRole('button', { name: t('browse.move-to.do') }).click();
  await expect(rowOf(page, 'price-list.csv')).toBeHidden();
  const done = page.getByRole('status').filter({
    hasText: t('browse.moved', { ...counted(1), folder: 'oss://waybill-inbox/lists/' }),
  });
  await done.getByRole('button', { name: t('browse.undo') }).click();
  await expect(rowOf(page, 'price-list.csv')).toBeVisible();
  await goTo(page, 'oss://waybill-inbox/');
  await expect(rowOf(page, 'lists')).toBeHidden();
});

test('a file that is pasted where it is becomes a copy, then a second one, each selected', async ({ page }) => {
  await rowOf(page, 'price-list.csv').click();
  await page.keyboard.press('ControlOrMeta+C');
  await expect(page.getByText(t('browse.held.copied', counted(1)))).toBeVisible();
  await page.keyboard.press('ControlOrMeta+V');
  const copy = rowOf(page, t('browse.copy-name', { name: 'price-list' }) + '.csv');
  await expect(copy).toHaveAttribute('aria-selected', 'true');
  await expect(rowOf(page, 'price-list.csv').first()).toHaveAttribute('aria-selected', 'false');
  await chooseFromMenu(page, copy, t('browse.duplicate'));
  await expect(rowOf(page, `${t('browse.copy-name', { name: 'price-list' })} 2.csv`)).toHaveAttribute(
    'aria-selected',
    'true',
  );
});
