// The lock: it shuts the window to whoever sits before it, while the work goes on.
import { AxeBuilder } from '@axe-core/playwright';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { canary } from '../support/canaries.ts';
import { t } from '../support/words.ts';
import { makeFile, MiB } from './support/files.ts';
import { aliOss, expect, test } from './support/practice.ts';
import { ownerKey, writeProfiles } from './support/profiles.ts';
import { countInPage, filesWith } from './support/secrets.ts';
import { addAccount, ask, callMain, dropIntoFolder, openBucket, showTransfers, transferOf } from './support/waybill.ts';
import { verified } from './support/waybill.ts';

const passphrase = 'seven wombats juggle';
canary('the passphrase of the lock', passphrase);

async function turnOn(page: Page): Promise<void> {
  await page.getByRole('button').first().waitFor();
  await page.keyboard.press('ControlOrMeta+,');
  const settings = page.getByRole('dialog', { name: t('settings.title') });
  await settings.getByRole('tab', { name: t('settings.tab.lock') }).click();
  await settings.getByLabel(t('settings.lock.after')).click();
  await page.getByRole('option', { name: t('settings.lock.after.minutes', { minutes: 5 }) }).click();
  await settings.getByLabel(t('settings.lock.passphrase')).fill('short');
  await expect(settings).toContainText(t('passphrase.short'));
  await expect(settings.getByRole('button', { name: t('settings.lock.turn-on') })).toBeDisabled();
  await settings.getByLabel(t('settings.lock.passphrase')).fill(passphrase);
  await settings.getByLabel(t('passphrase.repeat')).fill(`${passphrase}!`);
  await expect(settings).toContainText(t('passphrase.differs'));
  await expect(settings.getByRole('button', { name: t('settings.lock.turn-on') })).toBeDisabled();
  await settings.getByLabel(t('passphrase.repeat')).fill(passphrase);
  await settings.getByRole('button', { name: t('settings.lock.turn-on') }).click();
  await expect(settings.getByRole('button', { name: t('settings.lock.change') })).toBeVisible();
  await page.keyboard.press('Escape');
}

async function expectLocked(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: t('lock.title') })).toBeVisible();
  await expect(page.getByLabel(t('common.passphrase'))).toBeFocused();
}

async function unlock(page: Page, given = passphrase): Promise<void> {
  await page.getByLabel(t('common.passphrase')).fill(given);
  await page.keyboard.press('Enter');
}

function lockScreen(app: ElectronApplication): Promise<void> {
  return app.evaluate(({ powerMonitor }) => void powerMonitor.emit('lock-screen'));
}

test('a locked window shows nothing and answers nothing, transfers go on, and the passphrase opens it', async ({
  home,
  server,
}) => {
  const { app, page } = await home.launch();
  const { endpoint, accessKeyId, accessKeySecret } = server;
  await addAccount(page, { name: 'Owner', endpoint, accessKeyId, accessKeySecret });
  await lockScreen(app);
  await turnOn(page);
  await openBucket(page, 'waybill-inbox');
  server.faults.add({
    match: { bucket: 'waybill-inbox', method: 'PUT' },
    effect: { kind: 'slow', bytesPerSecond: MiB },
  });
  await makeFile(join(home.folder, 'parcel.bin'), 3 * MiB);
  await dropIntoFolder(page, [join(home.folder, 'parcel.bin')]);
  await showTransfers(page);
  await expect(transferOf(page, 'parcel.bin')).toBeVisible();

  await lockScreen(app);
  await expectLocked(page);
  expect((await new AxeBuilder({ page }).setLegacyMode().analyze()).violations).toEqual([]);
  expect(await countInPage(page, ['waybill-inbox', 'parcel.bin', accessKeyId], t('lock.title'))).toBe(0);
  for (const [name, args] of [
    ['accounts.list', {}],
    ['app.info', {}],
    ['settings.set', { lockAfterMinutes: null }],
    ['lock.enable', { passphrase: 'another passphrase' }],
  ] as const) {
    expect(await callMain(page, name, args)).toMatchObject({ ok: false, failure: { rule: 'app-locked' } });
  }
  const there = () =>
    aliOss(server, 'waybill-inbox')
      .head('parcel.bin')
      .then(
        () => true,
        () => false,
      );
  await expect.poll(there, { timeout: 20_000 }).toBe(true);

  await page.keyboard.press('ControlOrMeta+,');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await unlock(page, 'wrong passphrase');
  await expect(page.getByRole('alert')).toContainText(t('failure.input.lock-passphrase'));
  await unlock(page);
  await showTransfers(page);
  await expect(transferOf(page, 'parcel.bin')).toContainText(verified);
});

test('it locks by key and when nobody is there, and a start begins locked', async ({ home }) => {
  const { app, page } = await home.launch();
  await turnOn(page);
  await page.keyboard.press('ControlOrMeta+Shift+L');
  await expectLocked(page);
  await unlock(page);
  await expect(page.getByRole('button', { name: t('welcome.practice') })).toBeVisible();
  await app.evaluate(({ powerMonitor }) => {
    powerMonitor.getSystemIdleTime = () => 300;
  });
  await expect(page.getByRole('heading', { name: t('lock.title') })).toBeVisible({ timeout: 20_000 });
  await app.close();

  const again = await home.launch();
  await expectLocked(again.page);
  await unlock(again.page);
  await expect(again.page.getByRole('button', { name: t('welcome.practice') })).toBeVisible();
});

test('whoever forgot the passphrase gets in without anything that was secret or private', async ({ home, server }) => {
  const { endpoint, region, accessKeyId, accessKeySecret } = server;
  const env = { OSS_ACCESS_KEY_ID: accessKeyId, OSS_ACCESS_KEY_SECRET: accessKeySecret, OSS_REGION: region };
  home.mayHoldSecrets(await writeProfiles(home, 'prod', [{ name: 'prod', ...ownerKey(server) }]));
  const first = await home.launch(env);
  await addAccount(first.page, { name: 'Owner', endpoint, accessKeyId, accessKeySecret });
  const accountId = (await ask(first.page, 'accounts.list', {}))[0]?.id ?? '';
  const place = { accountId, bucket: 'waybill-inbox', prefix: 'CANARY-place/' };
  await ask(first.page, 'settings.set', { bookmarks: [place], recentPlaces: [place], lastPlace: place });
  await turnOn(first.page);
  await first.app.close();

  const { page } = await home.launch(env);
  await expectLocked(page);
  await page.getByText(t('lock.forgotten')).click();
  await expect(page.getByText(t('lock.forgotten.hint'))).toBeVisible();
  await page.getByRole('button', { name: t('lock.give-up') }).click();
  await expect(page.getByRole('button', { name: t('accounts.form.title.new') })).toBeVisible();
  expect(await ask(page, 'accounts.list', {})).toEqual([]);
  expect(await callMain(page, 'accounts.useEnvironment', {})).toMatchObject({
    ok: false,
    failure: { kind: 'credentials', cause: 'missing' },
  });
  expect(await ask(page, 'accounts.profiles', {})).toMatchObject({ profiles: [] });
  expect(await filesWith(home.profile, ['CANARY'])).toEqual([]);
});
