// English and Simplified Chinese, light and dark: from the system, and switched while the app runs.
import { resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import en from '../../assets/locales/en.json' with { type: 'json' };
import zhCN from '../../assets/locales/zh-CN.json' with { type: 'json' };
import { startingWith, t, zh } from '../support/words.ts';
import { type Home, expect, test } from './support/app.ts';
import { chooseMenuItem } from './support/desktop.ts';

type Key = keyof typeof en;
const chinese = /[\u4e00-\u9fff]/;

test('on a Chinese system everything is Chinese, on every screen', async ({ home, display }) => {
  const app = await launchIn('zh-CN', home, display.env);
  const page = await app.firstWindow();
  const checked = async (screen: string): Promise<void> => {
    await test.step(screen, async () => expect(await leftInEnglish(page), screen).toEqual([]));
  };
  const dialog = page.getByRole('dialog');

  await expect(page.getByRole('heading', { name: zh('welcome.title') })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await checked('welcome');
  for (const label of await menuLabels(app)) expect(label).toMatch(chinese);

  await page.getByRole('button', { name: zh('accounts.form.title.new') }).click();
  const parts = ['temporary', 'advanced', 'server', 'server.endpoint'] as const;
  for (const part of parts.map((name) => `accounts.form.${name}` as const)) {
    await dialog.getByText(zh(part), { exact: true }).click();
  }
  await dialog.getByRole('button', { name: zh('common.save') }).click();
  await checked('account form');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await page.getByRole('button', { name: zh('welcome.practice') }).click();
  await expect(page.getByRole('grid', { name: zh('browse.buckets') })).toBeVisible();
  await checked('buckets');

  await page.getByRole('button', { name: 'waybill-versions' }).click();
  const row = page.getByRole('row').filter({ hasText: 'price-list.csv' });
  await expect(row).toBeVisible();
  await page.getByRole('button', { name: startingWith(zh('transfers.title')) }).click();
  await checked('folder and transfers');

  await row.click();
  await page.getByRole('button', { name: zh('browse.inspector') }).click();
  await expect(page.getByRole('complementary').getByText(zh('inspector.versions'))).toBeVisible();
  await checked('selection and details');

  await row.click({ button: 'right' });
  await expect(page.getByRole('menuitem').first()).toBeVisible();
  await checked('context menu');
  await page.getByRole('menuitem', { name: zh('browse.share') }).click();
  await dialog.getByRole('button', { name: zh('share.make') }).click();
  await expect(dialog.getByRole('textbox', { name: zh('share.link') })).toBeVisible();
  await checked('share dialog with its link');
  const link = await dialog.getByRole('textbox', { name: zh('share.link') }).inputValue();
  await dialog
    .getByRole('button', { name: zh('common.close') })
    .last()
    .click();

  await chooseMenuItem(app, 'open-link');
  await checked('open a link');
  await dialog.getByRole('textbox', { name: zh('receive.paste.title') }).fill(link);
  await dialog.getByRole('button', { name: zh('browse.open'), exact: true }).click();
  await dialog.getByRole('button', { name: zh('receive.check') }).click();
  await expect(dialog.getByText('text/csv')).toBeVisible();
  await checked('receive card, download');
  // A link that doesn't say what it is for. Only asking the server would show that its signature is of another.
  const either = new URL(link);
  either.searchParams.delete('response-content-disposition');
  await dialog.getByRole('button', { name: zh('receive.another') }).click();
  await dialog.getByRole('textbox', { name: zh('receive.paste.title') }).fill(either.href);
  await dialog.getByRole('button', { name: zh('browse.open'), exact: true }).click();
  await dialog.getByText(zh('browse.upload'), { exact: true }).first().click();
  await dialog.getByRole('button', { name: zh('receive.headers.add') }).click();
  await checked('receive card, upload');
  await page.keyboard.press('Escape');

  for (const command of ['new-folder', 'settings'] as const) {
    await chooseMenuItem(app, command);
    await expect(dialog).toBeVisible();
    await checked(command);
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }
  await page.keyboard.press('ControlOrMeta+K');
  await page.keyboard.type(zh('access.open'));
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText(zh('access.none'));
  await checked('who has access');
  await dialog.getByRole('button', { name: zh('access.give') }).click();
  await checked('give access');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await row.click();
  await page.keyboard.press('Delete');
  await expect(dialog).toBeVisible();
  await checked('delete');
  await app.close();
});

test('the language is switched while the app runs, menus and open screens included', async ({ started }) => {
  const { app, page } = started;
  await expect(page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  expect(await menuLabels(app)).toContain(t('menu.open-link'));
  expect(await leftInEnglish(page)).toContain(t('welcome.title'));

  await chooseMenuItem(app, 'settings');
  await page.getByRole('dialog').getByLabel(t('settings.language')).click();
  await page.getByRole('option', { name: '简体中文' }).click();
  await expect(page.getByRole('dialog', { name: zh('settings.title') })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  expect(await leftInEnglish(page)).toEqual([]);
  expect(await menuLabels(app)).toContain(zh('menu.open-link'));

  await page.getByRole('dialog').getByLabel(zh('settings.language')).click();
  await page.getByRole('option', { name: 'English' }).click();
  await expect(page.getByRole('dialog', { name: t('settings.title') })).toBeVisible();
  expect(await menuLabels(app)).toContain(t('menu.open-link'));
});

test('the chosen language and appearance are there again at the next start', async ({ home }) => {
  const first = await home.launch();
  await expect(first.page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  await chooseMenuItem(first.app, 'settings');
  await first.page.getByRole('dialog').getByText(t('settings.theme.dark'), { exact: true }).click();
  await expect.poll(() => isDark(first.page)).toBe(true);
  await first.page.getByRole('dialog').getByLabel(t('settings.language')).click();
  await first.page.getByRole('option', { name: '简体中文' }).click();
  await expect(first.page.getByRole('dialog', { name: zh('settings.title') })).toBeVisible();
  await first.app.close();

  const second = await home.launch();
  await expect(second.page.getByRole('heading', { name: zh('welcome.title') })).toBeVisible();
  expect(await isDark(second.page)).toBe(true);
});

test('light and dark follow the setting at once, for the system’s own dialogs too', async ({ started }) => {
  const { app, page } = started;
  const source = (): Promise<string> => app.evaluate(({ nativeTheme }) => nativeTheme.themeSource);
  await expect(page.getByRole('heading', { name: t('welcome.title') })).toBeVisible();
  await chooseMenuItem(app, 'settings');
  const settings = page.getByRole('dialog', { name: t('settings.title') });

  await settings.getByText(t('settings.theme.dark'), { exact: true }).click();
  await expect.poll(() => isDark(page)).toBe(true);
  await expect.poll(source).toBe('dark');

  await settings.getByText(t('settings.theme.light'), { exact: true }).click();
  await expect.poll(() => isDark(page)).toBe(false);
  await expect.poll(source).toBe('light');

  await settings
    .getByRole('radiogroup', { name: t('settings.theme') })
    .getByText(t('settings.system'))
    .click();
  await expect.poll(source).toBe('system');
});

function launchIn(lang: string, home: Home, env: Readonly<Record<string, string>>): Promise<ElectronApplication> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return _electron.launch({
    args: [resolve(import.meta.dirname, '../..'), `--user-data-dir=${home.profile}`, `--lang=${lang}`],
    env: { ...(Object.fromEntries(inherited) as Record<string, string>), ...env, HOME: home.folder },
    colorScheme: null,
  });
}

/** The labels of our own entries in the application menu; those that the system brings are in its language. */
function menuLabels(app: ElectronApplication): Promise<string[]> {
  return app.evaluate(({ Menu }) => {
    const ours = (menu: Electron.Menu | null): string[] =>
      menu?.items.flatMap((item) => [
        ...((item.id as string | undefined) === undefined || item.id === '' ? [] : [item.label]),
        ...ours(item.submenu ?? null),
      ]) ?? [];
    return ours(Menu.getApplicationMenu());
  });
}

function isDark(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const [red = 255] = getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? [];
    return Number(red) < 128;
  });
}

/** What can be read on the screen, or heard from it, in the words of the English catalogue. */
async function leftInEnglish(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node instanceof Element ? node : node.parentElement;
      if (element?.checkVisibility() !== true) continue;
      if (node instanceof Element) {
        found.push(...['aria-label', 'title', 'placeholder'].map((name) => node.getAttribute(name) ?? ''));
      } else found.push(node.textContent ?? '');
    }
    return found.map((text) => text.replace(/\s+/g, ' ').trim()).filter((text) => text !== '');
  });
  expect(texts.length).toBeGreaterThan(5);
  return texts.filter((text) => englishOnly.some((pattern) => pattern.test(text)));
}

/** Matches what the English catalogue says and the Chinese one does not; what is filled in may be anything. */
const englishOnly = (Object.keys(en) as Key[])
  .filter((key) => en[key] !== zhCN[key] && /[a-z]/i.test(en[key].replace(/\{[^{}]*\}/g, '')))
  .map((key) => {
    const words = en[key].split(/\{(?:[^{}]|\{[^{}]*\}|\{(?:[^{}]|\{[^{}]*\})*\})*\}/);
    return new RegExp(`^${words.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`);
  })
  // A pattern of placeholders alone says nothing.
  .filter((pattern) => !/^\^(\.\*|[^a-z])*\$$/i.test(pattern.source));
