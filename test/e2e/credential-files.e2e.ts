// Credentials in a file become an account: chosen in the system's dialog, or dropped. Main reads it, not the page.
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright';
import { testTls } from '../support/tls/certificate.ts';
import { t } from '../support/words.ts';
import { openAccountForm, test } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { dropFiles } from './support/desktop.ts';
import { leadOssHere } from './support/oss-here.ts';
import { openBucket, rowOf } from './support/waybill.ts';

const trustTestCa = { NODE_EXTRA_CA_CERTS: resolve(import.meta.dirname, '../support/tls/ca.crt') };

/** Counts the clicks of the person from now on. */
async function countClicks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    Object.assign(globalThis, { clicks: 0 });
    addEventListener(
      'click',
      ({ isTrusted }) => {
        if (isTrusted) (globalThis as unknown as { clicks: number }).clicks += 1;
      },
      true,
    );
  });
  return () => page.evaluate(() => (globalThis as unknown as { clicks: number }).clicks);
}

test('AccessKey.csv becomes a usable account in three clicks', async ({ home, serve }) => {
  const server = await serve({ tls: testTls });
  const { app, page } = await home.launch(trustTestCa);
  await leadOssHere(app, Number(new URL(server.endpoint).port));
  const file = join(home.folder, 'AccessKey.csv');
  home.mayHoldSecrets(file);
  await writeFile(file, `AccessKey ID,AccessKey Secret\r\n${server.accessKeyId},${server.accessKeySecret}\r\n`);
  await app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = (...args: unknown[]) => {
      const { properties } = args.at(-1) as { properties: readonly string[] };
      const fits = properties.join() === 'openFile,showHiddenFiles';
      return Promise.resolve({ canceled: !fits, filePaths: fits ? [path] : [] });
    };
  }, file);
  const clicks = await countClicks(page);

  await page.getByRole('button', { name: t('accounts.form.title.new') }).click();
  await page.getByRole('button', { name: t('common.pick-file') }).click();
  const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  await expect(form).toContainText(t('accounts.paste.source.table'));
  await expect(form.getByLabel(t('common.name'), { exact: true })).toBeFocused();
  await form.getByRole('button', { name: t('common.save') }).click();

  await expect(form).toBeHidden();
  await expect(page.getByRole('button', { name: 'waybill-samples' })).toBeVisible();
  expect(await clicks()).toBe(3);
  await openBucket(page, 'waybill-samples');
  await expect(rowOf(page, 'Welcome to Waybill.txt')).toBeVisible();
});

test('a dropped configuration with several accounts offers them by name', async ({ home, serve }) => {
  const server = await serve();
  const { page } = await home.launch();
  const file = join(home.folder, 'credentials');
  home.mayHoldSecrets(file);
  const key = (id: string, secret: string) => `type = access_key\naccess_key_id = ${id}\naccess_key_secret = ${secret}`;
  await writeFile(
    file,
    `[old]\n${key('LTAI5tNobodysKey0000', 'nobodys-secret')}\n[studio]\n${key(server.accessKeyId, server.accessKeySecret)}\n` +
      `endpoint = ${server.endpoint}\nregion = cn-hangzhou\n`,
  );
  await openAccountForm(page);
  const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  await dropFiles(page, form, [file]);
  await form.getByRole('combobox', { name: t('accounts.paste.which') }).click();
  await page.getByRole('option', { name: /^studio/ }).click();
  await expect(form.getByLabel(t('accounts.form.access-key-id'))).toHaveValue(server.accessKeyId);
  await expect(form.getByLabel(t('accounts.form.secret'))).toHaveValue('');
  await form.getByRole('button', { name: t('common.save') }).click();
  await expect(form).toBeHidden();
  await expect(page.getByRole('button', { name: 'waybill-samples' })).toBeVisible();
});

test('a file without credentials is said to be one, and the form stays as it is', async ({ page, home }) => {
  const file = join(home.folder, 'notes.txt');
  await writeFile(file, 'Nothing here.');
  await openAccountForm(page);
  const form = page.getByRole('dialog', { name: t('accounts.form.title.new') });
  await form.getByLabel(t('common.name'), { exact: true }).fill('Studio');
  await dropFiles(page, form, [file]);
  await expect(form).toContainText(t('accounts.paste.problem.nothing'));
  await expect(form).toContainText(t('accounts.paste.file.chosen', { name: 'notes.txt' }));
  await expect(form.getByLabel(t('common.name'), { exact: true })).toHaveValue('Studio');
});
