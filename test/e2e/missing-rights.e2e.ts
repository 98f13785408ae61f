// A key that may not do something is told which right it lacks, by the name that RAM has for it.
import type { PracticeOptions } from '../../main/practice/server.ts';
import { counted, t } from '../support/words.ts';
import { addAccount, ownerOf, test } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { chooseFromMenu, goTo, openBucket, rowOf } from './support/waybill.ts';

const clerk = { accessKeyId: 'LTAI-clerk', accessKeySecret: 'the-secret-of-the-clerk', name: 'Clerk' };
const welcome = 'Welcome to Waybill.txt';

/** A RAM user who may do no more than this. */
function clerkWith(...actions: readonly string[]): Partial<PracticeOptions> {
  const policy = { Version: '1', Statement: [{ Effect: 'Allow', Action: [...actions], Resource: ['*'] }] } as const;
  return { users: [{ ...clerk, policy }] };
}

test('who may not list a bucket reads oss:ListObjects where the files would be', async ({ page, serve }) => {
  const server = await serve(clerkWith('oss:ListBuckets', 'oss:GetObject'));
  await addAccount(page, { ...ownerOf(server), ...clerk });
  await openBucket(page, 'waybill-samples');
  await expect(page.getByRole('main').getByRole('alert')).toContainText('oss:ListObjects');
  await expect(page.getByText(t('browse.empty'))).toBeHidden();
});

test('who may read and not change reads the right that deleting and each property need', async ({ page, serve }) => {
  const server = await serve(
    clerkWith('oss:ListBuckets', 'oss:ListObjects', 'oss:GetObject', 'oss:GetBucketVersioning'),
  );
  await addAccount(page, { ...ownerOf(server), ...clerk });
  await goTo(page, 'oss://waybill-samples/');

  await rowOf(page, welcome).click();
  await page.keyboard.press('Delete');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('browse.delete.do', counted(1)), exact: true })
    .click();
  const stopped = page.getByRole('status').filter({ hasText: t('browse.deleting.stopped', counted(0)) });
  await expect(stopped).toContainText(t('failure.cause.denied-by-policy.title'));
  await expect(
    stopped
      .getByTitle(/oss:DeleteObject/)
      .or(stopped.getByText(/oss:DeleteObject/))
      .first(),
  ).toBeVisible();
  await expect(rowOf(page, welcome)).toBeVisible();

  await chooseFromMenu(page, rowOf(page, welcome), t('properties.open'));
  const properties = page.getByRole('dialog', { name: /Welcome to Waybill/ });
  await properties.getByRole('tab', { name: t('properties.tab.tags') }).click();
  await expect(properties.getByRole('alert')).toContainText('oss:GetObjectTagging');
});
