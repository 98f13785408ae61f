// Files that somebody else is asked for: the request made in the window, opened, filled, and looked at again.
import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright';
import { answerDialogs, answerSaveDialogs, copiedText } from './support/desktop.ts';
import { makeFile, sha256Of } from './support/files.ts';
import { aliOss, expect, test } from './support/practice.ts';
import { addAccount, ask, chooseFromMenu, goTo, openBucket, openPractice, rowOf, verified } from './support/waybill.ts';

const run = promisify(execFile);

/** The dialog that makes a request. */
function requestDialog(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Request files' });
}

/** How many links the ledger holds. */
async function recorded(page: Page): Promise<number> {
  const all = { text: '', states: null, accountId: null, bucket: null, key: null };
  return (await ask(page, 'ledger.list', { ...all, offset: 0, limit: 1 })).total;
}

/** Makes a folder that files can be asked for into. */
async function makeFolder(page: Page, bucket: string, name: string): Promise<void> {
  await openBucket(page, bucket);
  await page.getByRole('button', { name: 'New folder' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
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

  await test.step('from the menu of a folder', async () => {
    await chooseFromMenu(page, rowOf(page, 'from-lin'), 'Request files…');
    const dialog = requestDialog(page);
    await expect(dialog).toContainText('oss://waybill-inbox/from-lin/');
    await dialog.getByRole('textbox', { name: 'Names' }).fill('invoice.pdf\n\n  photos/front.jpg  \n');
    await dialog
      .getByRole('textbox', { name: 'Note for the receiver' })
      .fill('Scans, please, no photos of the screen.');
    await dialog.getByRole('textbox', { name: 'For whom' }).fill('Lin');
    await answerSaveDialogs(app, null);
    await dialog.getByRole('button', { name: 'Make and save…' }).click();
    await expect(dialog.getByRole('button', { name: 'Make and save…' })).toBeEnabled();
    expect(await recorded(page)).toBe(0);
    await answerSaveDialogs(app, saved);
    await dialog.getByRole('button', { name: 'Make and save…' }).click();
    await expect(dialog).toContainText(`A request for 2 files is saved in ${saved}`);
    expect((await stat(saved)).mode & 0o777).toBe(0o600);
    await page.keyboard.press('Escape');
  });

  const invoice = join(home.folder, 'scan.pdf');
  const sum = await makeFile(invoice, 81_000);
  const dialog = page.getByRole('dialog', { name: '2 files are asked for' });
  const slot = (name: string) => dialog.getByRole('listitem', { name, exact: true });

  await test.step('opened by its receiver, who reads the note and fills a place', async () => {
    await page.getByRole('button', { name: 'Open link…' }).click();
    await answerDialogs(app, [saved]);
    await page.getByRole('button', { name: 'Open file…' }).click();
    await expect(dialog).toContainText('Scans, please, no photos of the screen.');
    await answerDialogs(app, [invoice]);
    await dialog.getByRole('button', { name: 'Choose a file for invoice.pdf' }).click();
    await expect(slot('invoice.pdf')).toContainText(verified);
    const got = join(home.folder, 'got');
    await aliOss(server, 'waybill-inbox').get('from-lin/invoice.pdf', got);
    expect(await sha256Of(got)).toBe(sum);
  });

  await test.step('and its owner sees what came, and both links among the links', async () => {
    await dialog.getByRole('button', { name: 'What is filled?' }).click();
    await expect(slot('invoice.pdf')).toContainText(verified);
    await expect(slot('photos/front.jpg')).toContainText('Empty');
    await expect(dialog).toContainText('1 of 2 are in the bucket.');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Links', exact: true }).click();
    await expect(page.getByRole('grid').getByRole('row').filter({ hasText: 'Lin' })).toHaveCount(2);
  });
});

test('lines of curl send the files of somebody without Waybill', async ({ started, home, server }) => {
  const { app, page } = started;
  await addAccount(page, { ...server, name: 'Owner' });
  await openBucket(page, 'waybill-inbox');
  await page.getByRole('button', { name: 'Request files…' }).click();
  const dialog = requestDialog(page);
  await dialog.getByText('A number of files').click();
  await dialog.getByRole('textbox', { name: 'How many' }).fill('2');
  await dialog.getByText('More options').click();
  await dialog.getByRole('textbox', { name: 'Content-Type' }).fill('image/png');
  await dialog.getByRole('checkbox', { name: 'Refuse to overwrite' }).uncheck();
  await dialog.getByLabel('As', { exact: true }).click();
  await page.getByRole('option', { name: 'Lines of curl' }).click();
  await dialog.getByRole('button', { name: 'Make and copy' }).click();
  await expect(dialog).toContainText('A request for 2 files is copied');
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
  const grid = page.getByRole('grid', { name: 'Files' });
  await grid.focus();
  await keyboard.press('Home');
  await expect(rowOf(page, 'pictures')).toHaveAttribute('aria-selected', 'true');
  await keyboard.press('Shift+F10');
  const item = page.getByRole('menuitem', { name: 'Request files…' });
  await expect(item).toBeVisible();
  for (let presses = 0; presses < 12; presses += 1) {
    if (await item.evaluate((element) => element === document.activeElement)) break;
    await keyboard.press('ArrowDown');
  }
  await keyboard.press('Enter');
  const dialog = requestDialog(page);
  await expect(dialog.getByRole('textbox', { name: 'Names' })).toBeFocused();
  await keyboard.insertText('front.png');
  await keyboard.press('Enter');
  await keyboard.insertText('back.png');
  await keyboard.press('Tab');
  await keyboard.press('ArrowRight');
  const saved = join(home.folder, 'by-keyboard.json');
  await answerSaveDialogs(app, saved);
  // Enter in a field of one line makes the request.
  await keyboard.press('Tab');
  await expect(dialog.getByRole('textbox', { name: 'Note for the receiver' })).toBeFocused();
  await keyboard.press('Enter');
  await expect(dialog).toContainText('A request for 2 files is saved');
  const { slots } = JSON.parse(await readFile(saved, 'utf8')) as { slots: { key: string }[] };
  expect(slots.map(({ key }) => key)).toEqual(['pictures/front.png', 'pictures/back.png']);
  await keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('what cannot be asked for is refused where it is typed', async ({ started }) => {
  const { app, page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  await page.getByRole('button', { name: 'Request files…' }).click();
  const dialog = requestDialog(page);
  const names = dialog.getByRole('textbox', { name: 'Names' });
  const count = dialog.getByRole('textbox', { name: 'How many' });
  // A dialog would be answered, so that only the form itself stands in the way.
  await answerSaveDialogs(app, '/nowhere/at/all.json');
  await expect(names).toHaveAttribute('aria-invalid', 'false');
  await dialog.getByRole('button', { name: 'Make and save…' }).click();
  await expect(names).toHaveAccessibleDescription('Ask for 1 to 10,000 files.');

  for (const [typed, said] of [
    ['a.pdf\nb.pdf\na.pdf', '“a.pdf” is there twice.'],
    ['../a.pdf', '“../a.pdf” has an empty part, or . or .. as one. Write it as folder/file.'],
    ['/etc/passwd', '“/etc/passwd” has an empty part, or . or .. as one. Write it as folder/file.'],
    ['photos/', '“photos/” has an empty part, or . or .. as one. Write it as folder/file.'],
    ['长'.repeat(342), /is no name that OSS takes: at most 1,023 bytes\.$/],
    [' \n \n', 'Ask for 1 to 10,000 files.'],
  ] as const) {
    await names.fill(typed);
    await expect(names).toHaveAccessibleDescription(said);
    await expect(names).toHaveAttribute('aria-invalid', 'true');
  }
  await dialog.getByText('A number of files').click();
  for (const typed of ['0', '10001', '', 'ten', '-1', '1.5']) {
    await count.fill(typed);
    await expect(count).toHaveAccessibleDescription('Ask for 1 to 10,000 files.');
    await dialog.getByRole('button', { name: 'Make and copy' }).click();
    await expect(dialog.getByRole('button', { name: 'Make and copy' })).toBeEnabled();
  }
  await count.fill('3');
  await expect(count).toHaveAttribute('aria-invalid', 'false');
  await dialog.getByText('More options').click();
  const type = dialog.getByRole('textbox', { name: 'Content-Type' });
  await type.fill('运单');
  await expect(type).toHaveAttribute('aria-invalid', 'true');
  expect(await recorded(page)).toBe(0);
});

test('a folder that is not there is said where the request was to be saved', async ({ started, home }) => {
  const { app, page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  await page.getByRole('button', { name: 'Request files…' }).click();
  const dialog = requestDialog(page);
  await dialog.getByRole('textbox', { name: 'Names' }).fill('a.pdf');
  await answerSaveDialogs(app, join(home.folder, 'gone', 'request.json'));
  await dialog.getByRole('button', { name: 'Make and save…' }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
});
