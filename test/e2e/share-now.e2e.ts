// Links right after an upload: from the news, by the second target of a drop, by keyboard, and for several files at once.
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { counted, t } from '../support/words.ts';
import { curl } from './support/curl.ts';
import { answerDialogs, copiedLink, copiedText, dragFiles } from './support/desktop.ts';
import { makeFile, sha256Of } from './support/files.ts';
import { expect, test } from './support/practice.ts';
import { ask, chooseFromMenu, dropIntoFolder, openBucket, openPractice, rowOf } from './support/waybill.ts';

const everything = { text: '', states: null, accountId: null, bucket: null, key: null };
const newsOf = (page: Page) => page.getByRole('status', { name: t('common.news') });
const copyButton = (page: Page, count: number) =>
  newsOf(page).getByRole('button', { name: t('browse.copy-links', counted(count)) });

test('one drag and one click upload a file and copy its link, which works and is in the ledger', async ({
  started,
  home,
}) => {
  const { page, app } = started;
  const path = join(home.folder, 'spec.bin');
  await makeFile(path, 5_000);
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  await dropIntoFolder(page, [path]);
  await expect(newsOf(page)).toContainText(t('upload.done', { ...counted(1), name: 'spec.bin' }));
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations).toEqual([]);
  await copyButton(page, 1).click();
  await expect(newsOf(page)).toContainText(t('browse.link-copied', { name: 'spec.bin' }));
  const { status, sha256 } = await curl(await copiedLink(app, 'spec.bin'));
  expect([status, sha256]).toEqual([200, await sha256Of(path)]);
  const entries = await ask(page, 'ledger.list', { ...everything, offset: 0, limit: 10 });
  expect(entries.items).toMatchObject([{ what: { kind: 'link', key: 'spec.bin' } }]);
});

test('“Show” leads back to the folder of an upload, selects the file, and leaves the button for its link', async ({
  started,
  home,
}) => {
  const { page } = started;
  const path = join(home.folder, 'spec.bin');
  await makeFile(path, 5_000);
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  await dropIntoFolder(page, [path]);
  const show = newsOf(page).getByRole('button', { name: t('common.show') });
  await newsOf(page).hover();
  await expect(show).toBeVisible();
  await openBucket(page, 'waybill-samples');
  await show.focus();
  await page.keyboard.press('Enter');
  await expect(rowOf(page, 'spec.bin')).toHaveAttribute('aria-selected', 'true');
  await expect(copyButton(page, 1)).toBeVisible();
});

test('a drop on the second target, or with Shift held, copies the link once the file is there', async ({
  started,
  home,
}) => {
  const { page, app } = started;
  const paths = ['first.bin', 'second.bin', 'third.bin'].map((name) => join(home.folder, name));
  for (const path of paths) await makeFile(path, 5_000);
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');

  await test.step('the second target', async () => {
    const drop = await dragFiles(page, page.getByRole('main'), paths.slice(0, 1));
    const target = page.getByText(t('browse.drop.link'), { exact: true });
    await expect(target).toBeVisible();
    await drop(target);
    await expect(newsOf(page)).toContainText(t('browse.link-copied', { name: 'first.bin' }));
    expect((await curl(await copiedLink(app, 'first.bin'))).status).toBe(200);
    await expect(target).toBeHidden();
  });

  await test.step('Shift, for two files', async () => {
    const drop = await dragFiles(page, page.getByRole('main'), paths.slice(1));
    await drop(page.getByRole('main'), { shift: true });
    await expect(newsOf(page)).toContainText(t('share.many.copied', counted(2)));
    await expect.poll(() => copiedText(app)).toContain('second.bin');
    const links = (await copiedText(app)).trim().split('\n');
    const replies = await Promise.all(links.map((link) => curl(link)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
  });
});

test('by keyboard: files are chosen and their link copied, and the links of a selection', async ({ started, home }) => {
  const { page, app } = started;
  const path = join(home.folder, 'keyed.bin');
  await makeFile(path, 5_000);
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  await answerDialogs(app, [path]);
  await page.keyboard.press('ControlOrMeta+Shift+S');
  await expect(newsOf(page)).toContainText(t('browse.link-copied', { name: 'keyed.bin' }));
  await copiedLink(app, 'keyed.bin');

  await answerDialogs(app, [path.replace('keyed', 'other')]);
  await makeFile(path.replace('keyed', 'other'), 5_000);
  await page.keyboard.press('ControlOrMeta+U');
  await expect(rowOf(page, 'other.bin')).toBeVisible();
  await copyButton(page, 1).focus();
  await page.keyboard.press('Enter');
  await copiedLink(app, 'other.bin');

  await page.getByRole('grid', { name: t('browse.content') }).focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('ControlOrMeta+Shift+C');
  await expect(newsOf(page)).toContainText(t('share.many.copied', counted(2)));
});

test('several selected files have links as the first button, and folders the dialog', async ({ started, home }) => {
  const { page, app } = started;
  const paths = ['a.bin', 'b.bin'].map((name) => join(home.folder, name));
  for (const path of paths) await makeFile(path, 100);
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  await dropIntoFolder(page, paths);
  await expect(copyButton(page, 2)).toBeVisible();
  await rowOf(page, 'a.bin').click();
  await rowOf(page, 'b.bin').click({ modifiers: ['Shift'] });
  const bar = page.getByRole('toolbar', { name: t('browse.commands') });
  const selection = bar.getByRole('group', { name: t('palette.selection') });
  /** The one before it clears the selection. */
  const firstCommand = selection.getByRole('button').nth(1);
  await expect(firstCommand).toHaveText(t('browse.copy-links', counted(2)));
  await bar.getByRole('button', { name: t('browse.copy-links', counted(2)) }).click();
  await expect(newsOf(page)).toContainText(t('share.many.copied', counted(2)));
  await expect.poll(async () => (await copiedText(app)).trim().split('\n').length).toBe(2);

  const [account] = await ask(page, 'accounts.list', {});
  const at = { accountId: account?.id ?? '', bucket: 'waybill-inbox' };
  await ask(page, 'objects.createFolder', { ...at, prefix: 'box/' });
  await page.keyboard.press('F5');
  await rowOf(page, 'box').click({ modifiers: ['ControlOrMeta'] });
  await expect(firstCommand).toHaveText(t('share.many'));
  await firstCommand.click();
  await expect(page.getByRole('dialog', { name: t('share.many.title', counted(3)) })).toBeVisible();
});

test('a file is copied as Markdown, HTML, an address and by a preset, from its menu and by keyboard', async ({
  started,
}) => {
  const { page, app } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  const row = rowOf(page, 'Welcome to Waybill.txt');
  const copied = async (item: string) => {
    await row.click({ button: 'right' });
    await page.getByRole('menuitem', { name: t('browse.copy-as'), exact: true }).hover();
    await page.getByRole('menuitem', { name: item }).click();
  };

  await copied(t('browse.copy-as.markdown'));
  await expect.poll(() => copiedText(app)).toMatch(/^\[Welcome to Waybill\\.txt\]\(<https?:.*>\)$/);
  await copied(t('browse.copy-as.html'));
  await expect.poll(() => copiedText(app)).toMatch(/^<a href="https?:.*">Welcome to Waybill.txt<\/a>$/);

  await test.step('the address, by keyboard', async () => {
    await row.click();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: t('browse.copy-as'), exact: true }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('menuitem', { name: t('browse.copy-as.address', { count: 1 }) }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => copiedText(app)).toBe('oss://waybill-samples/Welcome to Waybill.txt');
  });

  await test.step('a preset that the share dialog saved', async () => {
    await chooseFromMenu(page, row, t('browse.share'));
    const dialog = page.getByRole('dialog', { name: t('share.title', { name: 'Welcome to Waybill.txt' }) });
    await dialog.getByText(t('share.expiry.preset.604800'), { exact: true }).click();
    await dialog.getByText(t('share.open.preview'), { exact: true }).click();
    await dialog.getByRole('button', { name: t('share.presets.save') }).click();
    const preset = t('share.preset', { length: '7 days', open: 'preview', processed: 'none', process: '' });
    await expect(dialog.getByRole('button', { name: preset })).toHaveAttribute('aria-pressed', 'true');
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    expect(violations).toEqual([]);
    await page.keyboard.press('Escape');
    await copied(t('browse.copy-as.preset', { preset }));
    await expect.poll(() => copiedText(app)).toMatch(/^http/);
    const link = new URL(await copiedText(app));
    expect(link.searchParams.get('x-oss-expires')).toBe('604800');
    expect(link.searchParams.get('response-content-disposition')).toMatch(/^inline/);
    expect((await curl(link.href)).status).toBe(200);
  });
});
