import type { Locator, Page } from 'playwright';
import type { BenchServer } from './list/list.ts';
import { type Spread, spreadOf } from './spread.ts';

/** Adds the server as an account, and opens its bucket. */
export async function openBucketOf(page: Page, { endpoint, accessKeyId, accessKeySecret }: BenchServer): Promise<void> {
  await page.getByRole('button', { name: 'Add an account' }).click();
  const form = page.getByRole('dialog', { name: 'Add an account' });
  await form.getByLabel('AccessKey ID').fill(accessKeyId);
  await form.getByLabel('AccessKey secret').fill(accessKeySecret);
  await form.getByText('Server', { exact: true }).click();
  await form.getByText('Custom endpoint').click();
  await form.getByLabel('Endpoint', { exact: true }).fill(endpoint);
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'bench', exact: true }).click();
}

/** Turns the wheel over a list for about four seconds. @returns the milliseconds between two frames */
export async function scrollFor(page: Page, list: Locator): Promise<Spread> {
  const box = await list.boundingBox();
  if (box === null) throw new Error('the list is not visible');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.evaluate(() => {
    const frames: number[] = [];
    let last = performance.now();
    const note = (now: number): void => {
      frames.push(now - last);
      last = now;
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
    Object.assign(globalThis, { frames });
  });
  const end = performance.now() + 4000;
  while (performance.now() < end) await page.mouse.wheel(0, 400);
  const frames = await page.evaluate(() => (globalThis as unknown as { frames: number[] }).frames);
  return spreadOf(frames.slice(1));
}
