// More than one window: each has its own place, all show what there is now.
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { canary } from '../support/canaries.ts';
import { counted, t } from '../support/words.ts';
import { expect, test } from './support/app.ts';
import { answerDialogs, chooseMenuItem, copiedText } from './support/desktop.ts';
import { makeFile } from './support/files.ts';
import { ask, callMain, chooseFromMenu, goTo, openBucket, openPractice, rowOf, transferOf } from './support/waybill.ts';

const passphrase = 'seven wombats juggle';
canary('the passphrase of the lock', passphrase);

/** The window that `open` opens, once its page is there. */
async function opened(app: ElectronApplication, open: () => Promise<unknown>): Promise<Page> {
  const [page] = await Promise.all([app.waitForEvent('window'), open()]);
  await page.getByRole('button').first().waitFor();
  return page;
}

const steps = (page: Page) => page.getByRole('navigation', { name: t('browse.path') });

/** Whether main still runs, and how many windows it has. */
const countWindows = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);

async function inboxWith(page: Page, folders: readonly string[]) {
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  const [account] = await ask(page, 'accounts.list', {});
  const at = { accountId: account?.id ?? '', bucket: 'waybill-inbox' };
  for (const prefix of folders) await ask(page, 'objects.createFolder', { ...at, prefix });
  return at;
}

test('a folder, a bucket and a bookmark open in windows of their own, and each window stays where it is', async ({
  started,
}) => {
  const { app, page } = started;
  await inboxWith(page, ['letters/']);
  const letters = await opened(app, () => chooseFromMenu(page, rowOf(page, 'letters'), t('windows.open-here')));
  await expect(steps(letters).getByRole('button', { name: 'letters' })).toBeVisible();
  await expect(letters).toHaveTitle('waybill-inbox/letters — Waybill');
  await expect(page).toHaveTitle('waybill-inbox — Waybill');

  await openBucket(letters, 'waybill-samples');
  await expect(rowOf(page, 'letters')).toBeVisible();
  await steps(page).getByRole('button').first().click();
  const bucket = page.getByRole('grid').getByRole('row').filter({ hasText: 'waybill-samples' });
  const samples = await opened(app, () => chooseFromMenu(page, bucket, t('windows.open-here')));
  await expect(rowOf(samples, 'Welcome to Waybill.txt')).toBeVisible();

  await samples.keyboard.press('ControlOrMeta+D');
  await expect(page.getByRole('heading', { name: t('rail.bookmarks') })).toBeVisible();
  const mark = page
    .getByRole('navigation', { name: t('rail.label') })
    .getByRole('listitem')
    .last();
  const marked = await opened(app, () => chooseFromMenu(page, mark.getByRole('button'), t('windows.open-here')));
  await expect(rowOf(marked, 'Welcome to Waybill.txt')).toBeVisible();
  expect(app.windows()).toHaveLength(4);
});

test('the key, the menu and the palette open one more window where this one is, beside it', async ({ started }) => {
  const { app, page } = started;
  await inboxWith(page, ['letters/']);
  await goTo(page, 'oss://waybill-inbox/letters/');
  for (const open of [
    () => page.keyboard.press('ControlOrMeta+N'),
    () => chooseMenuItem(app, 'new-window'),
    async () => {
      await page.keyboard.press('ControlOrMeta+K');
      await page.keyboard.type(t('windows.new'));
      await page.keyboard.press('Enter');
    },
  ]) {
    await page.bringToFront();
    const other = await opened(app, open);
    await expect(other).toHaveTitle('waybill-inbox/letters — Waybill');
    await other.close();
    await expect.poll(() => countWindows(app)).toBe(1);
  }
});

test('what is uploaded, deleted, marked and set in one window shows in the other', async ({ started, home }) => {
  const { app, page } = started;
  await inboxWith(page, ['letters/']);
  const other = await opened(app, () => page.keyboard.press('ControlOrMeta+N'));
  await expect(rowOf(other, 'letters')).toBeVisible();

  await makeFile(join(home.folder, 'parcel.bin'), 1000);
  await answerDialogs(app, [join(home.folder, 'parcel.bin')]);
  await page.keyboard.press('ControlOrMeta+U');
  await expect(rowOf(other, 'parcel.bin')).toBeVisible();
  await other.keyboard.press('ControlOrMeta+J');
  await expect(transferOf(other, 'parcel.bin')).toBeVisible();
  // What is open beside the list is each window's own.
  await expect(transferOf(page, 'parcel.bin')).toBeHidden();

  await rowOf(other, 'parcel.bin').click();
  await other.keyboard.press('Delete');
  await other
    .getByRole('dialog')
    .getByRole('button', { name: t('browse.delete.do', counted(1)), exact: true })
    .click();
  await expect(rowOf(page, 'parcel.bin')).toBeHidden();
  await expect(other.getByText(t('browse.deleted', counted(1)))).toBeVisible();
  await expect(page.getByText(t('browse.deleted', counted(1)))).toBeHidden();

  const [account] = await ask(page, 'accounts.list', {});
  const bucket = { accountId: account?.id ?? '', bucket: 'fresh-crate', region: 'cn-hangzhou' };
  await ask(page, 'buckets.create', { ...bucket, storageClass: 'Standard', acl: 'private', versioning: false });
  await expect(other.getByRole('button', { name: 'fresh-crate' })).toBeVisible();

  await page.keyboard.press('ControlOrMeta+D');
  await expect(other.getByRole('heading', { name: t('rail.bookmarks') })).toBeVisible();
  await ask(page, 'settings.set', { locale: 'zh-CN' });
  await expect(other.locator('html')).toHaveAttribute('lang', 'zh-CN');
});

test('what is cut in one window is pasted in the other, once', async ({ started }) => {
  const { app, page } = started;
  const at = await inboxWith(page, ['letters/', 'target/']);
  await page.keyboard.press('F5');
  const other = await opened(app, () => chooseFromMenu(page, rowOf(page, 'target'), t('windows.open-here')));
  await expect(other).toHaveTitle('waybill-inbox/target — Waybill');
  await rowOf(page, 'letters').click();
  await page.keyboard.press('ControlOrMeta+X');
  await expect.poll(() => copiedText(app)).toBe('oss://waybill-inbox/letters/');
  await other.keyboard.press('ControlOrMeta+V');
  await expect(rowOf(other, 'letters')).toBeVisible();
  await expect(rowOf(page, 'letters')).toBeHidden();
  expect(await ask(page, 'objects.held', {})).toBeNull();

  // Thousands of long keys are no more trouble than one.
  const keys = Array.from({ length: 20_000 }, (_, number) => `${'k'.repeat(60)}${number}`);
  const held = { subject: { ...at, keys, prefixes: [] }, move: false };
  await ask(page, 'objects.hold', { held });
  expect(await ask(other, 'objects.held', {})).toEqual(held);
});

test('closing a window ends nothing while another is open', async ({ started }) => {
  const { app, page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  const other = await opened(app, () => page.keyboard.press('ControlOrMeta+N'));
  await page.close();
  await expect.poll(() => countWindows(app)).toBe(1);
  await expect(rowOf(other, 'Welcome to Waybill.txt')).toBeVisible();
  const running = app.process();
  const ended = new Promise((resolve) => running.once('exit', resolve));
  await other.close();
  expect(await ended).toBe(0);
});

test('the lock shuts all windows and each comes back where it was', async ({ started }) => {
  const { app, page } = started;
  await inboxWith(page, ['letters/']);
  await ask(page, 'lock.enable', { passphrase });
  await ask(page, 'settings.set', { lockAfterMinutes: 5 });
  const other = await opened(app, () => chooseFromMenu(page, rowOf(page, 'letters'), t('windows.open-here')));
  await expect(other).toHaveTitle('waybill-inbox/letters — Waybill');
  await other.keyboard.press('ControlOrMeta+Shift+L');
  for (const locked of [page, other]) {
    await expect(locked.getByRole('heading', { name: t('lock.title') })).toBeVisible();
    await expect(locked).toHaveTitle('Waybill');
    expect(await callMain(locked, 'accounts.list', {})).toMatchObject({ ok: false, failure: { rule: 'app-locked' } });
  }
  const third = await opened(app, () => chooseMenuItem(app, 'new-window'));
  await expect(third.getByRole('heading', { name: t('lock.title') })).toBeVisible();
  await third.close();

  await page.getByLabel(t('common.passphrase')).fill(passphrase);
  await page.keyboard.press('Enter');
  await expect(page).toHaveTitle('waybill-inbox — Waybill');
  await expect(other).toHaveTitle('waybill-inbox/letters — Waybill');
});

test('only pages of our windows are answered', async ({ started }) => {
  const { app, page } = started;
  const foreign = await opened(app, async () => {
    await page.keyboard.press('ControlOrMeta+N');
  });
  expect(await callMain(foreign, 'accounts.list', {})).toEqual({ ok: true, value: [] });
  const [stranger] = await Promise.all([
    app.waitForEvent('window'),
    app.evaluate(async ({ app: electron, BrowserWindow }) => {
      const preload = `${electron.getAppPath()}/dist/preload/preload.cjs`;
      const window = new BrowserWindow({ webPreferences: { preload, sandbox: true, contextIsolation: true } });
      await window.loadURL('app://waybill/index.html');
    }),
  ]);
  expect(await callMain(stranger, 'accounts.list', {})).toMatchObject({ ok: false, failure: { kind: 'bug' } });
});
