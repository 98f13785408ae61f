// What files that are dropped or picked must tell, in Electron as in the stand-in.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright';
import { expect } from 'playwright/test';
import { type FixtureBridge, sharedTest as test, windowOf } from './launch-fixture.ts';

declare const fixture: FixtureBridge;

/** Drops files of the disk on the page, as a file manager does. */
async function drop(page: Page, files: readonly string[]): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    const data = { items: [], files: [...files], dragOperationsMask: 1 };
    await cdp.send('Input.dispatchDragEvent', { type, x: 200, y: 300, data });
  }
}

test.describe('webUtils.getPathForFile', () => {
  test('a dropped file and a dropped folder give their paths', async ({ page, folder }) => {
    const file = path.join(folder, '文件 1.txt');
    const directory = path.join(folder, 'a folder');
    writeFileSync(file, 'hello');
    mkdirSync(directory);
    await drop(page, [file, directory]);
    await expect(page.getByRole('listitem')).toHaveText([file, directory]);
  });

  test('files that look alike are told apart', async ({ page, folder }) => {
    const files = ['one', 'two'].map((name) => path.join(folder, name, 'same.txt'));
    for (const file of files) {
      mkdirSync(path.dirname(file));
      writeFileSync(file, 'same');
    }
    await drop(page, files);
    await expect(page.getByRole('listitem')).toHaveText(files);
  });

  test('200 files dropped together give all their paths', async ({ page, folder }) => {
    const files = Array.from({ length: 200 }, (_, index) => path.join(folder, `file-${index}`));
    for (const file of files) writeFileSync(file, '');
    await drop(page, files);
    await expect(page.getByRole('listitem')).toHaveText(files);
  });

  test('what main sends while paths are asked for arrives, and in order', async ({ app, page, folder }) => {
    const file = path.join(folder, 'dropped.txt');
    writeFileSync(file, 'x');
    const ticks = await page.evaluateHandle(() => {
      const heard: number[] = [];
      fixture.on('tick', (tick) => heard.push(tick));
      return heard;
    });
    const sending = await (
      await windowOf(app, page)
    ).evaluateHandle(({ webContents }) => {
      const state = { sent: 0, stop: () => clearInterval(timer) };
      const timer = setInterval(() => webContents.send('tick', state.sent++));
      return state;
    });
    for (let drops = 1; drops <= 20; drops += 1) {
      await drop(page, [file]);
      await expect(page.getByRole('listitem')).toHaveCount(drops);
    }
    const sent = await sending.evaluate(({ sent, stop }) => (stop(), sent));
    await expect.poll(() => ticks.evaluate((heard) => heard.at(-1))).toBe(sent - 1);
    expect(await ticks.jsonValue()).toEqual(Array.from({ length: sent }, (_, tick) => tick));
  });

  test('a picked file gives its path', async ({ page, folder }) => {
    const file = path.join(folder, 'picked.txt');
    writeFileSync(file, 'x');
    await page.getByLabel('Pick files').setInputFiles(file);
    await expect(page.getByRole('listitem')).toHaveText([file]);
  });

  test('a file made by a script has no path', async ({ page }) => {
    expect(await page.evaluate(() => fixture.pathOf(new File(['x'], 'made.txt')))).toBe('');
  });
});
