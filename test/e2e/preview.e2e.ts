// Looking through the files of a folder: position, previous and next, encodings, zoom, and what texts look like.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright';
import { t } from '../support/words.ts';
import { addAccount, ownerOf, test as base } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { aliOss } from './support/practice.ts';
import { openBucket, rowOf } from './support/waybill.ts';

const bucket = 'waybill-inbox';
/** "运单" in GB18030. */
const chinese = Buffer.from('d4cbb5a5', 'hex');
/** "Größe" in windows-1252. */
const german = Buffer.from('4772f6df65', 'hex');

type Put = (key: string, bytes: Buffer | string) => Promise<void>;

const test = base.extend<{ put: Put }>({
  put: async ({ serve, page }, use) => {
    const server = await serve();
    const client = aliOss(server, bucket);
    await addAccount(page, { name: 'Depot', ...ownerOf(server) });
    await use(async (key, bytes) => {
      await client.put(key, Buffer.from(bytes));
    });
  },
});

async function look(page: Page, name: string): Promise<void> {
  await openBucket(page, bucket);
  await rowOf(page, name).click();
  await page.keyboard.press('Space');
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
}

/** A chessboard of this many pixels. */
const board = (side: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><rect width="50%" height="50%"/></svg>`;

test('the preview says which file of the folder it is, and goes through them by mouse and by keyboard', async ({
  page,
  put,
}) => {
  for (const name of ['a.txt', 'b.txt', 'c.txt']) await put(name, `this is ${name}`);
  await look(page, 'a.txt');
  const dialog = page.getByRole('dialog');
  const [previous, next] = (['preview.previous', 'preview.next'] as const).map((key) =>
    dialog.getByRole('button', { name: t(key) }),
  );
  await expect(dialog).toContainText(t('preview.position', { at: '1', files: '3' }));
  await expect(dialog).toContainText('this is a.txt');
  await expect(previous ?? dialog).toBeDisabled();
  await next?.click();
  await expect(dialog).toContainText('this is b.txt');
  await expect(dialog).toContainText(t('preview.position', { at: '2', files: '3' }));
  await page.keyboard.press('ArrowRight');
  await expect(dialog).toContainText('this is c.txt');
  await expect(next ?? dialog).toBeDisabled();
  await page.keyboard.press('ArrowLeft');
  await expect(dialog).toContainText('this is b.txt');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: t('browse.share') }).click();
  await expect(page.getByRole('dialog')).toContainText('b.txt');
  await expect(page.getByRole('button', { name: t('share.make') })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(rowOf(page, 'b.txt')).toHaveAttribute('aria-selected', 'true');
});

test('the encoding of a text is guessed, and another one can be chosen', async ({ page, put }) => {
  await put('a orders.csv', Buffer.concat([Buffer.from('id,name\n4711,'), chinese]));
  await put('b size.txt', german);
  await look(page, 'a orders.csv');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('运单');
  const menu = (encoding: string) => dialog.getByRole('button', { name: t('preview.encoding', { encoding }) });
  await expect(menu('GB18030')).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(dialog).toContainText('Größe');
  await menu('Windows-1252').click();
  await page.getByRole('menuitem', { name: t('preview.encoding.cyrillic', { encoding: 'KOI8-R' }) }).click();
  await expect(dialog).toContainText('GrЖъe');
  await menu('KOI8-R').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type(t('preview.encoding.western', { encoding: '' }).slice(0, 4));
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText('Größe');
  // The arrow keys still go through the folder.
  await page.keyboard.press('ArrowLeft');
  await expect(dialog).toContainText('运单');
});

test('bytes that are no text are shown as one when a person asks for it', async ({ page, put }) => {
  await put('bytes.bin', Buffer.from('\0\0\0\0header\0\0\0\0'));
  await look(page, 'bytes.bin');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(t('preview.none.binary'));
  await dialog.getByRole('button', { name: t('preview.none.as-text') }).click();
  await expect(dialog).toContainText('header');
});

test('a picture fits the window, and grows by buttons, keys, wheel and double-click', async ({ page, put }) => {
  await put('a wide.svg', board(2000));
  await put('b small.svg', board(40));
  await look(page, 'a wide.svg');
  const dialog = page.getByRole('dialog');
  const picture = page.getByRole('img', { name: 'a wide.svg' });
  const width = async () => Math.round((await picture.boundingBox())?.width ?? 0);
  await expect(dialog).toContainText(t('preview.picture.pixels', { width: '2,000', height: '2,000' }));
  await expect.poll(width).toBeLessThan(800);
  const fit = await width();
  const region = page.getByRole('region', { name: 'a wide.svg' });
  await expect(region).toBeHidden();

  await page.keyboard.press('1');
  await expect.poll(width).toBe(2000);
  await expect(dialog).toContainText('100%');
  await expectAccessible(page);
  await page.keyboard.press('0');
  await expect.poll(width).toBe(fit);
  await picture.dblclick();
  await expect.poll(width).toBe(2000);
  // It is moved by dragging it.
  const left = () => region.evaluate((element) => element.scrollLeft);
  const before = await left();
  const box = await region.boundingBox();
  const [x, y] = [(box?.x ?? 0) + 200, (box?.y ?? 0) + 200];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 90, y);
  await page.mouse.up();
  expect(await left()).toBe(before + 90);
  await dialog.getByRole('button', { name: t('preview.picture.fit') }).click();
  await expect.poll(width).toBe(fit);
  await dialog.getByRole('button', { name: t('preview.pdf.larger') }).click();
  await expect.poll(width).toBe(Math.round(fit * 1.25));
  await dialog.getByRole('button', { name: t('preview.picture.fit') }).click();
  await picture.hover();
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -300);
  await page.keyboard.up('Control');
  await expect.poll(width).toBeGreaterThan(fit * 2);

  // A small picture isn't enlarged, and the arrows still go through the folder.
  await dialog.getByRole('button', { name: t('preview.next') }).click();
  const small = page.getByRole('img', { name: 'b small.svg' });
  await expect.poll(async () => (await small.boundingBox())?.width).toBe(40);
  await page.keyboard.press('ArrowLeft');
  await expect(picture).toBeVisible();
});

test('Markdown, JSON and tables are formatted, and nothing in them runs or is loaded', async ({ page, put }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await put(
    'a readme.md',
    [
      '# Handbook',
      '',
      '| Port | Pier |',
      '| --- | --- |',
      '| Ningbo | 4 |',
      '',
      '- [x] weighed',
      '',
      '<img src="http://127.0.0.1:9/x.png" onerror="top.ran=1"> <script>top.ran=1</script>',
      '![crane](http://127.0.0.1:9/crane.png) and [a link](javascript:top.ran=1)',
    ].join('\n'),
  );
  await put('b order.json', '{"id":12345678901234567890,"note":"</pre><script>top.ran=1</script>"}');
  await put('c prices.csv', 'name;price\n"<img src=x onerror=top.ran=1>";12,50\nCrate;3,00\n');
  await look(page, 'a readme.md');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('heading', { name: 'Handbook' })).toBeVisible();
  await expect(dialog.getByRole('cell', { name: 'Ningbo' })).toBeVisible();
  await expect(dialog).toContainText('<script>top.ran=1</script>');
  await expect(dialog.locator('.page').locator('img, script, a, iframe')).toHaveCount(0);
  await expectAccessible(page);
  await dialog.getByText(t('preview.source'), { exact: true }).click();
  await expect(dialog).toContainText('# Handbook');

  await dialog.getByRole('button', { name: t('preview.next') }).click();
  await expect(dialog).toContainText('"id": 12345678901234567890');
  await expectAccessible(page);
  await page.keyboard.press('ArrowRight');
  await expect(dialog.getByRole('columnheader', { name: 'price' })).toBeVisible();
  await expect(dialog.getByRole('cell', { name: '12,50' })).toBeVisible();
  await expect(dialog.getByRole('cell', { name: '<img src=x onerror=top.ran=1>' })).toBeVisible();
  await expectAccessible(page);
  expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false);
  const { origin } = new URL(page.url());
  expect(asked.filter((url) => !url.startsWith(origin))).toEqual([]);
});
