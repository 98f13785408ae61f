// Links that go out and links that come in, with curl and ali-oss at the other end.
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import OSS from 'ali-oss';
import type { Locator, Page } from 'playwright';
import { like, t } from '../support/words.ts';
import { curl } from './support/curl.ts';
import { copiedText, dropFiles, pasteText } from './support/desktop.ts';
import { aliOss, expect, test } from './support/practice.ts';
import { changeOptions, chooseOption, makeLink } from './support/sharing.ts';
import { addAccount, chooseFromMenu, openBucket, openPractice, rowOf, verified } from './support/waybill.ts';

const sample = (name: string) => readFile(resolve(import.meta.dirname, '../../assets/samples', name), 'utf8');

async function openShare(page: Page, bucket: string, name: string): Promise<Locator> {
  await openBucket(page, bucket);
  await chooseFromMenu(page, rowOf(page, name), t('browse.share'));
  return page.getByRole('dialog', { name: t('share.title', { name }) });
}

const expiryOf = (link: string) => new URL(link).searchParams.get('x-oss-expires');

/** A moment as the field for one takes it. */
function toField(moment: number): string {
  return new Date(moment - new Date(moment).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The time of day as the window writes it, which follows the language of the system. */
const clock = (moment: number) =>
  new Intl.DateTimeFormat('en-US', { timeStyle: 'short' }).format(moment).replace(/\s/, ' ');

test('a link ends when the dialog says: after a preset, a length, or at a moment', async ({ started }) => {
  const { app, page } = started;
  await openPractice(page);
  const dialog = await openShare(page, 'waybill-samples', 'Welcome to Waybill.txt');

  await dialog.getByText(t('share.expiry.preset.900'), { exact: true }).click();
  await expect(dialog).toContainText(like('share.until', { moment: /.+/, length: /(15|14) min/ }));
  const short = await makeLink(dialog);
  expect(expiryOf(short)).toBe('900');
  await expect(dialog).toContainText(like('share.until.left', { moment: /.+/, length: /(15|14) min/ }));
  await expect.poll(() => copiedText(app)).toBe(short);
  expect(await curl(short)).toMatchObject({ status: 200, text: await sample('welcome.txt') });

  await changeOptions(dialog);
  await dialog.getByText(t('share.expiry.custom'), { exact: true }).click();
  await dialog.getByRole('textbox', { name: t('share.expiry.count') }).fill('2');
  await chooseOption(dialog, t('share.expiry.unit'), t('share.expiry.unit.hours'));
  expect(expiryOf(await makeLink(dialog))).toBe('7200');

  await changeOptions(dialog);
  const moment = Math.ceil(Date.now() / 60_000) * 60_000 + 45 * 60_000;
  await chooseOption(dialog, t('share.expiry.unit'), t('share.expiry.unit.moment'));
  await dialog.getByLabel(t('common.valid-until')).fill(toField(moment));
  await expect(dialog).toContainText(`${clock(moment)} (`);
  const exact = new URL(await makeLink(dialog)).searchParams;
  const signedAt = exact.get('x-oss-date')?.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const end = Date.parse(signedAt ?? '') + Number(exact.get('x-oss-expires')) * 1000;
  expect(Math.abs(end - moment)).toBeLessThanOrEqual(1_000);

  await changeOptions(dialog);
  await dialog.getByLabel(t('common.valid-until')).fill(toField(Date.now() - 3_600_000));
  await expect(dialog).toContainText(t('share.expiry.problem.past'));
  await expect(dialog.getByRole('button', { name: t('share.make') })).toBeDisabled();
});

test('a link to an older version gives the old content, whatever the file is now', async ({ page }) => {
  await openPractice(page);
  const dialog = await openShare(page, 'waybill-versions', 'price-list.csv');
  expect((await curl(await makeLink(dialog))).text).toBe(await sample('price-list-3.csv'));

  await changeOptions(dialog);
  await dialog.getByLabel(t('share.version'), { exact: true }).click();
  await page.getByRole('option').last().click();
  await expect(dialog).toContainText(t('share.version.pinned.hint'));
  const link = await makeLink(dialog);
  expect(new URL(link).searchParams.get('versionId')).not.toBeNull();
  expect(await curl(link)).toMatchObject({ status: 200, text: await sample('price-list-1.csv') });
});

test('the receiver saves under the name that was chosen, in any script', async ({ page }) => {
  await openPractice(page);
  const dialog = await openShare(page, 'waybill-samples', '欢迎使用 Waybill.txt');
  const name = '运单 2026 “最终”.txt';
  await dialog.getByRole('textbox', { name: t('share.file-name') }).fill(name);
  const { status, headers } = await curl(await makeLink(dialog));
  expect(status).toBe(200);
  expect(headers['content-disposition']).toMatch(/^attachment;/);
  expect(headers['content-disposition']).toContain(`filename*=UTF-8''${encodeURIComponent(name)}`);

  await changeOptions(dialog);
  await dialog.getByText(t('share.open.preview'), { exact: true }).click();
  expect((await curl(await makeLink(dialog))).headers['content-disposition']).toMatch(/^inline;/);
});

for (const version of ['v1', 'v4'] as const) {
  test(`a link that ali-oss signed with ${version} is downloaded without any account`, async ({
    started,
    home,
    server,
  }) => {
    const { page } = started;
    const client = aliOss(server, 'waybill-samples', version);
    const key = '合同/运单 2026-11.csv';
    const link =
      version === 'v1' ? client.signatureUrl(key, { expires: 600 }) : await client.signatureUrlV4('GET', 600, {}, key);
    await expect(page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
    await pasteText(started, link);
    const card = page.getByRole('dialog', { name: '运单 2026-11.csv' });
    await expect(card).toContainText(like('receive.signed-by', { key: /.+/, version: version.toUpperCase() }));
    await expect(card).toContainText('waybill-samples');
    await card.getByRole('button', { name: t('receive.check') }).click();
    await expect(card).toContainText('text/csv');
    await card.getByRole('button', { name: like('receive.download.size', { size: /.+/ }) }).click();
    await expect(card).toContainText(verified);
    expect(await readFile(join(home.downloads, '运单 2026-11.csv'), 'utf8')).toBe(await sample('waybills-zh.csv'));
  });
}

test('when a short link ends, curl gets 403 and the card says so', async ({ started }) => {
  const { app, page } = started;
  await openPractice(page);
  const dialog = await openShare(page, 'waybill-samples', 'Welcome to Waybill.txt');
  await dialog.getByText(t('share.expiry.custom'), { exact: true }).click();
  // A twentieth of a minute.
  await dialog.getByRole('textbox', { name: t('share.expiry.count') }).fill('0.05');
  await chooseOption(dialog, t('share.expiry.unit'), t('share.expiry.unit.minutes'));
  const link = await makeLink(dialog);
  expect(expiryOf(link)).toBe('3');
  expect((await curl(link)).status).toBe(200);
  await expect(dialog).toContainText(t('share.until.ended'));
  await page.keyboard.press('Escape');

  await expect.poll(async () => (await curl(link)).status).toBe(403);
  expect((await curl(link)).text).toContain('Request has expired');
  await pasteText({ app, page }, link);
  const card = page.getByRole('dialog', { name: 'Welcome to Waybill.txt' });
  await expect(card).toContainText(like('receive.expired.next', { length: /.+/ }));
  await expect(card).toContainText(like('receive.expired', { moment: /\w+.*/ }));
  await expect(card.getByRole('button', { name: t('receive.download') })).toBeHidden();
});

test('a link that ends while its card is open says so and can no longer be used', async ({ started, server }) => {
  const { page } = started;
  const key = 'Welcome to Waybill.txt';
  await expect(page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  const link = await aliOss(server, 'waybill-samples').signatureUrlV4('GET', 6, {}, key);
  await pasteText(started, link);
  const card = page.getByRole('dialog', { name: key });
  await expect(card.getByRole('button', { name: t('receive.download'), exact: true })).toBeEnabled();
  await expect(card).toContainText(like('receive.expired.next', { length: /.+/ }), { timeout: 10_000 });
  await expect(card.getByRole('button', { name: t('receive.download'), exact: true })).toBeHidden();
});

test('links of an account with a security token end with its session, and say why', async ({ started, server }) => {
  const { page } = started;
  const sts = new OSS.STS({
    accessKeyId: server.accessKeyId,
    accessKeySecret: server.accessKeySecret,
    endpoint: server.endpoint,
  } as never);
  const { credentials } = await sts.assumeRole(server.roleArn, '', 900, 'share');
  // The field takes whole minutes.
  const end = Math.floor(Date.parse(credentials.Expiration) / 60_000) * 60_000;
  await addAccount(page, {
    name: 'Session',
    endpoint: server.endpoint,
    accessKeyId: credentials.AccessKeyId,
    accessKeySecret: credentials.AccessKeySecret,
    securityToken: credentials.SecurityToken,
    tokenEnd: toField(end),
  });
  await expect(page.getByRole('button', { name: t('accounts.switch', { name: 'Session' }) })).toContainText(
    like('accounts.credentials.left', { length: /1[0-4] min/ }),
  );

  const dialog = await openShare(page, 'waybill-samples', 'Welcome to Waybill.txt');
  await dialog.getByText(t('share.expiry.preset.86400'), { exact: true }).click();
  await expect(dialog).toContainText(`${clock(end)} (`);
  await expect(dialog).toContainText(t('share.limit.session'));
  const link = await makeLink(dialog);
  expect(await curl(link)).toMatchObject({ status: 200, text: await sample('welcome.txt') });

  await page.keyboard.press('Escape');
  await pasteText(started, link);
  const card = page.getByRole('dialog', { name: 'Welcome to Waybill.txt' });
  await expect(card).toContainText(like('share.until.left-at-latest', { moment: /.+/, length: /.+/ }));
  await expect(card).toContainText(t('receive.temporary'));
});

test('an upload link takes a file with the headers its sender named', async ({ started, home, server }) => {
  const { page } = started;
  const client = aliOss(server, 'waybill-inbox');
  const key = 'from outside/manifest.txt';
  const headers = { 'Content-Type': 'text/x-manifest', 'x-oss-meta-sender': 'Li' };
  const link = await client.signatureUrlV4('PUT', 600, { headers }, key);
  const path = join(home.folder, 'my manifest.txt');
  await writeFile(path, 'one crate\n');

  await expect(page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  await pasteText(started, link);
  const card = page.getByRole('dialog', { name: 'manifest.txt' });
  await card.getByText(t('browse.upload'), { exact: true }).first().click();
  await dropFiles(page, card.getByRole('group', { name: t('common.file') }), [path]);
  await expect(card).toContainText(path);

  // Without the headers, the signature does not match.
  await card.getByRole('button', { name: t('receive.upload'), exact: true }).click();
  await expect(card).toContainText(t('receive.refused.upload'));

  for (const [index, [name, value]] of Object.entries(headers).entries()) {
    await card.getByRole('button', { name: t('receive.headers.add') }).click();
    await card
      .getByRole('combobox', { name: t('receive.headers.name') })
      .nth(index)
      .fill(name);
    await card
      .getByRole('textbox', { name: t('rows.value') })
      .nth(index)
      .fill(value);
  }
  await card.getByRole('button', { name: t('receive.upload-again') }).click();
  await expect(card).toContainText(verified);
  const stored = await client.get(key);
  expect(String(stored.content)).toBe('one crate\n');
  expect(stored.res.headers).toMatchObject({ 'content-type': 'text/x-manifest', 'x-oss-meta-sender': 'Li' });
});
