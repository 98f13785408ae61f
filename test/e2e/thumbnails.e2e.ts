// Pictures as thumbnails: by mouse and by keyboard, kept at the next start.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright';
import { t } from '../support/words.ts';
import { addAccount, ownerOf, test } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { aliOss } from './support/practice.ts';
import { openBucket, rowOf } from './support/waybill.ts';

/** A PNG of one pixel. */
const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const tiles = (page: Page) => page.getByRole('listbox', { name: t('browse.content') });
const tileOf = (page: Page, name: string) => tiles(page).getByRole('option', { name });

async function chooseView(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: t('browse.view'), exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

test('pictures are shown as thumbnails, and gone through with arrows and letters', async ({ serve, home, started }) => {
  const { page } = started;
  const server = await serve();
  const client = aliOss(server, 'waybill-inbox');
  for (const name of ['dawn.png', 'dusk.png', 'noon.png']) await client.put(name, dot);
  await client.put('notes.txt', Buffer.from('text'));
  await client.put('broken.png', Buffer.from('no picture'));
  await addAccount(page, { name: 'Depot', ...ownerOf(server) });
  await openBucket(page, 'waybill-inbox');
  await expect(rowOf(page, 'dawn.png')).toBeVisible();
  await chooseView(page, t('browse.view.thumbnails'));
  const shown = async (name: string) =>
    tileOf(page, name)
      .locator('img')
      .evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0));
  for (const name of ['dawn.png', 'dusk.png', 'noon.png']) await expect.poll(() => shown(name)).toBe(1);
  // What can't be decoded keeps its icon.
  await expect(tileOf(page, 'broken.png').locator('img')).toHaveCount(0);
  await expect(tileOf(page, 'notes.txt').locator('svg')).toBeVisible();

  await tileOf(page, 'dawn.png').click();
  await tileOf(page, 'noon.png').click({ modifiers: ['Shift'] });
  await expect(tiles(page).getByRole('option', { selected: true })).toHaveCount(3);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(tileOf(page, 'dawn.png')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.type('note');
  await expect(tileOf(page, 'notes.txt')).toHaveAttribute('aria-selected', 'true');
  await expect(tiles(page).getByRole('option', { selected: true })).toHaveCount(1);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(tileOf(page, 'dawn.png')).toHaveAttribute('aria-selected', 'true');

  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);

  await started.app.close();
  const again = await home.launch();
  await openBucket(again.page, 'waybill-inbox');
  await expect(tileOf(again.page, 'noon.png')).toBeVisible();
  await chooseView(again.page, t('browse.view.list'));
  await expect(rowOf(again.page, 'noon.png')).toBeVisible();
});

test('rows have one of three heights, and a letter goes to a name in the list too', async ({ serve, page }) => {
  const server = await serve();
  const client = aliOss(server, 'waybill-inbox');
  for (const name of ['alpha.txt', 'beta.txt', 'gamma.txt']) await client.put(name, Buffer.from('text'));
  await addAccount(page, { name: 'Depot', ...ownerOf(server) });
  await openBucket(page, 'waybill-inbox');
  const height = async () => (await rowOf(page, 'beta.txt').boundingBox())?.height;
  await expect.poll(height).toBe(28);
  await chooseView(page, t('browse.density.compact'));
  await expect.poll(height).toBe(24);
  await chooseView(page, t('browse.density.comfortable'));
  await expect.poll(height).toBe(34);
  await page.getByRole('grid', { name: t('browse.content') }).focus();
  await page.keyboard.type('gam');
  await expect(rowOf(page, 'gamma.txt')).toHaveAttribute('aria-selected', 'true');
  await page
    .getByRole('columnheader', { name: t('browse.column.kind') })
    .getByRole('button')
    .click();
  await expect(rowOf(page, 'gamma.txt')).toContainText(t('browse.kind.document', { extension: 'TXT' }));
});
