// The list of places on the left: its width, the links on top, menus of buckets, bookmarks in an order of one's own.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { t } from '../support/words.ts';
import { expect, test } from './support/app.ts';
import { ask, chooseFromMenu, goTo, openBucket, openPractice, rowOf } from './support/waybill.ts';

const railOf = (page: Page) => page.getByRole('navigation', { name: t('rail.label') });
const linksOf = (page: Page) => railOf(page).getByRole('button', { name: t('ledger.title'), exact: true });

test('its width is dragged, set by keys, kept for the next start, and a double click takes it back', async ({
  page,
  started,
  home,
}) => {
  await openPractice(page);
  const edge = page.getByRole('separator', { name: t('rail.resize') });
  const widthOf = async (of: Page) => Math.round((await railOf(of).boundingBox())?.width ?? 0);
  const usual = await widthOf(page);
  const box = (await edge.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const [x, y] = [box.x + box.width / 2, box.y + 200];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 40, y, { steps: 4 });
  await page.mouse.move(x + 80, y, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => widthOf(page)).toBe(usual + 80);
  await edge.focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => widthOf(page)).toBe(usual + 64);
  await expect.poll(async () => (await ask(page, 'app.info', {})).settings.railWidth).toBe(usual + 64);
  await started.app.close();
  const again = await home.launch();
  await expect.poll(() => widthOf(again.page)).toBe(usual + 64);
  await again.page.getByRole('separator', { name: t('rail.resize') }).dblclick();
  await expect.poll(() => widthOf(again.page)).toBe(usual);
});

test('the next start begins where the last one was left', async ({ page, started, home }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await expect(rowOf(page, 'Welcome to Waybill.txt')).toBeVisible();
  await openBucket(page, 'waybill-versions');
  await expect(rowOf(page, 'price-list.csv')).toBeVisible();
  await started.app.close();
  const again = await home.launch();
  await expect(rowOf(again.page, 'price-list.csv')).toBeVisible();
  await goTo(again.page, 'oss://');
  await expect(again.page.getByRole('grid', { name: t('browse.buckets') })).toBeVisible();
  await again.app.close();
  const third = await home.launch();
  await expect(third.page.getByRole('grid', { name: t('browse.buckets') })).toBeVisible();
});

test('the links stand on top, and say how many of them work', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await expect(linksOf(page)).toHaveText(t('ledger.title'));
  await chooseFromMenu(page, rowOf(page, 'Welcome to Waybill.txt'), t('browse.copy-link'));
  await expect(linksOf(page)).toHaveText(new RegExp(`${t('ledger.title')}\\s*1`));
  await expect(linksOf(page)).toHaveAccessibleDescription(t('rail.live-links', { count: 1, shown: '1' }));
  const [first] = await railOf(page).getByRole('button').all();
  await expect(first ?? page.locator('none')).toHaveAccessibleName(/Practice/);
  await expect(railOf(page).getByRole('button').nth(1)).toHaveAccessibleName(t('ledger.title'));
});

test('a bucket has its menu here too', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await chooseFromMenu(page, railOf(page).getByRole('button', { name: 'waybill-versions' }), t('bucket.properties'));
  await expect(page.getByRole('dialog')).toContainText('waybill-versions');
});

test('bookmarks get names, and an order by the keyboard and by dragging', async ({ page }) => {
  await openPractice(page);
  for (const bucket of ['waybill-inbox', 'waybill-samples', 'waybill-versions']) {
    await openBucket(page, bucket);
    await page.keyboard.press('ControlOrMeta+D');
  }
  const order = async () => (await railOf(page).getByRole('list').last().getByRole('button').allInnerTexts()).join(' ');
  await expect.poll(order).toBe('waybill-inbox waybill-samples waybill-versions');

  const list = railOf(page).getByRole('list').last();
  await list.getByRole('button', { name: 'waybill-versions' }).focus();
  await page.keyboard.press('Alt+Shift+ArrowUp');
  await expect.poll(order).toBe('waybill-inbox waybill-versions waybill-samples');
  await list.getByRole('button', { name: 'waybill-versions' }).focus();
  await page.keyboard.press('F2');
  const dialog = page.getByRole('dialog', { name: t('places.rename.title') });
  await expect(dialog.getByLabel(t('common.name'), { exact: true })).toBeFocused();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await page.keyboard.type('Invoices');
  await page.keyboard.press('Enter');
  await expect.poll(order).toBe('waybill-inbox Invoices waybill-samples');

  const target = list.getByRole('button', { name: 'waybill-inbox' });
  await list.getByRole('button', { name: 'waybill-samples' }).dragTo(target, { targetPosition: { x: 40, y: 3 } });
  await expect.poll(order).toBe('waybill-samples waybill-inbox Invoices');

  await page.keyboard.press('ControlOrMeta+K');
  await page.keyboard.type('Invoices');
  await page.keyboard.press('Enter');
  await expect(rowOf(page, 'price-list.csv')).toBeVisible();
});
