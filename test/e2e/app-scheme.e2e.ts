import { expect, test } from './support/practice.ts';

/** Loads a file as a page can, which may fetch nothing: as a style sheet or as an image. */
const load = ([tag, address]: readonly ['link' | 'img', string]): Promise<string> =>
  new Promise((resolve) => {
    const element = document.createElement(tag);
    element.addEventListener('load', () => resolve('loaded'));
    element.addEventListener('error', () => resolve('refused'));
    if (element instanceof HTMLLinkElement) Object.assign(element, { rel: 'stylesheet', href: address });
    else element.src = address;
    document.head.append(element);
  });

test("a page reads the renderer's folder, and nothing outside it", async ({ started: { page } }) => {
  const own = await page.evaluate(() => document.querySelector('link[rel=stylesheet]')?.getAttribute('href') ?? '');
  const encoded = own.replace('./', '/').replaceAll('/assets/', '/assets%2f');
  expect(await page.evaluate(load, ['link', encoded] as const)).toBe('loaded');
  const outside = '/..%2f..%2fassets%2ficons%2ficon.png';
  expect(await page.evaluate(load, ['img', outside] as const)).toBe('refused');
  expect(await page.evaluate(load, ['img', `/assets${outside.replace('/', '%2f..%2f')}`] as const)).toBe('refused');
});
