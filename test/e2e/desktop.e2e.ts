// What a desktop expects of a program: it survives a crash of its window, keeps the computer awake while it works,
// helps with keys, and gives what somebody needs who is to help.
import { AxeBuilder } from '@axe-core/playwright';
import { join } from 'node:path';
import { t } from '../support/words.ts';
import { chooseMenuItem, copiedText } from './support/desktop.ts';
import { makeFile, MiB } from './support/files.ts';
import { expect, test } from './support/practice.ts';
import { addAccount, ask, dropIntoFolder, openBucket, openPractice, rowOf, transferOf } from './support/waybill.ts';
import { showTransfers, verified } from './support/waybill.ts';

test('a window whose page dies comes back, and the queue has gone on meanwhile', async ({ home, server }) => {
  const { app, page } = await home.launch();
  const { endpoint, accessKeyId, accessKeySecret } = server;
  await addAccount(page, { name: 'Owner', endpoint, accessKeyId, accessKeySecret });
  await openBucket(page, 'waybill-inbox');
  await makeFile(join(home.folder, 'parcel.bin'), 2 * MiB);
  const slow = { kind: 'slow', bytesPerSecond: MiB } as const;
  server.faults.add({ match: { bucket: 'waybill-inbox', method: 'PUT' }, effect: slow });
  await dropIntoFolder(page, [join(home.folder, 'parcel.bin')]);
  await showTransfers(page);
  await expect(transferOf(page, 'parcel.bin')).toBeVisible();

  await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    window?.webContents.once('render-process-gone', () => Object.assign(globalThis, { pageDied: true }));
  });
  const session = await page.context().newCDPSession(page);
  // The page that is to answer is gone.
  void session.send('Page.crash').catch(() => undefined);
  // Until then, the page that is to die could be taken for the one that came back.
  await expect.poll(() => app.evaluate(() => 'pageDied' in globalThis)).toBe(true);
  const isThere = () =>
    app.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (contents === undefined || contents.isCrashed()) return '';
      return String(await contents.executeJavaScript('document.body.innerText'));
    });
  await expect.poll(() => isThere().catch(() => ''), { timeout: 30_000 }).toContain('waybill-inbox');
  await expect.poll(() => isThere().catch(() => ''), { timeout: 30_000 }).toContain(verified);
});

test('the computer stays awake while something moves, and no longer', async ({ home, server }) => {
  const { app, page } = await home.launch();
  const { endpoint, accessKeyId, accessKeySecret } = server;
  await addAccount(page, { name: 'Owner', endpoint, accessKeyId, accessKeySecret });
  await openBucket(page, 'waybill-inbox');
  await app.evaluate(({ BrowserWindow, powerSaveBlocker }) => {
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    const start = powerSaveBlocker.start.bind(powerSaveBlocker);
    const stop = powerSaveBlocker.stop.bind(powerSaveBlocker);
    powerSaveBlocker.start = (type) => {
      seen.push(type);
      return start(type);
    };
    powerSaveBlocker.stop = (id) => {
      seen.push('stop');
      return stop(id);
    };
    const [window] = BrowserWindow.getAllWindows();
    if (window !== undefined) {
      window.setProgressBar = (progress) => {
        if (progress > 0 && progress <= 1) seen.push('progress');
        if (progress === -1) seen.push('no progress');
      };
    }
  });
  await makeFile(join(home.folder, 'parcel.bin'), MiB);
  server.faults.add({
    match: { bucket: 'waybill-inbox', method: 'PUT' },
    effect: { kind: 'slow', bytesPerSecond: MiB },
  });
  await dropIntoFolder(page, [join(home.folder, 'parcel.bin')]);
  const seen = () => app.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
  await expect(rowOf(page, 'parcel.bin')).toBeVisible({ timeout: 30_000 });
  await expect.poll(async () => (await seen()).at(-1)).toBe('no progress');
  expect((await seen()).filter((what) => what !== 'progress')).toEqual([
    'prevent-app-suspension',
    'stop',
    'no progress',
  ]);
  expect(await seen()).toContain('progress');
});

test('diagnostics tell the version and the state, and no name or secret', async ({ home, server }) => {
  const { app, page } = await home.launch();
  const { endpoint, accessKeyId, accessKeySecret } = server;
  await addAccount(page, { name: 'Nordwind Logistics', endpoint, accessKeyId, accessKeySecret });
  await chooseMenuItem(app, 'copy-diagnostics');
  await expect(page.getByText(t('settings.help.copied'))).toBeVisible();
  await expect.poll(() => copiedText(app)).toMatch(/^Waybill \d+\.\d+\.\d+, Electron/);
  const text = await copiedText(app);
  expect(text).toContain('Accounts: 1');
  for (const name of ['Nordwind', accessKeySecret, accessKeyId, home.folder]) expect(text.includes(name)).toBe(false);
});

test('news that come while a dialog is open move nothing in it', async ({ started }) => {
  const { app, page } = started;
  await page.keyboard.press('ControlOrMeta+,');
  const dialog = page.getByRole('dialog', { name: t('settings.title') });
  await expect(dialog).toBeVisible();
  await dialog.evaluate((element) => Promise.all(element.getAnimations().map(({ finished }) => finished)));
  const close = dialog.getByRole('button', { name: t('common.close') }).first();
  const before = await close.boundingBox();
  await chooseMenuItem(app, 'copy-diagnostics');
  await expect(dialog.getByText(t('settings.help.copied'))).toBeVisible();
  expect(await close.boundingBox()).toEqual(before);
});

test('F1 shows the keys, and nothing in them keeps anybody out', async ({ page }) => {
  await openPractice(page);
  await page.keyboard.press('F1');
  const help = page.getByRole('dialog', { name: t('keys.title') });
  await expect(help.getByText(t('keys.address'))).toBeVisible();
  // Typing finds a command, by its words or by its keys.
  await page.keyboard.type('go to');
  await expect(help.getByText(t('keys.smaller-text'))).toBeHidden();
  await expect(help.getByText(t('keys.address'))).toBeVisible();
  await help.getByRole('searchbox', { name: t('keys.search') }).fill('ctrl+-');
  await expect(help.getByText(t('keys.smaller-text'))).toBeVisible();
  await expect(help.getByText(t('keys.address'))).toBeHidden();
  await help.getByRole('searchbox').fill('no such command');
  await expect(help.getByText(t('keys.nothing'))).toBeVisible();
  await help.getByRole('searchbox').fill('');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
});

test('credentials leave the clipboard after a while, but nothing that was copied since', async ({ started }) => {
  const { app, page } = started;
  await openPractice(page);
  await app.evaluate(() => {
    const wait = globalThis.setTimeout;
    const hurried = (act: () => void, ms?: number) => wait(act, ms === 90_000 ? 300 : ms);
    Object.assign(globalThis, { setTimeout: hurried });
  });
  const [account] = await ask(page, 'accounts.list', {});
  const accountId = account?.id ?? '';
  const scope = { bucket: 'waybill-samples', keys: [], prefixes: [''], allow: ['read' as const], sourceIp: null };
  const grant = await ask(page, 'grants.make', {
    ...{ accountId, scope, durationSeconds: 900 },
    ...{
      policy: null,
      roleArn: 'acs:ram::1000000000000001:role/waybill-practice',
      sessionName: null,
      note: '',
      recipient: '',
    },
  });
  await ask(page, 'grants.copy', { grantId: grant.grantId, format: 'json', passphrase: null });
  // Marked, so that the desktop's clipboard history leaves it out.
  const mark = 'electron application/osclipboard;format="x-kde-passwordManagerHint"';
  const isMarked = () => app.evaluate(({ clipboard }, format) => clipboard.has(format), mark);
  if (process.platform === 'linux') expect(await isMarked()).toBe(true);
  await expect.poll(() => copiedText(app)).toBe('');

  await ask(page, 'grants.copy', { grantId: grant.grantId, format: 'json', passphrase: null });
  await app.evaluate(({ clipboard }) => clipboard.writeText('something else'));
  // Longer than the credentials would have stayed.
  const later = () => app.evaluate(() => new Promise<void>((resolve) => setTimeout(resolve, 600)));
  await later();
  expect(await copiedText(app)).toBe('something else');
});
