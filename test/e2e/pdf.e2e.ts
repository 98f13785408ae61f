// PDF files are looked into without anything in them running.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright';
import { t } from '../support/words.ts';
import { addAccount, ownerOf, test as base } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { makePdf, scan } from './support/pdf.ts';
import { aliOss } from './support/practice.ts';
import { openBucket, rowOf } from './support/waybill.ts';

const bucket = 'waybill-inbox';

type Put = (key: string, bytes: Buffer) => Promise<void>;

const test = base.extend<{ put: Put }>({
  put: async ({ serve, page }, use) => {
    const server = await serve();
    const client = aliOss(server, bucket);
    await addAccount(page, { name: 'Depot', ...ownerOf(server) });
    await use(async (key, bytes) => {
      await client.put(key, bytes, { mime: 'application/pdf' });
    });
  },
});

async function look(page: Page, name: string): Promise<void> {
  await openBucket(page, bucket);
  await rowOf(page, name).click();
  await page.keyboard.press('Space');
}

/** Whether something was drawn: pixels of the page that are not white. */
const inkOf = (page: Page, at: number) =>
  page
    .getByRole('dialog')
    .locator('canvas')
    .nth(at)
    .evaluate((canvas) => {
      const { data } = (canvas as HTMLCanvasElement)
        .getContext('2d')
        ?.getImageData(0, 0, (canvas as HTMLCanvasElement).width, (canvas as HTMLCanvasElement).height) ?? { data: [] };
      return data.some((value, index) => index % 4 === 0 && value < 128);
    });

test('the pages of a PDF are drawn, its text is there to select, and it grows and shrinks', async ({ page, put }) => {
  await put('bill.pdf', makePdf({ pages: ['Bill of lading', '提单 运费到付', ...Array<string>(60).fill('and more')] }));
  await look(page, 'bill.pdf');
  const dialog = page.getByRole('dialog');
  const pages = dialog.getByRole('region', { name: t('preview.pdf', { name: 'bill.pdf' }) });
  await expect(dialog).toContainText(t('preview.pdf.page', { page: 1, pages: 62 }));
  await expect(pages.getByText('Bill of lading')).toBeVisible();
  await expect(pages.getByText('提单 运费到付')).toBeAttached();
  await expect.poll(() => inkOf(page, 0)).toBe(true);
  await expect.poll(() => inkOf(page, 1)).toBe(true);
  // The rest of it is not drawn before it is looked at.
  expect(await pages.locator('canvas').count()).toBeLessThan(6);

  await dialog.getByRole('button', { name: t('preview.pdf.smaller') }).click();
  const narrow = await pages.locator('canvas').first().boundingBox();
  await dialog.getByRole('button', { name: t('preview.pdf.fit') }).click();
  await expect
    .poll(async () => (await pages.locator('canvas').first().boundingBox())?.width ?? 0)
    .toBeGreaterThan(narrow?.width ?? 0);

  await pages.focus();
  await page.keyboard.press('End');
  await expect(dialog).toContainText(t('preview.pdf.page', { page: 62, pages: 62 }));
  await expect.poll(() => inkOf(page, 0)).toBe(true);
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
});

test('a page that was scanned is drawn, without the page compiling anything', async ({ page, put }) => {
  await put('scan.pdf', makePdf({ pages: [scan] }));
  await look(page, 'scan.pdf');
  await expect.poll(() => inkOf(page, 0)).toBe(true);
});

test('a program in a PDF does not run, and nothing is fetched from anywhere', async ({ page, put }) => {
  const asked: string[] = [];
  let alerts = 0;
  page.on('dialog', (alert) => {
    alerts += 1;
    void alert.dismiss();
  });
  page.on('request', (request) => asked.push(request.url()));
  const script = 'app.alert\\("ran"\\); this.submitForm\\("http://127.0.0.1:9/"\\); globalThis.ran = 1;';
  await put('trap.pdf', makePdf({ pages: ['Open me'], script }));
  await look(page, 'trap.pdf');
  await expect(page.getByRole('dialog').getByText('Open me')).toBeVisible();
  await expect.poll(() => inkOf(page, 0)).toBe(true);
  expect(alerts).toBe(0);
  expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false);
  const { origin } = new URL(page.url());
  expect(
    asked.filter((url) => !url.startsWith(origin) && !url.startsWith('blob:') && !url.startsWith('data:')),
  ).toEqual([]);
  expect(asked.filter((url) => /sandbox|quickjs/.test(url))).toEqual([]);
});

test('a PDF that is locked or damaged has a card that says so, and downloads when asked to', async ({
  page,
  put,
  home,
}) => {
  await put('a damaged.pdf', Buffer.from('%PDF-1.7 and so on'));
  await put('b locked.pdf', makePdf({ pages: ['secret'], locked: true }));
  await look(page, 'a damaged.pdf');
  const card = page.getByRole('region', { name: t('preview.none') });
  for (const words of ['application/pdf', '18 B', t('preview.none.pdf-broken')])
    await expect(card).toContainText(words);
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await expect(card).toContainText(t('preview.none.pdf-encrypted'));
  await page.keyboard.press('ArrowUp');
  await expect(card).toContainText(t('preview.none.pdf-broken'));
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('browse.download') })
    .click();
  await expect
    .poll(() => readFile(join(home.downloads, 'a damaged.pdf'), 'utf8').catch(() => ''))
    .toBe('%PDF-1.7 and so on');
});
