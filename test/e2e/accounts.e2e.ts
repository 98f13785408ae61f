// Accounts: added, switched, changed, removed; what is kept of them, where, and for how long.
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright';
import { testTls } from '../support/tls/certificate.ts';
import { t } from '../support/words.ts';
import {
  accountSwitcher,
  addAccount,
  chooseFromSwitcher,
  fillAccountForm,
  openAccountForm,
  ownerOf,
  test,
} from './support/accounts.ts';
import { expect } from './support/app.ts';
import { goTo, openBucket, rowOf } from './support/waybill.ts';

const bucketsOf = (page: Page) => page.getByRole('navigation', { name: t('rail.label') }).getByRole('listitem');
const trustTestCa = { NODE_EXTRA_CA_CERTS: join(import.meta.dirname, '..', 'support', 'tls', 'ca.crt') };

test('several accounts are used side by side, over https and, with a warning, over http', async ({ home, serve }) => {
  const secure = await serve({ tls: testTls });
  const plain = await serve({ seed: false });
  const { page } = await home.launch(trustTestCa);

  await test.step('an https endpoint needs no warning', async () => {
    await openAccountForm(page);
    const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
    await fillAccountForm(form, { name: 'Harbour', ...ownerOf(secure) });
    await expect(form.getByText(t('accounts.form.insecure'))).toBeHidden();
    await form.getByRole('button', { name: t('common.save') }).click();
    await expect(bucketsOf(page)).toHaveText(['waybill-inbox', 'waybill-samples', 'waybill-versions']);
  });

  await test.step('http is called not private', async () => {
    await openAccountForm(page);
    const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
    await fillAccountForm(form, { name: 'Depot', ...ownerOf(plain) });
    await expect(form.getByText(t('accounts.form.insecure'))).toBeVisible();
    await form.getByRole('button', { name: t('common.save') }).click();
    await expect(accountSwitcher(page)).toHaveAccessibleName(t('accounts.switch', { name: 'Depot' }));
    await expect(page.getByText(t('browse.no-buckets'))).toBeVisible();
  });

  await test.step('switching goes there and back without asking for anything', async () => {
    await chooseFromSwitcher(page, 'Harbour');
    await openBucket(page, 'waybill-samples');
    await expect(rowOf(page, 'Welcome to Waybill.txt')).toBeVisible();
    await chooseFromSwitcher(page, 'Depot');
    await expect(page.getByText(t('browse.no-buckets'))).toBeVisible();
    await chooseFromSwitcher(page, 'Harbour');
    await expect(bucketsOf(page)).toHaveCount(3);
  });

  await test.step('a name is changed without typing the secret again', async () => {
    await chooseFromSwitcher(page, t('accounts.edit'));
    const form = page.getByRole('dialog', { name: t('accounts.form.title.edit', { name: 'Harbour' }) });
    await expect(form.getByLabel(t('accounts.form.secret'))).toHaveValue('');
    await fillAccountForm(form, { name: 'Pier 4' });
    await form.getByRole('button', { name: t('common.save') }).click();
    await expect(accountSwitcher(page)).toHaveAccessibleName(t('accounts.switch', { name: 'Pier 4' }));
    await page.getByRole('button', { name: t('browse.refresh') }).click();
    await expect(bucketsOf(page)).toHaveCount(3);
  });

  await test.step('removing one leaves the other in use', async () => {
    await chooseFromSwitcher(page, t('accounts.remove'));
    const question = page.getByRole('dialog', { name: t('accounts.remove.title', { name: 'Pier 4' }) });
    await expect(question).toContainText(t('accounts.remove.text'));
    await question.getByRole('button', { name: t('common.remove') }).click();
    await expect(accountSwitcher(page)).toHaveAccessibleName(t('accounts.switch', { name: 'Depot' }));
    await accountSwitcher(page).click();
    await expect(page.getByRole('menuitem', { name: 'Depot' })).toBeVisible();
    await expect(page.getByRole('menuitem', { name: 'Pier 4' })).toBeHidden();
  });

  await test.step('removing the last one leads back to the start', async () => {
    await page.getByRole('menuitem', { name: t('accounts.remove') }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: t('common.remove') })
      .click();
    await expect(page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  });
});

test('a saved account is back after a restart, its secret comes from the keychain', async ({ home, serve }) => {
  const server = await serve();
  const name = `Kept ${home.folder.slice(-6)}`;
  const first = await home.launch();
  await addAccount(first.page, { name, ...ownerOf(server) });
  await expect(accountSwitcher(first.page)).not.toContainText(t('accounts.origin.this-run'));
  await first.app.close();

  const file = await readFile(join(home.profile, 'accounts.json'), 'utf8');
  const [account] = (JSON.parse(file) as { accounts: { id: string; name: string; accessKeyId: string }[] }).accounts;
  expect(account).toMatchObject({ name, accessKeyId: server.accessKeyId });
  expect(await filesWith(home.profile, server.accessKeySecret)).toEqual([]);
  expect(await keptSecret(account?.id ?? '')).toEqual({
    accessKeySecret: server.accessKeySecret,
    securityToken: null,
  });

  const second = await home.launch();
  await expect(accountSwitcher(second.page)).toHaveAccessibleName(t('accounts.switch', { name }));
  await openBucket(second.page, 'waybill-samples');
  await expect(rowOf(second.page, 'Welcome to Waybill.txt')).toBeVisible();

  await chooseFromSwitcher(second.page, t('accounts.remove'));
  await second.page
    .getByRole('dialog')
    .getByRole('button', { name: t('common.remove') })
    .click();
  await expect(second.page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  expect(await keptSecret(account?.id ?? '')).toBeNull();
});

test('an account that is not to be remembered is gone after a restart, without a trace', async ({ home, serve }) => {
  const server = await serve();
  const first = await home.launch();
  await openAccountForm(first.page);
  const form = first.page.getByRole('dialog', { name: t('accounts.form.title.new') });
  await fillAccountForm(form, { name: 'Visitor', ...ownerOf(server) });
  await form.getByLabel(t('accounts.form.remember')).uncheck();
  await form.getByRole('button', { name: t('common.save') }).click();
  await expect(accountSwitcher(first.page)).toContainText(t('accounts.origin.this-run'));
  await openBucket(first.page, 'waybill-samples');
  await expect(rowOf(first.page, 'Welcome to Waybill.txt')).toBeVisible();
  await first.app.close();

  expect(await filesWith(home.profile, server.accessKeySecret)).toEqual([]);
  const second = await home.launch();
  await expect(second.page.getByRole('button', { name: t('accounts.form.title.new') })).toBeVisible();
});

test('a key that may not list buckets starts at its start path', async ({ page, serve }) => {
  const reader = { accessKeyId: 'READERKEY', accessKeySecret: 'reader-secret', name: 'reader' };
  const server = await serve({ users: [{ ...reader, policy: readReports }] });
  const entry = { name: 'Reports', accessKeyId: reader.accessKeyId, accessKeySecret: reader.accessKeySecret };

  await openAccountForm(page);
  const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  await fillAccountForm(form, { ...entry, endpoint: server.endpoint });
  await form.getByRole('button', { name: t('common.save') }).click();
  await expect(form.getByRole('alert')).toContainText(t('failure.cause.denied-by-policy.title'));
  await expect(form.getByText(t('accounts.form.denied'))).toBeVisible();

  await fillAccountForm(form, { startPath: 'oss://waybill-samples/reports/' });
  await form.getByRole('button', { name: t('common.save') }).click();
  await expect(form).toBeHidden();
  await expect(rowOf(page, '2026')).toBeVisible();
  await expect(bucketsOf(page)).toHaveText(['waybill-samples']);

  await goTo(page, 'oss://waybill-samples/pictures/');
  await expect(page.getByRole('alert')).toContainText(t('failure.cause.denied-by-policy.title'));
  await goTo(page, 'oss://waybill-samples/reports/2026/');
  await expect(rowOf(page, 'shipments.csv')).toBeVisible();
});

test('credentials of the environment are offered, used for this run, and not saved', async ({ home, serve }) => {
  const server = await serve();
  const first = await home.launch({
    OSS_ACCESS_KEY_ID: server.accessKeyId,
    OSS_ACCESS_KEY_SECRET: server.accessKeySecret,
    OSS_ENDPOINT: server.endpoint,
    OSS_REGION: server.region,
  });
  const offer = first.page.getByRole('button', { name: t('welcome.environment', { id: server.accessKeyId }) });
  await expect(offer).toContainText(t('welcome.environment.hint'));
  await offer.click();
  await expect(accountSwitcher(first.page)).toContainText(t('accounts.origin.environment'));
  await openBucket(first.page, 'waybill-samples');
  await expect(rowOf(first.page, 'Welcome to Waybill.txt')).toBeVisible();
  await first.app.close();

  expect(await filesWith(home.profile, server.accessKeySecret)).toEqual([]);
  const second = await home.launch();
  await expect(second.page.getByRole('button', { name: t('accounts.form.title.new') })).toBeVisible();
  await expect(
    second.page.getByRole('button', { name: t('welcome.environment', { id: server.accessKeyId }) }),
  ).toBeHidden();
});

test('without a keychain the app says so, and the secret lives for this run only', async ({ home, serve }) => {
  const server = await serve();
  const noKeychain = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(home.folder, 'no-such-bus')}` };
  const first = await home.launch(noKeychain);
  await openAccountForm(first.page);
  const form = first.page.getByRole('dialog', { name: t('accounts.form.title.new') });
  await expect(form.getByText(t('accounts.form.keychain.absent'))).toBeVisible();
  await fillAccountForm(form, { name: 'Depot', ...ownerOf(server) });
  await form.getByRole('button', { name: t('common.save') }).click();
  await expect(accountSwitcher(first.page)).toContainText(t('accounts.origin.this-run'));
  await openBucket(first.page, 'waybill-samples');
  await expect(rowOf(first.page, 'Welcome to Waybill.txt')).toBeVisible();
  await first.app.close();

  expect(await filesWith(home.profile, server.accessKeySecret)).toEqual([]);
  const second = await home.launch(noKeychain);
  await expect(second.page.getByRole('button', { name: t('accounts.form.title.new') })).toBeVisible();
});

/** May list and read below `reports/` of the samples, and nothing else. */
const readReports = {
  Version: '1',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'oss:ListObjects',
      Resource: 'acs:oss:*:*:waybill-samples',
      Condition: { StringLike: { 'oss:Prefix': 'reports/*' } },
    },
    { Effect: 'Allow', Action: 'oss:GetObject', Resource: 'acs:oss:*:*:waybill-samples/reports/*' },
  ],
} as const;

/** The files below `folder` that hold this text, in UTF-8 or in the UTF-16 of Chromium's own stores. */
async function filesWith(folder: string, text: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(0);
  const found = await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(file);
      return bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le')) ? [file] : [];
    }),
  );
  return found.flat();
}

/** What the desktop's own tool finds in the keychain for an account; null when there is nothing. */
async function keptSecret(accountId: string): Promise<unknown> {
  const attributes = ['service', 'Waybill', 'account', accountId];
  const stdout = await promisify(execFile)('secret-tool', ['lookup', ...attributes]).then(
    (result) => result.stdout,
    () => '',
  );
  return stdout === '' ? null : JSON.parse(stdout);
}
