// The ledger: what was shared is remembered, but never the link itself.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { curl } from './support/curl.ts';
import { copiedText } from './support/desktop.ts';
import { expect, test } from './support/practice.ts';
import { makeLink, openShareOf } from './support/sharing.ts';
import { chooseFromMenu, openBucket, openPractice, rowOf } from './support/waybill.ts';

test('a copied link stands in the ledger, is renewed from there, and is written down nowhere', async ({
  started,
  home,
}) => {
  const { app, page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await chooseFromMenu(page, rowOf(page, 'Welcome to Waybill.txt'), 'Copy share link');
  await expect(page.getByText('Link to “Welcome to Waybill.txt” copied')).toBeVisible();
  const first = await copiedText(app);

  await page.getByRole('button', { name: 'Links', exact: true }).click();
  const entry = page.getByRole('row').filter({ hasText: 'Welcome to Waybill.txt' });
  await expect(entry).toContainText('Live');
  await expect(entry).toContainText('left)');

  await entry.getByRole('button', { name: /Renew and copy/ }).click();
  await expect(page.getByText('The new link is copied.', { exact: false })).toBeVisible();
  const second = await copiedText(app);
  expect(await curl(second)).toMatchObject({ status: 200 });
  await expect(page.getByRole('row').filter({ hasText: 'Welcome to Waybill.txt' })).toHaveCount(2);

  const written = await readFile(join(home.profile, 'ledger.jsonl'), 'utf8');
  expect(written).toContain('Welcome to Waybill.txt');
  for (const link of [first, second]) {
    const signature = /x-oss-signature=([0-9a-f]{64})/.exec(link)?.[1];
    expect(signature).toBeDefined();
    expect(written).not.toContain(signature);
  }
});

test('the revoke plan says that one link cannot be taken back, and what else would end with it', async ({
  started,
}) => {
  const { page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  for (const name of ['Welcome to Waybill.txt', '欢迎使用 Waybill.txt']) {
    await chooseFromMenu(page, rowOf(page, name), 'Copy share link');
    await expect(page.getByText(`Link to “${name}” copied`)).toBeVisible();
  }
  await page.getByRole('button', { name: 'Links', exact: true }).click();
  const entry = page.getByRole('row').filter({ hasText: 'Welcome to Waybill.txt' });
  await entry.getByRole('button', { name: /How to end it early/ }).click();
  const plan = page.getByRole('dialog', { name: 'How to end it early' });
  await expect(plan).toContainText('OSS cannot revoke one signed link alone');
  await expect(plan).toContainText('Disable the AccessKey');
  await expect(plan).toContainText('1 other link ends with it');
});

test('a link that is kept is copied again from the ledger with the keyboard, until it is forgotten', async ({
  started,
  home,
}) => {
  const { app, page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  const dialog = await openShareOf(page, 'Welcome to Waybill.txt');
  const link = await makeLink(dialog);
  await dialog.getByRole('checkbox', { name: 'Keep this link in the keychain' }).check();
  await page.keyboard.press('Escape');
  await app.evaluate(({ clipboard }) => clipboard.writeText('something else'));

  await page.getByRole('button', { name: 'Links', exact: true }).click();
  const grid = page.getByRole('grid', { name: 'Links' });
  const kept = grid.getByTitle('The link is kept in the keychain.');
  await expect(kept).toBeVisible();
  await grid.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Copy the kept link' }).press('Enter');
  await expect.poll(() => copiedText(app)).toBe(link);
  expect(await readFile(join(home.profile, 'ledger.jsonl'), 'utf8')).not.toContain('x-oss-signature');

  await grid.focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Forget the kept link' }).press('Enter');
  await expect(kept).toBeHidden();
});
