// The window, the application menu, and starting twice.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { t } from '../support/words.ts';
import en from '../../assets/locales/en.json' with { type: 'json' };
import zhCN from '../../assets/locales/zh-CN.json' with { type: 'json' };
import { expect, test } from './support/app.ts';
import { answerDialogs, chooseMenuItem } from './support/desktop.ts';
import { makeFile } from './support/files.ts';
import { ask, chooseFromMenu, openBucket, openPractice, rowOf } from './support/waybill.ts';

test('the window opens where and as large as it was', async ({ home }) => {
  const bounds = { x: 120, y: 80, width: 1010, height: 690 };
  const first = await home.launch();
  await expect(first.page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  expect(await boundsOf(first.app)).toMatchObject({ width: 1280, height: 800 });
  await first.app.evaluate(({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted), bounds);
  await expect.poll(() => boundsOf(first.app)).toEqual(bounds);
  await first.app.close();

  const second = await home.launch();
  await expect(second.page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  await expect.poll(() => boundsOf(second.app)).toEqual(bounds);
});

test('closing the window while it still loads ends Waybill without a complaint', async ({ home }) => {
  const { app } = await home.launch();
  const running = app.process();
  const ended = once(running, 'exit');
  await app.evaluate(({ BrowserWindow, dialog }) => {
    dialog.showErrorBox = () => undefined;
    BrowserWindow.getAllWindows()[0]?.close();
  });
  expect(await ended).toEqual([0, null]);
});

test('a second start shows the window of the first and ends', async ({ started, home, display }) => {
  const { app, page } = started;
  await expect(page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  const isVisible = (): Promise<boolean | undefined> =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
  await expect.poll(isVisible).toBe(true);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  await expect.poll(isVisible).toBe(false);

  const [command = ''] = app.process().spawnargs;
  const args = [resolve(import.meta.dirname, '../..'), '--no-sandbox', `--user-data-dir=${home.profile}`];
  const env = { ...process.env, ...display.env, HOME: home.folder };
  const second = spawn(command, args, { stdio: 'ignore', env });
  expect(await once(second, 'exit')).toEqual([0, null]);
  await expect.poll(isVisible).toBe(true);
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

for (const [locale, words] of [
  ['en', en],
  ['zh-CN', zhCN],
] as const) {
  test(`every entry of the application menu does what it says (${locale})`, async ({ started, home }) => {
    const { app, page } = started;
    await openPractice(page);
    await openBucket(page, 'waybill-inbox');
    await ask(page, 'settings.set', { locale });
    await expect(page.locator('html')).toHaveAttribute('lang', locale);
    const choose = async (
      id: keyof typeof en extends infer K ? (K extends `menu.${infer Id}` ? Id : never) : never,
    ) => {
      expect(await labelOf(app, id)).toBe(words[`menu.${id}`]);
      await chooseMenuItem(app, id);
    };
    const dialog = page.getByRole('dialog');
    const transfers = page.getByRole('region', { name: words['transfers.title'] });

    for (const [id, title] of [
      ['open-link', 'receive.title'],
      ['add-account', 'accounts.form.title.new'],
      ['new-folder', 'browse.new-folder'],
      ['settings', 'settings.title'],
    ] as const) {
      await choose(id);
      await expect(dialog.getByRole('heading', { name: words[title], level: 2 })).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
    }

    await choose('toggle-transfers');
    await expect(transfers.getByText(words['transfers.empty.title']).last()).toBeVisible();

    const folder = join(home.folder, 'crate');
    await makeFile(join(folder, 'inner.bin'), 10);
    await answerDialogs(app, [join(folder, 'inner.bin')]);
    await choose('upload-files');
    await expect(page.getByRole('row').filter({ hasText: 'inner.bin' })).toBeVisible();
    await answerDialogs(app, [folder]);
    await choose('upload-folder');
    await expect(page.getByRole('row').filter({ hasText: 'crate' })).toBeVisible();
    await choose('toggle-transfers');
    await expect(transfers.getByRole('listitem').first()).toBeHidden();

    await choose('filter');
    await expect(page.getByRole('textbox', { name: words['browse.filter'] })).toBeFocused();
    await choose('go-to-address');
    await expect(page.getByRole('combobox', { name: words['browse.address'] })).toBeFocused();
    await page.keyboard.press('Escape');

    // Somebody else makes a folder; only asking again shows it.
    const [account] = await ask(page, 'accounts.list', {});
    const place = { accountId: account?.id ?? '', bucket: 'waybill-inbox' };
    await ask(page, 'objects.createFolder', { ...place, prefix: 'from-elsewhere/' });
    await choose('refresh');
    await expect(page.getByRole('row').filter({ hasText: 'from-elsewhere' })).toBeVisible();
  });
}

test('a small window cuts off and covers nothing that is needed', async ({ started }) => {
  const { app, page } = started;
  const bounds = { x: 0, y: 0, width: 800, height: 560 };
  await app.evaluate(({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted), bounds);
  await expect.poll(() => page.evaluate(() => innerWidth)).toBeLessThanOrEqual(800);
  const dialog = page.getByRole('dialog');
  const checked = async (screen: string): Promise<void> => {
    // What is cut with an ellipsis is measured by an observer, a frame after it was drawn.
    await test.step(screen, () => expect.poll(() => hardToReach(page), screen).toEqual([]));
  };
  const inBothLanguages = async (screen: string): Promise<void> => {
    await checked(`${screen}, English`);
    await ask(page, 'settings.set', { locale: 'zh-CN' });
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    await checked(`${screen}, Chinese`);
    await ask(page, 'settings.set', { locale: 'en' });
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  };

  await expect(page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  await inBothLanguages('welcome');
  await page.getByRole('button', { name: t('accounts.form.title.new') }).click();
  await inBothLanguages('account form');
  await page.keyboard.press('Escape');

  await openPractice(page);
  await inBothLanguages('buckets');
  await openBucket(page, 'waybill-samples');
  await expect(rowOf(page, 'Welcome to Waybill.txt')).toBeVisible();
  await chooseMenuItem(app, 'toggle-transfers');
  await page.getByRole('button', { name: t('browse.inspector') }).click();
  await inBothLanguages('folder, details and transfers');
  await rowOf(page, 'Welcome to Waybill.txt').click();
  await expect(page.getByRole('toolbar').getByRole('button', { name: t('browse.copy-link') })).toBeVisible();
  await inBothLanguages('selection');
  const news = page.getByRole('status', { name: t('common.news') });
  await page
    .getByRole('toolbar')
    .getByRole('button', { name: t('browse.copy-link') })
    .click();
  await news.hover();
  await checked('news');

  await chooseFromMenu(page, rowOf(page, 'Welcome to Waybill.txt'), t('browse.share'));
  await expect(dialog).toBeVisible();
  await expect(news.getByRole('button')).toBeHidden();
  await inBothLanguages('share dialog');
  await dialog.getByRole('button', { name: t('share.make') }).click();
  const link = await dialog.getByRole('textbox', { name: t('share.link') }).inputValue();
  await inBothLanguages('made link');
  await dialog
    .getByRole('button', { name: t('common.close') })
    .last()
    .click();
  await chooseMenuItem(app, 'open-link');
  await dialog.getByRole('textbox').fill(link);
  await dialog.getByRole('button', { name: t('browse.open'), exact: true }).click();
  await expect(dialog.getByRole('button', { name: t('receive.download') })).toBeVisible();
  await inBothLanguages('receive card');
});

function boundsOf(app: ElectronApplication): Promise<Electron.Rectangle | undefined> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
}

function labelOf(app: ElectronApplication, id: string): Promise<string | undefined> {
  return app.evaluate(({ Menu }, wanted) => Menu.getApplicationMenu()?.getMenuItemById(wanted)?.label, id);
}

/** Controls of the top layer that are outside the window, lie under something else, or have words cut off. */
function hardToReach(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const top = document.querySelector('[role=dialog]') ?? document.body;
    const controls = [
      ...top.querySelectorAll<HTMLElement>('button, input, textarea, select, summary, [role=combobox]'),
    ];
    const clips = (element: Element): boolean => /auto|scroll/.test(getComputedStyle(element).overflowY);
    /** What scrolling brings into view counts as reachable. */
    const isScrolledAway = (control: Element): boolean => {
      const { top, bottom } = control.getBoundingClientRect();
      for (let box = control.parentElement; box !== null; box = box.parentElement) {
        if (!clips(box)) continue;
        const frame = box.getBoundingClientRect();
        if (top < frame.top || bottom > frame.bottom) return true;
      }
      return false;
    };
    const isInside = ({ left, right, top, bottom }: DOMRect): boolean =>
      left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
    /** A name that is cut with an ellipsis can be read whole in its title. */
    const isCut = (control: HTMLElement): boolean => {
      const { tagName, title, textContent, scrollWidth, scrollHeight, offsetWidth, offsetHeight } = control;
      if (tagName !== 'BUTTON' || title === textContent.trim()) return false;
      return scrollWidth > offsetWidth + 1 || scrollHeight > offsetHeight + 1;
    };
    const problemOf = (control: HTMLElement): string | null => {
      const box = control.getBoundingClientRect();
      if (!isInside(box)) return 'is outside the window';
      const { left, top, width, height } = box;
      const hit = document.elementFromPoint(left + width / 2, top + height / 2);
      const label = control.closest('label');
      const isHit = hit !== null && (control.contains(hit) || label?.contains(hit) === true);
      if (!isHit) return `is covered by ${hit?.tagName ?? 'nothing'} ${hit?.className ?? ''}`;
      return isCut(control) ? 'has its words cut off' : null;
    };
    return controls
      .filter((control) => control.checkVisibility() && control.getBoundingClientRect().width > 1)
      .filter((control) => !isScrolledAway(control))
      .flatMap((control) => {
        const problem = problemOf(control);
        const name = control.getAttribute('aria-label') ?? control.textContent.trim();
        return problem === null ? [] : [`${control.tagName} “${name}” ${problem}`];
      });
  });
}
