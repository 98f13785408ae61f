// Pasted STS credentials: what they are taken from, what happens when they end, and how the work goes on with new ones.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import OSS from 'ali-oss';
import type { Locator } from 'playwright';
import type { PracticeServer } from '../../main/practice/server.ts';
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
    const form = page.getByRole('dialog', { name: 'Add an account' });
    await form.getByRole('button', { name: 'Paste credentials…' }).click();
    await pasteText(started, first);
    await expect(form.getByText('Read from JSON as STS returns it.')).toBeVisible();
    await fillAccountForm(form, { name: 'Partner', endpoint: server.endpoint });
    await form.getByRole('button', { name: 'Save' }).click();
    await expect(form).toBeHidden();
    await expect(accountSwitcher(page)).toContainText(/Credentials: .+ left/);
  });

  const banner = page.getByRole('status').filter({ hasText: 'The temporary credentials of “Partner” have ended.' });
  const file = join(home.folder, 'load.bin');
  await makeFile(file, 300_000);

  await test.step('they end: the upload waits, and the window says what for', async () => {
    await openBucket(page, 'waybill-inbox');
    await expect(page.getByText('This folder is empty')).toBeVisible();
    await expect(banner).toBeHidden();
    server.faults.clockOffsetMs = 4 * minute;
    await dropIntoFolder(page, [file]);
    await showTransfers(page);
    await expect(transferOf(page, 'load.bin')).toContainText('The session of this account has ended.');
    await expect(banner).toContainText('One transfer waits for new ones.');
    await expect(transferOf(page, 'load.bin').getByRole('button', { name: 'New credentials…' })).toBeVisible();
  });

  const dialog = page.getByRole('dialog', { name: 'New credentials for “Partner”' });

  await test.step('what is no use is refused, with the reason', async () => {
    await banner.getByRole('button', { name: 'New credentials…' }).click();
    await expect(dialog.getByLabel('Credentials as text')).toBeFocused();
    await pasteText(started, noise);
    await expect(dialog).toContainText('No credentials were found in this text.');
    await pasteText(started, first);
    await expect(dialog).toContainText('Read from JSON as STS returns it.');
    await page.keyboard.press('Enter');
    await saysAlert(dialog, 'The temporary credentials have ended', 'Ask for new ones');

    await dialog.getByRole('button', { name: 'Paste others' }).click();
    await pasteText(started, await stsJson(server, () => 'STS.NobodyKnowsThisOne'));
    await page.keyboard.press('Enter');
    await saysAlert(
      dialog,
      'The security token belongs to another AccessKey',
      'from the same answer, all three of them.',
    );
    await expect(banner).toBeVisible();
  });

  await test.step('new ones take their place, and the upload goes on', async () => {
    await dialog.getByRole('button', { name: 'Paste others' }).click();
    await pasteText(started, await stsJson(server));
    await expect(dialog).toContainText(/STS\.\S+, valid until/);
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(page.getByText('“Partner” has new credentials')).toBeVisible();
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
  const form = page.getByRole('dialog', { name: 'Add an account' });
  await form.getByRole('button', { name: 'Paste credentials…' }).click();
  await pasteText(started, noise);
  await expect(form).toContainText('No credentials were found in this text.');
  await pasteText(started, '{"AccessKeyId":"LTAI5tOnlyTheIdOfIt00000"}');
  await expect(form).toContainText('There is an AccessKey ID here, but no secret.');
  await form.getByRole('button', { name: 'Cancel' }).first().click();

  const { accessKeyId, accessKeySecret, endpoint } = server;
  await fillAccountForm(form, { name: 'Depot', accessKeyId, accessKeySecret, endpoint });
  await form.getByText('Advanced', { exact: true }).click();
  const arn = form.getByLabel('Role to assume');
  for (const wrong of ['waybill-practice', 'acs:ram::12ab:role/x', 'acs:ram::1000000000000001:user/x']) {
    await arn.fill(wrong);
    await form.getByRole('button', { name: 'Save' }).click();
    await expect(form).toContainText('An ARN looks like acs:ram::123456789012:role/name.');
    await expect(arn).toHaveAttribute('aria-invalid', 'true');
  }
});
