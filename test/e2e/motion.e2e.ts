// What moves in the window, and that nothing does for who asked the system for less motion.
import type { Page } from 'playwright';
import { t } from '../support/words.ts';
import { expect, test } from './support/app.ts';
import { makeFile } from './support/files.ts';
import {
  dropIntoFolder,
  openBucket,
  openPractice,
  rowOf,
  showTransfers,
  transferOf,
  verified,
} from './support/waybill.ts';

/** Notes every animation that begins from now on: its name and its length in milliseconds. */
async function watch(page: Page): Promise<() => Promise<Readonly<Record<string, number>>>> {
  await page.evaluate(() => {
    const seen: Record<string, number> = {};
    Object.assign(globalThis, { seen });
    document.addEventListener('animationstart', ({ animationName, target }) => {
      const { animationDuration } = getComputedStyle(target as Element);
      // Names of a component's own are prefixed.
      seen[animationName.replace(/^svelte-\w+-/, '')] = Number.parseFloat(animationDuration) * 1000;
    });
  });
  return () => page.evaluate(() => (globalThis as unknown as { seen: Record<string, number> }).seen);
}

/** Opens the details, the list of transfers and the settings, and uploads a file that is verified in sight. */
async function moveAll(page: Page, folder: string): Promise<void> {
  await rowOf(page, 'price-list.csv').click();
  await page.getByRole('button', { name: t('browse.inspector'), exact: true }).click();
  await expect(page.getByRole('complementary', { name: t('browse.inspector') })).toContainText('price-list.csv');
  await showTransfers(page);
  await makeFile(`${folder}/new.txt`, 100);
  await dropIntoFolder(page, [`${folder}/new.txt`]);
  await expect(transferOf(page, 'new.txt')).toContainText(verified);
  await page.keyboard.press('ControlOrMeta+Comma');
  await expect(page.getByRole('dialog', { name: t('settings.title') })).toBeVisible();
}

test.beforeEach(async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-versions');
});

test('details, transfers, dialogs and the tick of a verified file move for 120 to 150 milliseconds', async ({
  page,
  home,
}) => {
  const seen = await watch(page);
  await moveAll(page, home.folder);
  await expect
    .poll(async () => Object.keys(await seen()))
    .toEqual(expect.arrayContaining(['slide-in', 'unfold', 'rise', 'draw-tick']));
  const { shimmer: _endless, ...lengths } = await seen();
  for (const [name, length] of Object.entries(lengths)) {
    expect(length, name).toBeGreaterThanOrEqual(120);
    expect(length, name).toBeLessThanOrEqual(150);
  }
});

test('nothing moves with reduced motion', async ({ page, home }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const seen = await watch(page);
  await moveAll(page, home.folder);
  expect(await seen()).toEqual({});
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});
