// What OSS answers besides yes and no: stored but nobody told, tags that need a right of their own, a finance region.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { t } from '../support/words.ts';
import { addAccount, test as withServers } from './support/accounts.ts';
import { copiedText, dropFiles, pasteText } from './support/desktop.ts';
import { curl, curlUpload } from './support/curl.ts';
import { leadOssHere } from './support/oss-here.ts';
import { aliOss, expect, test } from './support/practice.ts';
import { addRoleAccount, makeLink, openShareOf } from './support/sharing.ts';
import {
  chooseFromMenu,
  openBucket,
  openPractice,
  rowOf,
  showTransfers,
  transferOf,
  verified,
} from './support/waybill.ts';

const FILE = 'Welcome to Waybill.txt';

test('an upload whose callback server refuses is stored and checked, and says that nobody was told', async ({
  started,
  home,
}) => {
  const { page } = started;
  const received: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push(Buffer.concat(chunks).toString());
      response.writeHead(500).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await openPractice(page);
  await openBucket(page, 'waybill-samples');

  const share = await openShareOf(page, FILE);
  await share.getByText(t('share.method.PUT'), { exact: true }).click();
  await share.getByRole('textbox', { name: t('share.upload.key') }).fill('from outside/notes.txt');
  await share.getByText(t('share.callback')).click();
  await share.getByRole('textbox', { name: t('share.callback.url') }).fill(`http://127.0.0.1:${port}/uploaded`);
  await share.getByRole('textbox', { name: t('share.callback.body') }).fill('object=${object}&size=${size}');
  const link = await makeLink(share);
  await page.keyboard.press('Escape');

  const path = join(home.folder, 'notes.txt');
  await writeFile(path, 'one crate\n');
  await pasteText(started, link);
  const card = page.getByRole('dialog', { name: 'notes.txt' });
  await dropFiles(page, card.getByRole('group', { name: t('common.file') }), [path]);
  await card.getByRole('button', { name: t('receive.upload'), exact: true }).click();
  await expect(card).toContainText(verified);
  await expect(card).toContainText(t('failure.cause.callback-failed.title'));
  await expect(card).toContainText(t('failure.cause.callback-failed.next', { message: 'Error status : 500.' }));
  expect(received).toEqual([`object=${encodeURIComponent('from outside/notes.txt')}&size=10`]);

  await page.keyboard.press('Escape');
  await showTransfers(page);
  await expect(transferOf(page, 'notes.txt')).toContainText(t('failure.cause.callback-failed.title'));
  server.close();
});

test('a link to upload with a tag works with a session of its own', async ({ page, home, server }) => {
  await expect(page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  await addRoleAccount(page, server, 3600);
  await openBucket(page, 'waybill-samples');
  const dialog = await openShareOf(page, FILE);
  await dialog.getByText(t('share.method.PUT'), { exact: true }).click();
  await dialog.getByRole('textbox', { name: t('share.upload.key') }).fill('tagged.txt');
  const tags = dialog.getByRole('group', { name: t('properties.tags.label') });
  await tags.getByRole('button', { name: t('rows.add') }).click();
  await tags.getByRole('textbox', { name: t('common.name') }).fill('from');
  await tags.getByRole('textbox', { name: t('rows.value') }).fill('partner');
  await dialog.getByText(t('share.more')).click();
  await dialog.getByRole('checkbox', { name: t('share.revocable') }).check();
  const link = await makeLink(dialog);

  const path = join(home.folder, 'tagged.txt');
  await writeFile(path, 'one crate\n');
  expect(await curlUpload(link, path, ['x-oss-tagging: from=partner'])).toBe(200);
  const { res } = await aliOss(server, 'waybill-samples').head('tagged.txt');
  expect(res.headers).toMatchObject({ 'x-oss-tagging-count': '1' });
  // Without its tag, the signature does not match.
  expect(await curlUpload(link, path)).toBe(403);
});

withServers('a finance cloud is reached, and its links are signed for its region', async ({ home, serve }) => {
  const server = await serve({ region: 'cn-hangzhou-finance' });
  const { accessKeyId, accessKeySecret } = server;
  const { port } = new URL(server.endpoint);
  const { app, page } = await home.launch();
  await leadOssHere(app);
  const endpoint = `http://oss-cn-hzfinance.aliyuncs.com:${port}`;
  await addAccount(page, { name: 'Bank', endpoint, accessKeyId, accessKeySecret });
  await openBucket(page, 'waybill-samples');
  await chooseFromMenu(page, rowOf(page, FILE), t('browse.copy-link'));
  await expect.poll(() => copiedText(app)).toContain(`waybill-samples.oss-cn-hzfinance.aliyuncs.com:${port}/`);
  const link = await copiedText(app);
  const credential = new URL(link).searchParams.get('x-oss-credential');
  expect(credential).toMatch(/\/cn-hangzhou-finance\/oss\/aliyun_v4_request$/);
  const host = new URL(link).hostname;
  expect((await curl(link, ['--resolve', `${host}:${port}:127.0.0.1`])).status).toBe(200);
});
