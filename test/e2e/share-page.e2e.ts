// A share page in the browser of somebody who has no Waybill: from the disk and from a web server, with and without CORS.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Download, Locator, Page } from 'playwright';
import type { PracticeServer } from '../../main/practice/server.ts';
import { counted, like, t, zh } from '../support/words.ts';
import { expect, expectAccessible, test } from './support/any-browser.ts';
import { aliOss } from './support/practice.ts';

const bucket = 'waybill-inbox';
const files = {
  'set/a.txt': Buffer.from('one'),
  'set/b&"<c>.txt': Buffer.from('two'),
  'set/photos/pier 4.png': await readFile(join(import.meta.dirname, '../../docs/pictures/share-light-en.png')),
  'set/运单/报关单.pdf': Buffer.alloc(300_000, 7),
};

async function fill(server: PracticeServer): Promise<void> {
  const oss = aliOss(server, bucket);
  for (const [key, bytes] of Object.entries(files)) await oss.put(key, bytes);
}

/** The rule that lets pages read files and their checksums; `exposed` may show the time as well. */
async function allowPages(server: PracticeServer, exposed = ['ETag', 'x-oss-hash-crc64ecma']): Promise<void> {
  const rule = { allowedOrigin: '*', allowedMethod: ['GET', 'HEAD'], allowedHeader: '*', exposeHeader: exposed };
  await aliOss(server, bucket).putBucketCORS(bucket, [rule]);
}

/** OSS scales images down; the practice server doesn't. */
async function answerThumbnails(page: Page): Promise<void> {
  const picture = await readFile(join(import.meta.dirname, '../../docs/pictures/share-light-en.png'));
  await page
    .context()
    .route(/x-oss-process=image/, (route) => route.fulfill({ contentType: 'image/png', body: picture }));
}

const rows = (page: Page): Locator => page.locator('tbody').getByRole('row');
const rowOf = (page: Page, name: string): Locator =>
  rows(page).filter({ has: page.getByRole('link', { name, exact: true }) });
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function contentOf(download: Download): Promise<string> {
  return sha256(await readFile(await download.path()));
}

async function firstOf(downloads: readonly Download[]): Promise<Download> {
  await expect.poll(() => downloads.length).toBe(1);
  return downloads[0] as Download;
}

/** The picker of folders is the browser's own: the page gets a folder of its site's private file system instead. */
async function answerFolders(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.showDirectoryPicker = async () =>
      (await navigator.storage.getDirectory()).getDirectoryHandle('got', { create: true });
  });
}

/** What the page wrote: SHA-256 by path. */
function written(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => {
    const found: Record<string, string> = {};
    const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
      for await (const [name, handle] of folder as unknown as AsyncIterable<[string, FileSystemHandle]>) {
        if (handle.kind === 'directory') await walk(handle as FileSystemDirectoryHandle, `${path}${name}/`);
        else {
          const bytes = await (await (handle as FileSystemFileHandle).getFile()).arrayBuffer();
          const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
          found[path + name] = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
        }
      }
    };
    await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle('got'), '');
    return found;
  });
}

test('a page on the disk lists the files, and downloads them without any rule of the bucket', async ({
  server,
  waybill,
  open,
}) => {
  await fill(server);
  const { stdout: html, stderr } = await waybill('share', `oss://${bucket}/set/`, '--page', '--expires', '7200');
  expect(stderr).toContain('4 links');
  const { page, downloads } = await open(html, 'file');
  await answerThumbnails(page);
  await page.reload();

  await test.step('with names, folders, sizes and dates', async () => {
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('set');
    await expect(page).toHaveTitle('set');
    await expect(rows(page)).toHaveCount(4);
    await expect(rowOf(page, 'b&"<c>.txt')).toContainText('3 B');
    await expect(rowOf(page, '报关单.pdf')).toContainText('运单/');
    await expect(rowOf(page, '报关单.pdf')).toContainText(String(new Date().getFullYear()));
    await expect(page.getByRole('banner')).toContainText(
      like('page.share.until', { moment: /.+/, length: /1.hr.59.min/ }),
    );
    await expectAccessible(page);
  });

  await test.step('with a picture of an image', async () => {
    const thumbnail = rowOf(page, 'pier 4.png').locator('img');
    await expect.poll(() => thumbnail.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    await expect(rowOf(page, 'a.txt').locator('img')).toHaveCount(0);
  });

  await test.step('one by a click on its name', async () => {
    await page.getByRole('link', { name: 'b&"<c>.txt' }).click();
    const download = await firstOf(downloads);
    // Browsers replace what a file system doesn't take.
    expect(download.suggestedFilename()).toMatch(/^b&.+c.+\.txt$/);
    expect(await contentOf(download)).toBe(sha256(files['set/b&"<c>.txt']));
  });

  await test.step('several one after the other', async () => {
    for (const name of ['a.txt', '报关单.pdf'])
      await page.getByRole('checkbox', { name: t('page.share.select', { name }) }).check();
    await page.getByRole('button', { name: t('page.share.download', counted(2)) }).click();
    await expect(page.getByText(t('page.share.started', counted(2)))).toBeVisible();
    const names = () => downloads.slice(1).map((download) => download.suggestedFilename());
    await expect.poll(names).toEqual(['a.txt', '报关单.pdf']);
    expect(await contentOf(downloads[2] as Download)).toBe(sha256(files['set/运单/报关单.pdf']));
  });

  await test.step('and checks what was downloaded, without any network', async () => {
    await expect(page.getByRole('button', { name: t('page.share.check') })).toBeHidden();
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: t('page.share.disk') }).click(),
    ]);
    await chooser.setFiles([
      { name: 'a (1).txt', mimeType: 'text/plain', buffer: files['set/a.txt'] },
      { name: '报关单.pdf', mimeType: 'text/plain', buffer: Buffer.alloc(300_000, 8) },
      { name: 'mine.txt', mimeType: 'text/plain', buffer: Buffer.from('mine') },
    ]);
    await expect(page.getByText(t('page.share.disk.same', counted(1)))).toBeVisible();
    await expect(page.getByText(t('page.share.disk.differs', counted(1)))).toBeVisible();
    await expect(page.getByText(t('page.share.disk.unknown', counted(1)))).toBeVisible();
    await expect(rowOf(page, 'a.txt')).toContainText(t('page.share.state.verified'));
    await expect(rowOf(page, '报关单.pdf')).toContainText(t('page.share.state.differs'));
    await expectAccessible(page);
  });
});

test('a page on a web server downloads into a folder and checks every file', async ({ server, waybill, open }) => {
  await fill(server);
  await allowPages(server);
  const { stdout: html } = await waybill('share', `oss://${bucket}/set/`, '--page');
  const { page, said } = await open(html, 'http');
  await answerFolders(page);
  const check = page.getByRole('button', { name: t('page.share.check') });
  const bytes = Object.fromEntries(Object.entries(files).map(([key, content]) => [key.slice(4), sha256(content)]));

  await test.step('what arrives damaged is not kept, and is downloaded again on request', async () => {
    server.faults.add({
      match: { operation: 'GetObject', key: 'set/运单/报关单.pdf' },
      times: 1,
      effect: { kind: 'corrupt', atByte: 1000 },
    });
    await check.click();
    await expect(page.getByText(t('page.share.result.damaged', counted(1)))).toBeVisible();
    await expect(rowOf(page, '报关单.pdf')).toContainText(t('page.share.state.damaged'));
    const { '运单/报关单.pdf': damaged, 'b&"<c>.txt': renamed, ...others } = bytes;
    expect(await written(page)).toEqual({ ...others, 'b&__c_.txt': renamed });
    await page.getByRole('button', { name: t('page.retry') }).click();
    await expect(page.getByText(t('page.share.result.verified', { ...counted(1), folder: 'got' }))).toBeVisible();
    expect((await written(page))['运单/报关单.pdf']).toBe(damaged);
    await expectAccessible(page);
  });

  await test.step('a lost connection is taken up where it broke, and nothing is overwritten', async () => {
    server.faults.add({
      match: { operation: 'GetObject', key: 'set/运单/报关单.pdf' },
      times: 1,
      effect: { kind: 'reset', at: 'mid-body', afterBytes: 100_000 },
    });
    await page.getByRole('checkbox', { name: t('page.share.select', { name: '报关单.pdf' }) }).check();
    await check.click();
    await expect.poll(async () => (await written(page))['运单/报关单 (2).pdf']).toBe(bytes['运单/报关单.pdf']);
  });

  await test.step('a file that was replaced since is said to be one', async () => {
    await aliOss(server, bucket).put('set/a.txt', Buffer.from('another'));
    await aliOss(server, bucket).delete('set/b&"<c>.txt');
    await page.getByRole('checkbox', { name: t('page.share.select-all') }).check();
    await check.click();
    await expect(page.getByText(t('page.share.result.replaced', counted(1)))).toBeVisible();
    await expect(page.getByText(t('page.share.result.failed', counted(1)))).toBeVisible();
    await expect(rowOf(page, 'b&"<c>.txt')).toContainText(t('page.share.failed.gone'));
  });
  expect(said.filter((line) => /Content.Security|Error:/i.test(line))).toEqual([]);
});

test.describe('the end of a page', () => {
  const later = (page: Page) => page.clock.fastForward('02:00:01');
  const ended = like('page.share.ended', { moment: /.+/ });

  test('by the device’s clock alone is no more than a warning, and the links stay', async ({
    server,
    waybill,
    open,
  }) => {
    await fill(server);
    const { stdout: html } = await waybill('share', `oss://${bucket}/set/`, '--page', '--expires', '7200');
    const { page } = await open(html, 'file');
    await page.clock.install();
    await page.reload();
    await expect(rows(page)).toHaveCount(4);
    await later(page);
    await expect(page.getByText(like('page.share.until-device', { moment: /.+/ }))).toBeVisible();
    const download = page.waitForEvent('download');
    await rows(page).first().getByRole('link').first().click();
    expect(await (await download).failure()).toBeNull();
    await expectAccessible(page);
  });

  test('takes every link out of it', async ({ server, waybill, open }) => {
    await fill(server);
    await allowPages(server, ['ETag', 'Date']);
    const { stdout: html } = await waybill('share', `oss://${bucket}/set/`, '--page', '--expires', '7200');
    const { page } = await open(html, 'file');
    await page.clock.install();
    // The page asks for one byte to learn the time: an answer from before must not come after the clocks have moved.
    const asked = page.waitForResponse((reply) => reply.status() === 206);
    await page.reload();
    await asked;
    await expect(rows(page)).toHaveCount(4);
    server.faults.clockOffsetMs = 7_300_000;
    await later(page);
    await expect(page.getByText(ended)).toBeVisible();
    await expect(rows(page)).toHaveCount(4);
    expect(await page.content()).not.toMatch(/x-oss-signature|Signature=/);
    await expect(page.getByRole('button', { name: t('page.share.download-all') })).toHaveCount(0);
    await expectAccessible(page);
    // The same file, opened anew.
    await page.reload();
    await expect(page.getByText(ended)).toBeVisible();
    expect(await page.evaluate(() => document.querySelectorAll('a[href], img').length)).toBe(0);
  });

  test('is what the server says, where a page may read that', async ({ server, waybill, open }) => {
    await fill(server);
    await allowPages(server, ['ETag', 'Date']);
    const { stdout: html } = await waybill('share', `oss://${bucket}/set/`, '--page', '--expires', '7200');
    const { page } = await open(html, 'http');
    await page.clock.install();
    await page.reload();
    await later(page);
    await expect(page.getByRole('banner')).toContainText(
      like('page.share.until', { moment: /.+/, length: /1.hr.5\d.min|2.hr/ }),
    );
    await expect(page.getByText(ended)).toHaveCount(0);
    server.faults.clockOffsetMs = 7_300_000;
    await later(page);
    await expect(page.getByText(ended)).toBeVisible();
  });
});

test('a page is a list of links where no script runs', async ({ server, waybill, open }) => {
  await fill(server);
  const { stdout: html } = await waybill('share', `oss://${bucket}/set/`, '--page');
  const { page } = await open(html, 'file', { javaScriptEnabled: false });
  const links = page.getByRole('listitem').getByRole('link');
  await expect(links).toHaveText(['a.txt', 'b&"<c>.txt', 'photos/pier 4.png', '运单/报关单.pdf']);
  for (const [index, content] of Object.values(files).entries()) {
    const href = await links.nth(index).getAttribute('href');
    const reply = await fetch(href ?? '');
    expect(sha256(new Uint8Array(await reply.arrayBuffer()))).toBe(sha256(content));
  }
});

test('a page speaks Chinese to its readers', async ({ server, waybill, open }) => {
  await fill(server);
  const { stdout: html } = await waybill('share', `oss://${bucket}/set/`, '--page');
  const { page } = await open(html, 'file', { locale: 'zh-CN' });
  await expect(page.getByRole('button', { name: zh('page.share.download-all') })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
});

test('a page of 10,000 files opens with the first of them, and finds any', async ({
  server,
  waybill,
  open,
  folder,
}) => {
  await aliOss(server, bucket).put('set/one.txt', Buffer.from('one'));
  const { stdout: html } = await waybill('share', `oss://${bucket}/set/`, '--page');
  const block = /(?<=id="data">)[^<]*(?=<)/.exec(html)?.[0] ?? '';
  const data = JSON.parse(block) as { objects: Record<string, unknown>[] };
  const objects = Array.from({ length: 10_000 }, (_, number) => ({
    ...data.objects[0],
    path: `${number % 100}/${number}.txt`,
  }));
  const many = html.replace(block, () => JSON.stringify({ ...data, objects }));
  await writeFile(join(folder, 'many.html'), many);
  const { page } = await open(many, 'file');
  await expect(page.getByText(t('page.share.files-size', { ...counted(10_000), size: '29.3 KB' }))).toBeVisible();
  expect(await page.locator('*').count()).toBeLessThan(5000);
  await page.getByRole('searchbox').fill('99/9999');
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('searchbox').fill('');
  await page.getByRole('checkbox', { name: t('page.share.select-all') }).check();
  await page.getByRole('button', { name: t('page.share.download', counted(10_000)) }).click();
  await expect(page.getByText(t('page.share.question', counted(10_000)))).toBeVisible();
  await page.getByRole('button', { name: t('page.share.cancel') }).click();
  await page.mouse.wheel(0, 100_000);
  await expect.poll(() => rows(page).count()).toBeGreaterThan(100);
});
