// Links that come from outside the window: `waybill:`, the command line, a second start.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ElectronApplication } from 'playwright';
import { t } from '../support/words.ts';
import type { Display } from './support/display.ts';
import type { Home } from './support/app.ts';
import { aliOss, expect, test } from './support/practice.ts';
import { countInPage } from './support/secrets.ts';
import { verified } from './support/waybill.ts';

const key = 'Welcome to Waybill.txt';
const deepLink = (text: string) => `waybill:open?link=${encodeURIComponent(text)}`;

/** What a browser or a desktop does with a link while Waybill runs. */
async function startAgain(app: ElectronApplication, home: Home, display: Display, link: string): Promise<void> {
  const [command = ''] = app.process().spawnargs;
  const args = [resolve(import.meta.dirname, '../..'), '--no-sandbox', `--user-data-dir=${home.profile}`, link];
  const env = { ...process.env, ...display.env, HOME: home.folder };
  expect(await once(spawn(command, args, { stdio: 'ignore', env }), 'exit')).toEqual([0, null]);
}

test('a deep link opens the receive card, fetches nothing before a click, and never shows the page its URL', async ({
  home,
  server,
}) => {
  const link = await aliOss(server, 'waybill-samples').signatureUrlV4('GET', 600, {}, key);
  const { page } = await home.launch({}, [deepLink(link)]);
  const card = page.getByRole('dialog', { name: key });
  await expect(card.getByRole('button', { name: t('receive.download'), exact: true })).toBeVisible();
  await expect(page.getByRole('region', { name: t('transfers.title') }).getByRole('listitem')).toHaveCount(0);
  expect(await readdir(home.downloads)).toEqual([]);
  const signature = new URL(link).searchParams.get('x-oss-signature') ?? '';
  expect(signature).not.toBe('');
  expect(await countInPage(page, [signature], key)).toBe(0);

  await card.getByRole('button', { name: t('receive.download'), exact: true }).click();
  await expect(card).toContainText(verified);
  expect(await readdir(home.downloads)).toEqual([key]);
});

test('a link on the command line of a second start opens in the window that is there', async ({
  home,
  server,
  display,
}) => {
  const { app, page } = await home.launch();
  await expect(page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  const link = await aliOss(server, 'waybill-samples').signatureUrlV4('GET', 600, {}, key);
  await startAgain(app, home, display, link);
  await expect(page.getByRole('dialog', { name: key })).toBeVisible();
  expect(app.windows()).toHaveLength(1);
});

test('a dialog that is open is not taken away: the link is shown after it', async ({ home, server, display }) => {
  const { app, page } = await home.launch();
  await page.getByRole('button', { name: t('accounts.form.title.new') }).click();
  const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  await form.getByLabel(t('accounts.form.access-key-id')).fill('LTAI-half-typed');
  const link = await aliOss(server, 'waybill-samples').signatureUrlV4('GET', 600, {}, key);
  await startAgain(app, home, display, deepLink(link));
  await expect(form.getByLabel(t('accounts.form.access-key-id'))).toHaveValue('LTAI-half-typed');
  await page.keyboard.press('Escape');
  await form.getByRole('button', { name: t('common.discard.do') }).click();
  await expect(page.getByRole('dialog', { name: key })).toBeVisible();
});

for (const [what, link] of [
  // More than a line may hold on Linux is refused by the system itself.
  ['120 KB of text', `waybill:${'A'.repeat(120_000)}`],
  ['120 KB of address', deepLink(`https://example.com/${'a'.repeat(119_000)}`)],
  ['credentials in clear', deepLink('{"AccessKeyId":"LTAI","AccessKeySecret":"plain","SecurityToken":"t"}')],
  ['a command of its own', 'waybill:download?link=https%3A%2F%2Fexample.com%2F&folder=%2Ftmp'],
] as const) {
  test(`a deep link with ${what} shows an empty receive card and nothing else`, async ({ home }) => {
    const { page } = await home.launch({}, [link]);
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText(t('receive.not-a-link.title'))).toBeVisible();
    await expect(dialog.getByRole('textbox')).toHaveValue('');
    await expect(page.getByRole('button', { name: t('accounts.form.title.new') })).toBeAttached();
    expect(await readdir(home.downloads)).toEqual([]);
  });
}

test('a megabyte through the system’s own event leaves the window as it was', async ({ started }) => {
  const { app, page } = started;
  await expect(page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  await app.evaluate(({ app: waybill }) => {
    const event = { preventDefault: () => undefined };
    waybill.emit('open-url', event, `waybill:open?link=${'%41'.repeat(350_000)}`);
  });
  await expect(page.getByRole('dialog').getByText(t('receive.not-a-link.title'))).toBeVisible();
  expect(await page.evaluate(() => document.body.textContent.length)).toBeLessThan(20_000);
});
