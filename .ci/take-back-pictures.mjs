// The pictures of revoking a link: the share dialog of one that can be revoked, and the ways to revoke it. In English
// alone, as the documents are.
import { shootDialog } from './hand-in-pictures.mjs';

/** @typedef {import('./hand-in-pictures.mjs').Stage} Stage */

const recipient = 'Lin, Harbour Survey';

/**
 * Takes docs/pictures/{revocable,take-back}-light-en.png. The account of the stage has a role.
 * @param {Pick<Stage, 'page' | 'words'>} stage
 * @param {{ bucket: string, file: string }} shared
 */
export async function takeBackPictures({ page, words }, { bucket, file }) {
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: bucket, exact: true }).click();
  await page.getByRole('row').filter({ hasText: file }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: words['browse.share'] }).click();
  await dialog.getByText(words['share.expiry.preset.86400'], { exact: true }).click();
  await dialog.getByRole('checkbox', { name: words['share.revocable'] }).check();
  await dialog.getByText(words['share.limit.revocable']).waitFor();
  await shootDialog(dialog, 'revocable');
  await dialog.getByText(words['share.more'], { exact: true }).click();
  await dialog.getByRole('textbox', { name: words['share.recipient'], exact: true }).fill(recipient);
  await dialog.getByRole('button', { name: words['share.make'] }).click();
  await dialog.getByRole('textbox', { name: words['share.link'] }).waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: words['ledger.title'], exact: true }).click();
  await page.getByRole('row').filter({ hasText: recipient }).first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: words['ledger.revoke'] }).click();
  await dialog.getByRole('button', { name: words['ledger.end.do.deny-session'] }).waitFor();
  await shootDialog(dialog, 'take-back');
  await page.keyboard.press('Escape');
}
