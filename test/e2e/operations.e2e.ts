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

test('what was deleted in a bucket with versions comes back: by Undo, and from the deleted files', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-versions');
  const row = rowOf(page, 'price-list.csv');
  await row.click();
  await page.keyboard.press('Delete');
  const question = page.getByRole('dialog', { name: 'Delete this item?' });
  await expect(question).toContainText('This bucket keeps versions');
  await question.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(row).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('1 item brought back')).toBeVisible();
  await expect(row).toBeVisible();

  await expect(rowOf(page, 'old-terms.txt')).toBeHidden();
  await page.getByRole('grid', { name: 'Files' }).click({ button: 'right', position: { x: 300, y: 300 } });
  await page.getByRole('menuitem', { name: 'Show deleted files…' }).click();
  const deleted = page.getByRole('dialog', { name: 'Deleted files' });
  await deleted.getByRole('listitem').filter({ hasText: 'old-terms.txt' }).getByRole('button').click();
  await expect(deleted).toContainText('Nothing was deleted');
  await deleted.getByRole('button', { name: 'Close' }).last().click();
  await expect(rowOf(page, 'old-terms.txt')).toBeVisible();
});

test('an older version is restored over the newest, and one version is deleted for good', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-versions');
  await chooseFromMenu(page, rowOf(page, 'price-list.csv'), 'Details');
  const versions = page.getByRole('complementary', { name: 'Details' });
  await expect(versions.getByRole('listitem')).toHaveCount(3);
  await versions.getByRole('button', { name: 'Restore this version' }).last().click();
  await expect(page.getByText(/^Restoring the version of/)).toBeVisible();
  await expect(versions.getByRole('listitem')).toHaveCount(4);
  await versions.getByRole('button', { name: 'Delete this version for good' }).last().click();
  await page.getByRole('button', { name: 'Delete version' }).click();
  await expect(versions.getByRole('listitem')).toHaveCount(3);
});

test('a bucket is made, keeps versions after a warning, and is deleted only when it is empty', async ({ page }) => {
  await openPractice(page);
  await goTo(page, 'oss://');
  const buckets = page.getByRole('grid', { name: 'Buckets' });
  const bucketRow = (name: string) => buckets.getByRole('row').filter({ hasText: name });
  await chooseFromMenu(page, bucketRow('waybill-inbox'), 'New bucket…');
  const form = page.getByRole('dialog', { name: 'New bucket' });
  await form.getByLabel('Name', { exact: true }).fill('waybill-Made');
  await expect(form).toContainText('3 to 63 lower-case letters');
  await form.getByLabel('Name', { exact: true }).fill('waybill-samples');
  await form.getByRole('button', { name: 'Create bucket' }).click();
  await expect(form).toContainText('The name is taken');
  await form.getByLabel('Name', { exact: true }).fill('waybill-made');
  await form.getByRole('button', { name: 'Create bucket' }).click();
  await expect(bucketRow('waybill-made')).toBeVisible();

  await chooseFromMenu(page, bucketRow('waybill-made'), 'Versions and unfinished uploads…');
  const settings = page.getByRole('dialog', { name: 'waybill-made' });
  await settings.getByRole('button', { name: 'Keep versions…' }).click();
  await expect(settings).toContainText('never undone');
  await settings.getByRole('button', { name: 'Keep versions', exact: true }).click();
  await expect(settings).toContainText('Kept: whatever is replaced');
  await page.keyboard.press('Escape');

  await chooseFromMenu(page, bucketRow('waybill-samples'), 'Delete bucket…');
  const full = page.getByRole('dialog', { name: /waybill-samples/ });
  await full.getByRole('button', { name: 'Delete bucket' }).click();
  await expect(full).toContainText('The bucket is not empty');
  await page.keyboard.press('Escape');
  await chooseFromMenu(page, bucketRow('waybill-made'), 'Delete bucket…');
  await page
    .getByRole('dialog', { name: /waybill-made/ })
    .getByRole('button', { name: 'Delete bucket' })
    .click();
  await expect(bucketRow('waybill-made')).toBeHidden();
});
