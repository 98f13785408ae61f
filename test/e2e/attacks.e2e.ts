// Attacks that were tried. What a taken-over page asks of main is in contract.e2e.ts, links from outside are in
// deep-links.e2e.ts, servers that mean harm in test/integration/security/.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import OSS from 'ali-oss';
import { putObject } from '../../main/oss/operations/objects.ts';
import type { PracticeServer } from '../../main/practice/server.ts';
import { canariesInHeap, canary } from '../support/canaries.ts';
import { t } from '../support/words.ts';
import { connectTo } from './support/connection.ts';
import { copiedLink, pasteText, watchBrowser } from './support/desktop.ts';
import { expect, test } from './support/practice.ts';
import { countInPage, filesWith, processesWith } from './support/secrets.ts';
import { addAccount, callMain, chooseFromMenu, openBucket, openPractice, rowOf, verified } from './support/waybill.ts';
import { showTransfers, transferOf } from './support/waybill.ts';

/** Stores objects under keys that clients would tidy up before sending. */
async function put(server: PracticeServer, objects: Readonly<Record<string, string>>): Promise<void> {
  const connection = connectTo(server);
  for (const [key, text] of Object.entries(objects)) {
    const headers = key.endsWith('.html') || key.endsWith('.svg') ? { 'content-type': 'text/html' } : {};
    const body = Buffer.from(text);
    await putObject(connection, { bucket: 'waybill-inbox', key, body, sizeBytes: body.length, headers });
  }
  await connection.dispatcher.destroy();
}

function ownerEntry({ endpoint, accessKeyId, accessKeySecret }: PracticeServer) {
  return { name: 'Owner', endpoint, accessKeyId, accessKeySecret };
}

test('a page cannot lead its window anywhere else', async ({ started }) => {
  const { app, page } = started;
  const title = t('welcome.title');
  await expect(page.getByRole('heading', { name: title })).toBeVisible();
  const before = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL());
  const ways: readonly (readonly [string, () => unknown])[] = [
    ['an address', () => (location.href = 'https://example.com/')],
    ['a file', () => (location.href = 'file:///etc/passwd')],
    ['a script', () => (location.href = 'javascript:document.body.replaceChildren()')],
    ['data', () => (location.href = 'data:text/html,<h1>taken over</h1>')],
    [
      'a form',
      () => {
        const form = Object.assign(document.createElement('form'), { action: 'https://example.com/', method: 'post' });
        document.body.append(form);
        form.submit();
      },
    ],
    [
      'a link',
      () => {
        const link = Object.assign(document.createElement('a'), { href: 'https://example.com/' });
        document.body.append(link);
        link.click();
      },
    ],
    [
      'a refresh',
      () => {
        const refresh = Object.assign(document.createElement('meta'), { content: '0;url=https://example.com/' });
        refresh.httpEquiv = 'refresh';
        document.head.append(refresh);
      },
    ],
  ];
  for (const [what, lead] of ways) {
    await page.evaluate(lead);
    // Asked in the page itself: for a form that was refused, Playwright's locators wait for ever.
    await expect.poll(() => page.evaluate(() => document.querySelector('h1')?.textContent), what).toBe(title);
    const url = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL());
    expect(url, what).toBe(before);
  }
  expect(await page.evaluate(() => typeof window.waybill.call)).toBe('function');
});

test('a page gets no further window, and reaches the browser with the documentation’s addresses alone', async ({
  started,
}) => {
  const { app, page } = started;
  await expect(page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  const opened = await watchBrowser(app);
  const wanted = 'https://www.alibabacloud.com/help/en/oss/';
  for (const address of [
    'https://example.com/?what=is-known',
    'http://www.alibabacloud.com/',
    'https://stolen.oss-cn-hangzhou.aliyuncs.com/',
    'file:///etc/passwd',
    'smb://host/share',
    'about:blank',
    wanted,
  ]) {
    await page.evaluate((to) => void window.open(to, '_blank', 'noopener'), address);
  }
  await expect.poll(opened).toEqual([wanted]);
  expect(app.windows()).toHaveLength(1);
});

test('a page is given no permission', async ({ page }) => {
  await expect(page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  const states = await page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read'];
    const asked = await Promise.all(names.map((name) => navigator.permissions.query({ name: name as PermissionName })));
    return asked.map(({ state }) => state);
  });
  expect(states).toEqual(Array(6).fill('denied'));
  const refused = await page.evaluate(async () => [
    await navigator.mediaDevices.getUserMedia({ audio: true }).then(
      () => 'given',
      () => 'refused',
    ),
    await Notification.requestPermission(),
    await navigator.clipboard.readText().then(
      () => 'given',
      () => 'refused',
    ),
    await new Promise((resolve) =>
      navigator.geolocation.getCurrentPosition(
        () => resolve('given'),
        () => resolve('refused'),
      ),
    ),
  ]);
  expect(refused).toEqual(['refused', 'denied', 'refused', 'refused']);
});

test('no object name leads out of the folder of the download, or looks like what it is not', async ({
  home,
  server,
}) => {
  const keys = [
    '../../.bashrc',
    'a/../../../.profile',
    '..\\..\\evil.bat',
    'C:\\Windows\\evil.dll',
    'CON',
    'aux.txt',
    'photo\u202egpj.exe',
    'trailing. . .',
    'a:stream',
    '~/.ssh/authorized_keys',
    '.',
    '..',
    '%2e%2e/%2e%2e/encoded',
    '$(touch touched)`touch touched`',
  ];
  await put(server, Object.fromEntries(keys.map((key) => [key, 'taken over'])));
  const { page } = await home.launch();
  await addAccount(page, ownerEntry(server));
  await openBucket(page, 'waybill-inbox');
  const grid = page.getByRole('grid', { name: t('browse.content') });
  await expect(grid.getByRole('row').filter({ hasText: '⟨U+202E⟩gpj.exe' })).toBeVisible();
  expect(await page.locator('body').innerText()).not.toContain('\u202e');

  await showTransfers(page);
  const before = await readdir(home.folder, { recursive: true });
  await rowOf(page, 'CON').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page
    .getByRole('toolbar')
    .getByRole('button', { name: t('browse.download') })
    .click();
  const downloaded = async () => {
    const entries = await readdir(home.downloads, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.waybill-part'));
  };
  await expect.poll(async () => (await downloaded()).length, { timeout: 30_000 }).toBe(keys.length);
  for (const { name, parentPath } of await downloaded()) {
    expect(await readFile(join(parentPath, name), 'utf8')).toBe('taken over');
    expect(name).not.toMatch(/[\\:\u202a-\u202e]|^(con|aux|\.\.?)(\.|$)|[. ]$/i);
  }
  const after = await readdir(home.folder, { recursive: true });
  const outside = after.filter((path) => !before.includes(path) && !/^(Downloads|profile)/.test(path));
  expect(outside.filter((path) => /bashrc|profile$|evil|authorized|encoded|touched/.test(path))).toEqual([]);
});

test('a page that was stored as an object is shown as a name and never as a page', async ({ home, server }) => {
  const script = '<script>window.ran = 1; top.ran = 1</script><img src=x onerror="window.ran = 1">';
  await put(server, {
    'evil.html': `<!doctype html>${script}`,
    'evil.svg': `<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`,
    '<img src=x onerror=window.ran=1>.txt': 'x',
  });
  const { app, page } = await home.launch();
  await addAccount(page, ownerEntry(server));
  await openBucket(page, 'waybill-inbox');
  await page.getByRole('button', { name: t('browse.inspector') }).click();
  for (const name of ['evil.html', 'evil.svg', '<img src=x onerror=window.ran=1>.txt']) {
    await rowOf(page, name).click();
    await expect(page.getByRole('complementary').getByText(name).first()).toBeVisible();
    await rowOf(page, name).dblclick();
    await expect(page.getByRole('dialog', { name: t('share.title', { name }) })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  }
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
  expect(await page.locator('iframe, object, embed, webview').count()).toBe(0);
  expect(page.frames()).toHaveLength(1);
  expect(app.windows()).toHaveLength(1);
});

test('secret, token and the signatures of links not shown are in no heap, file, log or command line', async ({
  home,
  server,
}) => {
  const temporary = join(home.folder, 'tmp');
  await mkdir(temporary);
  const { accessKeyId, accessKeySecret, endpoint } = server;
  const sts = new OSS.STS({ accessKeyId, accessKeySecret, endpoint } as never);
  const { credentials } = await sts.assumeRole(server.roleArn, '', 900, 'attacks');
  const started = await home.launch({ TMPDIR: temporary });
  const { app, page } = started;
  await addAccount(page, {
    name: 'Session',
    endpoint,
    accessKeyId: credentials.AccessKeyId,
    accessKeySecret: credentials.AccessKeySecret,
    securityToken: credentials.SecurityToken,
  });
  await openBucket(page, 'waybill-samples');
  const name = 'Welcome to Waybill.txt';
  await chooseFromMenu(page, rowOf(page, name), t('browse.copy-link'));
  const copied = await copiedLink(app, name);
  await pasteText(started, copied);
  const card = page.getByRole('dialog', { name });
  await card.getByRole('button', { name: t('receive.download'), exact: true }).click();
  await expect(card).toContainText(verified);
  await page.keyboard.press('Escape');
  // Something fails with all of it at hand, so that the log has a reason to hold it.
  const missing = { accountId: '12345678-1234-4123-8123-123456789012', bucket: 'waybill-samples', key: name };
  await callMain(page, 'links.copy', missing);
  await showTransfers(page);
  await expect(transferOf(page, name).first()).toContainText(verified);

  const signature = new URL(copied).searchParams.get('x-oss-signature') ?? '';
  expect(signature).not.toBe('');
  const secrets = [credentials.AccessKeySecret, credentials.SecurityToken, signature];
  expect(await countInPage(page, secrets, name)).toBe(0);
  const running = app.process().pid ?? 0;
  expect(await processesWith(running, secrets)).toEqual([]);
  expect(await filesWith(home.folder, secrets)).toEqual([]);
  await app.close();
  expect(await filesWith(home.folder, secrets)).toEqual([]);
});

test('a secret in the heap of a page is found, although a snapshot cuts it short', async ({ started }) => {
  const { page } = started;
  const token = `CAIS${randomBytes(1500).toString('base64')}`;
  canary('a long token', token, 'token');
  await page.evaluate((held) => void Object.assign(window, { held }), token);
  expect(await canariesInHeap(page)).toEqual(['heap of the page: a long token']);
  expect(await countInPage(page, [token], token.slice(0, 40))).toBe(1);
  await page.evaluate(() => void Object.assign(window, { held: null }));
  await expect.poll(() => canariesInHeap(page)).toEqual([]);
});

test('Waybill opens no port', async ({ started }) => {
  const { app, page } = started;
  await expect(page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  const handles = await app.evaluate(() =>
    (process as unknown as { getActiveResourcesInfo(): string[] })
      .getActiveResourcesInfo()
      .filter((kind) => kind === 'TCPServerWrap'),
  );
  // Playwright's inspector listens in a thread of its own; the practice server is not started before it is asked for.
  expect(handles).toEqual([]);
  await openPractice(page);
  const addresses = await app.evaluate(() => {
    interface Listening {
      readonly listening?: boolean;
      address?(): unknown;
    }
    const { _getActiveHandles } = process as unknown as { readonly _getActiveHandles: () => Listening[] };
    return _getActiveHandles().flatMap((handle) => {
      const at = handle.listening === true ? handle.address?.() : null;
      return at !== null && typeof at === 'object' && 'address' in at ? [at.address] : [];
    });
  });
  expect(addresses).toEqual(['127.0.0.1']);
});
