// The practice account across starts: a trial is not lost when the window closes.
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { t } from '../support/words.ts';
import { expect, test } from './support/practice.ts';
import { accountSwitcher, addAccount, chooseFromSwitcher } from './support/accounts.ts';
import { openBucket } from './support/waybill.ts';

test('whoever practised last time finds the account open, and what was stored in it', async ({ home }) => {
  const first = await home.launch();
  await first.page.getByRole('button', { name: t('welcome.practice') }).click();
  await expect(first.page.getByRole('button', { name: 'waybill-samples' })).toBeVisible();
  await first.app.close();

  const second = await home.launch();
  await second.page.getByRole('button', { name: 'waybill-samples' }).click();
  await expect(second.page.getByRole('row').filter({ hasText: 'Welcome to Waybill.txt' })).toBeVisible();
});

test('whoever went on to another account finds the way back to the practice account', async ({ home, server }) => {
  const first = await home.launch();
  await first.page.getByRole('button', { name: t('welcome.practice') }).click();
  await expect(first.page.getByRole('button', { name: 'waybill-samples' })).toBeVisible();
  await accountSwitcher(first.page).click();
  await expect(first.page.getByRole('menuitem', { name: t('accounts.add') })).toBeVisible();
  await expect(first.page.getByRole('menuitem', { name: t('accounts.practice') })).toHaveCount(0);
  await first.page.keyboard.press('Escape');
  const { endpoint, accessKeyId, accessKeySecret } = server;
  await addAccount(first.page, { name: 'Owner', endpoint, accessKeyId, accessKeySecret });
  await first.app.close();

  const { page } = await home.launch();
  await chooseFromSwitcher(page, t('accounts.practice'));
  await expect(accountSwitcher(page)).toContainText('Practice');
  await openBucket(page, 'waybill-samples');
  await expect(page.getByRole('row').filter({ hasText: 'Welcome to Waybill.txt' })).toBeVisible();
});

test('a damaged list of accounts is set aside, and the person is told where', async ({ home }) => {
  const first = await home.launch();
  await expect(first.page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  await first.app.close();
  await writeFile(join(home.profile, 'accounts.json'), '{"version":1,"accounts":[{"na');

  const second = await home.launch();
  await expect(second.page.getByText(t('trouble.damaged.title', { file: 'accounts' }))).toBeVisible();
  const [kept = ''] = (await readdir(home.profile)).filter((name) => name.startsWith('accounts.json.damaged-'));
  await expect(second.page.getByText(kept)).toBeVisible();
});
