import { join } from 'node:path';
import { expect, test } from './support/app.ts';
import { makeFile } from './support/files.ts';
import {
  ask,
  chooseFromMenu,
  dropIntoFolder,
  goTo,
  openBucket,
  openPractice,
  rowOf,
  showTransfers,
  transferOf,
  verified,
} from './support/waybill.ts';

test('an object is renamed and moved by cut and paste with the keyboard alone', async ({ page, home }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  const path = join(home.folder, 'report.txt');
  await makeFile(path, 3_000);
  await showTransfers(page);
  await dropIntoFolder(page, [path]);
  await expect(transferOf(page, 'report.txt')).toContainText(verified);

  await page.getByRole('grid', { name: 'Files' }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('F2');
  const dialog = page.getByRole('dialog', { name: 'Rename “report.txt”' });
  await expect(dialog.getByLabel('New name')).toBeFocused();
  // The extension stays: only the name before it is selected.
  await page.keyboard.type('summary');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(rowOf(page, 'summary.txt')).toBeVisible();
  await expect(rowOf(page, 'report.txt')).toBeHidden();

  await page.getByRole('grid', { name: 'Files' }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ControlOrMeta+X');
  await goTo(page, 'oss://waybill-inbox/archive/2026/');
  await page.keyboard.press('ControlOrMeta+V');
  await expect(rowOf(page, 'summary.txt')).toBeVisible();
  await goTo(page, 'oss://waybill-inbox/');
  await expect(rowOf(page, 'archive')).toBeVisible();
  await expect(rowOf(page, 'summary.txt')).toBeHidden();
});

test('a folder is copied into another bucket, and refuses to go into itself', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  await page.getByRole('button', { name: 'New folder' }).click();
  await page.getByLabel('Name', { exact: true }).fill('outer/inner');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(rowOf(page, 'outer')).toBeVisible();

  await chooseFromMenu(page, rowOf(page, 'outer'), 'Move to…');
  const dialog = page.getByRole('dialog', { name: 'Move this item' });
  await dialog.getByRole('button', { name: 'outer' }).click();
  await expect(dialog.getByLabel('Destination')).toHaveValue('oss://waybill-inbox/outer/');
  await dialog.getByRole('button', { name: 'Move here' }).click();
  await expect(dialog).toContainText('A folder cannot go into itself');
  await page.keyboard.press('Escape');

  await chooseFromMenu(page, rowOf(page, 'outer'), 'Copy to…');
  const copy = page.getByRole('dialog', { name: 'Copy this item' });
  await copy.getByRole('button', { name: 'Up one level' }).click();
  await copy.getByRole('button', { name: 'waybill-samples' }).click();
  await expect(copy.getByLabel('Destination')).toHaveValue('oss://waybill-samples/');
  await copy.getByRole('button', { name: 'Copy here' }).click();
  await expect(page.getByText('Copying 1 object to oss://waybill-samples/')).toBeVisible();
  await openBucket(page, 'waybill-samples');
  await expect(rowOf(page, 'outer')).toBeVisible();
  const [account] = await ask(page, 'accounts.list', {});
  const listed = await ask(page, 'objects.list', {
    accountId: account?.id ?? '',
    bucket: 'waybill-samples',
    prefix: 'outer/inner/',
    pageToken: null,
  });
  expect(listed.objects.map(({ key }) => key)).toEqual(['outer/inner/']);
});
