// Temporary access that is handed out, and comes in again as an account.
import OSS from 'ali-oss';
import { like, t } from '../support/words.ts';
import { openAccountForm } from './support/accounts.ts';
import { copiedText } from './support/desktop.ts';
import { expect, test } from './support/practice.ts';
import { addRoleAccount } from './support/sharing.ts';
import { openBucket, openPractice } from './support/waybill.ts';

test('access to a bucket goes out as a code, and opens as an account that begins there', async ({ started }) => {
  const { app, page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await page.getByRole('button', { name: t('grant.open') }).click();
  const dialog = page.getByRole('dialog', { name: t('grant.title') });
  await expect(dialog).toContainText(t('grant.where.bucket', { bucket: 'waybill-samples' }));
  await dialog.getByText(t('grant.policy')).click();
  await expect(dialog.getByRole('textbox', { name: t('grant.policy') })).toHaveValue(/oss:GetObject/);
  await dialog.getByRole('button', { name: t('common.create'), exact: true }).click();

  await expect(dialog).toContainText(like('share.until.left', { moment: /.+/, length: /.+/ }));
  await dialog.getByRole('button', { name: t('common.copy'), exact: true }).click();
  await expect(dialog).toContainText('export OSS_ACCESS_KEY_SECRET=');
  expect(await copiedText(app)).not.toContain('••••');

  await dialog.getByLabel(t('share.many.format')).click();
  await page.getByRole('option', { name: t('grant.format.code') }).click();
  const field = dialog.getByLabel(t('common.passphrase'));
  const copy = dialog.getByRole('button', { name: t('common.copy'), exact: true });
  await field.fill('password');
  await expect(dialog).toContainText(t('passphrase.weak'));
  await expect(copy).toBeDisabled();
  await dialog.getByRole('button', { name: t('passphrase.suggest') }).click();
  await expect(field).toHaveValue(/^([a-z]+-){5}[a-z]+$/);
  await expect(field).toHaveAttribute('type', 'text');
  await expect(dialog).toContainText(t('passphrase.strong'));
  const passphrase = await field.inputValue();
  await copy.click();
  await expect(dialog).toContainText(t('grant.copied.code'));
  const code = await copiedText(app);
  // A page that was taken over has the passphrase, and would open what it sees.
  await expect(dialog).toContainText('waybill-grant:');
  await expect(dialog).not.toContainText(code.slice(0, 100));
  await dialog
    .getByRole('button', { name: t('common.close') })
    .last()
    .click();

  await openAccountForm(page);
  const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  await form.getByRole('button', { name: t('accounts.paste.open') }).click();
  await form.getByLabel(t('accounts.paste.box')).fill(code);
  await form.getByRole('button', { name: t('accounts.paste.apply') }).click();
  await form.getByLabel(t('common.passphrase')).fill(passphrase);
  await form.getByRole('button', { name: t('accounts.paste.apply') }).click();
  await expect(form).toContainText(t('accounts.paste.source.grant'));
  await form.getByLabel(t('common.name'), { exact: true }).fill('From a friend');
  await form.getByRole('button', { name: t('common.save') }).click();
  await expect(form).toBeHidden();
  await expect(page.getByRole('button', { name: t('accounts.switch', { name: 'From a friend' }) })).toBeVisible();
});

test('a policy that was edited is checked where it is written, and holds', async ({ started, server }) => {
  const { app, page } = started;
  await expect(page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  await addRoleAccount(page, server, 3600);
  await openBucket(page, 'waybill-samples');
  await page.getByRole('button', { name: t('grant.open') }).click();
  const dialog = page.getByRole('dialog', { name: t('grant.title') });
  await dialog.getByText(t('grant.policy')).click();
  const policy = dialog.getByRole('textbox', { name: t('grant.policy') });
  await policy.fill('{\n  "Version": 1x\n}');
  await expect(dialog).toContainText(t('grant.policy.fault.json', { line: 2, column: 15 }));
  await expect(dialog.getByRole('button', { name: t('common.create'), exact: true })).toBeDisabled();
  const statement = { Effect: 'Allow', Action: 'oss:GetObject', Resource: 'acs:oss:*:*:waybill-samples/pictures/*' };
  await policy.fill(JSON.stringify({ Version: '1', Statement: [statement] }));
  await expect(dialog).toContainText(t('grant.policy.edited'));
  await dialog.getByRole('button', { name: t('common.create'), exact: true }).click();
  await dialog.getByLabel(t('share.many.format')).click();
  await page.getByRole('option', { name: t('grant.format.json') }).click();
  await dialog.getByRole('button', { name: t('common.copy'), exact: true }).click();
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
