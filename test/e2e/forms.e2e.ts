// Long forms: what went wrong is in sight, and what was typed isn't lost by a slip.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright';
import { counted, startingWith, t } from '../support/words.ts';
import { accountSwitcher, addAccount, fillAccountForm, openAccountForm, ownerOf, test } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { chooseOption, openShareOf } from './support/sharing.ts';
import { chooseFromMenu, openBucket, openPractice, rowOf } from './support/waybill.ts';

test('a refused account says why in sight of the buttons, and leads to the field', async ({ page, serve }) => {
  const server = await serve();
  await page.setViewportSize({ width: 900, height: 600 });
  await openAccountForm(page);
  const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  await fillAccountForm(form, { ...ownerOf(server), accessKeySecret: 'not-the-secret' });
  await form.getByRole('button', { name: t('common.save') }).click();

  const alert = form.getByRole('alert');
  await expect(alert).toBeInViewport({ ratio: 0.99 });
  await expect(form.getByRole('button', { name: t('common.save') })).toBeInViewport({ ratio: 0.99 });
  const secret = form.getByLabel(t('accounts.form.secret'));
  await expect(secret).toBeFocused();
  await expect(secret).toHaveAccessibleDescription(startingWith(t('accounts.form.problem.refused')));

  await secret.fill(server.accessKeySecret);
  await page.keyboard.press('Enter');
  await expect(accountSwitcher(page)).toBeVisible();
});

test('a field that is missing takes the focus, out of a closed part too', async ({ page }) => {
  await openAccountForm(page);
  const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  const advanced = form.getByText(t('accounts.form.advanced'), { exact: true });
  await fillAccountForm(form, { accessKeyId: 'KEY', accessKeySecret: 'secret', startPath: 'not an address' });
  await advanced.click();
  await form.getByRole('button', { name: t('common.save') }).click();
  await expect(form.getByLabel(t('accounts.form.start-path'))).toBeFocused();
});

test('a filled form stays through a stray click, and asks before Escape discards it', async ({ page, serve }) => {
  const server = await serve();
  await addAccount(page, { name: 'First', ...ownerOf(server) });
  await openAccountForm(page);
  const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  const name = form.getByLabel(t('common.name'), { exact: true });

  await test.step('an empty form closes by a click beside it', async () => {
    await page.mouse.click(5, 400);
    await expect(form).toBeHidden();
    await openAccountForm(page);
  });

  await test.step('a filled one stays', async () => {
    await name.fill('Harbour');
    await page.mouse.click(5, 400);
    await expect(name).toHaveValue('Harbour');
  });

  await test.step('Escape asks, and again goes back to the field', async () => {
    await name.focus();
    await page.keyboard.press('Escape');
    await expect(form.getByRole('alert')).toHaveText(t('common.discard.title'));
    await expect(form.getByRole('button', { name: t('common.discard.keep') })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(form.getByRole('alert')).toBeHidden();
    await expect(name).toBeFocused();
    await expect(name).toHaveValue('Harbour');
  });

  await test.step('the cross asks too, and a click discards', async () => {
    await form.getByRole('button', { name: t('common.close') }).click();
    await form.getByRole('button', { name: t('common.discard.do') }).click();
    await expect(form).toBeHidden();
  });
});

test('a dialog shows no news of what was done before it', async ({ page, serve }) => {
  const server = await serve();
  await addAccount(page, { name: 'First', ...ownerOf(server) });
  await openBucket(page, 'waybill-samples');
  await rowOf(page, 'Welcome to Waybill.txt').click();
  await page
    .getByRole('toolbar')
    .getByRole('button', { name: t('browse.copy-link') })
    .click();
  const news = page.getByRole('status', { name: t('common.news') });
  await expect(news.locator('p')).toHaveCount(1);
  await page.keyboard.press('ControlOrMeta+,');
  await expect(page.getByRole('dialog', { name: t('settings.title') })).toBeVisible();
  await expect(news.locator('p')).toHaveCount(0);
});

test('a file is moved into a new folder, and to a recent place, by the keyboard', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  await openBucket(page, 'waybill-samples');
  const name = 'Welcome to Waybill.txt';
  const title = { name: t('browse.move-to.title', { ...counted(1), name }) };
  await chooseFromMenu(page, rowOf(page, name), t('browse.move-to'));
  const dialog = page.getByRole('dialog', title);
  const folder = dialog.getByLabel(t('browse.copy-to.folder'));
  await expect(dialog.getByRole('button', { name: t('browse.move-to.do') })).toBeDisabled();
  expect(await barriers(page)).toEqual([]);

  await dialog.getByRole('button', { name: t('browse.copy-to.places') }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'oss://waybill-inbox/' }).press('Enter');
  await expect(folder).toHaveValue('oss://waybill-inbox/');
  await dialog.getByRole('button', { name: t('keys.new-folder') }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel(t('browse.copy-to.new-folder.label'))).toBeFocused();
  await page.keyboard.type('May');
  await expect(folder).toHaveValue('oss://waybill-inbox/May/');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await openBucket(page, 'waybill-inbox');
  await rowOf(page, 'May').dblclick();
  await expect(rowOf(page, name)).toBeVisible();
});

test('the day that a link expires is picked in a calendar, by the keyboard and by a click', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  const dialog = await openShareOf(page, 'Welcome to Waybill.txt');
  await dialog.getByText(t('share.expiry.custom'), { exact: true }).click();
  await chooseOption(dialog, t('share.expiry.unit'), t('share.expiry.unit.moment'));
  const moment = dialog.getByLabel(t('common.valid-until'));
  const tomorrow = new Date(Date.now() + 86_400_000);
  const day = [tomorrow.getFullYear(), tomorrow.getMonth() + 1, tomorrow.getDate()].map((part) =>
    String(part).padStart(2, '0'),
  );
  await moment.fill(`${day.join('-')} 9:05`);

  const open = dialog.getByRole('button', { name: t('common.pick-date') });
  await open.focus();
  await page.keyboard.press('Enter');
  const chosen = page.locator('.calendar-day[data-selected]');
  await expect(chosen).toHaveText(String(tomorrow.getDate()));
  expect(await barriers(page)).toEqual([]);
  await chosen.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(chosen).toBeHidden();
  const next = new Date(tomorrow.getTime() + 86_400_000);
  await expect(moment).toHaveValue(new RegExp(`-${String(next.getDate()).padStart(2, '0')} 09:05$`));

  await open.click();
  await page.locator('.calendar-day:not([data-outside-month])').last().click();
  await expect(moment).toHaveValue(/ 09:05$/);
  await expect(dialog.getByRole('button', { name: t('share.make') })).toBeEnabled();
});

/** What axe finds that keeps somebody out. */
async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.map(({ id, help }) => `${id}: ${help}`);
}
