// Files that somebody else is asked for: the request made in the window, opened, filled, and looked at again.
import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright';
import { counted, like, startingWith, t } from '../support/words.ts';
import { answerDialogs, answerSaveDialogs, copiedText } from './support/desktop.ts';
import { makeFile, sha256Of } from './support/files.ts';
import { aliOss, expect, test } from './support/practice.ts';
import { addAccount, ask, chooseFromMenu, goTo, openBucket, openPractice, rowOf, verified } from './support/waybill.ts';

const run = promisify(execFile);

/** The dialog that makes a request. */
function requestDialog(page: Page): Locator {
  return page.getByRole('dialog', { name: t('share.request.title') });
}

/** Chooses links, each for one file, rather than a page or a ticket. */
async function chooseLinks(dialog: Locator): Promise<void> {
  await dialog.getByText(t('request.way.links'), { exact: true }).click();
}

/** How many links the ledger holds. */
async function recorded(page: Page): Promise<number> {
  const all = { text: '', states: null, accountId: null, bucket: null, key: null };
  return (await ask(page, 'ledger.list', { ...all, offset: 0, limit: 1 })).total;
}

/** Makes a folder that files can be asked for into. */
async function makeFolder(page: Page, bucket: string, name: string): Promise<void> {
  await openBucket(page, bucket);
  await page.getByRole('button', { name: t('browse.new-folder') }).click();
  await page.getByRole('textbox', { name: t('common.name') }).fill(name);
  await page.keyboard.press('Enter');
  await expect(rowOf(page, name)).toBeVisible();
}

test('files are asked for by name, sent through the request, and seen to have come', async ({
  started,
  home,
  server,
}) => {
  const { app, page } = started;
  await addAccount(page, { ...server, name: 'Owner' });
  await makeFolder(page, 'waybill-inbox', 'from-lin');
  const saved = join(home.folder, 'request.json');
  home.mayHoldSecrets(saved);

  await test.step('from the menu of a folder', async () => {
    await chooseFromMenu(page, rowOf(page, 'from-lin'), t('share.request'));
    const dialog = requestDialog(page);
    await expect(dialog).toContainText('oss://waybill-inbox/from-lin/');
    await chooseLinks(dialog);
    await dialog.getByRole('textbox', { name: t('share.request.names') }).fill('invoice.pdf\n\n  photos/front.jpg  \n');
    await dialog
      .getByRole('textbox', { name: t('share.request.note') })
      .fill('Scans, please, no photos of the screen.');
    await dialog.getByRole('textbox', { name: t('share.recipient'), exact: true }).fill('Lin');
    await answerSaveDialogs(app, null);
    await dialog.getByRole('button', { name: t('share.request.save') }).click();
    await expect(dialog.getByRole('button', { name: t('share.request.save') })).toBeEnabled();
    expect(await recorded(page)).toBe(0);
    await answerSaveDialogs(app, saved);
    await dialog.getByRole('button', { name: t('share.request.save') }).click();
    await expect(dialog).toContainText(t('share.request.saved', { ...counted(2), path: saved }));
    expect((await stat(saved)).mode & 0o777).toBe(0o600);
    await page.keyboard.press('Escape');
  });

  const invoice = join(home.folder, 'scan.pdf');
  const sum = await makeFile(invoice, 81_000);
  const dialog = page.getByRole('dialog', { name: t('receive.slots.title', counted(2)) });
  const slot = (name: string) => dialog.getByRole('listitem', { name, exact: true });

  await test.step('opened by its receiver, who reads the note and fills a place', async () => {
    await page.getByRole('button', { name: t('rail.open-link') }).click();
    await answerDialogs(app, [saved]);
    await page.getByRole('button', { name: t('receive.open-file') }).click();
    await expect(dialog).toContainText('Scans, please, no photos of the screen.');
    await answerDialogs(app, [invoice]);
    await dialog.getByRole('button', { name: t('receive.slots.pick.for', { name: 'invoice.pdf' }) }).click();
    await expect(slot('invoice.pdf')).toContainText(verified);
    const got = join(home.folder, 'got');
    await aliOss(server, 'waybill-inbox').get('from-lin/invoice.pdf', got);
    expect(await sha256Of(got)).toBe(sum);
  });

  await test.step('and its owner sees what came, and both links among the links', async () => {
    await dialog.getByRole('button', { name: t('receive.slots.check') }).click();
    await expect(slot('invoice.pdf')).toContainText(verified);
    await expect(slot('photos/front.jpg')).toContainText(t('receive.slots.empty'));
    await expect(dialog).toContainText(t('receive.slots.found', { shown: '1', total: '2' }));
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
    const rows = page.getByRole('grid').getByRole('row').filter({ hasText: 'Lin' });
    await expect(rows).toContainText(t('ledger.act.format.request'));
    await rows.dblclick();
    await expect(rows).toHaveCount(3);
  });
});

test('lines of curl send the files of somebody without Waybill', async ({ started, home, server }) => {
  const { app, page } = started;
  await addAccount(page, { ...server, name: 'Owner' });
  await openBucket(page, 'waybill-inbox');
  await page.getByRole('button', { name: t('share.request') }).click();
  const dialog = requestDialog(page);
  await chooseLinks(dialog);
  await dialog.getByText(t('share.request.by.count')).click();
  await dialog.getByRole('textbox', { name: t('share.request.count') }).fill('2');
  await dialog.getByText(t('share.more')).click();
  await dialog.getByRole('textbox', { name: 'Content-Type' }).fill('image/png');
  await dialog.getByRole('checkbox', { name: t('share.upload.forbid-overwrite') }).uncheck();
  await dialog.getByLabel(t('share.many.format'), { exact: true }).click();
  await page.getByRole('option', { name: t('share.request.format.curl') }).click();
  await dialog.getByRole('button', { name: t('share.request.copy') }).click();
  await expect(dialog).toContainText(t('share.request.copied', counted(2)));
  let script = '';
  await expect.poll(async () => (script = await copiedText(app))).toContain('curl');

  const sums = [await makeFile(join(home.folder, '1'), 5_000), await makeFile(join(home.folder, '2'), 6_000)];
  // Twice, since an overwrite was allowed.
  for (let turn = 0; turn < 2; turn += 1) await run('sh', ['-e', '-c', script], { cwd: home.folder });
  const oss = aliOss(server, 'waybill-inbox');
  for (const [index, key] of ['1', '2'].entries()) {
    const file = join(home.folder, `got-${key}`);
    const { res } = await oss.get(key, file);
    expect(await sha256Of(file)).toBe(sums[index]);
    expect((res.headers as Record<string, string>)['content-type']).toBe('image/png');
  }
});

test('a request is made with the keyboard alone', async ({ started, home }) => {
  const { app, page } = started;
  const { keyboard } = page;
  await openPractice(page);
  await goTo(page, 'oss://waybill-samples/');
  await expect(rowOf(page, 'pictures')).toBeVisible();
  const grid = page.getByRole('grid', { name: t('browse.content') });
  await grid.focus();
  await keyboard.press('Home');
  await expect(rowOf(page, 'pictures')).toHaveAttribute('aria-selected', 'true');
  await keyboard.press('Shift+F10');
  const item = page.getByRole('menuitem', { name: t('share.request') });
  await expect(item).toBeVisible();
  for (let presses = 0; presses < 12; presses += 1) {
    if (await item.evaluate((element) => element === document.activeElement)) break;
    await keyboard.press('ArrowDown');
  }
  await keyboard.press('Enter');
  const dialog = requestDialog(page);
  await expect(dialog.getByRole('radio', { name: t('request.way.page') })).toBeFocused();
  await keyboard.press('ArrowRight');
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await expect(dialog.getByRole('textbox', { name: t('share.request.names') })).toBeFocused();
  await keyboard.insertText('front.png');
  await keyboard.press('Enter');
  await keyboard.insertText('back.png');
  await keyboard.press('Tab');
  await keyboard.press('ArrowRight');
  const saved = join(home.folder, 'by-keyboard.json');
  await answerSaveDialogs(app, saved);
  // Enter in a field of one line makes the request.
  await keyboard.press('Tab');
  await expect(dialog.getByRole('textbox', { name: t('share.request.note') })).toBeFocused();
  await keyboard.press('Enter');
  await expect(dialog).toContainText(t('share.request.saved', { ...counted(2), path: saved }));
  const { slots } = JSON.parse(await readFile(saved, 'utf8')) as { slots: { key: string }[] };
  expect(slots.map(({ key }) => key)).toEqual(['pictures/front.png', 'pictures/back.png']);
  await keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('what cannot be asked for is refused where it is typed', async ({ started }) => {
  const { app, page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  await page.getByRole('button', { name: t('share.request') }).click();
  const dialog = requestDialog(page);
  await chooseLinks(dialog);
  const names = dialog.getByRole('textbox', { name: t('share.request.names') });
  const count = dialog.getByRole('textbox', { name: t('share.request.count') });
  // A dialog would be answered, so that only the form itself stands in the way.
  await answerSaveDialogs(app, '/nowhere/at/all.json');
  await expect(names).toHaveAttribute('aria-invalid', 'false');
  await dialog.getByRole('button', { name: t('share.request.save') }).click();
  await expect(names).toHaveAccessibleDescription(startingWith(t('share.problem.slot-count')));

  for (const [typed, said] of [
    ['a.pdf\nb.pdf\na.pdf', t('share.problem.slot-name-twice', { limit: 'a.pdf' })],
    ['../a.pdf', t('share.problem.slot-name-path', { limit: '../a.pdf' })],
    ['/etc/passwd', t('share.problem.slot-name-path', { limit: '/etc/passwd' })],
    ['photos/', t('share.problem.slot-name-path', { limit: 'photos/' })],
    ['长'.repeat(342), like('share.problem.slot-name-key', { limit: /长+.*/ })],
    [' \n \n', t('share.problem.slot-count')],
  ] as const) {
    await names.fill(typed);
    await expect(names).toHaveAccessibleDescription(typeof said === 'string' ? startingWith(said) : said);
    await expect(names).toHaveAttribute('aria-invalid', 'true');
  }
  await dialog.getByText(t('share.request.by.count')).click();
  for (const typed of ['0', '10001', '', 'ten', '-1', '1.5']) {
    await count.fill(typed);
    await expect(count).toHaveAccessibleDescription(startingWith(t('share.problem.slot-count')));
    await dialog.getByRole('button', { name: t('share.request.copy') }).click();
    await expect(dialog.getByRole('button', { name: t('share.request.copy') })).toBeEnabled();
  }
  await count.fill('3');
  await expect(count).toHaveAttribute('aria-invalid', 'false');
  await dialog.getByText(t('share.more')).click();
  const type = dialog.getByRole('textbox', { name: 'Content-Type' });
  await type.fill('运单');
  await expect(type).toHaveAttribute('aria-invalid', 'true');
  expect(await recorded(page)).toBe(0);
});

test('a folder that is not there is said where the request was to be saved', async ({ started, home }) => {
  const { app, page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  await page.getByRole('button', { name: t('share.request') }).click();
  const dialog = requestDialog(page);
  await chooseLinks(dialog);
  await dialog.getByRole('textbox', { name: t('share.request.names') }).fill('a.pdf');
  await answerSaveDialogs(app, join(home.folder, 'gone', 'request.json'));
  await dialog.getByRole('button', { name: t('share.request.save') }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
});
