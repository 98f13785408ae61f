// The item in the menu bar or the tray: what Waybill does while nobody looks at its window.
import { AxeBuilder } from '@axe-core/playwright';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { canary } from '../support/canaries.ts';
import { counted, t } from '../support/words.ts';
import { curl } from './support/curl.ts';
import { answerDialogs, copiedLink, copiedText } from './support/desktop.ts';
import { makeFile, MiB, sha256Of } from './support/files.ts';
import { expect, test } from './support/practice.ts';
import { chooseInTray, dropOnTray, hasTray, trayLabels, trayNews, trayTip, watchTray } from './support/tray.ts';
import { addAccount, ask, openBucket, openPractice, rowOf, showTransfers, transferOf } from './support/waybill.ts';

const passphrase = 'seven wombats juggle';
canary('the passphrase of the lock', passphrase);
const { platform } = process;

async function openTraySettings(page: Page) {
  await page.keyboard.press('ControlOrMeta+,');
  const settings = page.getByRole('dialog', { name: t('settings.title') });
  await settings.getByRole('tab', { name: t('settings.tab.tray', { platform }) }).click();
  return settings;
}

/** Switches the item on while a bucket is open, which files then go to. */
async function turnOn({ app, page }: { app: ElectronApplication; page: Page }, bucket = 'waybill-inbox') {
  await watchTray(app);
  await openBucket(page, bucket);
  const settings = await openTraySettings(page);
  await settings.getByLabel(t('settings.tray', { platform })).check();
  await expect(settings.getByLabel(t('settings.tray.folder'))).toHaveValue(`oss://${bucket}/`);
  await page.keyboard.press('Escape');
  await expect(settings).toBeHidden();
  expect(await hasTray(app)).toBe(true);
}

test('files dropped on the item are uploaded and their link is copied, and copied again from the menu', async ({
  started,
  home,
}) => {
  const { app, page } = started;
  await openPractice(page);
  await turnOn(started);
  const path = join(home.folder, 'spec & plan.bin');
  await makeFile(path, 5_000);
  await dropOnTray(app, [path]);
  const link = await copiedLink(app, 'spec & plan.bin');
  expect(await curl(link)).toMatchObject({ status: 200, sha256: await sha256Of(path) });
  await expect.poll(() => trayNews(app)).toHaveLength(1);
  const [news = ''] = await trayNews(app);
  expect(news).toContain(t('upload.done', { ...counted(1), name: 'spec & plan.bin' }));
  await expect(rowOf(page, 'spec & plan.bin')).toBeVisible();

  await app.evaluate(({ clipboard }) => clipboard.writeText('something else'));
  // In a menu, two ampersands are one.
  const offered = async () => (await trayLabels(app)).find((label) => label.startsWith('spec && plan.bin (until'));
  await expect.poll(offered).toBeDefined();
  await chooseInTray(app, (await offered()) ?? '');
  await expect.poll(() => copiedText(app)).toBe(link);
  for (const label of await trayLabels(app)) expect(label).not.toMatch(/signature|https?:/i);
});

test('several files have a link a line, a text becomes a file, and a link that is dropped opens', async ({
  started,
  home,
}) => {
  const { app, page } = started;
  await openPractice(page);
  await turnOn(started);
  const paths = ['a.bin', 'b.bin'].map((name) => join(home.folder, name));
  for (const path of paths) await makeFile(path, 100);
  await dropOnTray(app, paths);
  await expect.poll(async () => (await copiedText(app)).trim().split('\n').length).toBe(2);
  const [first = '', second = ''] = (await copiedText(app)).trim().split('\n');
  for (const link of [first, second]) expect(await curl(link)).toMatchObject({ status: 200 });

  await dropOnTray(app, 'Ship on Tuesday, 货到付款');
  await expect.poll(() => copiedText(app)).toContain('Text%20');
  expect(await curl(await copiedText(app))).toMatchObject({ status: 200, text: 'Ship on Tuesday, 货到付款' });

  await dropOnTray(app, first);
  await expect(page.getByRole('dialog')).toContainText('a.bin');
  await page.keyboard.press('Escape');
  const { items } = await ask(page, 'ledger.list', {
    ...{ text: '', states: null, accountId: null, bucket: null, key: null, offset: 0, limit: 10 },
  });
  expect(items).toHaveLength(3);

  await dropOnTray(app, 'AccessKey ID: LTAI5tExampleExample12\nAccessKey Secret: ExampleExampleExampleExample12');
  await expect.poll(async () => (await trayNews(app)).at(-1)).toContain(t('tray.news.credentials.title'));
});

test('“Upload files…” sends what is chosen, and a name that is taken is kept', async ({ started, home }) => {
  const { app, page } = started;
  await openPractice(page);
  await turnOn(started);
  const path = join(home.folder, 'spec.bin');
  await makeFile(path, 100);
  await answerDialogs(app, [path]);
  for (const name of ['spec.bin', 'spec (2).bin']) {
    await chooseInTray(app, t('menu.upload-files'));
    await expect(rowOf(page, name)).toBeVisible();
    await copiedLink(app, name);
  }
});

test('the menu says what is moving, pauses it and goes on with it', async ({ home, server }) => {
  const started = await home.launch();
  const { app, page } = started;
  const { endpoint, accessKeyId, accessKeySecret } = server;
  await addAccount(page, { name: 'Owner', endpoint, accessKeyId, accessKeySecret });
  await turnOn(started);
  expect(await trayLabels(app)).toContain(t('tray.idle'));
  const slow = { kind: 'slow', bytesPerSecond: MiB } as const;
  server.faults.add({ match: { bucket: 'waybill-inbox', method: 'PUT' }, effect: slow });
  await makeFile(join(home.folder, 'parcel.bin'), 8 * MiB);
  await dropOnTray(app, [join(home.folder, 'parcel.bin')]);
  await showTransfers(page);
  await expect(transferOf(page, 'parcel.bin')).toBeVisible();
  await expect.poll(() => trayLabels(app)).toContain(t('transfers.pause-all'));
  await expect.poll(async () => (await trayLabels(app))[0]).toMatch(/^1 transfer · \d+% · .+\/s$/);
  await expect.poll(() => trayTip(app)).toMatch(/^Waybill: 1 transfer/);
  await chooseInTray(app, t('transfers.pause-all'));
  await expect.poll(() => trayLabels(app)).toContain(t('transfers.count.paused', { count: 1 }));
  expect(await trayLabels(app)).not.toContain(t('transfers.pause-all'));
  await chooseInTray(app, t('transfers.resume-all'));
  await expect.poll(() => trayLabels(app)).toContain(t('transfers.pause-all'));
});

test('a locked item shows that it is, and neither takes files nor gives links', async ({ home, started }) => {
  const { app, page } = started;
  await openPractice(page);
  await turnOn(started);
  const path = join(home.folder, 'spec.bin');
  await makeFile(path, 100);
  await dropOnTray(app, [path]);
  await copiedLink(app, 'spec.bin');
  await ask(page, 'lock.enable', { passphrase });
  await ask(page, 'settings.set', { lockAfterMinutes: 5 });
  await app.evaluate(({ clipboard }) => clipboard.writeText('something else'));
  await ask(page, 'lock.now', {});
  await expect.poll(() => trayLabels(app)).toEqual([t('tray.locked'), t('tray.open'), t('tray.quit')]);
  expect(await trayTip(app)).toBe(t('lock.title'));
  await dropOnTray(app, [path]);
  await expect.poll(async () => (await trayNews(app)).at(-1)).toBe(`${t('lock.title')}\n${t('tray.news.locked')}`);
  expect(await copiedText(app)).toBe('something else');
  await page.getByLabel(t('common.passphrase')).fill(passphrase);
  await page.keyboard.press('Enter');
  await expect.poll(() => trayLabels(app)).toContain(t('tray.folder', { folder: 'oss://waybill-inbox/' }));
});

test('with the item Waybill runs on without a window and says so once; its menu opens one and quits', async ({
  started,
}) => {
  const { app, page } = started;
  await openPractice(page);
  await turnOn(started);
  const told = async () => (await trayNews(app)).filter((news) => news.startsWith(t('tray.runs-on.title'))).length;
  await page.close();
  await expect.poll(told).toBe(1);
  const [again] = await Promise.all([app.waitForEvent('window'), chooseInTray(app, t('tray.open'))]);
  await expect(again.getByRole('navigation', { name: t('rail.label') })).toBeVisible();
  await again.close();
  await expect.poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(0);
  expect(await told()).toBe(1);
  const ended = once(app.process(), 'exit');
  await chooseInTray(app, t('tray.quit'));
  expect(await ended).toEqual([0, null]);
});

test('without the item Waybill ends with its last window, and switched off again, too', async ({ started }) => {
  const { app, page } = started;
  await openPractice(page);
  await turnOn(started);
  const settings = await openTraySettings(page);
  await settings.getByLabel(t('settings.tray', { platform })).uncheck();
  await expect.poll(() => hasTray(app)).toBe(false);
  const ended = once(app.process(), 'exit');
  await page.close();
  expect(await ended).toEqual([0, null]);
});

test('the folder is typed or taken from the window, by keyboard, and a bad address is named', async ({ started }) => {
  const { app, page } = started;
  await openPractice(page);
  await watchTray(app);
  const settings = await openTraySettings(page);
  await settings.getByLabel(t('settings.tray', { platform })).focus();
  await page.keyboard.press('Space');
  await expect.poll(() => trayLabels(app)).toContain(t('tray.no-folder'));
  const field = settings.getByLabel(t('settings.tray.folder'));
  await field.fill('not a folder!');
  await expect(settings).toContainText(t('settings.tray.folder.bad'));
  await expect(settings.getByRole('button', { name: t('common.save') })).toBeDisabled();
  await field.fill('oss://waybill-inbox/from the tray');
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('oss://waybill-inbox/from the tray/');
  await expect
    .poll(() => trayLabels(app))
    .toContain(t('tray.folder', { folder: 'oss://waybill-inbox/from the tray/' }));
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations).toEqual([]);
  await page.keyboard.press('Escape');
  await openBucket(page, 'waybill-samples');
  await (await openTraySettings(page)).getByRole('button', { name: t('settings.tray.folder.use') }).click();
  await expect.poll(() => trayLabels(app)).toContain(t('tray.folder', { folder: 'oss://waybill-samples/' }));
});

test('without a folder dropped files say where to choose one', async ({ started, home }) => {
  const { app, page } = started;
  await openPractice(page);
  await watchTray(app);
  await ask(page, 'settings.set', { tray: true });
  await dropOnTray(app, [home.folder]);
  await expect.poll(() => trayNews(app)).toEqual([`${t('tray.news.no-folder.title')}\n${t('tray.news.no-folder')}`]);
});
