// What a link can be asked for, from the screen to the one who uses it.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { counted, like, t } from '../support/words.ts';
import { curl, curlUpload } from './support/curl.ts';
import { answerDialogs } from './support/desktop.ts';
import { makeFile } from './support/files.ts';
import { expect, test } from './support/practice.ts';
import { addRoleAccount, changeOptions, chooseOption, makeLink, openShareOf } from './support/sharing.ts';
import { dropIntoFolder, openBucket, openPractice, rowOf } from './support/waybill.ts';

const key = 'Welcome to Waybill.txt';

test('a link to upload takes a file with the headers that the dialog shows, and no other', async ({ page, home }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  const dialog = await openShareOf(page, key);
  await dialog.getByText(t('share.method.PUT'), { exact: true }).click();
  await dialog.getByRole('textbox', { name: t('share.upload.key') }).fill('from outside/notes.txt');
  await dialog.getByRole('textbox', { name: 'Content-Type' }).fill('text/plain');
  await chooseOption(dialog, t('common.storage-class'), 'IA');
  const link = await makeLink(dialog);
  await expect(dialog).toContainText(t('share.headers'));
  await expect(dialog.getByRole('definition').filter({ hasText: 'IA' })).toBeVisible();
  await expect(dialog.getByRole('img', { name: like('share.qr.label', { name: /.+/ }) })).toBeVisible();

  const path = join(home.folder, 'notes.txt');
  await writeFile(path, 'from a partner\n');
  expect(await curlUpload(link, path, ['Content-Type: text/plain'])).toBe(403);
  expect(await curlUpload(link, path, ['Content-Type: text/plain', 'x-oss-storage-class: IA'])).toBe(200);
});

test('what is wrong with a callback is said where it is typed', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  const dialog = await openShareOf(page, key);
  await dialog.getByText(t('share.method.PUT'), { exact: true }).click();
  await dialog.getByText(t('share.callback')).click();
  const address = dialog.getByRole('textbox', { name: t('share.callback.url') });
  await address.fill('example.com');
  await expect(dialog).toContainText(t('share.problem.callback-url'));
  await expect(address).toHaveAttribute('aria-invalid', 'true');
  await expect(dialog.getByRole('button', { name: t('share.make') })).toBeDisabled();
  await address.fill('https://example.com/uploaded');
  await makeLink(dialog);
  await expect(dialog.getByRole('term').filter({ hasText: 'x-oss-callback' })).toBeVisible();
});

test('a link with a speed limit is slow, and image processing that the server lacks is said', async ({
  page,
  home,
}) => {
  const path = join(home.folder, 'large.bin');
  await makeFile(path, 300 * 1024);
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  await dropIntoFolder(page, [path]);
  await expect(rowOf(page, 'large.bin')).toBeVisible();
  const dialog = await openShareOf(page, 'large.bin');
  await dialog.getByText(t('share.more')).click();
  await dialog.getByRole('textbox', { name: t('share.traffic-limit') }).fill('100');
  await dialog.getByRole('textbox', { name: t('share.process') }).fill('image/resize,w_200');
  await expect(dialog).toContainText(t('share.process.none'));
  await dialog.getByRole('textbox', { name: t('share.process') }).fill('');
  const link = await makeLink(dialog);
  const begun = performance.now();
  expect((await curl(link)).status).toBe(200);
  // 300 KB at 100 KB/s.
  expect(performance.now() - begun).toBeGreaterThan(2_500);
});

test('a link to one version goes on after the object was overwritten', async ({ page, home }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-versions');
  const dialog = await openShareOf(page, 'price-list.csv');
  const newest = await makeLink(dialog);
  const before = (await curl(newest)).text;
  await changeOptions(dialog);
  await dialog.getByLabel(t('share.version'), { exact: true }).click();
  await page.getByRole('option', { name: like('share.version.latest', { moment: /.+/, size: /.+/ }) }).click();
  const pinned = await makeLink(dialog);
  await changeOptions(dialog);
  await dialog.getByText(t('share.method.PUT'), { exact: true }).click();
  const upload = await makeLink(dialog);
  const path = join(home.folder, 'price-list.csv');
  await writeFile(path, 'all prices doubled\n');
  // curl adds no Content-Type to what it sends with -T.
  expect(await curlUpload(upload, path)).toBe(200);
  expect((await curl(newest)).text).toBe('all prices doubled\n');
  expect((await curl(pinned)).text).toBe(before);
});

test('a session of 20 minutes ends a link of an hour, which the dialog says before it is made', async ({
  page,
  server,
}) => {
  await expect(page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  await addRoleAccount(page, server, 1200);
  await openBucket(page, 'waybill-samples');
  const dialog = await openShareOf(page, key);
  await dialog.getByText(t('share.expiry.preset.3600'), { exact: true }).click();
  await expect(dialog).toContainText(like('share.until', { moment: /.+/, length: /(20|19) min/ }));
  await expect(dialog).toContainText(t('share.limit.session'));
  const link = new URL(await makeLink(dialog));
  expect(Number(link.searchParams.get('x-oss-expires'))).toBeLessThanOrEqual(1200);
  expect(await curl(link.href)).toMatchObject({ status: 200 });
  // Only while it is shown does the page hold the link, and with it the session's token.
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('many links are saved as a table and as a manifest', async ({ started, home }) => {
  const { app, page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await rowOf(page, 'reports').click();
  await rowOf(page, key).click({ modifiers: ['ControlOrMeta'] });
  await rowOf(page, key).click({ button: 'right' });
  await page.getByRole('menuitem', { name: t('share.many') }).click();
  const dialog = page.getByRole('dialog', { name: t('share.many.title', counted(2)) });
  await answerDialogs(app, [home.downloads]);
  for (const format of [t('share.many.format.csv'), t('share.many.format.manifest')]) {
    await chooseOption(dialog, t('share.many.format'), format);
    await dialog.getByRole('button', { name: t('share.many.save') }).click();
    await expect(dialog).toContainText(like('share.many.saved', { ...counted(3), path: /.+/ }));
  }
  expect((await readdir(home.downloads)).sort()).toEqual(['links.csv', 'share.waybill.json']);
  const table = await readFile(join(home.downloads, 'links.csv'), 'utf8');
  expect(table).toContain('reports/2026/notes/handover.md');
  const manifest = await readFile(join(home.downloads, 'share.waybill.json'), 'utf8');
  const { objects } = JSON.parse(manifest) as { objects: { url: string; path: string }[] };
  expect(objects.map(({ path }) => path).sort()).toEqual([
    key,
    'reports/2026/notes/handover.md',
    'reports/2026/shipments.csv',
  ]);
  expect((await curl(objects[0]?.url ?? '')).status).toBe(200);
});
