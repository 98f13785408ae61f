// Buckets: made as chosen, deleted when empty, and cleaned of uploads that were never finished.
import type { Page } from 'playwright';
import type { PracticeServer } from '../../main/practice/server.ts';
import { counted, t } from '../support/words.ts';
import { accountSwitcher, addAccount, fillAccountForm, openAccountForm, ownerOf, test } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { answerQuestions } from './support/desktop.ts';
import { aliOss } from './support/practice.ts';
import { chooseFromMenu, goTo } from './support/waybill.ts';

const dayMs = 86_400_000;
const bucketRow = (page: Page, name: string) =>
  page
    .getByRole('grid', { name: t('browse.buckets') })
    .getByRole('row')
    .filter({ hasText: name });

test('unfinished uploads are listed and removed: some, those of long ago, and all', async ({ page, serve }) => {
  let daysAgo = 10;
  const server = await serve({ now: () => Date.now() - daysAgo * dayMs });
  const leaveUpload = beginUploadsOn(server, () => -daysAgo * dayMs);
  await leaveUpload('old one.bin');
  await leaveUpload('old two.bin');
  daysAgo = 0;
  for (const key of ['new one.bin', 'new two.bin', 'new three.bin']) await leaveUpload(key);
  await addAccount(page, { name: 'Depot', ...ownerOf(server) });
  await goTo(page, 'oss://');
  await chooseFromMenu(page, bucketRow(page, 'waybill-inbox'), t('bucket.properties'));
  const dialog = page.getByRole('dialog', { name: 'waybill-inbox' });
  await dialog.getByRole('tab', { name: t('bucket.tab.uploads') }).click();
  const listed = dialog.getByRole('list', { name: t('bucket.uploads') }).getByRole('listitem');
  const remove = async (one: 'bucket.uploads.abort' | 'bucket.uploads.abort-selected', count: number) => {
    await dialog.getByRole('button', { name: t(`${one}.ask`, counted(count)) }).click();
    await dialog.getByRole('button', { name: t(one, counted(count)), exact: true }).click();
  };
  await expect(listed).toHaveCount(2);
  await showOnly(page, t('bucket.uploads.any-age'));
  await expect(listed).toHaveCount(5);

  await test.step('some', async () => {
    await dialog.getByRole('checkbox', { name: 'new two.bin' }).check();
    await dialog.getByRole('checkbox', { name: 'new three.bin' }).check();
    await dialog.getByRole('checkbox', { name: 'old two.bin' }).check();
    await dialog.getByRole('checkbox', { name: 'old two.bin' }).uncheck();
    await remove('bucket.uploads.abort-selected', 2);
    await expect(listed).toHaveCount(3);
    expect(await uploadsOn(server)).toEqual(['new one.bin', 'old one.bin', 'old two.bin']);
  });

  await test.step('those of long ago', async () => {
    await showOnly(page, t('bucket.uploads.older', { days: 30 }));
    await expect(dialog).toContainText(t('bucket.uploads.none-older'));
    await showOnly(page, t('bucket.uploads.older', { days: 7 }));
    await expect(listed).toHaveCount(2);
    await remove('bucket.uploads.abort', 2);
    await expect(dialog).toContainText(t('bucket.uploads.none-older'));
    expect(await uploadsOn(server)).toEqual(['new one.bin']);
  });

  await test.step('what is refused is said, with the right that is missing', async () => {
    server.faults.add({
      match: { operation: 'AbortMultipartUpload' },
      times: 1,
      effect: { kind: 'error', status: 403, code: 'AccessDenied' },
    });
    await showOnly(page, t('bucket.uploads.any-age'));
    await remove('bucket.uploads.abort', 1);
    await expect(dialog.getByRole('alert')).toContainText('oss:AbortMultipartUpload');
    await remove('bucket.uploads.abort', 1);
    await expect(dialog).toContainText(t('bucket.uploads.none'));
    expect(await uploadsOn(server)).toEqual([]);
  });
});

test('a bucket is made as it was chosen, and what is in it keeps it from being deleted', async ({ started, serve }) => {
  const { app, page } = started;
  const server = await serve({ region: 'cn-beijing' });
  await openAccountForm(page);
  const account = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  await fillAccountForm(account, { name: 'Depot', ...ownerOf(server) });
  await page.getByRole('combobox', { name: t('common.region') }).click();
  await page.keyboard.type('cn-beijing');
  await page.getByRole('option', { name: /cn-beijing$/ }).click();
  await account.getByRole('button', { name: t('common.save') }).click();
  await expect(accountSwitcher(page)).toBeVisible();
  await goTo(page, 'oss://');
  await chooseFromMenu(page, bucketRow(page, 'waybill-inbox'), t('bucket.new.open'));
  const form = page.getByRole('dialog', { name: t('bucket.new') });
  await form.getByLabel(t('common.name'), { exact: true }).fill('waybill-cold');
  await expect(form.getByLabel(t('common.region'))).toContainText('Beijing');
  await form.getByLabel(t('common.storage-class')).click();
  await page.getByRole('option', { name: t('storage-class.IA') }).click();
  await form.getByLabel(t('bucket.acl')).click();
  await page.getByRole('option', { name: t('acl.public-read'), exact: true }).click();
  await expect(form).toContainText(t('bucket.acl.public'));
  await expect(form).toContainText(t('acl.blocked'));
  await form.getByRole('checkbox', { name: t('bucket.versioning') }).check();
  const questions = await answerQuestions(app, true);
  await form.getByRole('button', { name: t('bucket.new.do') }).click();
  await expect(bucketRow(page, 'waybill-cold')).toContainText(t('storage-class.IA'));
  expect(await questions()).toEqual([t('consent.public-read', { bucket: 'waybill-cold' })]);

  const ali = aliOss(server, 'waybill-cold', 'v1');
  const { bucket } = (await ali.getBucketInfo('waybill-cold')) as { bucket: unknown };
  expect(bucket).toMatchObject({
    Location: 'oss-cn-beijing',
    StorageClass: 'IA',
    AccessControlList: { Grant: 'public-read' },
    Versioning: 'Enabled',
  });

  await ali.put('cargo.txt', Buffer.from('x'));
  await chooseFromMenu(page, bucketRow(page, 'waybill-cold'), t('bucket.delete'));
  const question = page.getByRole('dialog', { name: t('bucket.delete.title', { name: 'waybill-cold' }) });
  await question.getByRole('button', { name: t('bucket.delete.do') }).click();
  const refusal = question.getByRole('alert');
  await expect(refusal).toContainText(t('failure.cause.bucket-not-empty.title'));
  await expect(refusal).toContainText(t('failure.cause.bucket-not-empty.next'));

  const { res } = await ali.head('cargo.txt');
  const versionId = (res.headers as Record<string, string>)['x-oss-version-id'] ?? '';
  await ali.delete('cargo.txt', { versionId } as never);
  await question.getByRole('button', { name: t('bucket.delete.do') }).click();
  await expect(question).toBeHidden();
  await expect(bucketRow(page, 'waybill-cold')).toBeHidden();
});

async function showOnly(page: Page, age: string): Promise<void> {
  await page.getByRole('dialog').getByLabel(t('common.show')).click();
  await page.getByRole('option', { name: age }).click();
}

/** Somebody else's program that begins uploads at the server's time, and never ends them. */
function beginUploadsOn(server: PracticeServer, ahead: () => number): (key: string) => Promise<void> {
  const client = aliOss(server, 'waybill-inbox') as unknown as {
    options: { amendTimeSkewed: number };
    initMultipartUpload(key: string): Promise<unknown>;
  };
  return async (key) => {
    client.options.amendTimeSkewed = ahead();
    await client.initMultipartUpload(key);
  };
}

async function uploadsOn(server: PracticeServer): Promise<readonly string[]> {
  const client = aliOss(server, 'waybill-inbox') as unknown as {
    listUploads(query: Record<string, number>): Promise<{ uploads: readonly { name: string }[] }>;
  };
  const { uploads } = await client.listUploads({ 'max-uploads': 100 });
  return uploads.map(({ name }) => name).sort();
}
