// What ends otherwise than usual: drags over rows that go, pointers that the system takes, words half composed, and code.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { t } from '../support/words.ts';
import { expect, test } from './support/app.ts';
import { openBucket, openPractice, rowOf } from './support/waybill.ts';

test.beforeEach(async ({ page }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
});

test('the area for files is gone with the drag, though the row under it went first', async ({ page }) => {
  const area = page.getByText(t('browse.drop', { place: 'oss://waybill-samples/' }));
  const drag = (type: string, name: string, isGone: boolean) =>
    rowOf(page, name).evaluate(
      (row, event) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(['x'], 'freight.bin'));
        row.dispatchEvent(new DragEvent(event.type, { bubbles: true, dataTransfer }));
        if (event.isGone) row.remove();
      },
      { type, isGone },
    );
  await drag('dragenter', 'pictures', true);
  await drag('dragenter', 'reports', false);
  await expect(area).toBeVisible();
  await drag('dragleave', 'reports', false);
  await expect(area).toBeHidden();
});

test('a column stays as wide as it is once the system takes the pointer away', async ({ page }) => {
  const edge = page.getByRole('separator', {
    name: t('browse.column.resize', { column: t('browse.column.modified') }),
  });
  const width = async () => Number(await edge.getAttribute('aria-valuenow'));
  const before = await width();
  const box = await edge.boundingBox();
  if (box === null) throw new Error('the edge is not visible');
  await edge.evaluate((element) => {
    const letGo = ({ pointerId }: PointerEvent) => element.releasePointerCapture(pointerId);
    if (element instanceof HTMLElement)
      element.addEventListener('gotpointercapture', () =>
        element.addEventListener('pointermove', letGo, { once: true }),
      );
  });
  await page.mouse.move(box.x + 4, box.y + 8);
  await page.mouse.down();
  await page.mouse.move(box.x - 6, box.y + 8);
  await expect.poll(width).toBe(before + 10);
  // Over the edge again, with no button that this drag belongs to.
  await page.mouse.move(box.x - 6, box.y + 9);
  await page.mouse.move(box.x - 3, box.y + 9);
  expect(await width()).toBe(before + 10);
  await page.mouse.up();
});

test('Escape ends a word that is composed, not the filter or the dialog around it', async ({ page }) => {
  const filter = page.getByRole('textbox', { name: t('browse.filter') });
  await filter.fill('p');
  await compose(page, '运');
  await page.keyboard.press('Escape');
  await expect(filter).toHaveValue(/^p/);
  await endComposing(page);
  await page.keyboard.press('Escape');
  await expect(filter).toHaveValue('');

  await page.keyboard.press('ControlOrMeta+Shift+N');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('a');
  await compose(page, '单');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeVisible();
  await endComposing(page);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('an error of the page is in the log under the ID that the window names, without its secrets', async ({
  started,
}) => {
  const { app, page } = started;
  await page.evaluate(() => {
    setTimeout(() => {
      throw new TypeError('no rows in https://a.example/k?x-oss-signature=5ec12e7');
    });
  });
  const told = page.getByText(t('failure.bug.next', { logId: '' }).slice(0, 20));
  await expect(told).toBeVisible();
  const logId = /[0-9a-f]{8}/.exec((await told.textContent()) ?? '')?.[0] ?? 'no ID';
  const log = await readLog(app);
  expect(log).toContain(logId);
  expect(log).toContain('TypeError: no rows in https://a.example/k?x-oss-signature=[redacted]');
  expect(log).not.toContain('5ec12e7');
});

/** Begins a word, as an input method does. */
async function compose(page: Page, text: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  await session.detach();
}

async function endComposing(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Input.insertText', { text: 'x' });
  await session.detach();
}

async function readLog(app: ElectronApplication): Promise<string> {
  return readFile(join(await app.evaluate(({ app: electron }) => electron.getPath('logs')), 'main.log'), 'utf8');
}
