// Keys as OSS allows them and no file system does: each link must open exactly its object, wherever it is pasted.
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import type { Page } from 'playwright';
import type { KeyAccount } from '../../main/contract/contract.ts';
import { like, t } from '../support/words.ts';
import { expect, type Home, test } from './support/app.ts';
import { curl } from './support/curl.ts';
import { copiedLink, pasteText } from './support/desktop.ts';
import { ask, chooseFromMenu, openBucket, openPractice, rowOf, verified } from './support/waybill.ts';

const bucket = 'waybill-inbox';

const keys = [
  'two  spaces .txt',
  ' leading and trailing ',
  'plus+plus.txt',
  '100%.txt',
  '%2F and %20 written out.txt',
  'hash#mark.txt',
  'question?x=1&versionId=2.txt',
  'a=b&c;d,e:f@g!$*~.txt',
  `'single' "double" \`back\`.txt`,
  '(brackets) [square] {curly} <angle>.txt',
  '运单/合同 第1版.txt',
  'café and cafe\u0301.txt',
  '🚚📦.txt',
  'back\\slash|pipe^caret.txt',
  'double//slash.txt',
  'many////slashes//',
  'a/../b.txt',
  './here/./there.txt',
  'ends/..',
  '../outside.txt',
  'tab\tand\u200bnothing.txt',
] as const;

interface Practice {
  readonly account: KeyAccount;
  readonly secret: string;
}

async function practiceOf(page: Page, home: Home): Promise<Practice> {
  const [account] = await ask(page, 'accounts.list', {});
  if (account?.kind !== 'key') throw new Error('no account with a key');
  const file = await readFile(join(home.profile, 'practice', 'account.json'), 'utf8');
  return { account, secret: (JSON.parse(file) as { accessKeySecret: string }).accessKeySecret };
}

/** Puts an object by hand: clients tidy such paths up before they sign them. The content is the key. */
async function put({ account, secret }: Practice, key: string): Promise<void> {
  const date = new Date().toUTCString();
  const toSign = `PUT\n\n\n${date}\n/${bucket}/${key}`;
  const signature = createHmac('sha1', secret).update(toSign).digest('base64');
  const { hostname, port } = new URL(account.endpoint);
  const path = `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
  const headers = { Date: date, Authorization: `OSS ${account.accessKeyId}:${signature}` };
  const status = await new Promise((resolve, reject) => {
    request({ hostname, port, path, method: 'PUT', headers }, (reply) => {
      reply.resume();
      resolve(reply.statusCode);
    })
      .once('error', reject)
      .end(key);
  });
  expect(status).toBe(200);
}

test('a link opens its object, whatever characters the key holds', async ({ page, home }) => {
  await openPractice(page);
  const practice = await practiceOf(page, home);
  const accountId = practice.account.id;
  for (const key of keys) await put(practice, key);

  for (const [index, key] of keys.entries()) {
    await test.step(JSON.stringify(key), async () => {
      const options = { versionId: null, expiresSeconds: 600, fileName: null, open: 'download' } as const;
      const { url } = await ask(page, 'links.make', { accountId, bucket, key, ...options });
      expect(await curl(url)).toMatchObject({ status: 200, text: key });

      const card = await ask(page, 'links.inspect', { text: url });
      expect(card).toMatchObject({ kind: 'link', bucket, key });
      if (card.kind !== 'link') return;
      const fileName = `${String(index)}.txt`;
      await ask(page, 'links.download', { linkId: card.linkId, folder: home.downloads, fileName });
      const stateOf = async () => (await ask(page, 'transfers.list', {})).find(({ name }) => name === fileName)?.state;
      await expect.poll(stateOf).toMatchObject({ at: 'done', verified: 'crc64' });
      expect(await readFile(join(home.downloads, fileName), 'utf8')).toBe(key);
    });
  }
});

test('both signatures open keys that clients would tidy up', async ({ page, home }) => {
  await openPractice(page);
  const practice = await practiceOf(page, home);
  const { account, secret } = practice;
  const v1 = await ask(page, 'accounts.add', {
    draft: {
      kind: 'key',
      name: 'Old signature',
      colour: 'red',
      accessKeyId: account.accessKeyId,
      accessKeySecret: secret,
      securityToken: null,
      tokenValidUntil: null,
      endpoint: account.endpoint,
      region: account.region,
      cname: false,
      signVersion: 'v1',
      startPath: null,
      role: null,
      stsEndpoint: null,
      defaultExpirySeconds: 3600,
      remember: false,
    },
  });
  for (const key of ['a/../b.txt', 'plus+ %25.txt', 'q?x=1&y#z.txt', '运单//🚚.txt']) {
    await put(practice, key);
    for (const accountId of [account.id, v1.id]) {
      const { url } = await ask(page, 'links.make', {
        ...{ accountId, bucket, key, versionId: null, expiresSeconds: 600, fileName: null, open: 'download' },
      });
      expect(await curl(url), `${key} of ${accountId}`).toMatchObject({ status: 200, text: key });
    }
  }
});

for (const [key, rows, fileName] of [
  ['double//slash & more.txt', ['double', '/', 'slash & more.txt'], 'slash & more.txt'],
  ['a/../b+c%20.txt', ['a', '..', 'b+c%20.txt'], 'b+c%20.txt'],
  ['运单/#1? "最终" 🚚.txt', ['运单', '#1? "最终" 🚚.txt'], /^#1.+最终.+🚚\.txt$/],
] as const) {
  test(`a person finds ${key}, copies its link, and another opens it`, async ({ started, home }) => {
    const { app, page } = started;
    await openPractice(page);
    await put(await practiceOf(page, home), key);
    await openBucket(page, bucket);
    for (const folder of rows.slice(0, -1)) await rowOf(page, folder).dblclick();
    await chooseFromMenu(page, rowOf(page, rows.at(-1) ?? ''), t('browse.copy-link'));
    await expect(page.getByText(like('browse.link-copied', { name: /.+/ }), { exact: false })).toBeVisible();
    const link = await copiedLink(app, key);
    expect(await curl(link)).toMatchObject({ status: 200, text: key });

    await pasteText(started, link);
    const card = page.getByRole('dialog', { name: fileName });
    await expect(card).toContainText(key);
    await card.getByRole('textbox', { name: t('receive.file-name') }).fill('received.txt');
    await card.getByRole('button', { name: t('receive.download'), exact: true }).click();
    await expect(card).toContainText(verified);
    expect(await readFile(join(home.downloads, 'received.txt'), 'utf8')).toBe(key);
  });
}
