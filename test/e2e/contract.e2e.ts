// What the window's page may do, were it taken over: ask what the contract names, and learn no secret.
import OSS from 'ali-oss';
import { t } from '../support/words.ts';
import { expect, test } from './support/practice.ts';
import { countInPage, filesWith } from './support/secrets.ts';
import { addAccount, ask, callMain, openBucket, openPractice, rowOf } from './support/waybill.ts';

const nobody = '12345678-1234-4123-8123-123456789012';

test('calls of a wrong shape are refused', async ({ page }) => {
  await openPractice(page);
  const [account] = await ask(page, 'accounts.list', {});
  const accountId = account?.id ?? '';
  for (const [name, args] of [
    ['buckets.list', undefined],
    ['buckets.list', null],
    ['buckets.list', { accountId: 1 }],
    ['buckets.list', { accountId: '../accounts' }],
    ['buckets.list', { accountId, more: true }],
    ['objects.list', { accountId, bucket: 'x', prefix: '', pageToken: null }],
    ['deletions.start', { accountId, bucket: 'waybill-samples', keys: [], prefixes: [], total: null }],
    [
      'deletions.start',
      { accountId, bucket: 'waybill-samples', keys: 'Welcome to Waybill.txt', prefixes: [], total: 1 },
    ],
    ['links.download', { linkId: nobody, folder: '', fileName: 'a' }],
    ['transfers.upload', { accountId, bucket: 'waybill-inbox', prefix: '', paths: [] }],
    ['settings.set', { theme: 'purple' }],
    ['settings.set', { version: 2 }],
  ] as const) {
    const reply = await callMain(page, name, args);
    expect(reply, `${name} ${JSON.stringify(args)}`).toMatchObject({ ok: false, failure: { kind: 'input' } });
  }
});

test('calls about an account or a link that does not exist are refused', async ({ page }) => {
  await openPractice(page);
  for (const [name, args] of [
    ['buckets.list', { accountId: nobody }],
    ['links.copy', { accountId: nobody, bucket: 'waybill-samples', key: 'Welcome to Waybill.txt' }],
    ['links.probe', { linkId: nobody }],
    ['links.download', { linkId: nobody, folder: '/tmp', fileName: 'a' }],
  ] as const) {
    const { ok } = await callMain(page, name, args);
    expect(ok, name).toBe(false);
  }
});

test('main answers to no other name', async ({ page }) => {
  for (const name of ['accounts.secret', 'shell.openExternal', '', '__proto__', 'toString']) {
    await expect(callMain(page, name, {})).rejects.toThrow(/No handler registered/);
  }
});

test('the page has the bridge and nothing else of Electron or Node', async ({ page }) => {
  const seen = await page.evaluate(() => ({
    globals: ['require', 'module', 'process', 'Buffer', 'global', 'ipcRenderer', 'electron'].filter(
      (name) => name in window,
    ),
    bridge: Object.keys(window.waybill).sort(),
    frozen: Object.isFrozen(window.waybill),
  }));
  expect(seen).toEqual({ globals: [], bridge: ['call', 'on', 'pathsOf'], frozen: true });
});

test('a frame inside the page gets no bridge', async ({ page }) => {
  const types = await page.evaluate(async () => {
    const frames = ['about:blank', './index.html'].map((src) =>
      Object.assign(document.createElement('iframe'), { src }),
    );
    const loaded = frames.map((frame) => new Promise((resolve) => frame.addEventListener('load', resolve)));
    document.body.append(...frames);
    await Promise.all(loaded);
    return frames.map((frame) => {
      try {
        return typeof (frame.contentWindow as { waybill?: unknown } | null)?.waybill;
      } catch {
        // Another origin: there was nothing of ours to show.
        return 'undefined';
      }
    });
  });
  expect(types).toEqual(['undefined', 'undefined']);
});

test('scripts in the page and requests to other hosts are blocked', async ({ page }) => {
  const blocked = await page.evaluate(async () => {
    const violation = (act: () => void) =>
      new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
          once: true,
        });
        act();
      });
    const append = (tag: 'script' | 'img' | 'iframe', fill: Record<string, string>) => () =>
      document.body.append(Object.assign(document.createElement(tag), fill));
    return [
      await violation(append('script', { textContent: 'window.ran = true' })),
      await violation(append('script', { src: 'https://example.com/a.js' })),
      await violation(append('img', { src: 'https://example.com/a.png' })),
      await violation(append('iframe', { src: 'https://example.com/' })),
      await violation(() => void fetch('https://example.com/').catch(() => undefined)),
    ];
  });
  expect(blocked).toEqual(['script-src-elem', 'script-src-elem', 'img-src', 'frame-src', 'connect-src']);
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
});

test('the secret of an account is in no file, and in the page only while it is typed', async ({ home, server }) => {
  const sts = new OSS.STS({
    accessKeyId: server.accessKeyId,
    accessKeySecret: server.accessKeySecret,
    endpoint: server.endpoint,
  } as never);
  const { credentials } = await sts.assumeRole(server.roleArn, '', 900, 'secret');
  const secrets = [credentials.AccessKeySecret, credentials.SecurityToken];

  const first = await home.launch();
  await addAccount(first.page, {
    name: 'Session',
    endpoint: server.endpoint,
    accessKeyId: credentials.AccessKeyId,
    accessKeySecret: credentials.AccessKeySecret,
    securityToken: credentials.SecurityToken,
  });
  await openBucket(first.page, 'waybill-samples');
  await expect(rowOf(first.page, 'Welcome to Waybill.txt')).toBeVisible();
  expect(await countInPage(first.page, secrets, 'Welcome to Waybill.txt')).toBe(0);
  await first.app.close();
  expect(await filesWith(home.folder, secrets)).toEqual([]);

  // The next start has the account, and works with it.
  const second = await home.launch();
  await openBucket(second.page, 'waybill-samples');
  await expect(rowOf(second.page, 'Welcome to Waybill.txt')).toBeVisible();
  await second.page.getByRole('button', { name: t('accounts.switch', { name: 'Session' }) }).click();
  await second.page.getByRole('menuitem', { name: t('accounts.edit') }).click();
  const form = second.page.getByRole('dialog', { name: t('accounts.form.title.edit', { name: 'Session' }) });
  await expect(form.getByLabel(t('accounts.form.access-key-id'))).toHaveValue(credentials.AccessKeyId);
  await expect(form.getByLabel(t('accounts.form.secret'))).toHaveValue('');
  await expect(form.getByLabel(t('accounts.form.token'))).toHaveValue('');
  expect(await countInPage(second.page, secrets, 'Welcome to Waybill.txt')).toBe(0);
  const known = JSON.stringify(await ask(second.page, 'accounts.list', {}));
  expect(secrets.some((secret) => known.includes(secret))).toBe(false);
  await second.app.close();
  expect(await filesWith(home.folder, secrets)).toEqual([]);
});
