// The pictures of who has access to a bucket: what is given to whom, and the rules afterwards. In English alone, as the
// documents are.
import { shootDialog } from './hand-in-pictures.mjs';

/** @typedef {import('./hand-in-pictures.mjs').Stage} Stage */

/** Whom access is given to, in which folder. */
const visitors = /** @type {const} */ ([
  { folder: '2026-11', to: 'access.to.account', who: '203456789012345678' },
  { folder: 'photos', to: 'access.to.role', who: 'arn:sts::1746495857600001:assumed-role/Survey/lin' },
]);

/**
 * Takes docs/pictures/{access,access-give}-light-en.png. Questions of main are answered with yes.
 * @param {Pick<Stage, 'page' | 'words'>} stage
 * @param {string} bucket
 */
export async function takeAccessPictures({ page, words }, bucket) {
  const dialog = page.getByRole('dialog');
  const openBucket = () => page.getByRole('button', { name: bucket, exact: true }).first().click();
  for (const { folder, to, who } of visitors) {
    await openBucket();
    await page.getByRole('row').filter({ hasText: folder }).first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: words['access.open'] }).click();
    await dialog.getByRole('button', { name: words['access.give'] }).click();
    await dialog.getByText(words[to], { exact: true }).click();
    await dialog.getByRole('textbox').first().fill(who);
    if (folder === 'photos') await shootDialog(dialog, 'access-give');
    await dialog.getByRole('button', { name: words['access.give.do'] }).click();
    await dialog.getByText(words['access.changed']).waitFor();
    await page.keyboard.press('Escape');
  }
  await page.getByRole('button', { name: words['browse.buckets'], exact: true }).first().click();
  await page.getByRole('row').filter({ hasText: bucket }).first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: words['access.open'] }).click();
  await dialog.getByText(words['access.allowed'], { exact: true }).waitFor();
  await shootDialog(dialog, 'access');
  await page.keyboard.press('Escape');
}
