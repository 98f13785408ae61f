// The pictures of a share page: as somebody sees it who has no Waybill.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright';
import { root, say } from './steps.mjs';

/**
 * Takes docs/pictures/page-{light,dark}-LOCALE.png of a page.
 * @param {{ path: string, locale: 'en' | 'zh-CN', executablePath: string }} given
 */
export async function takePagePictures({ path, locale, executablePath }) {
  const browser = await chromium.launch({ executablePath, chromiumSandbox: false });
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const context = await browser.newContext({ locale, colorScheme, viewport: { width: 1080, height: 760 } });
    let shades = 0;
    await context.route(/^https:/, (route) => {
      // OSS scales images down; the practice server doesn't, and holds none. A byte that a page may read offers checks.
      if (!route.request().url().includes('x-oss-process'))
        return route.fulfill({ status: 206, body: ' ', headers: { 'access-control-allow-origin': '*' } });
      shades += 1;
      return route.fulfill({ contentType: 'image/svg+xml', body: harbour(200 + shades * 25) });
    });
    const page = await context.newPage();
    await page.goto(pathToFileURL(path).href);
    for (const place of [1, 3]) await page.locator('tbody').getByRole('checkbox').nth(place).check();
    await page.locator('tbody img').first().scrollIntoViewIfNeeded();
    await page.evaluate(() => {
      window.scrollTo(0, 0);
      return Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
    });
    const picture = join(root, 'docs', 'pictures', `page-${colorScheme}-${locale}.png`);
    await page.screenshot({ path: picture });
    say(`Wrote ${picture}`);
    await context.close();
  }
  await browser.close();
}

/**
 * Something that passes for a photograph at 40 pixels.
 * @param {number} hue
 */
function harbour(hue) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="150"><rect width="200" height="150" fill="hsl(${hue} 45% 72%)"/>
<path d="M0 95h200v55H0z" fill="hsl(${hue + 10} 40% 42%)"/><path d="M60 95V35l70 12M60 35l-22 8M112 44v28" stroke="hsl(20 60% 40%)" stroke-width="7" fill="none"/>
<path d="M25 100h120l-14 22H40z" fill="hsl(${hue + 150} 45% 35%)"/></svg>`;
}
