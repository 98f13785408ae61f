// A key that may not do something is told which right it lacks, by the name that RAM has for it.
import type { PracticeOptions } from '../../main/practice/server.ts';
import { addAccount, ownerOf, test } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { openBucket } from './support/waybill.ts';

const clerk = { accessKeyId: 'LTAI-clerk', accessKeySecret: 'the-secret-of-the-clerk', name: 'Clerk' };

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
  await expect(page.getByText('This folder is empty')).toBeHidden();
});
