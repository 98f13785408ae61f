// The properties of a bucket: what it is and holds, who gets in without a signature, and the rules that act on it.
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright';
import { counted, t } from '../support/words.ts';
import { answerQuestions } from './support/desktop.ts';
import { aliOss, expect, test } from './support/practice.ts';
import { addAccount, chooseFromMenu, goTo, openBucket } from './support/waybill.ts';

const bucket = 'waybill-inbox';
const dialogOf = (page: Page) => page.getByRole('dialog', { name: bucket });
const rowOf = (page: Page) =>
  page
    .getByRole('grid', { name: t('browse.buckets') })
    .getByRole('row')
    .filter({ hasText: bucket });
const tab = (dialog: Locator, name: string) => dialog.getByRole('tab', { name, exact: true });
const violations = async (page: Page) =>
  (await new AxeBuilder({ page }).setLegacyMode().include('[role="dialog"]').analyze()).violations;

test('say what a bucket is and holds, and show its rules in words', async ({ page, server }) => {
  const ali = aliOss(server, bucket);
  await ali.put('a.txt', Buffer.from('12345'));
  await ali.putBucketLifecycle(bucket, [
    { id: 'old', prefix: 'logs/', status: 'Enabled', days: 30 },
    { id: 'parts', prefix: 'in/', status: 'Enabled', abortMultipartUpload: { days: 7 } },
  ] as never);
  await ali.putBucketCORS(bucket, [{ allowedOrigin: 'https://shop.example', allowedMethod: ['GET', 'PUT'] }]);
  await addAccount(page, { ...server, name: 'Owner' });
  await goTo(page, 'oss://');
  await chooseFromMenu(page, rowOf(page), t('bucket.properties'));
  const dialog = dialogOf(page);
  await expect(dialog).toContainText('oss-cn-hangzhou-internal.aliyuncs.com');
  await expect(dialog).toContainText(t('bucket.redundancy.LRS'));
  await expect(dialog).toContainText(t('bucket.stat.of', { size: '5 B', ...counted(1) }));
  expect(await violations(page)).toEqual([]);

  await test.step('the rules, by keyboard', async () => {
    await tab(dialog, t('properties.tab.general')).focus();
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowRight');
    await expect(tab(dialog, t('bucket.tab.rules'))).toHaveAttribute('aria-selected', 'true');
    await expect(dialog).toContainText(t('bucket.lifecycle.expire.days', { days: 30 }));
    await expect(dialog).toContainText('https://shop.example');
    expect(await violations(page)).toEqual([]);
  });
  await test.step('the rule that deletes incomplete uploads stands beside them, and no other', async () => {
    await tab(dialog, t('bucket.tab.uploads')).click();
    const panel = dialog.getByRole('tabpanel', { name: t('bucket.tab.uploads') });
    await expect(panel).toContainText(t('bucket.lifecycle.abort-uploads.days', { days: 7 }));
    await expect(panel).not.toContainText(t('bucket.lifecycle.expire.days', { days: 30 }));
  });
});

test('a bucket is made public after a question of main, blocked, unblocked after another, and made private', async ({
  started,
  server,
}) => {
  const { app, page } = started;
  const ali = aliOss(server, bucket);
  await ali.put('poster.txt', Buffer.from('for all'));
  const status = async () => (await fetch(`${server.endpoint}/${bucket}/poster.txt`)).status;
  await addAccount(page, { ...server, name: 'Owner' });
  await openBucket(page, bucket);
  await page.keyboard.press('Alt+Enter');
  const dialog = dialogOf(page);
  await tab(dialog, t('properties.tab.access')).click();
  await expect(dialog).toContainText(t('bucket.acl.private'));

  await test.step('not without the question', async () => {
    const questions = await answerQuestions(app, false);
    await dialog.getByText(t('acl.public-read'), { exact: true }).click();
    await expect(dialog).toContainText(t('bucket.acl.open.public-read'));
    await dialog.getByRole('button', { name: t('properties.acl.make-public') }).click();
    await expect.poll(questions).toEqual([t('consent.public-read', { bucket })]);
    expect(await status()).toBe(403);
  });
  await test.step('then the window marks it at once', async () => {
    await answerQuestions(app, true);
    await dialog.getByRole('button', { name: t('properties.acl.make-public') }).click();
    await expect(dialog).toContainText(t('access.acl.public-read'));
    expect(await status()).toBe(200);
    await expect(page.getByTitle(t('public.mark.public-read')).first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
  await test.step('Block Public Access overrules it', async () => {
    await dialog.getByRole('button', { name: t('bucket.block.on.ask') }).click();
    await expect(dialog).toContainText(t('bucket.block.warning'));
    await dialog.getByRole('button', { name: t('bucket.block.on'), exact: true }).click();
    await expect(dialog).toContainText(t('access.acl.blocked'));
    await expect(page.getByTitle(t('public.mark.public-read'))).toHaveCount(0);
  });
  await test.step('and is turned off after a question', async () => {
    const refused = await answerQuestions(app, false);
    await dialog.getByRole('button', { name: t('bucket.block.off.ask') }).click();
    await expect.poll(refused).toEqual([t('consent.unblock', { bucket })]);
    await expect(dialog).toContainText(t('bucket.block.bucket'));
    await answerQuestions(app, true);
    await dialog.getByRole('button', { name: t('bucket.block.off.ask') }).click();
    await expect(dialog).toContainText(t('bucket.block.off'));
  });
  await test.step('private needs no question', async () => {
    const questions = await answerQuestions(app, false);
    await dialog.getByText(t('acl.private'), { exact: true }).click();
    await dialog.getByRole('button', { name: t('bucket.acl.close.do') }).click();
    await expect(dialog).toContainText(t('bucket.acl.private'));
    expect(await questions()).toEqual([]);
    expect(await status()).toBe(403);
  });
});
