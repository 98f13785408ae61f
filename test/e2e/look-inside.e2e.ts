// Looking into objects, and getting around: previews, bookmarks, the palette.
import AxeBuilder from '@axe-core/playwright';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright';
import { t } from '../support/words.ts';
import { aliOss } from './support/practice.ts';
import { addAccount, ownerOf, test as base } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { goTo, openBucket, rowOf } from './support/waybill.ts';

const bucket = 'waybill-inbox';
/** A GIF of one pixel. */
const pixel = Buffer.from('R0lGODlhAQABAIAAAP8AAP///yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');
const hostile =
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>top.ran=1</script><rect onload="top.ran=1"/></svg>';
const longKey = `${'k'.repeat(1019)}.txt`;

interface Owner {
  put(key: string, bytes: Buffer | string, mime?: string): Promise<void>;
}

const test = base.extend<{ owner: Owner }>({
  owner: async ({ serve, page }, use) => {
    const server = await serve();
    const client = aliOss(server, bucket);
    await addAccount(page, { name: 'Depot', ...ownerOf(server) });
    await use({
      async put(key, bytes, mime = '') {
        await client.put(key, Buffer.from(bytes), mime === '' ? {} : { mime });
      },
    });
  },
});

const ran = (page: Page) => page.evaluate(() => 'ran' in globalThis);

test('the space bar shows what is in a file, and the arrows the next one', async ({ page, owner }) => {
  await owner.put(
    'a note.txt',
    Buffer.from('d4cbb5a5bac5c2eba3bacad5bbf5b5d8d6b7a3acc1aacfb5b5e7bbb0', 'hex'),
    'text/plain',
  );
  await owner.put('b picture.gif', pixel, 'image/gif');
  await owner.put('c bytes.bin', Buffer.alloc(100));
  await openBucket(page, bucket);
  await rowOf(page, 'a note.txt').click();
  await page.keyboard.press('Space');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('运单号码：收货地址，联系电话');
  await expect(dialog).toContainText('GB18030');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await page.keyboard.press('ArrowDown');
  const picture = page.getByRole('img', { name: 'b picture.gif' });
  await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(1);
  await page.keyboard.press('ArrowDown');
  await expect(dialog).toContainText(t('preview.none.binary'));
  await page.keyboard.press('Space');
  await expect(dialog).toBeHidden();
  await expect(rowOf(page, 'c bytes.bin')).toHaveAttribute('aria-selected', 'true');
});

test('nothing that is shown can run', async ({ page, owner }) => {
  await owner.put('a page.html', `<script>top.ran = 1</script><img src=x onerror="top.ran=1">`, 'text/html');
  await owner.put('b drawing.svg', hostile, 'text/html');
  await owner.put('c lies.png', `<script>top.ran = 1</script>`, 'text/html');
  await openBucket(page, bucket);
  const dialog = page.getByRole('dialog');
  await rowOf(page, 'a page.html').click();
  await page.keyboard.press('Space');
  await expect(dialog).toContainText('<script>top.ran = 1</script>');
  await page.keyboard.press('ArrowDown');
  const drawing = page.getByRole('img', { name: 'b drawing.svg' });
  await expect.poll(() => drawing.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(9);
  const answer = await page.evaluate(
    async (source) => {
      const frame = document.createElement('iframe');
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
      frame.src = source;
      document.body.append(frame);
      await loaded;
      return frame.contentDocument?.body.innerHTML ?? 'closed';
    },
    (await drawing.getAttribute('src')) ?? '',
  );
  expect(answer).not.toContain('script');
  await page.keyboard.press('Escape');
  await rowOf(page, 'c lies.png').click();
  await page.keyboard.press('Space');
  await expect(dialog).toContainText(t('preview.broken'));
  expect(await ran(page)).toBe(false);
});

test('names that make trouble are listed, told apart and opened', async ({ page, owner }) => {
  const names = ['Case.txt', 'case.txt', 'caf\u00e9.txt', 'cafe\u0301.txt', 'tab\there.txt', longKey];
  for (const name of names) await owner.put(`odd/${name}`.slice(0, 1023), name);
  await owner.put('odd/', 'content of the folder itself');
  await owner.put('odd//inside', 'x');
  await openBucket(page, bucket);
  await goTo(page, `oss://${bucket}/odd/`);
  const rows = page.getByRole('grid', { name: t('browse.content') }).locator('[data-row]');
  await expect(rows).toHaveCount(names.length + 2);
  const itself = rows.filter({ hasText: '28 B' });
  await itself.click();
  await page.keyboard.press('Space');
  await expect(page.getByRole('dialog')).toContainText('content of the folder itself');
  await page.keyboard.press('Escape');
  await rowOf(page, 'case.txt').click();
  await page.keyboard.press('Space');
  await expect(page.getByRole('dialog')).toContainText('case.txt');
});

test('places are marked, found in the palette and come back after a restart', async ({
  page,
  owner,
  started,
  home,
}) => {
  await owner.put('deep/er/file.txt', 'x');
  await openBucket(page, bucket);
  await goTo(page, `oss://${bucket}/deep/er/`);
  await page.keyboard.press('ControlOrMeta+D');
  const rail = page.getByRole('navigation', { name: t('rail.label') });
  await expect(rail.getByRole('button', { name: 'er', exact: true })).toBeVisible();
  await openBucket(page, 'waybill-samples');
  await page.keyboard.press('ControlOrMeta+K');
  await expect(page.getByRole('dialog', { name: t('palette.title') })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await page.keyboard.type('deep/er');
  await page.keyboard.press('Enter');
  await expect(rowOf(page, 'file.txt')).toBeVisible();
  await page.mouse.move(600, 400);
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(rowOf(page, 'Welcome to Waybill.txt')).toBeVisible();

  await started.app.close();
  const again = await home.launch();
  await again.page.getByRole('button', { name: 'er', exact: true }).click();
  await expect(rowOf(again.page, 'file.txt')).toBeVisible();
});

/** An OSS that makes pictures smaller, as the practice server does not: everything else it hands on. */
async function startShrinking(endpoint: string, smaller: Buffer): Promise<{ server: Server; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((call, answer) => {
    const { method, headers, url = '' } = call;
    const process = new URL(url, endpoint).searchParams.get('x-oss-process');
    if (process !== null) {
      asked.push(process);
      answer.writeHead(200, { 'content-type': 'image/png' }).end(smaller);
      return;
    }
    const onward = request(new URL(url, endpoint), { method, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    call.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, asked };
}

base('where OSS makes a large picture smaller, only that is loaded', async ({ serve, page }) => {
  const practice = await serve();
  // What is stored is no picture: shown as it is, it would have no size.
  await aliOss(practice, bucket).put('wide.png', Buffer.alloc(3 * 1024 ** 2), { mime: 'image/png' });
  const onePixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const { server, asked } = await startShrinking(practice.endpoint, Buffer.from(onePixel, 'base64'));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await addAccount(page, { name: 'Depot', ...ownerOf(practice), endpoint });
  await openBucket(page, bucket);
  await rowOf(page, 'wide.png').click();
  await page.keyboard.press('Space');
  const picture = page.getByRole('img', { name: 'wide.png' });
  await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(1);
  expect(asked.length).toBeGreaterThan(0);
  for (const process of asked) expect(process).toContain('image/resize');
  server.close();
});
