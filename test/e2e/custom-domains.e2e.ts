// A bucket whose data OSS refuses on its own host is reached at its custom domain.
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { testTls } from '../support/tls/certificate.ts';
import { t } from '../support/words.ts';
import { addAccount, fillAccountForm, openAccountForm, test } from './support/accounts.ts';
import { answerQuestions, copiedText } from './support/desktop.ts';
import { expect } from './support/app.ts';
import { leadOssHere } from './support/oss-here.ts';
import {
  ask,
  callMain,
  chooseFromMenu,
  giveFiles,
  openBucket,
  rowOf,
  showTransfers,
  transferOf,
  verified,
} from './support/waybill.ts';

const BUCKET = 'waybill-samples';
const DOMAIN = 'files.example.com';
const FILE = 'Welcome to Waybill.txt';

const READ_ONLY = {
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: ['oss:ListBuckets', 'oss:GetObject', 'oss:ListObjects'], Resource: '*' }],
} as const;

const trustTestCa = { NODE_EXTRA_CA_CERTS: resolve(import.meta.dirname, '../support/tls/ca.crt') };

test('a new account in a mainland region lists and shares at the domain that is found', async ({ home, serve }) => {
  const customDomains = { [DOMAIN]: BUCKET };
  const server = await serve({ tls: testTls, customDomains });
  server.restrictions.publicEndpoint = true;
  const { accessKeyId, accessKeySecret, endpoint } = server;
  const { port } = new URL(endpoint);
  const { app, page } = await home.launch(trustTestCa);
  await leadOssHere(app);
  const host = `https://oss-cn-hangzhou.aliyuncs.com:${port}`;
  await addAccount(page, { name: 'Depot', endpoint: host, accessKeyId, accessKeySecret });
  await openBucket(page, BUCKET);
  const news = page.getByRole('status', { name: t('common.news') });
  await expect(news).toContainText(t('bucket.domain.used', { bucket: BUCKET }));
  await expect(news).toContainText(t('bucket.domain.used.why', { domain: `https://${DOMAIN}:${port}` }));

  await chooseFromMenu(page, rowOf(page, FILE), t('browse.copy-link'));
  await expect.poll(() => copiedText(app)).toContain(`https://${DOMAIN}:${port}/`);
});

test('an upload that failed before a domain was chosen goes on once it is, and links are warned of until then', async ({
  home,
  serve,
}) => {
  const server = await serve({ tls: testTls, customDomains: { [DOMAIN]: BUCKET, 'other.example.com': BUCKET } });
  server.restrictions.publicEndpoint = true;
  const { accessKeyId, accessKeySecret, endpoint } = server;
  const { port } = new URL(endpoint);
  const running = await home.launch(trustTestCa);
  const { app, page } = running;
  await leadOssHere(app);
  const host = `https://oss-cn-hangzhou.aliyuncs.com:${port}`;
  await addAccount(page, { name: 'Depot', endpoint: host, accessKeyId, accessKeySecret });
  const path = join(home.folder, 'report.txt');
  await writeFile(path, 'a report');
  await giveFiles(running, [path]);
  const [account] = await ask(page, 'accounts.list', {});
  const place = { accountId: account?.id ?? '', bucket: BUCKET };
  await ask(page, 'transfers.upload', { ...place, prefix: '', paths: [path] });
  await showTransfers(page);
  const transfer = transferOf(page, 'report.txt');
  await expect(transfer).toContainText(t('failure.cause.needs-custom-domain.title'));
  expect((await ask(page, 'links.copy', { ...place, key: 'report.txt' })).warnings).toContain('public-host-refused');

  const news = page.getByRole('status', { name: t('common.news') });
  const needed = news.locator('.item').filter({ hasText: t('bucket.domain.needed', { bucket: BUCKET }) });
  await needed.getByRole('button', { name: t('bucket.domain.choose') }).click();
  await page.getByRole('button', { name: t('bucket.domain.use', { domain: DOMAIN }) }).click();
  await expect(transfer).toContainText(verified);
  expect((await ask(page, 'links.copy', { ...place, key: 'report.txt' })).warnings).not.toContain(
    'public-host-refused',
  );
});

test('a key that can’t list domains is told which right is missing, and what it is told to do works', async ({
  home,
  serve,
}) => {
  const user = { accessKeyId: 'READER', accessKeySecret: 'reader-secret', name: 'reader', policy: READ_ONLY };
  const server = await serve({ tls: testTls, customDomains: { [DOMAIN]: BUCKET }, users: [user] });
  server.restrictions.publicEndpoint = true;
  const { port } = new URL(server.endpoint);
  const { app, page } = await home.launch(trustTestCa);
  await leadOssHere(app);
  const { accessKeyId, accessKeySecret } = user;
  const host = `https://oss-cn-hangzhou.aliyuncs.com:${port}`;
  await addAccount(page, { name: 'Reader', endpoint: host, accessKeyId, accessKeySecret });
  const news = page.getByRole('status', { name: t('common.news') });
  await expect(news).toContainText(t('bucket.domain.denied'));
  await news
    .getByRole('button', { name: t('bucket.domain.choose') })
    .first()
    .click();
  await expect(page.getByRole('dialog')).toContainText(t('bucket.domain.denied'));
  await page.keyboard.press('Escape');

  await openAccountForm(page);
  const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  const domain = `https://${DOMAIN}:${port}`;
  const startPath = `oss://${BUCKET}/`;
  await fillAccountForm(form, { name: 'At the domain', endpoint: domain, accessKeyId, accessKeySecret, startPath });
  await form.getByLabel(t('accounts.form.cname'), { exact: true }).check();
  await form.getByRole('combobox', { name: t('common.region') }).fill('cn-hangzhou');
  await page.getByRole('option', { name: 'China (Hangzhou)' }).click();
  await form.getByRole('button', { name: t('common.save') }).click();
  await expect(form).toBeHidden();
  await expect(rowOf(page, FILE)).toBeVisible();
});

test('main asks before a domain without a certificate is used, and no page answers', async ({ home, serve }) => {
  const plain = { bucket: BUCKET, status: 'Enabled', certificate: null } as const;
  const server = await serve({ customDomains: { 'plain.example.com': plain } });
  const { accessKeyId, accessKeySecret, endpoint } = server;
  const { app, page } = await home.launch();
  await addAccount(page, { name: 'Depot', endpoint, accessKeyId, accessKeySecret });
  const [account] = await ask(page, 'accounts.list', {});
  const choice = { accountId: account?.id ?? '', bucket: BUCKET, name: 'plain.example.com' };
  const questions = await answerQuestions(app, false);
  const refused = { ok: false, failure: { kind: 'cancelled' } };
  expect(await callMain(page, 'buckets.useDomain', choice)).toMatchObject(refused);
  expect((await ask(page, 'buckets.domains', { accountId: choice.accountId, bucket: BUCKET })).used).toBeNull();
  expect(await questions()).toEqual([t('bucket.domain.http', { domain: 'plain.example.com' })]);
  await answerQuestions(app, true);
  await ask(page, 'buckets.useDomain', choice);
  const { used } = await ask(page, 'buckets.domains', { accountId: choice.accountId, bucket: BUCKET });
  expect(used).toMatch(/^http:\/\/plain\.example\.com/);
});
