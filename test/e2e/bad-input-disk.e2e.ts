// Files and folders that do not let Waybill do its work. Real ones: a tmpfs that is full, permissions that the system
// enforces.
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { _electron, type Page } from 'playwright';
import { startingWith, t } from '../support/words.ts';
import { expect, test } from './support/app.ts';
import { answerDialogs, pasteText } from './support/desktop.ts';
import { makeFile, MiB, sha256Of } from './support/files.ts';
import { ask, openBucket, openPractice, rowOf, showTransfers, transferOf, verified } from './support/waybill.ts';

const isRoot = process.getuid?.() === 0;

test('a full disk stops a download, which goes on once there is room', async ({ started, home }) => {
  const disk = join(home.folder, 'small-disk');
  await mkdir(disk);
  const isMounted = mount(disk, '4m');
  test.skip(!isMounted, 'only who may mount a file system can fill one up');
  try {
    const { app, page } = started;
    const source = join(home.folder, 'manifest.bin');
    const sum = await makeFile(source, 3 * MiB);
    const ballast = join(disk, 'ballast.bin');
    await makeFile(ballast, 2 * MiB);

    await openPractice(page);
    await openBucket(page, 'waybill-inbox');
    await showTransfers(page);
    await answerDialogs(app, [source]);
    await page.getByRole('button', { name: t('browse.upload-files') }).click();
    await expect(transferOf(page, 'manifest.bin')).toContainText(verified);

    await pasteText(started, await linkTo(page, 'waybill-inbox', 'manifest.bin'));
    const card = page.getByRole('dialog', { name: 'manifest.bin' });
    await answerDialogs(app, [disk]);
    await card.getByRole('button', { name: t('receive.pick-folder') }).click();
    await expect(card.getByLabel(t('receive.folder'))).toHaveValue(disk);
    await card.getByRole('button', { name: t('receive.download'), exact: true }).click();
    await expect(card).toContainText(t('transfers.blocked.disk-space'));
    await card
      .getByRole('button', { name: t('common.close') })
      .last()
      .click();

    await rm(ballast);
    const stopped = transferOf(page, t('transfers.blocked.disk-space'));
    await stopped.getByRole('button', { name: startingWith(t('common.continue')) }).click();
    await expect(transferOf(page, verified)).toHaveCount(2);
    expect(await sha256Of(join(disk, 'manifest.bin'))).toBe(sum);
  } finally {
    await started.app.close();
    spawnSync('umount', [disk]);
  }
});

test('what may not be read or written is named, and everything else goes on', async ({ home, display }) => {
  const shipment = join(home.folder, 'shipment');
  const secret = join(shipment, 'secret');
  const locked = join(home.folder, 'locked');
  await makeFile(join(shipment, 'open.bin'), 1000);
  await mkdir(secret);
  await mkdir(locked);
  await writeFile(join(secret, 'inner.txt'), 'nobody reads this');
  await chmod(secret, 0o000);
  await chmod(locked, 0o500);

  const app = await _electron.launch({
    executablePath: await ordinaryElectron(home.folder),
    args: [resolve(import.meta.dirname, '../..'), `--user-data-dir=${home.profile}`, '--lang=en-US'],
    env: { ...definedEnvironment(), ...display.env, HOME: home.folder },
    colorScheme: null,
  });
  try {
    const page = await app.firstWindow();
    await openPractice(page);
    await openBucket(page, 'waybill-inbox');
    await showTransfers(page);

    await test.step('a folder that may not be read', async () => {
      await answerDialogs(app, [shipment]);
      await page.getByRole('button', { name: t('browse.upload-folder') }).click();
      const refused = transferOf(page, 'shipment');
      await expect(refused).toContainText(t('transfers.folder.done', { done: 1, total: 2, failed: 1 }));
      await expect(refused).toContainText(t('failure.file.denied.title'));
      await expect(refused).toContainText(t('failure.file.denied.next'));
      await expect(rowOf(page, 'shipment')).toBeVisible();
    });

    await test.step('a folder that may not be written', async () => {
      await pasteText({ app, page }, await linkTo(page, 'waybill-inbox', 'shipment/open.bin'));
      const card = page.getByRole('dialog', { name: 'open.bin' });
      await answerDialogs(app, [locked]);
      await card.getByRole('button', { name: t('receive.pick-folder') }).click();
      await card.getByRole('button', { name: t('receive.download'), exact: true }).click();
      const alert = card.getByRole('alert');
      await expect(alert).toContainText(t('failure.file.denied.title'));
      await expect(alert).toContainText(t('failure.file.denied.next'));
    });

    await test.step('once it may be, trying again works', async () => {
      await chmod(locked, 0o700);
      const card = page.getByRole('dialog', { name: 'open.bin' });
      await card.getByRole('button', { name: t('receive.download-again') }).click();
      await expect(card).toContainText(verified);
    });
  } finally {
    await app.close();
    await chmod(secret, 0o700);
  }
});

async function linkTo(page: Page, bucket: string, key: string): Promise<string> {
  const [account] = await ask(page, 'accounts.list', {});
  const options = { versionId: null, fileName: null, open: 'download', expiresSeconds: 3600 } as const;
  const { url } = await ask(page, 'links.make', { accountId: account?.id ?? '', bucket, key, ...options });
  return url;
}

function mount(folder: string, size: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]).status === 0;
}

/** Electron as somebody runs it for whom permissions count; for root they do not, unless that right is given up. */
async function ordinaryElectron(folder: string): Promise<string> {
  const electron = createRequire(import.meta.url)('electron') as string;
  if (!isRoot) return electron;
  const script = join(folder, 'electron');
  const command = `exec setpriv --bounding-set=-dac_override,-dac_read_search '${electron}' "$@"`;
  await writeFile(script, `#!/bin/sh\n${command}\n`, { mode: 0o755 });
  return script;
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
