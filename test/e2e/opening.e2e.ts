// Files opened in another program: by menu, key and palette, with a program of one's own, and those that are refused.
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { ElectronApplication, Page } from 'playwright';
import { t } from '../support/words.ts';
import { answerDialogs } from './support/desktop.ts';
import { expect, test } from './support/practice.ts';
import { chooseFromMenu, dropIntoFolder, openBucket, openPractice, rowOf } from './support/waybill.ts';

/** The menu item, with its key: another one begins with the same word. */
const openItem = `${t('browse.open')} Ctrl+O`;

/** Notes what the system is asked to open from now on, and opens nothing. */
async function noteOpened(app: ElectronApplication): Promise<() => Promise<string[]>> {
  await app.evaluate(({ shell }) => {
    const paths: string[] = [];
    Object.assign(globalThis, { openedPaths: paths });
    shell.openPath = (path: string) => {
      paths.push(path);
      return Promise.resolve('');
    };
  });
  return () => app.evaluate(() => (globalThis as unknown as { openedPaths: string[] }).openedPaths);
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
}

async function upload(page: Page, folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  const paths = Object.keys(files).map((name) => join(folder, name));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  await dropIntoFolder(page, paths);
  for (const name of Object.keys(files)) await expect(rowOf(page, name)).toBeVisible();
}

test('a file is opened by the menu, by a key and from the palette, and is gone after Waybill quits', async ({
  started,
  home,
}) => {
  const { app, page } = started;
  const openedPaths = await noteOpened(app);
  await upload(page, home.folder, { 'notes.txt': 'what is written' });

  await chooseFromMenu(page, rowOf(page, 'notes.txt'), openItem);
  await expect.poll(openedPaths).toHaveLength(1);
  const [path = ''] = await openedPaths();
  expect(basename(path)).toBe('notes.txt');
  expect(await readFile(path, 'utf8')).toBe('what is written');

  await rowOf(page, 'notes.txt').click();
  await page.keyboard.press('ControlOrMeta+O');
  await expect.poll(openedPaths).toEqual([path, path]);

  await page.keyboard.press('ControlOrMeta+K');
  await page.keyboard.type(t('browse.open'));
  await page
    .getByRole('option', { name: t('browse.open') })
    .first()
    .click();
  await expect.poll(openedPaths).toEqual([path, path, path]);

  await app.close();
  expect(readdirSync(join(home.profile, 'opened'))).toEqual([]);
});

test('a program of one’s own shows a file', async ({ started, home }) => {
  const { app, page } = started;
  const openedPaths = await noteOpened(app);
  await upload(page, home.folder, { 'data.csv': 'a,b\n1,2\n' });
  const bin = join(home.folder, 'bin');
  const program = join(bin, 'viewer');
  const note = join(home.folder, 'seen.txt');
  await mkdir(bin);
  await writeFile(program, `#!/bin/sh\ncat "$1" > '${note}'\n`);
  await chmod(program, 0o755);
  await answerDialogs(app, [program]);
  await chooseFromMenu(page, rowOf(page, 'data.csv'), t('opening.with'));
  await expect.poll(() => readFile(note, 'utf8').catch(() => '')).toBe('a,b\n1,2\n');
  expect(await openedPaths()).toEqual([]);

  await test.step('nothing is fetched if no program is chosen', async () => {
    await answerDialogs(app, []);
    await chooseFromMenu(page, rowOf(page, 'data.csv'), t('opening.with'));
    expect(await openedPaths()).toEqual([]);
  });
});

test('what could run is not opened: the window says why, and downloads it if asked', async ({ started, home }) => {
  const { app, page } = started;
  const openedPaths = await noteOpened(app);
  await upload(page, home.folder, { 'setup.exe': 'MZ', 'build.sh': 'echo hello' });
  const dialog = page.getByRole('dialog');

  await rowOf(page, 'setup.exe').click();
  await page.keyboard.press('ControlOrMeta+O');
  await expect(dialog).toContainText(t('opening.program', { name: 'setup.exe' }));
  await expect(dialog.getByRole('button', { name: t('opening.with') })).toBeHidden();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: t('browse.download') }).click();
  await expect.poll(() => readFile(join(home.downloads, 'setup.exe'), 'utf8').catch(() => '')).toBe('MZ');

  await chooseFromMenu(page, rowOf(page, 'build.sh'), openItem);
  await expect(dialog).toContainText(t('opening.program.script'));
  await expect(dialog.getByRole('button', { name: t('opening.with') })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  expect(await openedPaths()).toEqual([]);
});

test('a system that has no program for a file is told as such', async ({ started, home }) => {
  const { app, page } = started;
  await upload(page, home.folder, { 'odd.qqq': 'x' });
  await app.evaluate(({ shell }) => {
    shell.openPath = () => Promise.resolve('no application is registered');
  });
  await chooseFromMenu(page, rowOf(page, 'odd.qqq'), openItem);
  await expect(page.getByRole('status', { name: t('common.news') })).toContainText(t('failure.input.no-program'));
});
