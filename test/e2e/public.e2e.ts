// What is open to everyone is marked, and its address is copied once main has tried it.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { t } from '../support/words.ts';
import { curl } from './support/curl.ts';
import { copiedLink, copiedText } from './support/desktop.ts';
import { aliOss, expect, test } from './support/practice.ts';
import { openShareOf } from './support/sharing.ts';
import { addAccount, goTo, openBucket, rowOf } from './support/waybill.ts';

const open = 'waybill-inbox';
const shut = 'waybill-samples';
const rail = (page: Page) => page.getByRole('navigation', { name: t('rail.label') });
const path = (page: Page) => page.getByRole('navigation', { name: t('browse.path') });
const meaning = t('public.mark.public-read');

test('a public bucket is marked in the rail, in the list of buckets and in the path, and others are not', async ({
  page,
  server,
}) => {
  const ali = aliOss(server, open);
  await ali.putBucketACL(open, 'public-read');
  await ali.put('poster.txt', Buffer.from('for all'));
  await addAccount(page, { ...server, name: 'Owner' });
  await expect(rail(page).getByRole('button', { name: open })).toHaveAccessibleName(`${open} ${meaning}`);
  await expect(rail(page).getByRole('button', { name: shut })).toHaveAccessibleName(shut);
  await goTo(page, 'oss://');
  const row = page
    .getByRole('grid', { name: t('browse.buckets') })
    .getByRole('row')
    .filter({ hasText: open });
  await expect(row.getByTitle(meaning)).toBeVisible();
  await openBucket(page, open);
  const badge = path(page).getByRole('button', { name: meaning });
  await expect(badge).toHaveText(t('public.mark'));
  expect((await new AxeBuilder({ page }).setLegacyMode().analyze()).violations).toEqual([]);
  await badge.press('Enter');
  await expect(page.getByRole('dialog').getByText(t('access.acl.public-read'))).toBeVisible();
  await page.keyboard.press('Escape');
  await openBucket(page, shut);
  await expect(path(page).getByRole('button', { name: meaning })).toBeHidden();
});

test('the share dialog and the details of a public file say so, and copy its address', async ({ started, server }) => {
  const { app, page } = started;
  const ali = aliOss(server, open);
  await ali.putBucketACL(open, 'public-read');
  await ali.put('poster.txt', Buffer.from('for all'));
  await ali.put('draft.txt', Buffer.from('for me'));
  await ali.putACL('draft.txt', 'private');
  await addAccount(page, { ...server, name: 'Owner' });
  await openBucket(page, open);
  const dialog = await openShareOf(page, 'poster.txt');
  await expect(dialog).toContainText(t('public.file.read'));
  expect((await new AxeBuilder({ page }).setLegacyMode().include('[role=dialog]').analyze()).violations).toEqual([]);
  await dialog.getByRole('button', { name: t('browse.copy-public-link') }).press('Enter');
  const link = await copiedLink(app, 'poster.txt');
  expect(new URL(link).search).toBe('');
  expect(await curl(link)).toMatchObject({ status: 200, text: 'for all' });
  await page.keyboard.press('Escape');

  await test.step('a private file in it is marked as such', async () => {
    await page.getByRole('button', { name: t('browse.inspector') }).click();
    await rowOf(page, 'draft.txt').click();
    const details = page.getByRole('complementary', { name: t('browse.inspector') });
    await expect(details).toContainText(t('public.file.closed'));
    await expect(details.getByRole('button', { name: t('browse.copy-public-link') })).toBeHidden();
    await expect(page.getByRole('grid').getByTitle(t('public.file.closed'))).toBeVisible();
  });

  await test.step('what is no longer public by the time of the click is said', async () => {
    await rowOf(page, 'draft.txt').press('ArrowDown');
    const details = page.getByRole('complementary', { name: t('browse.inspector') });
    await expect(details).toContainText(t('public.file.read'));
    await ali.putBucketACL(open, 'private');
    await app.evaluate(({ clipboard }) => clipboard.writeText('before'));
    await details.getByRole('button', { name: t('browse.copy-public-link') }).click();
    await expect(details).toContainText(t('public.not.inherited'));
    expect(await copiedText(app)).toBe('before');
  });
});
