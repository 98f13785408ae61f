// Files edited in another program: saves come back, conflicts are asked about, and what isn't saved survives a restart.
import { readFile, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { ElectronApplication, Page } from 'playwright';
import { counted, t } from '../support/words.ts';
import { addAccount, ownerOf, test as base } from './support/accounts.ts';
import { expect, type Home } from './support/app.ts';
import { answerQuestions } from './support/desktop.ts';
import { aliOss } from './support/practice.ts';
import { chooseFromMenu, openBucket, rowOf } from './support/waybill.ts';

const bucket = 'waybill-inbox';

interface Shared {
  put(key: string, text: string): Promise<void>;
  read(key: string): Promise<string>;
}

const test = base.extend<{ shared: Shared }>({
  shared: async ({ serve, page }, use) => {
    const server = await serve();
    const client = aliOss(server, bucket);
    await addAccount(page, { name: 'Depot', ...ownerOf(server) });
    await use({
      put: async (key, text) => void (await client.put(key, Buffer.from(text))),
      read: async (key) => String(((await client.get(key)) as { content: Buffer }).content),
    });
  },
});

/** Notes what the system is asked to open, and opens nothing. */
async function noteOpened(app: ElectronApplication): Promise<() => Promise<string>> {
  await app.evaluate(({ shell }) => {
    const paths: string[] = [];
    Object.assign(globalThis, { openedPaths: paths });
    shell.openPath = (path: string) => {
      paths.push(path);
      return Promise.resolve('');
    };
  });
  return () => app.evaluate(() => (globalThis as unknown as { openedPaths: string[] }).openedPaths.at(-1) ?? '');
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
}

const news = (page: Page) => page.getByRole('status', { name: t('common.news') });

/** Edits a file by keyboard, and returns the path of the copy. */
async function edit({ app, page }: { app: ElectronApplication; page: Page }, name: string): Promise<string> {
  const openedPath = await noteOpened(app);
  await openBucket(page, bucket);
  await rowOf(page, name).click();
  await page.keyboard.press('ControlOrMeta+E');
  await expect.poll(openedPath).toContain(name);
  return openedPath();
}

test('a save in an editor comes back, and the list of files ends the edit', async ({ started, home, shared }) => {
  const { page } = started;
  await shared.put('notes.txt', 'old');
  const path = await edit(started, 'notes.txt');
  expect(await readFile(path, 'utf8')).toBe('old');
  await writeFile(path, 'new');
  await expect(news(page)).toContainText(t('editing.saved', { name: 'notes.txt' }));
  expect(await shared.read('notes.txt')).toBe('new');

  await page.getByRole('button', { name: t('editing.count', counted(1)) }).click();
  const dialog = page.getByRole('dialog', { name: t('editing.title') });
  await expect(dialog.getByRole('listitem')).toContainText(t('editing.state.saved'));
  await expectAccessible(page);
  await dialog.getByRole('button', { name: t('editing.finish') }).click();
  await expect(dialog).toContainText(t('editing.none'));
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: t('editing.count', counted(1)) })).toBeHidden();
  expect(readdirSync(join(home.profile, 'edited'))).toEqual([]);
});

test('a conflict is asked about: both files stay, or one of them after a question of the system', async ({
  started,
  shared,
}) => {
  const { app, page } = started;
  await shared.put('plan.txt', 'base');
  const path = await edit(started, 'plan.txt');
  await shared.put('plan.txt', 'theirs');
  await writeFile(path, 'mine');
  const dialog = page.getByRole('dialog', { name: t('editing.conflict.title', { name: 'plan.txt' }) });
  await expect(dialog).toBeVisible();
  expect(await shared.read('plan.txt')).toBe('theirs');
  await expectAccessible(page);

  await test.step('the system asks before changes are discarded', async () => {
    const questions = await answerQuestions(app, false);
    await dialog.getByRole('button', { name: t('editing.conflict.theirs') }).click();
    await expect.poll(questions).toEqual([t('editing.discard', { name: 'plan.txt' })]);
    expect(await readFile(path, 'utf8')).toBe('mine');
    await expect(dialog).toBeVisible();
  });

  await dialog.getByRole('button', { name: t('editing.conflict.both') }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect.poll(() => shared.read('plan (2).txt').catch(() => '')).toBe('mine');
  expect(await shared.read('plan.txt')).toBe('theirs');
});

async function restart(app: ElectronApplication, home: Home): Promise<{ app: ElectronApplication; page: Page }> {
  await app.close();
  return home.launch();
}

test('what isn’t saved survives a restart, is offered, and saved from the list', async ({
  started,
  home,
  serve,
  page,
}) => {
  const server = await serve();
  const client = aliOss(server, bucket);
  await addAccount(page, { name: 'Depot', ...ownerOf(server) });
  await client.put('draft.txt', Buffer.from('old'));
  const path = await edit(started, 'draft.txt');
  server.faults.add({
    match: { operation: 'PutObject' },
    effect: { kind: 'error', status: 403, code: 'AccessDenied' },
  });
  await writeFile(path, 'new');
  await expect(news(page)).toContainText(t('editing.unsaved', { name: 'draft.txt' }));
  const again = await restart(started.app, home);
  server.faults.clear();
  await expect(news(again.page)).toContainText(t('editing.kept', counted(1)));
  await news(again.page)
    .getByRole('button', { name: t('common.show') })
    .click();
  const dialog = again.page.getByRole('dialog', { name: t('editing.title') });
  await expect(dialog.getByRole('listitem')).toContainText(t('editing.state.kept'));
  await dialog.getByRole('button', { name: t('editing.save') }).click();
  await expect(dialog.getByRole('listitem')).toContainText(t('editing.state.saved'));
  expect(String(((await client.get('draft.txt')) as { content: Buffer }).content)).toBe('new');
});

test('the menu edits a file, too', async ({ started, shared }) => {
  await shared.put('menu.txt', 'old');
  const openedPath = await noteOpened(started.app);
  await openBucket(started.page, bucket);
  await chooseFromMenu(started.page, rowOf(started.page, 'menu.txt'), `${t('editing.edit')} Ctrl+E`);
  await expect.poll(openedPath).toContain('menu.txt');
});
