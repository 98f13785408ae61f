// The practice account across starts: a trial is not lost when the window closes.
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { t } from '../support/words.ts';
import { expect, test } from './support/app.ts';

test('whoever practised last time finds the account open, and what was stored in it', async ({ home }) => {
  const first = await home.launch();
  await first.page.getByRole('button', { name: t('welcome.practice') }).click();
  await expect(first.page.getByRole('button', { name: 'waybill-samples' })).toBeVisible();
  await first.app.close();

  const second = await home.launch();
  await second.page.getByRole('button', { name: 'waybill-samples' }).click();
  await expect(second.page.getByRole('row').filter({ hasText: 'Welcome to Waybill.txt' })).toBeVisible();
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
