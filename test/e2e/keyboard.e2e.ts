// Waybill without a mouse, and as a screen reader finds it.
import { AxeBuilder } from '@axe-core/playwright';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { counted, like, startingWith, t } from '../support/words.ts';
import { expect, test } from './support/app.ts';
import { curl } from './support/curl.ts';
import { answerDialogs, copiedLink } from './support/desktop.ts';
import { makeFile, sha256Of } from './support/files.ts';
import { openBucket, openPractice, rowOf, showTransfers, transferOf, verified } from './support/waybill.ts';

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 40; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(target).toBeFocused();
}

test('the main job is done with the keyboard alone', async ({ started, home }) => {
  const { app, page } = started;
  const { keyboard } = page;
  const grid = page.getByRole('grid', { name: t('browse.content') });
  const file = join(home.folder, 'parcel.bin');
  const sum = await makeFile(file, 90_000);

  await test.step('open the practice account and a bucket', async () => {
    await tabTo(page, page.getByRole('button', { name: t('welcome.practice') }));
    await keyboard.press('Enter');
    await tabTo(page, page.getByRole('button', { name: 'waybill-samples' }));
    await keyboard.press('Enter');
    await tabTo(page, grid);
  });

  await test.step('walk into a folder and back out', async () => {
    await keyboard.press('Home');
    await expect(rowOf(page, 'pictures')).toHaveAttribute('aria-selected', 'true');
    await keyboard.press('Enter');
    await expect(rowOf(page, 'harbour.png')).toBeVisible();
    await tabTo(page, grid);
    await keyboard.press('Backspace');
    await expect(rowOf(page, 'pictures')).toBeVisible();
  });

  await test.step('go to an address and upload a file', async () => {
    await keyboard.press('ControlOrMeta+L');
    // The menu's keys come by way of main; nobody types that fast.
    await expect(page.getByRole('combobox', { name: t('browse.address') })).toBeFocused();
    await keyboard.insertText('oss://waybill-samples/reports/2026/');
    await keyboard.press('Enter');
    await expect(rowOf(page, 'shipments.csv')).toBeVisible();
    await answerDialogs(app, [file]);
    await keyboard.press('ControlOrMeta+U');
    await expect(rowOf(page, 'parcel.bin')).toBeVisible();
  });

  const link = await test.step('copy a share link from the menu of the row', async () => {
    await tabTo(page, grid);
    await keyboard.press('Home');
    await expect(rowOf(page, 'notes')).toHaveAttribute('aria-selected', 'true');
    await keyboard.press('ArrowDown');
    await expect(rowOf(page, 'parcel.bin')).toHaveAttribute('aria-selected', 'true');
    await keyboard.press('Shift+F10');
    const item = page.getByRole('menuitem', { name: t('browse.copy-link') });
    await expect(item).toBeVisible();
    await keyboard.press('ArrowDown');
    if (!(await item.evaluate((element) => element === document.activeElement))) await keyboard.press('Home');
    await keyboard.press('Enter');
    await expect(page.getByText(t('browse.link-copied', { name: 'parcel.bin' }))).toBeVisible();
    return copiedLink(app, 'parcel.bin');
  });
  expect(await curl(link)).toMatchObject({ status: 200, sha256: sum });

  await test.step('make a link in the dialog', async () => {
    await tabTo(page, grid);
    await keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: t('share.title', { name: 'parcel.bin' }) });
    await expect(dialog.getByRole('radio', { name: t('share.method.GET') }).first()).toBeFocused();
    await keyboard.press('Tab');
    await expect(dialog.getByRole('button', { name: t('share.presets.save') })).toBeFocused();
    await keyboard.press('Tab');
    await expect(dialog.getByRole('radio', { name: t('share.expiry.preset.3600') })).toBeFocused();
    await keyboard.press('ArrowRight');
    await expect(dialog.getByRole('radio', { name: t('share.expiry.preset.86400') })).toBeChecked();
    await keyboard.press('Enter');
    await expect(dialog.getByRole('textbox', { name: t('share.link') })).toBeFocused();
    await expect
      .poll(async () => new URL(await copiedLink(app, 'parcel.bin')).searchParams.get('x-oss-expires'))
      .toBe('86400');
    await keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

  await test.step('paste the link and download', async () => {
    await keyboard.press('ControlOrMeta+V');
    const card = page.getByRole('dialog', { name: 'parcel.bin' });
    await expect(card.getByRole('button', { name: t('receive.download'), exact: true })).toBeFocused();
    await keyboard.press('Enter');
    await expect(card).toContainText(verified);
    expect(await sha256Of(join(home.downloads, 'parcel.bin'))).toBe(sum);
    await keyboard.press('Escape');
    await expect(card).toBeHidden();
  });
});

test('what is selected is downloaded and deleted with the keyboard', async ({ page, home }) => {
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await showTransfers(page);
  const grid = page.getByRole('grid', { name: t('browse.content') });
  await tabTo(page, grid);
  await page.keyboard.press('End');
  await expect(rowOf(page, '欢迎使用 Waybill.txt')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Shift+ArrowUp');
  await expect(page.getByRole('toolbar', { name: t('browse.commands') })).toContainText(
    t('browse.selected', counted(2)),
  );
  const download = page.getByRole('toolbar').getByRole('button', { name: t('browse.download') });
  await page.keyboard.press('Shift+Tab');
  for (let presses = 0; presses < 12 && !(await download.evaluate((at) => at === document.activeElement)); presses += 1)
    await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(transferOf(page, '欢迎使用 Waybill.txt')).toContainText(verified);
  expect((await readFile(join(home.downloads, '欢迎使用 Waybill.txt'))).length).toBeGreaterThan(0);

  await tabTo(page, grid);
  await page.keyboard.press('Delete');
  await expect(page.getByRole('dialog', { name: t('browse.delete.title', counted(2)) })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(rowOf(page, '欢迎使用 Waybill.txt')).toBeVisible();
  await tabTo(page, grid);
  await page.keyboard.press('Delete');
  await tabTo(
    page,
    page.getByRole('dialog').getByRole('button', { name: startingWith(t('browse.delete.do', counted(2))) }),
  );
  await page.keyboard.press('Enter');
  await expect(rowOf(page, '欢迎使用 Waybill.txt')).toBeHidden();
});

/** What axe finds that keeps somebody out, in a form that says where. */
async function barriers(page: Page): Promise<string[]> {
  const { violations, passes } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(passes.map(({ id }) => id)).toContain('color-contrast');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary ?? ''}`));
}

for (const theme of ['light', 'dark'] as const) {
  test(`no screen keeps anybody out, in the ${theme} theme`, async ({ started }) => {
    const { app, page } = started;
    await app.evaluate(({ nativeTheme }, chosen) => {
      nativeTheme.themeSource = chosen;
    }, theme);
    const dark = () => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
    await expect.poll(dark).toBe(theme === 'dark');
    await test.step('welcome', async () => {
      await expect(page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
      expect(await barriers(page)).toEqual([]);
    });
    await test.step('account form', async () => {
      await page.getByRole('button', { name: t('accounts.form.title.new') }).click();
      await page.getByText(t('accounts.form.temporary')).click();
      await page.getByText(t('accounts.form.server'), { exact: true }).click();
      await page.getByText(t('accounts.form.advanced')).click();
      expect(await barriers(page)).toEqual([]);
      await page.keyboard.press('Escape');
    });
    await test.step('browse, with details and transfers', async () => {
      await openPractice(page);
      await openBucket(page, 'waybill-samples');
      await showTransfers(page);
      await rowOf(page, 'Welcome to Waybill.txt').click();
      await page
        .getByRole('toolbar')
        .getByRole('button', { name: t('browse.download') })
        .click();
      await expect(transferOf(page, 'Welcome to Waybill.txt')).toContainText(verified);
      await page.getByRole('button', { name: t('browse.inspector') }).click();
      expect(await barriers(page)).toEqual([]);
    });
    await test.step('share, then receive', async () => {
      await rowOf(page, 'Welcome to Waybill.txt').dblclick();
      await page.getByRole('button', { name: t('share.make') }).click();
      await expect(page.getByRole('textbox', { name: t('share.link') })).toBeVisible();
      expect(await barriers(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: t('rail.open-link') }).click();
      expect(await barriers(page)).toEqual([]);
      await page.keyboard.press('ControlOrMeta+V');
      await expect(page.getByRole('dialog', { name: 'Welcome to Waybill.txt' })).toContainText(
        like('share.until.left', { moment: /.+/, length: /.+/ }),
      );
      expect(await barriers(page)).toEqual([]);
      await page.keyboard.press('Escape');
    });
    await test.step('who has access', async () => {
      await page.keyboard.press('ControlOrMeta+K');
      await page.keyboard.type(t('access.open'));
      await page.keyboard.press('Enter');
      await expect(page.getByRole('dialog')).toContainText(t('access.none'));
      expect(await barriers(page)).toEqual([]);
      await page.getByRole('button', { name: t('access.give') }).press('Enter');
      await page.getByText(t('access.more'), { exact: true }).click();
      expect(await barriers(page)).toEqual([]);
      await page.keyboard.press('Escape');
    });
    await test.step('settings', async () => {
      await page.getByRole('button', { name: t('rail.settings') }).click();
      for (const tab of await page.getByRole('tab').all()) {
        await tab.click();
        expect(await barriers(page)).toEqual([]);
      }
    });
  });
}
