// Lists of many keys: sorting, filtering, searching, loading all, coming back.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright';
import { makeBucketOfKeys } from '../support/many-keys.ts';
import { counted, escaped, like, t } from '../support/words.ts';
import { addAccount, ownerOf, test as base } from './support/accounts.ts';
import { expect } from './support/app.ts';
import type { PracticeServer } from '../../main/practice/server.ts';
import { chooseFromMenu, goTo, openBucket, rowOf } from './support/waybill.ts';

const name = (at: number) => `scan ${String(at).padStart(5, '0')}.tif`;

function* keys() {
  for (let at = 0; at < 4500; at += 1) yield { key: name(at), sizeBytes: 1000 + at };
  for (let at = 0; at < 2000; at += 1) yield { key: `bins/${at % 20}/label ${at}.txt`, sizeBytes: 10 };
  yield { key: 'zebra.txt', sizeBytes: 900_000_000 };
}

/** A bucket of 4,501 files and a folder of 2,000 more. */
const test = base.extend<{ server: PracticeServer }>({
  server: async ({ serve, home, page }, use) => {
    const dataDir = `${home.folder}/many`;
    await makeBucketOfKeys(dataDir, 'archive', keys());
    const server = await serve({ dataDir });
    await addAccount(page, { name: 'Depot', ...ownerOf(server) });
    await openBucket(page, 'archive');
    await expect(rowOf(page, name(0))).toBeVisible();
    await use(server);
  },
});

const statusOf = (page: Page) => page.getByRole('group', { name: t('browse.status') });
/** Its edge says “Resize column …” in every header, so that the name alone is found in all of them. */
const sizeHeader = (page: Page) =>
  page.getByRole('columnheader', { name: new RegExp(`${escaped(t('browse.column.size'))}$`) });
const grid = (page: Page) => page.getByRole('grid', { name: t('browse.content') });

test('a list says that it is sorted as far as it is loaded, and is loaded whole on demand', async ({
  page,
  server,
}) => {
  expect(server.endpoint).toContain('127.0.0.1');
  const status = statusOf(page);
  await expect(status).toContainText(like('browse.partial', { shown: /[\d,]+/ }));
  await sizeHeader(page).getByRole('button').click();
  await expect(status).toContainText(like('browse.partial.sort', { shown: /[123],000/ }));
  await expect(rowOf(page, 'zebra.txt')).toBeHidden();
  await status.getByRole('button', { name: t('browse.load-all') }).click();
  await expect(status).toContainText(t('browse.items', counted(4_502)));
  await expect(rowOf(page, 'zebra.txt')).toBeVisible();
  await sizeHeader(page).getByRole('button').click();
  await expect(rowOf(page, name(0))).toBeVisible();
});

test('loading all can be stopped, and goes on after a page that failed', async ({ page, server }) => {
  const status = statusOf(page);
  server.faults.add({ match: { operation: 'ListObjects' }, effect: { kind: 'latency', ms: 300 } });
  await status.getByRole('button', { name: t('browse.load-all') }).click();
  await expect(status).toContainText(like('browse.loading-all', { shown: /[\d,]+/ }));
  await status.getByRole('button', { name: t('common.stop') }).click();
  await expect(status).toContainText(like('browse.partial', { shown: /[\d,]+/ }));
  server.faults.clear();

  server.faults.add({ match: { bucket: 'archive' }, skip: 1, effect: { kind: 'truncate', afterBytes: 2000 } });
  await status.getByRole('button', { name: t('browse.load-all') }).click();
  await expect(status).toContainText(t('browse.page-failed'));
  await expect(rowOf(page, name(0))).toBeVisible();
  server.faults.clear();
  await status.getByRole('button', { name: t('common.retry') }).click();
  await expect(status).toContainText(t('browse.items', counted(4_502)));
});

test('a list that is cut off in the middle is an error, and no shorter folder', async ({ page, server }) => {
  server.faults.add({ match: { bucket: 'archive' }, effect: { kind: 'truncate', afterBytes: 600 } });
  await rowOf(page, 'bins').dblclick();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByText(t('browse.empty'))).toBeHidden();
  server.faults.clear();
  await page.getByRole('button', { name: t('common.retry') }).click();
  await expect(rowOf(page, '7')).toBeVisible();
});

test('a folder that the network kept away comes by itself once it is back', async ({ page, server }) => {
  server.faults.add({
    match: { bucket: 'archive' },
    effect: { kind: 'error', status: 503, code: 'ServiceUnavailable' },
  });
  await rowOf(page, 'bins').dblclick();
  await expect(page.getByRole('alert')).toBeVisible();
  server.faults.clear();
  await expect(rowOf(page, '7')).toBeVisible();
  await expect(page.getByRole('alert')).toBeHidden();
});

test('names are searched for with the keyboard alone: here, on the server, and in all folders below', async ({
  page,
  server,
}) => {
  const filter = page.getByRole('textbox', { name: t('browse.filter') });
  await page.keyboard.press('ControlOrMeta+F');
  await expect(filter).toBeFocused();
  await page.keyboard.type('zebra');
  await expect(page.getByText(t('browse.no-match', { filter: 'zebra' }))).toBeVisible();
  const byName = page.getByRole('button', { name: t('browse.search.starts-with', { text: 'zebra' }) });
  for (let presses = 0; presses < 40 && !(await byName.evaluate((at) => at === document.activeElement)); presses += 1)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(rowOf(page, 'zebra.txt')).toBeVisible();
  await expect(
    page.getByRole('status').filter({ hasText: t('browse.search.starts-with.found', { text: 'zebra', count: 1 }) }),
  ).toBeVisible();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(rowOf(page, name(0))).toBeVisible();

  server.faults.add({ match: { operation: 'ListObjects' }, effect: { kind: 'latency', ms: 100 } });
  await page.keyboard.press('ControlOrMeta+F');
  await expect(filter).toBeFocused();
  await page.keyboard.type('LABEL 77');
  await page.getByRole('button', { name: t('browse.search.below') }).press('Enter');
  const found = { text: 'LABEL 77', count: 11, scanned: 6_501 };
  await expect(page.getByRole('status').filter({ hasText: t('browse.search.anywhere.found', found) })).toBeVisible();
  await expect(rowOf(page, 'bins/17/label 77.txt')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await chooseFromMenu(page, rowOf(page, 'bins/17/label 77.txt'), t('browse.show-in-folder'));
  await expect(rowOf(page, 'label 77.txt')).toHaveAttribute('aria-selected', 'true');
});

test('whoever comes back finds the place and the selection as they were', async ({ page, server }) => {
  expect(server.region).toBe('cn-hangzhou');
  await grid(page).focus();
  await page.keyboard.press('Home');
  for (let presses = 0; presses < 20; presses += 1) await page.keyboard.press('PageDown');
  const selected = grid(page).getByRole('row', { selected: true });
  await expect(selected).toHaveCount(1);
  const words = await selected.textContent();
  const index = await selected.getAttribute('aria-rowindex');
  await goTo(page, 'oss://archive/bins/');
  await expect(rowOf(page, '7')).toBeVisible();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(grid(page).getByRole('row', { selected: true })).toHaveText(words ?? '');
  expect(await grid(page).getByRole('row', { selected: true }).getAttribute('aria-rowindex')).toBe(index);
});

test('ranges and all are selected by mouse and keyboard, with their total', async ({ page, server }) => {
  expect(server.region).toBe('cn-hangzhou');
  const status = statusOf(page);
  await rowOf(page, name(0)).click();
  await rowOf(page, name(4)).click({ modifiers: ['Shift'] });
  await expect(status).toContainText(t('browse.selected.sizes', { count: 5, size: '4.8 KB', folders: 0, all: 'yes' }));
  await page.keyboard.press('Shift+ArrowDown');
  await expect(status).toContainText(t('browse.selected', counted(6)));
  await page.keyboard.press('ControlOrMeta+A');
  await expect(status).toContainText(
    like('browse.selected.sizes', { count: /[\d,]+/, size: /.+/, folders: 1, all: 'no' }),
  );
  await status.getByRole('button', { name: t('browse.select-all') }).click();
  await expect(status).toContainText(t('browse.selected', counted(4_502)));
  await grid(page).focus();
  await page.keyboard.press('Escape');
  await expect(status).not.toContainText(like('browse.selected', { count: 1, shown: /.+/ }));
});

test('the status counts what a filter leaves, and says when everything selected is not all', async ({
  page,
  server,
}) => {
  expect(server.region).toBe('cn-hangzhou');
  const status = statusOf(page);
  const selectAll = status.getByRole('button', { name: t('browse.select-all') });
  await grid(page).focus();
  await page.keyboard.press('ControlOrMeta+A');
  await expect(selectAll).toBeVisible();
  await page.keyboard.press('End');
  await page.keyboard.press('ControlOrMeta+A');
  await grid(page).hover();
  await page.mouse.wheel(0, 2_000_000);
  await expect(status).toContainText(
    like('browse.selected.sizes', { count: /[\d,]+/, size: /.+/, folders: 1, all: 'no' }),
  );
  await selectAll.click();
  await expect(status).toContainText(
    like('browse.selected.sizes', { count: 4502, size: /.+/, folders: 1, all: 'yes' }),
  );
  await expect(selectAll).toBeHidden();
  await page.getByRole('textbox', { name: t('browse.filter') }).fill('scan 0000');
  await expect(status).toContainText(t('browse.items.of', { count: 4502, shown: '10', total: '4,502' }));
  await expect(status).toContainText(like('browse.selected.sizes', { count: 10, size: /.+/, folders: 0, all: 'yes' }));
});

test('a folder says how large it is when it is asked', async ({ page, server }) => {
  expect(server.region).toBe('cn-hangzhou');
  await chooseFromMenu(page, rowOf(page, 'bins'), t('browse.folder-size.count'));
  await expect(rowOf(page, 'bins')).toContainText('19.5 KB');
  await expect(rowOf(page, 'bins').getByTitle(t('browse.folder-size.done', counted(2_000)))).toBeVisible();
});

test('counting a folder is stopped, and what was counted so far is marked as a part', async ({ page, server }) => {
  server.faults.add({ match: { operation: 'ListObjects' }, effect: { kind: 'latency', ms: 1500 } });
  const row = rowOf(page, 'bins');
  await chooseFromMenu(page, row, t('browse.folder-size.count'));
  await expect(row.getByTitle(t('browse.folder-size.counting', counted(1_000)))).toContainText('≥ 9.7 KB');
  await chooseFromMenu(page, row, t('browse.folder-size.stop'));
  await expect(row.getByTitle(t('browse.folder-size.stopped', counted(1_000)))).toContainText('≥ 9.7 KB');
  server.faults.clear();
  await chooseFromMenu(page, row, t('browse.folder-size.count'));
  await expect(row.getByTitle(t('browse.folder-size.done', counted(2_000)))).toHaveText('19.5 KB');
});

test('a folder that is slow to come says so, can be left, and shows nothing in another one', async ({
  page,
  server,
}) => {
  server.faults.add({ match: { operation: 'ListObjects' }, effect: { kind: 'latency', ms: 1500 } });
  await rowOf(page, 'bins').dblclick();
  await expect(page.getByRole('main').locator('[aria-busy="true"]')).toBeVisible();
  await expect(rowOf(page, name(0))).toBeHidden();
  await expect(page.getByText(t('browse.empty'))).toBeHidden();

  await page.keyboard.press('Alt+ArrowLeft');
  await expect(rowOf(page, name(0))).toBeVisible();
  // Two pages are counted, so that the answer about the folder that was left has come by then.
  await chooseFromMenu(page, rowOf(page, 'bins'), t('browse.folder-size.count'));
  await expect(rowOf(page, 'bins').getByTitle(t('browse.folder-size.done', counted(2_000)))).toBeVisible();
  await expect(rowOf(page, name(0))).toBeVisible();
  await expect(rowOf(page, '7')).toBeHidden();
});

test('columns are made wider, hidden, and are so at the next start', async ({ page, server, home, started }) => {
  expect(server.region).toBe('cn-hangzhou');
  const edge = page.getByRole('separator', {
    name: t('browse.column.resize', { column: t('browse.column.modified') }),
  });
  const width = async () => Number(await edge.getAttribute('aria-valuenow'));
  const before = await width();
  await edge.focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(width).toBe(before + 8);
  const box = await edge.boundingBox();
  if (box === null) throw new Error('the edge is not visible');
  await page.mouse.move(box.x + 4, box.y + 8);
  await page.mouse.down();
  await page.mouse.move(box.x - 46, box.y + 8, { steps: 5 });
  await page.mouse.up();
  await expect.poll(width).toBe(before + 58);
  await sizeHeader(page).click({ button: 'right' });
  await page.getByRole('menuitem', { name: t('common.storage-class') }).click();
  await expect(page.getByRole('columnheader', { name: t('common.storage-class') })).toBeHidden();

  await started.app.close();
  const again = await home.launch();
  await openBucket(again.page, 'archive');
  const edgeAgain = again.page.getByRole('separator', {
    name: t('browse.column.resize', { column: t('browse.column.modified') }),
  });
  await expect(edgeAgain).toHaveAttribute('aria-valuenow', String(before + 58));
  await expect(again.page.getByRole('columnheader', { name: t('common.storage-class') })).toBeHidden();
});
