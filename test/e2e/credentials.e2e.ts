// Pasted STS credentials: what they are taken from, what happens when they end, and how the work goes on with new ones.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import OSS from 'ali-oss';
import type { Locator } from 'playwright';
import type { PracticeServer } from '../../main/practice/server.ts';
import { escaped, like, t } from '../support/words.ts';
import { accountSwitcher, fillAccountForm, openAccountForm, test } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { pasteText } from './support/desktop.ts';
import { makeFile } from './support/files.ts';
import { aliOss } from './support/practice.ts';
import { dropIntoFolder, openBucket, showTransfers, transferOf, verified } from './support/waybill.ts';

const minute = 60_000;
const noise = randomBytes(150_000).toString('base64');

/** A session of 15 minutes of the server's role, got with a program that is not ours, as the JSON that STS returns. */
async function stsJson(server: PracticeServer, keyId = (id: string) => id): Promise<string> {
  const { accessKeyId, accessKeySecret, roleArn, endpoint } = server;
  const sts = new OSS.STS({ accessKeyId, accessKeySecret, endpoint } as ConstructorParameters<typeof OSS.STS>[0]);
  const { credentials } = await sts.assumeRole(roleArn, '', 900, 'partner');
  const { AccessKeyId, ...rest } = credentials;
  return JSON.stringify({ RequestId: '1', Credentials: { AccessKeyId: keyId(AccessKeyId), ...rest } }, null, 2);
}

async function saysAlert(place: Locator, title: string, next: string): Promise<void> {
  await expect(place.getByRole('alert').filter({ hasText: title })).toContainText(next);
}

test('an upload waits when pasted credentials end, and goes on by itself once new ones are pasted', async ({
  started,
  home,
  serve,
}) => {
  const { page } = started;
  const server = await serve();
  // Within the 15 minutes that OSS allows a computer to be off, and with minutes to spare: the form knows no seconds.
  server.faults.clockOffsetMs = -12 * minute;
  const first = await stsJson(server);

  await test.step('an account is made of what STS returned', async () => {
    await openAccountForm(page);
    const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
    await form.getByRole('button', { name: t('accounts.paste.open') }).click();
    await pasteText(started, first);
    await expect(form.getByText(t('accounts.paste.source.sts-json'))).toBeVisible();
    await fillAccountForm(form, { name: 'Partner', endpoint: server.endpoint });
    await form.getByRole('button', { name: t('common.save') }).click();
    await expect(form).toBeHidden();
    await expect(accountSwitcher(page)).toContainText(like('accounts.credentials.left', { length: /.+/ }));
  });

  const bannerOf = (count: number) => escaped(t('accounts.renew.banner', { name: 'Partner', count }));
  const banner = page.getByRole('status').filter({ hasText: new RegExp(`${bannerOf(0)}|${bannerOf(1)}`) });
  const file = join(home.folder, 'load.bin');
  await makeFile(file, 300_000);

  await test.step('they end: the upload waits, and the window says what for', async () => {
    await openBucket(page, 'waybill-inbox');
    await expect(page.getByText(t('browse.empty'))).toBeVisible();
    await expect(banner).toBeHidden();
    server.faults.clockOffsetMs = 4 * minute;
    await dropIntoFolder(page, [file]);
    await showTransfers(page);
    await expect(transferOf(page, 'load.bin')).toContainText(t('transfers.blocked.credentials'));
    await expect(banner).toContainText(t('accounts.renew.banner', { name: 'Partner', count: 1 }));
    await expect(transferOf(page, 'load.bin').getByRole('button', { name: t('accounts.renew.open') })).toBeVisible();
  });

  const dialog = page.getByRole('dialog', { name: t('accounts.renew.title', { name: 'Partner' }) });

  await test.step('what is no use is refused, with the reason', async () => {
    await banner.getByRole('button', { name: t('accounts.renew.open') }).click();
    await expect(dialog.getByLabel(t('accounts.paste.box'))).toBeFocused();
    await pasteText(started, noise);
    await expect(dialog).toContainText(t('accounts.paste.problem.nothing'));
    await pasteText(started, first);
    await expect(dialog).toContainText(t('accounts.paste.source.sts-json'));
    await page.keyboard.press('Enter');
    await saysAlert(dialog, t('failure.cause.token-expired.title'), t('failure.cause.token-expired.next'));

    await dialog.getByRole('button', { name: t('accounts.renew.other') }).click();
    await pasteText(started, await stsJson(server, () => 'STS.NobodyKnowsThisOne'));
    await expect(dialog).toContainText(like('accounts.renew.found', { key: /STS\.\S+/, moment: /.+/ }));
    await page.keyboard.press('Enter');
    await saysAlert(dialog, t('failure.cause.token-mismatch.title'), t('failure.cause.token-mismatch.next'));
    await expect(banner).toBeVisible();
  });

  await test.step('new ones take their place, and the upload goes on', async () => {
    await dialog.getByRole('button', { name: t('accounts.renew.other') }).click();
    await pasteText(started, await stsJson(server));
    await expect(dialog).toContainText(like('accounts.renew.found', { key: /STS\.\S+/, moment: /.+/ }));
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(page.getByText(t('accounts.renew.done', { name: 'Partner' }))).toBeVisible();
    await expect(transferOf(page, 'load.bin')).toContainText(verified);
    await expect(banner).toBeHidden();
  });

  const stored = await aliOss(server, 'waybill-inbox').get('load.bin');
  expect((stored.content as Buffer).equals(await readFile(file))).toBe(true);
});

test('the account form refuses noise, half a key pair and a malformed ARN, each with the reason', async ({
  started,
  serve,
}) => {
  const { page } = started;
  const server = await serve();
  await openAccountForm(page);
  const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  await form.getByRole('button', { name: t('accounts.paste.open') }).click();
  await pasteText(started, noise);
  await expect(form).toContainText(t('accounts.paste.problem.nothing'));
  await pasteText(started, '{"AccessKeyId":"LTAI5tOnlyTheIdOfIt00000"}');
  await expect(form).toContainText(t('accounts.paste.problem.missing-secret'));
  await pasteText(started, 'OSS_ACCESS_KEY_ID=$MY_ID\nOSS_ACCESS_KEY_SECRET=$MY_SECRET');
  await expect(form).toContainText(t('accounts.paste.problem.in-variable', { names: 'MY_ID and MY_SECRET' }));
  await form
    .getByRole('button', { name: t('common.cancel') })
    .first()
    .click();

  const { accessKeyId, accessKeySecret, endpoint } = server;
  await fillAccountForm(form, { name: 'Depot', accessKeyId, accessKeySecret, endpoint });
  await form.getByText(t('accounts.form.advanced'), { exact: true }).click();
  const arn = form.getByLabel(t('accounts.form.role'));
  for (const wrong of ['waybill-practice', 'acs:ram::12ab:role/x', 'acs:ram::1000000000000001:user/x']) {
    await arn.fill(wrong);
    await form.getByRole('button', { name: t('common.save') }).click();
    await expect(form).toContainText(t('accounts.form.problem.role-arn'));
    await expect(arn).toHaveAttribute('aria-invalid', 'true');
  }
});
