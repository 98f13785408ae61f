// What a person asked the system for, or Waybill: less motion, more contrast, colours of their own, larger text.
import type { Page } from 'playwright';
import { t } from '../support/words.ts';
import { expect, test } from './support/app.ts';
import { chooseFromMenu, openBucket, openPractice } from './support/waybill.ts';

/** Goes through the main screens and looks at each. */
async function onEachScreen(page: Page, look: (screen: string) => Promise<void>): Promise<void> {
  await look('welcome');
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await expect(page.getByRole('row').filter({ hasText: '.txt' }).first()).toBeVisible();
  await look('folder');
  await page.getByRole('row').filter({ hasText: '.txt' }).first().click();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByRole('button', { name: t('share.make') })).toBeEnabled();
  await look('share');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('ControlOrMeta+,');
  await expect(page.getByRole('dialog', { name: t('settings.title') })).toBeVisible();
  await look('settings');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
  await look('links');
}

test('nothing moves for who asked for less motion', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await onEachScreen(page, async (screen) => {
    const moving = await page.evaluate(() => {
      const seconds = (list: string): number => Math.max(...list.split(',').map((one) => Number.parseFloat(one)));
      return [...document.querySelectorAll('*')].flatMap((element) => {
        const { animationName, animationDuration, transitionProperty, transitionDuration } = getComputedStyle(element);
        const moves =
          (animationName !== 'none' && seconds(animationDuration) > 0.01) ||
          (transitionProperty !== 'none' && seconds(transitionDuration) > 0.01);
        return moves ? [element.outerHTML.slice(0, 120)] : [];
      });
    });
    expect(moving, screen).toEqual([]);
  });
});

test('controls have an edge and the focus a ring in the system’s own colours', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await onEachScreen(page, async (screen) => {
    const bare = await page.evaluate(() => {
      const controls = document.querySelectorAll('button, input, textarea, [role="dialog"], [role="radio"]');
      return [...controls].flatMap((control) => {
        const { width, height } = control.getBoundingClientRect();
        const { appearance, borderTopWidth, borderTopStyle, outlineStyle, clipPath } = getComputedStyle(control);
        if (width < 2 || height < 2 || clipPath !== 'none') return [];
        // The system draws the box itself, edge included.
        if (control.matches('[type="checkbox"]') && appearance === 'auto') return [];
        const hasEdge = (borderTopStyle !== 'none' && borderTopWidth !== '0px') || outlineStyle !== 'none';
        return hasEdge ? [] : [control.outerHTML.slice(0, 160)];
      });
    });
    expect(bare, screen).toEqual([]);
    await page.keyboard.press('Tab');
    const ring = await page.evaluate(() => {
      // A field of the system that is drawn by its label shows the ring there.
      const focused = document.activeElement ?? document.body;
      return [focused, focused.parentElement, focused.nextElementSibling].some((element) => {
        if (element === null) return false;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
      });
    });
    expect(
      ring,
      `${screen}: the ring of ${await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 160) ?? '')}`,
    ).toBe(true);
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`edges of fields stand out for who asked for more contrast (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ contrast: 'more', colorScheme });
    await page.getByRole('button', { name: t('accounts.form.title.new') }).click();
    await expect(page.getByRole('dialog', { name: t('accounts.form.title.new') })).toBeVisible();
    const ratios = await page.evaluate(() => {
      const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      const luminance = (color: string): number => {
        if (context === null) throw new Error('no canvas');
        context.fillStyle = color;
        context.fillRect(0, 0, 1, 1);
        const [red = 0, green = 0, blue = 0] = [...context.getImageData(0, 0, 1, 1).data].map((byte) =>
          byte <= 10 ? byte / 3294.6 : ((byte / 255 + 0.055) / 1.055) ** 2.4,
        );
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const behind = luminance(
        getComputedStyle(document.querySelector('[role="dialog"]') ?? document.body).backgroundColor,
      );
      return [...document.querySelectorAll('[role="dialog"] input:not([type="radio"])')].map((field) => {
        const edge = luminance(getComputedStyle(field).borderTopColor);
        return (Math.max(edge, behind) + 0.05) / (Math.min(edge, behind) + 0.05);
      });
    });
    expect(ratios.length).toBeGreaterThan(1);
    for (const ratio of ratios) expect(ratio).toBeGreaterThanOrEqual(3);
  });
}

/** Boxes whose content is wider than they are, or that reach beyond the window. */
function boxesOutside(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const boxes = document.querySelectorAll(
      'body, main, nav, [role="dialog"], [role="toolbar"], section, header, footer',
    );
    return [...boxes]
      .filter((box) => box.clientWidth > 1 && getComputedStyle(box).clipPath === 'none')
      .flatMap((box) => {
        const over = box.scrollWidth - box.clientWidth;
        const { right, bottom } = box.getBoundingClientRect();
        const isOutside = right - innerWidth > 1 || (box.matches('[role="dialog"]') && bottom > innerHeight);
        return over > 1 || isOutside ? [`${over} ${Math.round(right)} ${box.outerHTML.slice(0, 120)}`] : [];
      });
  });
}

/** To the layout, zoom is a smaller window; the stand-in zooms by other means than Electron. */
const zoomed = { width: 533, height: 373 };

test('text half as large again fits into a window of 800 × 560', async ({ page }) => {
  await page.setViewportSize(zoomed);
  await onEachScreen(page, async (screen) => {
    expect(await boxesOutside(page), screen).toEqual([]);
  });
});

test('so does what a file’s menu and a folder’s permission open', async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  const file = page.getByRole('row').filter({ hasText: '.txt' }).first();
  await expect(file).toBeVisible();
  await page.setViewportSize(zoomed);
  const dialog = page.getByRole('dialog');
  const look = async (what: string): Promise<void> => {
    await expect(dialog).toBeVisible();
    expect(await boxesOutside(page), what).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  };
  for (const item of [t('browse.rename'), t('browse.copy-to'), t('properties.open'), t('browse.delete')]) {
    await chooseFromMenu(page, file, item);
    await look(item);
  }
  for (const command of [t('grant.open'), t('share.request'), t('accounts.add'), t('keys.title')]) {
    await page.keyboard.press('ControlOrMeta+K');
    await page.getByRole('combobox').fill(command);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('combobox', { name: t('palette.title') })).toBeHidden();
    await look(command);
  }
});
