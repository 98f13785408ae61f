// A drop page as its owner sees it: the bucket is opened to pages, the page made, what came looked at, and the page ended.
import { stat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Locator, type Page } from 'playwright';
import type { PracticeServer } from '../../main/practice/server.ts';
import { findChromium } from '../host/chromium-flags.ts';
import { counted, like, startingWith, t } from '../support/words.ts';
import { chooseOption } from './support/sharing.ts';
import { answerQuestions, answerSaveDialogs, copiedText } from './support/desktop.ts';
import { makeFile, sha256Of } from './support/files.ts';
import { aliOss, expect, test as base } from './support/practice.ts';
import { addAccount, chooseFromMenu, goTo, openBucket } from './support/waybill.ts';

/** `anyBrowser` is no part of Waybill. */
const test = base.extend<{ anyBrowser: Browser }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright insists on a destructured first argument.
  anyBrowser: async ({}, use) => {
    const browser = await chromium.launch({ executablePath: findChromium(), chromiumSandbox: false });
    await use(browser);
    await browser.close();
  },
});

/** Opens the dialog that asks for files into the folder that is shown. */
async function openRequest(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: t('share.request') }).click();
  return page.getByRole('dialog', { name: t('share.request.title') });
}

/** Adds the owner's account, and opens the dialog that asks for files into the inbox. */
async function requestIntoInbox(page: Page, server: PracticeServer): Promise<Locator> {
  await addAccount(page, { ...server, name: 'Owner' });
  await openBucket(page, 'waybill-inbox');
  return openRequest(page);
}

/** Hands files in on a page that was saved. */
async function handIn(page: Page, paths: readonly string[]): Promise<void> {
  await page.locator('#files').setInputFiles([...paths]);
  await page.getByRole('button', { name: t('page.drop.start', counted(paths.length)), exact: true }).click();
}

test('a page is made once the bucket lets pages in, brings files, and is ended', async ({
  started,
  home,
  server,
  anyBrowser,
}) => {
  const { app, page } = started;
  const saved = join(home.folder, 'for-lin.html');
  home.mayHoldSecrets(saved);
  const dialog = await requestIntoInbox(page, server);
  const access = dialog.getByRole('region', { name: t('request.cors') });

  await test.step('the bucket lets pages in only after a question of main', async () => {
    await expect(access).toContainText(t('request.cors.no-rule'));
    await access.getByText(t('request.cors.rule'), { exact: true }).click();
    await expect(access).toContainText('<ExposeHeader>x-oss-hash-crc64ecma</ExposeHeader>');
    const refused = await answerQuestions(app, false);
    await access.getByRole('button', { name: t('request.cors.add') }).click();
    await expect.poll(refused).toEqual([t('consent.cors-add', { bucket: 'waybill-inbox' })]);
    await expect(access).toContainText(t('request.cors.no-rule'));
    await answerQuestions(app, true);
    await access.getByRole('button', { name: t('request.cors.add') }).click();
    await expect(access).toContainText(t('request.cors.fits'));
    await expect(access.getByRole('button', { name: t('request.cors.add') })).toBeHidden();
  });

  await test.step('the page is saved, and readable by its owner alone', async () => {
    await dialog.getByRole('textbox', { name: t('request.size') }).fill('1');
    await chooseOption(dialog, t('share.expiry.unit'), 'MB');
    await dialog.getByRole('textbox', { name: t('share.request.note') }).fill('Scans of the contract, please.');
    await dialog.getByRole('textbox', { name: t('share.recipient'), exact: true }).fill('Lin');
    await answerSaveDialogs(app, saved);
    await dialog.getByRole('button', { name: t('share.request.save') }).click();
    await expect(dialog).toContainText(t('request.saved.page', { path: saved }));
    expect((await stat(saved)).mode & 0o777).toBe(0o600);
    expect(await readFile(saved, 'utf8')).not.toContain(server.accessKeySecret);
    await page.keyboard.press('Escape');
  });

  const [scan, large] = [join(home.folder, 'scan 1.pdf'), join(home.folder, 'large.bin')];
  const sum = await makeFile(scan, 81_000);
  await makeFile(large, 1_048_577);
  const handed = await anyBrowser.newPage();
  await test.step('somebody hands files in on it', async () => {
    await handed.goto(pathToFileURL(saved).href);
    await expect(handed.getByText('Scans of the contract, please.')).toBeVisible();
    await handed.locator('#files').setInputFiles([large]);
    await expect(handed.getByText(like('page.drop.problem.too-large', { limit: /1 MB/ }))).toBeVisible();
    await handed.reload();
    await handIn(handed, [scan]);
    await expect(handed.getByRole('heading', { name: t('page.drop.end.all', counted(1)) })).toBeVisible();
  });

  const links = page.getByRole('grid', { name: t('ledger.title') }).getByRole('row');
  await test.step('and its owner sees what came', async () => {
    await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
    const entry = links.filter({ hasText: 'Lin' });
    await expect(entry).toContainText(t('ledger.kind.page'));
    await chooseFromMenu(page, entry, t('ledger.arrived.open'));
    const arrived = page.getByRole('dialog', { name: t('ledger.arrived.title') });
    await expect(arrived).toContainText(t('ledger.arrived.files', counted(1)));
    await expect(arrived.getByRole('listitem')).toContainText('scan 1.pdf');
    await arrived.getByRole('button', { name: t('ledger.arrived.show') }).click();
    const row = page
      .getByRole('grid', { name: t('browse.content') })
      .getByRole('row')
      .filter({ hasText: 'scan' });
    await expect(row).toBeVisible();
    const { objects } = await aliOss(server, 'waybill-inbox').list({ prefix: 'drop-', 'max-keys': 10 }, {});
    const got = join(home.folder, 'got');
    const { res } = await aliOss(server, 'waybill-inbox').get(objects[0]?.name ?? '', got);
    expect(await sha256Of(got)).toBe(sum);
    expect((res.headers as Record<string, string>)['content-disposition']).toBe('attachment');
  });

  await test.step('until it is ended by the policy of the bucket, after a question', async () => {
    await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
    const entry = links.filter({ hasText: 'Lin' });
    await chooseFromMenu(page, entry, t('ledger.plan'));
    const plan = page.getByRole('dialog', { name: t('ledger.plan.title') });
    const questions = await answerQuestions(app, true);
    await expect(plan).toContainText(t('ledger.plan.honest.form'));
    await plan.getByRole('button', { name: t('ledger.end.do.deny-uploads') }).click();
    await expect(plan).toContainText(t('ledger.end.ended'));
    await expect(plan).not.toContainText(t('ledger.plan.honest.form'));
    expect(await questions()).toEqual([t('consent.end-page', { bucket: 'waybill-inbox' })]);
    await page.keyboard.press('Escape');
    await expect(entry).toContainText(t('ledger.state.revoked'));
    await handed.reload();
    await handIn(handed, [scan]);
    await expect(handed.getByText(t('page.drop.revoked.title'))).toBeVisible();
  });

  await test.step('and the rule of the bucket is taken away again', async () => {
    await goTo(page, 'oss://waybill-inbox/');
    const again = await openRequest(page);
    await answerQuestions(app, true);
    await again.getByRole('button', { name: t('request.cors.remove') }).click();
    await expect(again.getByRole('region', { name: t('request.cors') })).toContainText(t('request.cors.no-rule'));
    await expect(again.getByRole('button', { name: t('request.cors.remove') })).toBeHidden();
  });
});

test('a large file is sent in parts through an upload of the page, which ends with it', async ({
  started,
  home,
  server,
  anyBrowser,
}) => {
  const { app, page } = started;
  await aliOss(server, 'waybill-inbox').putBucketCORS('waybill-inbox', [
    {
      ...{ allowedOrigin: '*', allowedMethod: ['POST', 'PUT', 'GET', 'HEAD'], allowedHeader: '*' },
      exposeHeader: ['ETag', 'x-oss-hash-crc64ecma', 'x-oss-request-id', 'x-oss-version-id'],
    },
  ]);
  const saved = join(home.folder, 'large.html');
  home.mayHoldSecrets(saved);
  const dialog = await requestIntoInbox(page, server);
  await dialog.getByRole('textbox', { name: t('request.size') }).fill('1');
  await chooseOption(dialog, t('share.expiry.unit'), 'MB');
  await dialog.getByText(t('share.more')).click();
  const count = dialog.getByRole('textbox', { name: t('request.large'), exact: true });
  await answerSaveDialogs(app, saved);
  await count.fill('21');
  await dialog.getByRole('button', { name: t('share.request.save') }).click();
  await expect(count).toHaveAccessibleDescription(startingWith(t('request.problem.large')));
  await count.fill('2');
  await dialog.getByRole('button', { name: t('share.request.save') }).click();
  await expect(dialog).toContainText(t('request.saved.page', { path: saved }));
  await page.keyboard.press('Escape');

  const film = join(home.folder, 'film.mov');
  const sum = await makeFile(film, 18_000_000);
  const handed = await anyBrowser.newPage();
  await handed.goto(pathToFileURL(saved).href);
  await handIn(handed, [film]);
  await expect(handed.getByRole('heading', { name: t('page.drop.end.all', counted(1)) })).toBeVisible();
  const { objects } = await aliOss(server, 'waybill-inbox').list({ prefix: 'drop-', 'max-keys': 10 }, {});
  const got = join(home.folder, 'got');
  // Beside it lies a note that says its name.
  const stored = objects.find(({ size }) => size === 18_000_000);
  await aliOss(server, 'waybill-inbox').get(stored?.name ?? '', got);
  expect(await sha256Of(got)).toBe(sum);

  await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
  const entries = page
    .getByRole('grid', { name: t('ledger.title') })
    .getByRole('row')
    .filter({ hasText: 'drop-' });
  await expect(entries).toHaveCount(3);
  await chooseFromMenu(page, entries.filter({ hasText: t('ledger.kind.page') }), t('ledger.plan'));
  const plan = page.getByRole('dialog', { name: t('ledger.plan.title') });
  await answerQuestions(app, true);
  await plan.getByRole('button', { name: t('ledger.end.do.deny-uploads') }).click();
  await expect(plan).toContainText(t('ledger.end.ended'));
  await page.keyboard.press('Escape');
  await expect(entries.filter({ hasText: t('ledger.state.revoked') })).toHaveCount(3);
  const { uploads } = await aliOss(server, 'waybill-inbox').listUploads({ 'max-uploads': 10 });
  expect(uploads).toEqual([]);
});

test('a page for some files is renewed with the same limits', async ({ started, home, server }) => {
  const { app, page } = started;
  const dialog = await requestIntoInbox(page, server);
  await dialog.getByText(t('share.request.by.names'), { exact: true }).click();
  await dialog.getByRole('textbox', { name: t('share.request.names') }).fill('front.jpg\nback.jpg');
  await expect(dialog).toContainText(t('request.promise.count', counted(2)));
  await expect(dialog).not.toContainText(t('request.promise.versions'));
  await dialog.getByText(t('share.more')).click();
  await dialog.getByRole('checkbox', { name: t('request.own-folder') }).uncheck();
  await dialog.getByRole('checkbox', { name: t('request.attachment') }).uncheck();
  const [first, second] = [join(home.folder, 'first.html'), join(home.folder, 'second.html')];
  for (const path of [first, second]) home.mayHoldSecrets(path);
  // A save that is cancelled creates nothing.
  await answerSaveDialogs(app, null);
  await dialog.getByRole('button', { name: t('share.request.save') }).click();
  await expect(dialog.getByRole('button', { name: t('share.request.save') })).toBeEnabled();
  await answerSaveDialogs(app, first);
  await dialog.getByRole('button', { name: t('share.request.save') }).click();
  await expect(dialog).toContainText(t('request.saved.page', { path: first }));
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
  const entries = page
    .getByRole('grid', { name: t('ledger.title') })
    .getByRole('row')
    .filter({ hasText: 'front.jpg' });
  await expect(entries).toHaveCount(1);
  await answerSaveDialogs(app, second);
  await chooseFromMenu(page, entries.first(), t('ledger.renew.save'));
  await expect(page.getByText(t('ledger.renewed.saved', { path: second }))).toBeVisible();
  await expect(entries).toHaveCount(2);
  for (const path of [first, second]) {
    const html = await readFile(path, 'utf8');
    expect(html).toContain('"keys":["front.jpg","back.jpg"]');
    expect(html).not.toContain('["Content-Disposition"');
  }
});

test('the form of a page is copied for programs, and curl uploads with it', async ({ started, home, server }) => {
  const { app, page } = started;
  const dialog = await requestIntoInbox(page, server);
  await dialog.getByRole('textbox', { name: t('request.types') }).fill('text/csv');
  await dialog.getByRole('button', { name: t('request.copy-as') }).click();
  await page.getByRole('menuitem', { name: t('request.copy-as.json') }).click();
  await expect(dialog).toContainText(t('request.copied.json'));
  const { action, fields } = JSON.parse(await copiedText(app)) as { action: string; fields: Record<string, string> };
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append('file', new Blob(['a,b']), 'table.csv');
  expect((await fetch(action, { method: 'POST', body })).status).toBe(200);
  const { res } = await aliOss(server, 'waybill-inbox').get(fields['key'] ?? '', join(home.folder, 'got'));
  expect((res.headers as Record<string, string>)['content-type']).toBe('text/csv');
});

test('what a page cannot have is refused where it is typed, and the dialog is accessible', async ({
  started,
  server,
}) => {
  const { app, page } = started;
  const dialog = await requestIntoInbox(page, server);
  await answerSaveDialogs(app, '/nowhere/at/all.html');
  const size = dialog.getByRole('textbox', { name: t('request.size') });
  const types = dialog.getByRole('textbox', { name: t('request.types') });
  const save = dialog.getByRole('button', { name: t('share.request.save') });
  for (const typed of ['many', '0', '6']) {
    await size.fill(typed);
    await save.click();
    await expect(size).toHaveAccessibleDescription(startingWith(t('request.problem.size')));
  }
  await size.fill('');
  await types.fill('image');
  await save.click();
  await expect(types).toHaveAccessibleDescription(startingWith(t('share.problem.content-type')));
  await expect(size).toHaveAttribute('aria-invalid', 'false');
  await types.fill('');
  await dialog.getByText(t('share.request.by.count'), { exact: true }).click();
  await dialog.getByRole('textbox', { name: t('share.request.count') }).fill('1001');
  await save.click();
  await expect(dialog.getByRole('textbox', { name: t('share.request.count') })).toHaveAccessibleDescription(
    startingWith(t('request.problem.slots')),
  );
  await dialog.getByText(t('share.more')).click();
  for (const way of ['page', 'links', 'ticket'] as const) {
    await dialog.getByText(t(`request.way.${way}`), { exact: true }).click();
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().include('[role="dialog"]').analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }
});
