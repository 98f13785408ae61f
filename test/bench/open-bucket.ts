import type { Page } from 'playwright';
import type { BenchServer } from './list/list.ts';

/** Adds the server as an account, and opens its bucket. */
export async function openBucketOf(page: Page, { endpoint, accessKeyId, accessKeySecret }: BenchServer): Promise<void> {
  await page.getByRole('button', { name: 'Add an account' }).click();
  const form = page.getByRole('dialog', { name: 'Add an account' });
  await form.getByLabel('AccessKey ID').fill(accessKeyId);
  await form.getByLabel('AccessKey secret').fill(accessKeySecret);
  await form.getByText('Custom endpoint').click();
  await form.getByLabel('Endpoint', { exact: true }).fill(endpoint);
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'bench', exact: true }).click();
}
