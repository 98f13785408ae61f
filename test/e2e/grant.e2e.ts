// Temporary access that is handed out, and comes in again as an account.
import OSS from 'ali-oss';
import { openAccountForm } from './support/accounts.ts';
import { copiedText } from './support/desktop.ts';
import { expect, test } from './support/practice.ts';
import { addRoleAccount } from './support/sharing.ts';
import { openBucket, openPractice } from './support/waybill.ts';

test('access to a bucket goes out as a code, and opens as an account that begins there', async ({ started }) => {
  const { app, page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await page.getByRole('button', { name: 'Give temporary access…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Give temporary access' });
  await expect(dialog).toContainText('All of waybill-samples');
  await dialog.getByText('Session policy').click();
  await expect(dialog.getByRole('textbox', { name: 'Session policy' })).toHaveValue(/oss:GetObject/);
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

test('a policy that was edited is checked where it is written, and holds', async ({ started, server }) => {
  const { app, page } = started;
  await expect(page.getByRole('heading', { name: 'Welcome to Waybill' })).toBeVisible();
  await addRoleAccount(page, server, 3600);
  await openBucket(page, 'waybill-samples');
  await page.getByRole('button', { name: 'Give temporary access…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Give temporary access' });
  await dialog.getByText('Session policy').click();
  const policy = dialog.getByRole('textbox', { name: 'Session policy' });
  await policy.fill('{\n  "Version": 1x\n}');
  await expect(dialog).toContainText('This is not JSON: look at line 2, column 15.');
  await expect(dialog.getByRole('button', { name: 'Make', exact: true })).toBeDisabled();
  const statement = { Effect: 'Allow', Action: 'oss:GetObject', Resource: 'acs:oss:*:*:waybill-samples/pictures/*' };
  await policy.fill(JSON.stringify({ Version: '1', Statement: [statement] }));
  await expect(dialog).toContainText('What you wrote is what counts.');
  await dialog.getByRole('button', { name: 'Make', exact: true }).click();
  await dialog.getByLabel('Hand out as').click();
  await page.getByRole('option', { name: 'JSON' }).click();
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect.poll(() => copiedText(app)).toContain('SecurityToken');
  const copied = JSON.parse(await copiedText(app)) as Record<
    'AccessKeyId' | 'AccessKeySecret' | 'SecurityToken',
    string
  >;
  const client = new OSS({
    accessKeyId: copied.AccessKeyId,
    accessKeySecret: copied.AccessKeySecret,
    stsToken: copied.SecurityToken,
    bucket: 'waybill-samples',
    endpoint: server.endpoint.replace('127.0.0.1', 'localhost'),
    sldEnable: true,
  } as OSS.Options);
  expect((await client.get('pictures/harbour.png')).res.status).toBe(200);
  await expect(client.get('Welcome to Waybill.txt')).rejects.toThrow();
});
