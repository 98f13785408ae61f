// Files of links that somebody was sent, opened without an account: a share manifest, and an upload request.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { counted, like, startingWith, t } from '../support/words.ts';
import { answerDialogs, answerSaveDialogs, dropFiles, pasteText } from './support/desktop.ts';
import { makeFile, sha256Of } from './support/files.ts';
import { aliOss, expect, test } from './support/practice.ts';
import { addAccount, ask, giveFiles, giveFolder, openPractice, verified } from './support/waybill.ts';

interface Started {
  readonly app: ElectronApplication;
  readonly page: Page;
}

const lifetime = { expiresSeconds: 3600, fileName: null, open: 'download' } as const;

/** Shares objects of the practice account as the owner does. @returns the manifest's path */
async function shareManifest(
  started: Started,
  folder: string,
  prefixes: string[],
  { keys = [], format = 'manifest' }: { readonly keys?: string[]; readonly format?: 'manifest' | 'page' } = {},
): Promise<string> {
  const { page } = started;
  await giveFolder(started, folder);
  const [account] = await ask(page, 'accounts.list', {});
  const accountId = account?.id ?? '';
  const request = { accountId, bucket: 'waybill-inbox', keys, prefixes, format, folder } as const;
  const { path } = await ask(page, 'links.makeMany', { ...request, ...lifetime });
  return path ?? '';
}

/** Uploads files into the practice bucket. */
async function upload(started: Started, prefix: string, paths: string[]): Promise<void> {
  const { page } = started;
  await giveFiles(started, paths);
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
  await upload(started, 'set/', [join(sent, 'a.bin')]);
  await ask(page, 'transfers.clear', { what: 'finished' });
  await upload(started, 'set/deep/', [join(sent, 'deep/b c.bin'), join(sent, 'deep/运单.bin')]);
  const manifest = await shareManifest(started, home.folder, ['set/']);
  const received = join(home.folder, 'received');
  await mkdir(received);

  await test.step('by choosing the file, and only one of its files', async () => {
    await page.getByRole('button', { name: t('rail.open-link') }).click();
    await answerDialogs(app, [manifest]);
    await page.getByRole('button', { name: t('receive.open-file') }).click();
    const dialog = page.getByRole('dialog', { name: t('receive.manifest.title', counted(3)) });
    await expect(dialog).toContainText(like('share.until.left', { moment: /.+/, length: /.+/ }));
    await expect(dialog.getByRole('listitem')).toHaveCount(3);
    await dialog.getByRole('checkbox', { name: t('receive.manifest.all', counted(3)) }).uncheck();
    await dialog.getByRole('searchbox', { name: t('receive.manifest.filter') }).fill('运单');
    await dialog.getByRole('checkbox', { name: t('receive.manifest.all', counted(1)) }).check();
    await answerDialogs(app, [received]);
    await dialog.getByRole('button', { name: t('receive.pick-folder') }).click();
    await expect(dialog.getByRole('textbox', { name: t('receive.folder') })).toHaveValue(received);
    await dialog
      .getByRole('button', { name: t('receive.manifest.download.size', { ...counted(1), size: '39 KB' }) })
      .click();
    await expect(dialog).toContainText(t('receive.group.done', { shown: '1', total: '1' }));
    expect(await readdir(received, { recursive: true })).toEqual(['deep', 'deep/运单.bin']);
    expect(await sha256Of(join(received, 'deep/运单.bin'))).toBe(sums[2]);
    await page.keyboard.press('Escape');
  });

  await test.step('by pasting its text, and all of it', async () => {
    const whole = join(home.folder, 'whole');
    await mkdir(whole);
    await pasteText(started, await readFile(manifest, 'utf8'));
    const dialog = page.getByRole('dialog', { name: t('receive.manifest.title', counted(3)) });
    await answerDialogs(app, [whole]);
    await dialog.getByRole('button', { name: t('receive.pick-folder') }).click();
    await dialog
      .getByRole('button', { name: like('receive.manifest.download.size', { ...counted(3), size: /.+/ }) })
      .click();
    await expect(dialog).toContainText(t('receive.group.done', { shown: '3', total: '3' }));
    for (const [index, name] of names.entries()) expect(await sha256Of(join(whole, name))).toBe(sums[index]);
    await page.keyboard.press('Escape');
  });

  await test.step('by dropping it on the window, where no folder is shown', async () => {
    await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
    await dropFiles(page, page.getByRole('main'), [manifest]);
    await expect(page.getByRole('dialog', { name: t('receive.manifest.title', counted(3)) })).toBeVisible();
  });
});

test('a share page is opened as the manifest inside it', async ({ started, home }) => {
  const { app, page } = started;
  const sent = join(home.folder, 'sent');
  const sum = await makeFile(join(sent, 'a.bin'), 39_936);
  await openPractice(page);
  await upload(started, 'set/', [join(sent, 'a.bin')]);
  const path = await shareManifest(started, home.folder, ['set/'], { format: 'page' });
  expect(basename(path)).toBe('set.html');
  const dialog = page.getByRole('dialog', { name: t('receive.manifest.title', counted(1)) });

  await test.step('by dropping it, and downloaded', async () => {
    const received = join(home.folder, 'received');
    await mkdir(received);
    await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
    await dropFiles(page, page.getByRole('main'), [path]);
    await answerDialogs(app, [received]);
    await dialog.getByRole('button', { name: t('receive.pick-folder') }).click();
    await dialog
      .getByRole('button', { name: t('receive.manifest.download.size', { ...counted(1), size: '39 KB' }) })
      .click();
    await expect(dialog).toContainText(t('receive.group.done', { shown: '1', total: '1' }));
    expect(await sha256Of(join(received, 'a.bin'))).toBe(sum);
    await page.keyboard.press('Escape');
  });

  await test.step('by pasting its text', async () => {
    await pasteText(started, await readFile(path, 'utf8'));
    await expect(dialog.getByRole('listitem')).toHaveCount(1);
    await page.keyboard.press('Escape');
  });

  await test.step('by choosing the file', async () => {
    await page.getByRole('button', { name: t('rail.open-link') }).click();
    await answerDialogs(app, [path]);
    await page.getByRole('button', { name: t('receive.open-file') }).click();
    await expect(dialog.getByRole('listitem')).toHaveCount(1);
  });
});

test('a manifest of 10,000 files is shown and filtered with only the visible rows in the page', async ({
  started,
  home,
}) => {
  const { page } = started;
  await openPractice(page);
  await makeFile(join(home.folder, 'one.bin'), 5_000);
  await upload(started, '', [join(home.folder, 'one.bin')]);
  const manifest = await shareManifest(started, home.folder, [], { keys: ['one.bin'] });
  const read = JSON.parse(await readFile(manifest, 'utf8')) as { objects: Record<string, unknown>[] };
  const many = Array.from({ length: 10_000 }, (_, number) => ({
    ...read.objects[0],
    path: `set/${number % 100}/${number}.bin`,
  }));
  await writeFile(join(home.folder, 'many.json'), JSON.stringify({ ...read, objects: many }));

  await page.getByRole('button', { name: t('rail.open-link') }).click();
  await dropFiles(page, page.getByRole('dialog', { name: t('receive.title') }), [join(home.folder, 'many.json')]);
  const dialog = page.getByRole('dialog', { name: t('receive.manifest.title', counted(10_000)) });
  await expect(dialog.getByRole('listitem').first()).toContainText('set/0/0.bin');
  expect(await dialog.getByRole('listitem').count()).toBeLessThan(60);
  await page.evaluate(() => {
    const box = document.querySelector<HTMLInputElement>('input[type="search"]');
    if (box === null) throw new Error('there is no filter');
    box.value = '/9999.bin';
    box.dispatchEvent(new Event('input', { bubbles: true }));
  });
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
  const request = join(home.downloads, 'request.json');
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

  await page.getByRole('button', { name: t('rail.open-link') }).click();
  await answerDialogs(app, [request]);
  await page.getByRole('button', { name: t('receive.open-file') }).click();
  const dialog = page.getByRole('dialog', { name: t('receive.slots.title', counted(3)) });
  const slot = (name: string) => dialog.getByRole('listitem', { name, exact: true });

  await test.step('several files go where their names are asked for', async () => {
    await dropFiles(page, dialog.getByRole('group', { name: startingWith(t('receive.slots.drop')) }), [
      invoice,
      front,
      other,
    ]);
    await expect(slot('invoice.pdf')).toContainText(verified);
    await expect(slot('photos/front.jpg')).toContainText(verified);
    await expect(dialog).toContainText(t('receive.slots.left', { ...counted(1), names: 'numbers.csv' }));
    await expect(dialog).toContainText(t('receive.slots.sent', { shown: '2', total: '3' }));
  });

  await test.step('a file of another name is dropped on its place', async () => {
    await dropFiles(page, slot('report.csv'), [other]);
    await expect(slot('report.csv')).toContainText(verified);
    await expect(dialog).toContainText(t('receive.slots.sent', { shown: '3', total: '3' }));
  });

  await test.step('the bucket has the bytes, and the owner sees size and checksum', async () => {
    const oss = aliOss(server, 'waybill-inbox');
    for (const [index, key] of ['partner/invoice.pdf', 'partner/photos/front.jpg', 'partner/report.csv'].entries()) {
      const file = join(home.folder, `got-${index}`);
      await oss.get(key, file);
      expect(await sha256Of(file)).toBe(sums[index]);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: t('rail.open-link') }).click();
    await page.getByRole('button', { name: t('receive.open-file') }).click();
    await dialog.getByRole('button', { name: t('receive.slots.check') }).click();
    await expect(slot('report.csv')).toContainText(new RegExp(`${t('receive.slots.filled')} 1\\.2 KB CRC-64 \\d+`));
    await expect(dialog).toContainText(t('receive.slots.found', { shown: '3', total: '3' }));
  });
});
