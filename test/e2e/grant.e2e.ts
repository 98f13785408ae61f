// Temporary access that is handed out, and comes in again as an account.
import { openAccountForm } from './support/accounts.ts';
import { copiedText } from './support/desktop.ts';
import { expect, test } from './support/practice.ts';
import { openBucket, openPractice } from './support/waybill.ts';

test('access to a bucket goes out as a code, and opens as an account that begins there', async ({ started }) => {
  const { app, page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await page.getByRole('button', { name: 'Give temporary access…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Give temporary access' });
  await expect(dialog).toContainText('All of waybill-samples');
  await dialog.getByText('Session policy').click();
  await expect(dialog.getByLabel('Session policy')).toContainText('oss:GetObject');
  await dialog.getByRole('button', { name: 'Make', exact: true }).click();

  await expect(dialog).toContainText(/Valid until .+ left\)/);
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(dialog).toContainText('export OSS_ACCESS_KEY_SECRET=');
  expect(await copiedText(app)).not.toContain('••••');

  await dialog.getByLabel('Hand out as').click();
  await page.getByRole('option', { name: 'Code for Waybill, encrypted with a passphrase' }).click();
  await dialog.getByLabel('Passphrase').fill('correct horse');
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(dialog).toContainText('Send the passphrase another way');
  const code = await copiedText(app);
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  await openAccountForm(page);
  const form = page.getByRole('dialog', { name: 'Add an account' });
  await form.getByRole('button', { name: 'Paste credentials…' }).click();
  await form.getByLabel('Credentials as text').fill(code);
  await form.getByRole('button', { name: 'Fill in' }).click();
  await form.getByLabel('Passphrase').fill('correct horse');
  await form.getByRole('button', { name: 'Fill in' }).click();
  await expect(form).toContainText('Read from an access code of Waybill’s.');
  await form.getByLabel('Name', { exact: true }).fill('From a friend');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toBeHidden();
  await expect(page.getByRole('button', { name: 'Account: From a friend' })).toBeVisible();
});
