// How servers are reached: through a proxy that is not ours, by a script, and with a company's own authority.
import { AxeBuilder } from '@axe-core/playwright';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import type { Locator, Page } from 'playwright';
import { startPractice } from '../../main/practice/server.ts';
import { type ProxyServer, startProxy } from '../integration/network/proxy-server.ts';
import { canary } from '../support/canaries.ts';
import { testTls } from '../support/tls/certificate.ts';
import { like, t } from '../support/words.ts';
import { fillAccountForm, openAccountForm } from './support/accounts.ts';
import { answerDialogs, answerQuestions } from './support/desktop.ts';
import { makeFile, MiB } from './support/files.ts';
import { expect, test } from './support/practice.ts';
import { countInPage, filesWith } from './support/secrets.ts';
import { addAccount, dropIntoFolder, openBucket, showTransfers, transferOf, verified } from './support/waybill.ts';

const password = 'a very secret word of the proxy';
canary('the password of the proxy', password);

async function openSettings(page: Page): Promise<Locator> {
  // What is pressed before the page listens is lost.
  await page.getByRole('button').first().waitFor();
  await page.keyboard.press('ControlOrMeta+,');
  const settings = page.getByRole('dialog', { name: t('settings.title') });
  await settings.getByRole('tab', { name: t('settings.tab.network') }).click();
  return settings;
}

async function chooseWay(settings: Locator, way: string): Promise<void> {
  await settings.getByLabel(t('settings.proxy.mode')).click();
  await settings.page().getByRole('option', { name: way }).click();
}

/** This computer is reached directly unless the exceptions say otherwise. */
async function enterProxy(settings: Locator, proxy: Pick<ProxyServer, 'url'>): Promise<void> {
  await chooseWay(settings, t('settings.proxy.manual'));
  await settings.getByLabel(t('settings.proxy.url'), { exact: true }).fill(proxy.url);
  await settings.getByLabel(t('settings.proxy.bypass')).fill('<-loopback>');
}

test('a proxy is entered, tested, and carries requests and files; its password goes nowhere else', async ({
  home,
  server,
}) => {
  const proxy = await startProxy(`wei:${password}`);
  const { app, page } = await home.launch();
  const { endpoint, accessKeyId, accessKeySecret } = server;
  await addAccount(page, { name: 'Owner', endpoint, accessKeyId, accessKeySecret });
  const settings = await openSettings(page);
  const test = settings.getByRole('button', { name: t('settings.proxy.test') });

  await enterProxy(settings, proxy);
  await answerQuestions(app, false);
  await test.click();
  await expect(settings.getByRole('alert')).toContainText(t('failure.cancelled.title'));
  const questions = await answerQuestions(app, true);
  await test.click();
  await expect(settings.getByRole('alert')).toContainText(t('failure.network.proxy-password.title'));

  await settings.getByLabel(t('settings.proxy.user')).fill('wei');
  await settings.getByLabel(t('settings.proxy.password')).fill('not this');
  await test.click();
  await expect(settings.getByRole('alert')).toContainText(t('failure.network.proxy-password.title'));
  expect(proxy.requests).toEqual([]);
  // Another password for the same proxy is no other proxy.
  expect(await questions()).toEqual([t('consent.proxy', { newProxy: proxy.url })]);

  await settings.getByLabel(t('settings.proxy.password')).fill(password);
  await test.click();
  await expect(
    settings.getByText(
      like('settings.proxy.reached', {
        host: `127.0.0.1:${new URL(endpoint).port}`,
        proxy: new RegExp(`${proxy.url}.*`),
        milliseconds: /[\d,]+/,
      }),
    ),
  ).toBeVisible();
  await expect(settings.getByLabel(t('settings.proxy.password'))).toHaveValue('');
  expect((await new AxeBuilder({ page }).setLegacyMode().analyze()).violations).toEqual([]);
  await page.keyboard.press('Escape');

  await openBucket(page, 'waybill-inbox');
  await makeFile(join(home.folder, 'through.bin'), 12 * MiB);
  const before = proxy.requests.length;
  await dropIntoFolder(page, [join(home.folder, 'through.bin')]);
  await showTransfers(page);
  await expect(transferOf(page, 'through.bin')).toContainText(verified);
  expect(proxy.requests.length).toBeGreaterThan(before);
  expect(await countInPage(page, [password], 'waybill-inbox')).toBe(0);
  expect(await filesWith(home.profile, [password, Buffer.from(`wei:${password}`).toString('base64')])).toEqual([]);
  await proxy.close();
});

test('the password is there at the next start; a proxy that has gone is said to be gone', async ({ home, server }) => {
  const proxy = await startProxy(`wei:${password}`);
  const first = await home.launch();
  const { endpoint, accessKeyId, accessKeySecret } = server;
  await addAccount(first.page, { name: 'Owner', endpoint, accessKeyId, accessKeySecret });
  const settings = await openSettings(first.page);
  await answerQuestions(first.app, true);
  await enterProxy(settings, proxy);
  await settings.getByLabel(t('settings.proxy.user')).fill('wei');
  await settings.getByLabel(t('settings.proxy.password')).fill(password);
  await settings.getByRole('button', { name: t('settings.proxy.test') }).click();
  await expect(
    settings.getByText(like('settings.proxy.reached', { host: /.+/, proxy: /.+/, milliseconds: /[\d,]+/ })),
  ).toBeVisible();
  await first.app.close();
  proxy.requests.length = 0;

  const { page } = await home.launch();
  await openBucket(page, 'waybill-inbox');
  expect(proxy.requests).toContain(`forward ${new URL(endpoint).host}`);
  await proxy.close();
  const again = await openSettings(page);
  await expect(again.getByLabel(t('settings.proxy.url'), { exact: true })).toHaveValue(proxy.url);
  await again.getByRole('button', { name: t('settings.proxy.test') }).click();
  await expect(again.getByRole('alert')).toContainText(t('failure.network.proxy.title'));

  // Wherever the list fails by it, the way to the settings is one click.
  await page.keyboard.press('Escape');
  await page.keyboard.press('F5');
  await page.getByRole('button', { name: 'waybill-samples' }).click();
  await expect(page.getByRole('alert')).toContainText(t('failure.network.proxy.title'));
  await page.getByRole('button', { name: t('settings.proxy.open') }).click();
  await expect(again.getByLabel(t('settings.proxy.url'), { exact: true })).toHaveValue(proxy.url);
});

test('a script names the proxy of each server', async ({ home, server }) => {
  const proxy = await startProxy();
  const { host } = new URL(proxy.url);
  const script = `function FindProxyForURL(url, host) { return 'PROXY 127.0.0.1:1; PROXY ${host}'; }`;
  const scripts = createServer((_request, answer) => answer.end(script));
  await new Promise<void>((done) => scripts.listen(0, '127.0.0.1', done));
  const { port } = scripts.address() as AddressInfo;

  const { app, page } = await home.launch();
  // The exceptions for this computer hold for scripts as well: here its name is another.
  await app.evaluate(({ session }) => {
    const { defaultSession } = session;
    const resolveProxy = defaultSession.resolveProxy.bind(defaultSession);
    defaultSession.resolveProxy = () => resolveProxy('http://oss.example/');
  });
  const { endpoint, accessKeyId, accessKeySecret } = server;
  const settings = await openSettings(page);
  await chooseWay(settings, t('settings.proxy.pac'));
  await settings.getByLabel(t('settings.proxy.pac-url')).fill(`127.0.0.1:${port}/proxy.pac`);
  await expect(settings.getByText(t('settings.proxy.pac-url.bad'))).toBeVisible();
  await settings.getByLabel(t('settings.proxy.pac-url')).fill(`http://127.0.0.1:${port}/proxy.pac`);
  await answerQuestions(app, true);
  await settings.getByRole('button', { name: t('settings.proxy.test') }).click();
  await expect(
    settings
      .getByRole('alert')
      .or(settings.getByText(like('settings.proxy.reached', { host: /.+/, proxy: /.+/, milliseconds: /[\d,]+/ }))),
  ).toBeVisible();
  await page.keyboard.press('Escape');
  // The first of the two is not there, as that test has found out.
  await addAccount(page, { name: 'Owner', endpoint, accessKeyId, accessKeySecret });
  expect(proxy.requests).toContain(`forward ${new URL(endpoint).host}`);
  scripts.close();
  await proxy.close();
});

test("a server with a company's certificate is refused until its authority is added", async ({ home }) => {
  home.mayHoldSecrets(join(home.folder, 'practice'));
  const server = await startPractice({ dataDir: join(home.folder, 'practice'), tls: testTls });
  const { app, page } = await home.launch();
  await openAccountForm(page);
  const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  const { endpoint, accessKeyId, accessKeySecret } = server;
  await fillAccountForm(form, { name: 'Company', endpoint, accessKeyId, accessKeySecret });
  await form.getByRole('button', { name: t('common.save') }).click();
  await expect(form.getByRole('alert')).toContainText(t('failure.network.tls.next'));
  await form.getByRole('button', { name: t('common.cancel') }).click();

  const settings = await openSettings(page);
  await answerDialogs(app, [resolve(import.meta.dirname, '../support/tls/server.key')]);
  await settings.getByRole('button', { name: t('settings.authorities.add') }).click();
  await expect(settings.getByRole('alert')).toContainText(t('failure.input.no-certificate'));
  await answerDialogs(app, [resolve(import.meta.dirname, '../support/tls/ca.crt')]);
  await settings.getByRole('button', { name: t('settings.authorities.add') }).click();
  const added = settings.getByRole('list', { name: t('settings.authorities') }).getByRole('listitem');
  await expect(added).toContainText('Waybill test CA (never trust)');
  await expect(added).toContainText(/SHA-256 ([0-9A-F]{2}:){31}/);
  await page.keyboard.press('Escape');

  await addAccount(page, { name: 'Company', endpoint, accessKeyId, accessKeySecret });
  await openBucket(page, 'waybill-inbox');
  await makeFile(join(home.folder, 'private.bin'), 9 * MiB);
  await dropIntoFolder(page, [join(home.folder, 'private.bin')]);
  await showTransfers(page);
  await expect(transferOf(page, 'private.bin')).toContainText(verified);

  await openSettings(page);
  await added.getByRole('button', { name: like('rows.remove', { name: /.+/ }) }).click();
  await expect(added).toHaveCount(0);
  await settings.getByRole('button', { name: t('settings.proxy.test') }).click();
  await expect(settings.getByRole('alert')).toContainText(t('failure.network.tls.next'));
  await server.close();
});
