// Files of links that somebody was sent, opened without an account: a share manifest, and an upload request.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { answerDialogs, answerSaveDialogs, dropFiles, pasteText } from './support/desktop.ts';
import { makeFile, sha256Of } from './support/files.ts';
import { aliOss, expect, test } from './support/practice.ts';
import { addAccount, ask, openPractice, verified } from './support/waybill.ts';

const lifetime = { expiresSeconds: 3600, fileName: null, open: 'download' } as const;

/** Shares objects of the practice account as the owner does. @returns the manifest's path */
async function shareManifest(page: Page, folder: string, prefixes: string[], keys: string[] = []): Promise<string> {
  const [account] = await ask(page, 'accounts.list', {});
  const accountId = account?.id ?? '';
  const request = { accountId, bucket: 'waybill-inbox', keys, prefixes, format: 'manifest', folder } as const;
  const { path } = await ask(page, 'links.makeMany', { ...request, ...lifetime });
  return path ?? '';
}

/** Uploads files into the practice bucket. */
async function upload(page: Page, prefix: string, paths: string[]): Promise<void> {
  const [account] = await ask(page, 'accounts.list', {});
  await ask(page, 'transfers.upload', { accountId: account?.id ?? '', bucket: 'waybill-inbox', prefix, paths });
  const states = async () => (await ask(page, 'transfers.list', {})).map(({ state }) => state.at);
  await expect.poll(states).toEqual(paths.map(() => 'done'));
}

test('a share manifest is opened as one download, with its folders, all of it or some', async ({ started, home }) => {
  const { app, page } = started;
  const sent = join(home.folder, 'sent');
  const names = ['a.bin', 'deep/b c.bin', 'deep/运单.bin'];
  const sums = await Promise.all(names.map((name, index) => makeFile(join(sent, name), 39_936 + index)));
  await openPractice(page);
  await upload(page, 'set/', [join(sent, 'a.bin')]);
  await ask(page, 'transfers.clear', {});
  await upload(page, 'set/deep/', [join(sent, 'deep/b c.bin'), join(sent, 'deep/运单.bin')]);
  const manifest = await shareManifest(page, home.folder, ['set/']);
  const received = join(home.folder, 'received');
  await mkdir(received);

  await test.step('by choosing the file, and only one of its files', async () => {
    await page.getByRole('button', { name: 'Open link…' }).click();
    await answerDialogs(app, [manifest]);
    await page.getByRole('button', { name: 'Open file…' }).click();
    const dialog = page.getByRole('dialog', { name: '3 shared files' });
    await expect(dialog).toContainText(/Valid until .+ left/);
    await expect(dialog.getByRole('listitem')).toHaveCount(3);
    await dialog.getByRole('checkbox', { name: '3 files' }).uncheck();
    await dialog.getByRole('searchbox', { name: 'Filter by name' }).fill('运单');
    await dialog.getByRole('checkbox', { name: '1 file' }).check();
    await answerDialogs(app, [received]);
    await dialog.getByRole('button', { name: 'Choose…' }).click();
    await expect(dialog.getByRole('textbox', { name: 'Folder' })).toHaveValue(received);
    await dialog.getByRole('button', { name: 'Download 1 file (39 KiB)' }).click();
    await expect(dialog).toContainText('1 of 1 files are here.');
    expect(await readdir(received, { recursive: true })).toEqual(['deep', 'deep/运单.bin']);
    expect(await sha256Of(join(received, 'deep/运单.bin'))).toBe(sums[2]);
    await page.keyboard.press('Escape');
  });

  await test.step('by pasting its text, and all of it', async () => {
    const whole = join(home.folder, 'whole');
    await mkdir(whole);
    await pasteText(started, await readFile(manifest, 'utf8'));
    const dialog = page.getByRole('dialog', { name: '3 shared files' });
    await answerDialogs(app, [whole]);
    await dialog.getByRole('button', { name: 'Choose…' }).click();
    await dialog.getByRole('button', { name: /^Download 3 files/ }).click();
    await expect(dialog).toContainText('3 of 3 files are here.');
    for (const [index, name] of names.entries()) expect(await sha256Of(join(whole, name))).toBe(sums[index]);
    await page.keyboard.press('Escape');
  });

  await test.step('by dropping it on the window, where no folder is shown', async () => {
    await page.getByRole('button', { name: 'Links', exact: true }).click();
    await dropFiles(page, page.getByRole('main'), [manifest]);
    await expect(page.getByRole('dialog', { name: '3 shared files' })).toBeVisible();
  });
});

test('a manifest of 10,000 files is shown and filtered without freezing the window', async ({ page, home }) => {
  await openPractice(page);
  await makeFile(join(home.folder, 'one.bin'), 5_000);
  await upload(page, '', [join(home.folder, 'one.bin')]);
  const manifest = await shareManifest(page, home.folder, [], ['one.bin']);
  const read = JSON.parse(await readFile(manifest, 'utf8')) as { objects: Record<string, unknown>[] };
  const many = Array.from({ length: 10_000 }, (_, number) => ({
    ...read.objects[0],
    path: `set/${number % 100}/${number}.bin`,
  }));
  await writeFile(join(home.folder, 'many.json'), JSON.stringify({ ...read, objects: many }));

  await page.getByRole('button', { name: 'Open link…' }).click();
  await dropFiles(page, page.getByRole('dialog', { name: 'Open a link' }), [join(home.folder, 'many.json')]);
  const dialog = page.getByRole('dialog', { name: '10,000 shared files' });
  await expect(dialog.getByRole('listitem').first()).toContainText('set/0/0.bin');
  expect(await dialog.getByRole('listitem').count()).toBeLessThan(60);
  const longest = await page.evaluate(async () => {
    const started = performance.now();
    const box = document.querySelector<HTMLInputElement>('input[type="search"]');
    if (box === null) throw new Error('there is no filter');
    box.value = '/9999.bin';
    box.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((resolve) => requestAnimationFrame(resolve));
    return performance.now() - started;
  });
  expect(longest).toBeLessThan(1_000);
  await expect(dialog.getByRole('listitem')).toHaveCount(1);
});

test('an upload request is filled by name and by hand, and its owner sees which slots were filled', async ({
  started,
  home,
  server,
}) => {
  const { app, page } = started;
  await addAccount(page, { ...server, name: 'Owner' });
  const [account] = await ask(page, 'accounts.list', {});
  const request = join(home.folder, 'request.json');
  await answerSaveDialogs(app, request);
  await ask(page, 'links.requestUploads', {
    ...{ accountId: account?.id ?? '', bucket: 'waybill-inbox', prefix: 'partner/' },
    ...{ note: '', recipient: '', format: 'request', to: 'file' },
    ...{
      slots: { names: ['invoice.pdf', 'photos/front.jpg', 'report.csv'] },
      expiresSeconds: 3600,
      fileName: null,
      open: null,
    },
  });
  const invoice = join(home.folder, 'Invoice.PDF');
  const front = join(home.folder, 'front.jpg');
  const other = join(home.folder, 'numbers.csv');
  const sums = [await makeFile(invoice, 70_000), await makeFile(front, 30_000), await makeFile(other, 1_234)];

  await page.getByRole('button', { name: 'Open link…' }).click();
  await answerDialogs(app, [request]);
  await page.getByRole('button', { name: 'Open file…' }).click();
  const dialog = page.getByRole('dialog', { name: '3 files are asked for' });
  const slot = (name: string) => dialog.getByRole('listitem', { name, exact: true });

  await test.step('several files go where their names are asked for', async () => {
    await dropFiles(page, dialog.getByRole('group', { name: /^Drop the files here/ }), [invoice, front, other]);
    await expect(slot('invoice.pdf')).toContainText(verified);
    await expect(slot('photos/front.jpg')).toContainText(verified);
    await expect(dialog).toContainText('No place is named after this file: numbers.csv.');
    await expect(dialog).toContainText('2 of 3 sent.');
  });

  await test.step('a file of another name is dropped on its place', async () => {
    await dropFiles(page, slot('report.csv'), [other]);
    await expect(slot('report.csv')).toContainText(verified);
    await expect(dialog).toContainText('3 of 3 sent.');
  });

  await test.step('the bucket has the bytes, and the owner sees size and checksum', async () => {
    const oss = aliOss(server, 'waybill-inbox');
    for (const [index, key] of ['partner/invoice.pdf', 'partner/photos/front.jpg', 'partner/report.csv'].entries()) {
      const file = join(home.folder, `got-${index}`);
      await oss.get(key, file);
      expect(await sha256Of(file)).toBe(sums[index]);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Open link…' }).click();
    await page.getByRole('button', { name: 'Open file…' }).click();
    await dialog.getByRole('button', { name: 'What is filled?' }).click();
    await expect(slot('report.csv')).toContainText(/Filled 1\.2 KiB CRC-64 \d+/);
    await expect(dialog).toContainText('3 of 3 are in the bucket.');
  });
});
