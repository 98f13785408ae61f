// What the window shows in little room, and in much: nothing that matters is cut, and columns stay together.
import type { Locator, Page } from 'playwright';
import { makeFile, MiB } from './support/files.ts';
import { counted, startingWith, t } from '../support/words.ts';
import { addAccount, ownerOf, test as base } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { aliOss } from './support/practice.ts';
import { ask, dropIntoFolder, openBucket, rowOf } from './support/waybill.ts';
import type { PracticeServer } from '../../main/practice/server.ts';

const bucket = 'waybill-inbox';
const files = ['a.txt', 'b.txt', 'c.txt'];

const test = base.extend<{ server: PracticeServer }>({
  server: async ({ serve, page }, use) => {
    const server = await serve();
    const client = aliOss(server, bucket);
    for (const name of files) await client.put(name, Buffer.alloc(1024));
    await addAccount(page, { name: 'Depot', ...ownerOf(server) });
    await openBucket(page, bucket);
    await use(server);
  },
});

const barOf = (page: Page) => ({
  status: page.getByRole('group', { name: t('browse.status') }),
  transfers: page
    .getByRole('region', { name: t('transfers.title') })
    .getByRole('button', { name: startingWith(t('transfers.title')) }),
});

async function boxOf(of: Locator): Promise<{ x: number; y: number; right: number; bottom: number }> {
  const box = await of.boundingBox();
  if (box === null) throw new Error('not visible');
  return { x: box.x, y: box.y, right: box.x + box.width, bottom: box.y + box.height };
}

/** The texts in there that are drawn and don't fit where they are. */
function cutIn(of: Locator): Promise<string[]> {
  return of.evaluate((element) =>
    [...element.querySelectorAll('*')]
      .filter((one) => one.children.length === 0 && one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1)
      .map((one) => one.textContent),
  );
}

for (const locale of ['en', 'zh-CN'] as const) {
  // 600 × 400 is a window of 900 × 600 with text half as large again.
  for (const [width, height] of [
    [900, 600],
    [600, 400],
  ] as const) {
    test(`how many are selected is read in a window of ${width} × ${height}, in ${locale}`, async ({
      page,
      server,
    }) => {
      expect(server.endpoint).not.toBe('');
      await rowOf(page, 'a.txt').click();
      await page.keyboard.press('ControlOrMeta+A');
      const selection = page.getByRole('group', { name: t('palette.selection') });
      await expect(selection).toContainText(t('browse.selected', counted(3)));
      const details = page.getByRole('button', { name: t('browse.inspector'), exact: true });
      await details.click();
      // From here on the texts are those of the locale.
      await page.getByRole('toolbar').evaluate((toolbar) => toolbar.setAttribute('data-test', 'commands'));
      await ask(page, 'settings.set', { locale });
      await page.setViewportSize({ width, height });
      expect(await cutIn(page.locator('[data-test="commands"]'))).toEqual([]);
    });
  }
}

test('transfers and the status of the list share one bar, in every window', async ({ page, home, server }) => {
  const { status, transfers } = barOf(page);
  const shareBar = async () => {
    const [left, right] = [await boxOf(transfers), await boxOf(status)];
    expect(left.right).toBeLessThanOrEqual(right.x + 1);
    expect(Math.abs(left.bottom - right.bottom)).toBeLessThanOrEqual(1);
    expect(right.bottom - right.y).toBeLessThanOrEqual(33);
  };
  await expect(status).toContainText(t('browse.items', counted(3)));
  await shareBar();
  await page.setViewportSize({ width: 600, height: 400 });
  await shareBar();
  expect(await cutIn(status)).toEqual([]);

  // What needs an answer stands above the bar, whole.
  server.faults.add({ match: { bucket, method: 'PUT' }, effect: { kind: 'slow', bytesPerSecond: MiB / 8 } });
  const paths = [`${home.folder}/a.txt`, `${home.folder}/large.bin`] as const;
  await makeFile(paths[0], 100);
  await makeFile(paths[1], 4 * MiB);
  await dropIntoFolder(page, paths);
  const replace = page.getByRole('button', { name: t('transfers.choose.replace'), exact: true });
  await expect(replace).toBeInViewport({ ratio: 0.99 });
  const attention = page.getByText(t('transfers.count.attention', { count: 1 }));
  await expect(attention).toBeInViewport({ ratio: 0.99 });
  expect((await boxOf(attention)).right).toBeLessThanOrEqual((await boxOf(status)).x);
  await shareBar();
});

test('in a wide window the columns of files and of buckets stay together', async ({ page, server }) => {
  expect(server.endpoint).not.toBe('');
  await page.setViewportSize({ width: 1920, height: 1000 });
  const spread = async () => {
    const headers = page.getByRole('columnheader');
    return (await boxOf(headers.last())).right - (await boxOf(headers.first())).x;
  };
  await expect.poll(spread).toBeLessThan(1200);
  await page.getByRole('button', { name: t('browse.up') }).click();
  await expect(page.getByRole('grid', { name: t('browse.buckets') })).toBeVisible();
  await expect.poll(spread).toBeLessThan(1200);
  expect(await spread()).toBeGreaterThan(900);
});
