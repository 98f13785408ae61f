// Ctrl+V of a picture from the clipboard: name and folder are asked, and the link is copied.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { t } from '../support/words.ts';
import { curl } from './support/curl.ts';
import { copiedLink } from './support/desktop.ts';
import { expect, test } from './support/practice.ts';
import { openBucket, openPractice, rowOf } from './support/waybill.ts';

/** A red pixel. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

/** Pastes a picture, with a text beside it or alone. */
async function pastePicture(page: Page, text = ''): Promise<void> {
  await page.evaluate(
    ([base64, beside]) => {
      const clipboardData = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      clipboardData.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
      if (beside !== '') clipboardData.setData('text/plain', beside);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    },
    [png, text] as const,
  );
}

test('a pasted picture is uploaded under a name in a folder, and its link is copied', async ({ started, home }) => {
  const { page, app } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  await pastePicture(page);
  const dialog = page.getByRole('dialog', { name: t('paste.title') });
  await expect(dialog.getByRole('img', { name: t('paste.preview') })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations).toEqual([]);
  const name = dialog.getByLabel(t('common.name'));
  await expect(name).toHaveValue(/\.png$/);
  await name.fill('pixel.png');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(rowOf(page, 'pixel.png')).toBeVisible();
  const { status, headers } = await curl(await copiedLink(app, 'pixel.png'));
  expect([status, headers['content-type'], Number(headers['content-length'])]).toEqual([200, 'image/png', 70]);
  await expect.poll(() => readdir(join(home.profile, 'pasted'))).toEqual([]);
});

test('a picture beside a text, as a spreadsheet copies it, is not asked about: the text is opened', async ({
  started,
}) => {
  const { page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  await pastePicture(page, 'oss://waybill-samples/');
  await expect(rowOf(page, 'Welcome to Waybill.txt')).toBeVisible();
  await expect(page.getByRole('dialog')).toBeHidden();
});
