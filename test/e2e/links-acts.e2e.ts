// Links, act by act: what was shared at once is one row that opens, by mouse and by keyboard.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { counted, t } from '../support/words.ts';
import { answerDialogs, copiedText } from './support/desktop.ts';
import { expect, test } from './support/practice.ts';
import { chooseOption } from './support/sharing.ts';
import { chooseFromMenu, openBucket, openPractice, rowOf } from './support/waybill.ts';

const FILE = 'Welcome to Waybill.txt';
const title = t('ledger.act', { ...counted(3), place: 'waybill-samples/' });

/** Shares a folder and a file, three files in all, and another file alone; then shows Links. */
async function shareAll(page: Page): Promise<void> {
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await chooseFromMenu(page, rowOf(page, '欢迎使用 Waybill.txt'), t('browse.copy-link'));
  await rowOf(page, 'reports').click();
  await rowOf(page, FILE).click({ modifiers: ['ControlOrMeta'] });
  await chooseFromMenu(page, rowOf(page, FILE), t('share.many'));
  const dialog = page.getByRole('dialog', { name: t('share.many.title', counted(2)) });
  await chooseOption(dialog, t('share.many.format'), t('share.many.format.manifest'));
  await dialog.getByRole('textbox', { name: t('share.recipient') }).fill('Li Wei');
  await dialog.getByRole('button', { name: t('share.many.copy') }).click();
  await expect(dialog).toContainText(t('share.many.copied', counted(3)));
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
}

test('files that were shared at once are one row, which the keyboard opens, walks and shares again', async ({
  started,
}) => {
  const { app, page } = started;
  await shareAll(page);
  const grid = page.getByRole('grid', { name: t('ledger.title') });
  const act = grid.getByRole('row').filter({ hasText: title });
  await expect(act).toContainText(t('ledger.act.format.manifest'));
  await expect(act).toContainText('Li Wei');
  await expect(grid).toContainText(t('ledger.day.today'));
  await expect(grid.getByText('handover.md')).toBeHidden();

  await grid.focus();
  await page.keyboard.press('Home');
  await expect(act).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowRight');
  await expect(grid.getByText('handover.md')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(act).toHaveAttribute('aria-selected', 'false');
  await page.keyboard.press('ArrowLeft');
  await expect(act).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(grid.getByText('handover.md')).toBeHidden();

  expect((await new AxeBuilder({ page }).setLegacyMode().analyze()).violations).toEqual([]);
  const bar = page.getByRole('toolbar', { name: t('ledger.selected.label') });
  await expect(bar).toContainText(t('browse.selected', counted(3)));
  await bar.getByRole('button', { name: t('ledger.renew.many') }).press('Enter');
  const again = page.getByRole('dialog', { name: t('share.many.title', counted(3)) });
  await expect(again.getByRole('textbox', { name: t('share.recipient') })).toHaveValue('Li Wei');
  await again.getByRole('button', { name: t('share.many.copy') }).click();
  await expect(again).toContainText(t('share.many.copied', counted(3)));
  expect(await copiedText(app)).toContain('"waybill":"share"');
  await page.keyboard.press('Escape');
  await expect(act).toHaveCount(2);
});

test('Links is filtered by kind, and what is selected is exported and removed with the mouse', async ({
  started,
  home,
}) => {
  const { app, page } = started;
  await shareAll(page);
  const grid = page.getByRole('grid', { name: t('ledger.title') });
  const act = grid.getByRole('row').filter({ hasText: title });
  const single = grid.getByRole('row').filter({ hasText: '欢迎使用 Waybill.txt' });
  await expect(single).toBeVisible();
  await page.getByRole('button', { name: t('browse.filter'), exact: true }).click();
  await page.getByRole('menuitem', { name: t('ledger.kind.grant') }).click();
  await expect(page.getByText(t('ledger.no-match.text'))).toBeVisible();
  await page.getByRole('button', { name: t('ledger.filter.chosen', { what: t('ledger.kind.grant') }) }).click();
  await page.getByRole('menuitem', { name: t('ledger.filter.all-kinds') }).click();

  await act.getByRole('button', { name: title }).click();
  await expect(grid.getByText('handover.md')).toBeVisible();
  await act.getByText(title).click();
  const bar = page.getByRole('toolbar', { name: t('ledger.selected.label') });
  await answerDialogs(app, [home.downloads]);
  await bar.getByRole('button', { name: t('ledger.export') }).click();
  await page.getByRole('menuitem', { name: t('ledger.export.selected.csv') }).click();
  await expect(page.getByText(t('ledger.exported'))).toBeVisible();
  const [name = ''] = await readdir(home.downloads);
  const table = await readFile(join(home.downloads, name), 'utf8');
  expect(table.trim().split('\n')).toHaveLength(4);
  expect(table).not.toContain('欢迎使用');

  await single.click({ modifiers: ['ControlOrMeta'] });
  await bar.getByRole('button', { name: t('ledger.plan'), exact: true }).click();
  const plan = page.getByRole('dialog', { name: t('ledger.plan.title') });
  await expect(plan).toContainText(title);
  // What is about one file revokes none of the others.
  await expect(plan).toContainText(t('ledger.remedy.disable-key'));
  await expect(plan.getByText(t('ledger.remedy.delete-object'), { exact: true })).toBeHidden();
  await plan.getByRole('button', { name: t('ledger.plan.next', { shown: '1' }) }).click();
  await expect(plan).toContainText('欢迎使用 Waybill.txt');
  await expect(plan.getByText(t('ledger.remedy.delete-object'), { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await act.getByText(title).click();

  await bar.getByRole('button', { name: t('ledger.remove') }).click();
  const dialog = page.getByRole('dialog', { name: t('ledger.remove.title', counted(3)) });
  await dialog.getByRole('button', { name: t('common.remove') }).click();
  await expect(act).toBeHidden();
  await expect(single).toBeVisible();
});
