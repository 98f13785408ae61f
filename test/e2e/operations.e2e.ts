import { join } from 'node:path';
import { counted, like, t } from '../support/words.ts';
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

  await page.getByRole('grid', { name: t('browse.content') }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('F2');
  const dialog = page.getByRole('dialog', { name: t('browse.rename.title', { name: 'report.txt' }) });
  await expect(dialog.getByLabel(t('browse.rename.name'))).toBeFocused();
  // The extension stays: only the name before it is selected.
  await page.keyboard.type('summary');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(rowOf(page, 'summary.txt')).toBeVisible();
  await expect(rowOf(page, 'report.txt')).toBeHidden();

  await page.getByRole('grid', { name: t('browse.content') }).focus();
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
  await page.getByRole('button', { name: t('browse.new-folder') }).click();
  await page.getByLabel(t('common.name'), { exact: true }).fill('outer/inner');
  await page.getByRole('button', { name: t('common.create'), exact: true }).click();
  await expect(rowOf(page, 'outer')).toBeVisible();

  await chooseFromMenu(page, rowOf(page, 'outer'), t('browse.move-to'));
  const dialog = page.getByRole('dialog', { name: t('browse.move-to.title', { ...counted(1), name: 'outer' }) });
  const start = dialog.getByRole('button', { name: t('browse.move-to.do') });
  await expect(dialog).toContainText(t('browse.copy-to.same', counted(1)));
  await expect(start).toBeDisabled();
  await dialog.getByRole('button', { name: 'outer' }).click();
  await expect(dialog.getByLabel(t('browse.copy-to.folder'))).toHaveValue('oss://waybill-inbox/outer/');
  await expect(dialog).toContainText(t('browse.copy-to.inside'));
  await expect(start).toBeDisabled();
  await page.keyboard.press('Escape');

  await chooseFromMenu(page, rowOf(page, 'outer'), t('browse.copy-to'));
  const copy = page.getByRole('dialog', { name: t('browse.copy-to.title', { ...counted(1), name: 'outer' }) });
  await copy.getByRole('button', { name: t('browse.copy-to.up') }).click();
  await copy.getByRole('button', { name: 'waybill-samples' }).click();
  await expect(copy.getByLabel(t('browse.copy-to.folder'))).toHaveValue('oss://waybill-samples/');
  await copy.getByRole('button', { name: t('browse.copy-to.do') }).click();
  await expect(page.getByText(t('browse.copied', { ...counted(1), folder: 'oss://waybill-samples/' }))).toBeVisible();
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
  const question = page.getByRole('dialog', { name: t('browse.delete.title', counted(1)) });
  await expect(question).toContainText(t('browse.delete.versioning.enabled'));
  await question.getByRole('button', { name: t('browse.delete.do', counted(1)), exact: true }).click();
  await expect(row).toBeHidden();
  await page.getByRole('button', { name: t('browse.undo') }).click();
  await expect(page.getByText(t('browse.undone', counted(1)))).toBeVisible();
  await expect(row).toBeVisible();

  await expect(rowOf(page, 'old-terms.txt')).toBeHidden();
  await page.getByRole('grid', { name: t('browse.content') }).click({ button: 'right', position: { x: 300, y: 300 } });
  await page.getByRole('menuitem', { name: t('browse.deleted-files.open') }).click();
  const deleted = page.getByRole('dialog', { name: t('browse.deleted-files') });
  await deleted.getByRole('listitem').filter({ hasText: 'old-terms.txt' }).getByRole('button').click();
  await expect(deleted).toContainText(t('browse.deleted-files.none'));
  await deleted
    .getByRole('button', { name: t('common.close') })
    .last()
    .click();
  await expect(rowOf(page, 'old-terms.txt')).toBeVisible();
});

test('an older version is restored over the newest, and one version is deleted for good', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-versions');
  await chooseFromMenu(page, rowOf(page, 'price-list.csv'), t('browse.details'));
  const versions = page.getByRole('complementary', { name: t('browse.inspector') });
  await expect(versions.getByRole('listitem')).toHaveCount(3);
  await versions
    .getByRole('button', { name: t('inspector.restore-version') })
    .last()
    .click();
  await expect(page.getByText(like('inspector.version-restoring', { moment: /.+/ }))).toBeVisible();
  await expect(versions.getByRole('listitem')).toHaveCount(4);
  await versions
    .getByRole('button', { name: t('inspector.delete-version') })
    .last()
    .click();
  await page.getByRole('button', { name: t('inspector.delete-version.do', counted(1)) }).click();
  await expect(versions.getByRole('listitem')).toHaveCount(3);
});

test('a bucket is made, keeps versions after a warning, and is deleted only when it is empty', async ({ page }) => {
  await openPractice(page);
  await goTo(page, 'oss://');
  const buckets = page.getByRole('grid', { name: t('browse.buckets') });
  const bucketRow = (name: string) => buckets.getByRole('row').filter({ hasText: name });
  await chooseFromMenu(page, bucketRow('waybill-inbox'), t('bucket.new.open'));
  const form = page.getByRole('dialog', { name: t('bucket.new') });
  await form.getByLabel(t('common.name'), { exact: true }).fill('waybill-Made');
  await expect(form).toContainText(t('bucket.name.wrong'));
  await form.getByLabel(t('common.name'), { exact: true }).fill('waybill-samples');
  await form.getByRole('button', { name: t('bucket.new.do') }).click();
  await expect(form).toContainText(t('failure.cause.bucket-exists.title'));
  await form.getByLabel(t('common.name'), { exact: true }).fill('waybill-made');
  await form.getByRole('button', { name: t('bucket.new.do') }).click();
  await expect(bucketRow('waybill-made')).toBeVisible();

  await chooseFromMenu(page, bucketRow('waybill-made'), t('bucket.properties'));
  const settings = page.getByRole('dialog', { name: 'waybill-made' });
  await settings.getByRole('tab', { name: t('bucket.versions') }).click();
  await settings.getByRole('button', { name: t('bucket.versions.enabled.ask') }).click();
  await expect(settings).toContainText(t('bucket.versions.warning.enabled'));
  await settings.getByRole('button', { name: t('bucket.versions.enabled.do'), exact: true }).click();
  await expect(settings).toContainText(t('bucket.versions.enabled'));
  await page.keyboard.press('Escape');

  await chooseFromMenu(page, bucketRow('waybill-samples'), t('bucket.delete'));
  const full = page.getByRole('dialog', { name: /waybill-samples/ });
  await full.getByRole('button', { name: t('bucket.delete.do') }).click();
  await expect(full).toContainText(t('failure.cause.bucket-not-empty.title'));
  await page.keyboard.press('Escape');
  await chooseFromMenu(page, bucketRow('waybill-made'), t('bucket.delete'));
  await page
    .getByRole('dialog', { name: /waybill-made/ })
    .getByRole('button', { name: t('bucket.delete.do') })
    .click();
  await expect(bucketRow('waybill-made')).toBeHidden();
});
