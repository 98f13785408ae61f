// What files have beside their content: headers, tags, access, storage class, and restoring what is archived.
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from 'playwright';
import type { PracticeServer } from '../../main/practice/server.ts';
import { counted, like, startingWith, t } from '../support/words.ts';
import { addAccount, ownerOf, test as base } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { answerQuestions, copiedLink } from './support/desktop.ts';
import { aliOss } from './support/practice.ts';
import { chooseFromMenu, openBucket, rowOf, showTransfers, transferOf, verified } from './support/waybill.ts';

const bucket = 'waybill-inbox';

interface Seen {
  readonly headers: Record<string, string>;
  readonly tags: Record<string, string>;
  readonly acl: string;
}

/** The official SDK, beside Waybill. */
interface Ali {
  put(key: string, headers?: Record<string, string>): Promise<void>;
  see(key: string): Promise<Seen>;
  symlinkTarget(key: string): Promise<string>;
}

interface Raw {
  put(key: string, body: Buffer, options: { headers: Record<string, string> }): Promise<unknown>;
  head(key: string): Promise<{ res: { headers: Record<string, string> } }>;
  getObjectTagging(key: string): Promise<{ tag: Record<string, string> }>;
  getACL(key: string): Promise<{ acl: string }>;
  getSymlink(key: string): Promise<{ targetName: string }>;
}

const test = base.extend<{ server: PracticeServer; ali: Ali }>({
  server: async ({ serve }, use) => use(await serve({ restoreMs: 1_000 })),
  ali: async ({ server, page }, use) => {
    const raw = aliOss(server, bucket) as unknown as Raw;
    await addAccount(page, { name: 'Depot', ...ownerOf(server) });
    await use({
      async put(key, headers = {}) {
        await raw.put(key, Buffer.from(`content of ${key}`), { headers });
      },
      async see(key) {
        const [head, tagging, { acl }] = [await raw.head(key), await raw.getObjectTagging(key), await raw.getACL(key)];
        return { headers: head.res.headers, tags: tagging.tag, acl };
      },
      symlinkTarget: async (key) => (await raw.getSymlink(key)).targetName,
    });
  },
});

async function openProperties(page: Page, name: string): Promise<Locator> {
  await chooseFromMenu(page, rowOf(page, name), t('properties.open'));
  return page.getByRole('dialog', { name: t('properties.title', { name }) });
}

const tab = (dialog: Locator, name: string) => dialog.getByRole('tab', { name, exact: true });
const field = (dialog: Locator, name: string) => dialog.getByRole('textbox', { name, exact: true });
const downloadOf = (page: Page) => page.getByRole('toolbar').getByRole('button', { name: t('browse.download') });
const closeOf = (dialog: Locator) => dialog.getByRole('button', { name: t('common.close') }).last();

async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

test('headers, metadata and tags are changed with the mouse, and ali-oss sees them', async ({ page, ali }) => {
  await ali.put('report.csv', { 'x-oss-meta-owner': 'li', 'x-oss-tagging': 'team=blue' });
  await openBucket(page, bucket);
  const dialog = await openProperties(page, 'report.csv');
  await expect(dialog).toContainText('x-oss-meta-owner');
  await dialog.getByText(t('properties.general.all-headers')).click();
  await expect(dialog).toContainText('x-oss-hash-crc64ecma: ');
  await tab(dialog, t('properties.tab.headers')).click();
  await dialog.getByLabel('Cache-Control').fill('max-age=60');
  await dialog.getByRole('button', { name: t('rows.add'), exact: true }).click();
  await field(dialog, t('common.name')).last().fill('Colour');
  await field(dialog, t('rows.value')).last().fill('red');
  await expect(dialog).toContainText(t('properties.rewrite'));
  await tab(dialog, t('properties.tab.tags')).click();
  await expect(field(dialog, t('rows.value'))).toHaveValue('blue');
  await field(dialog, t('rows.value')).fill('50%');
  await dialog.getByRole('button', { name: t('common.save') }).click();
  await expect(dialog.getByRole('alert')).toContainText(t('failure.input.tags'));
  await field(dialog, t('rows.value')).fill('green');
  await dialog.getByRole('button', { name: t('common.save') }).click();
  await expect(dialog).toBeHidden();
  const { headers, tags } = await ali.see('report.csv');
  expect(headers).toMatchObject({
    'cache-control': 'max-age=60',
    'x-oss-meta-owner': 'li',
    'x-oss-meta-colour': 'red',
  });
  expect(tags).toEqual({ team: 'green' });
});

test('access and storage class are changed with the keyboard alone, public access with a warning', async ({
  started,
  ali,
}) => {
  const { app, page } = started;
  await ali.put('photo.jpg');
  await openBucket(page, bucket);
  await page.getByRole('grid', { name: t('browse.content') }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Alt+Enter');
  const dialog = page.getByRole('dialog', { name: t('properties.title', { name: 'photo.jpg' }) });
  await expect(tab(dialog, t('properties.tab.general'))).toBeVisible();
  await tab(dialog, t('properties.tab.general')).focus();
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowRight');
  await expect(tab(dialog, t('properties.tab.access'))).toBeFocused();
  await dialog.getByRole('radio', { name: t('properties.acl.default') }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(dialog.getByRole('radio', { name: t('properties.acl.public-read'), exact: true })).toBeChecked();
  await expect(dialog).toContainText(t('properties.acl.public-read.text'));
  await expect(dialog).toContainText(t('acl.blocked'));
  await tab(dialog, t('properties.tab.access')).focus();
  await page.keyboard.press('ArrowRight');
  await expect(tab(dialog, t('properties.tab.storage'))).toBeFocused();
  await dialog.getByLabel(t('common.storage-class')).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel(t('common.storage-class'))).toContainText(t('storage-class.IA'));
  const questions = await answerQuestions(app, true);
  await dialog.getByRole('button', { name: t('properties.acl.make-public') }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  expect(await questions()).toEqual([t('consent.public-read', { bucket })]);
  const { headers, acl } = await ali.see('photo.jpg');
  expect([headers['x-oss-storage-class'], acl]).toEqual(['IA', 'public-read']);
});

test('an archived file is restored before it is downloaded', async ({ page, ali }) => {
  await ali.put('old.tar', { 'x-oss-storage-class': 'ColdArchive' });
  await ali.put('new.txt');
  await openBucket(page, bucket);
  await expect(rowOf(page, 'old.tar').getByTitle(t('list.archived'))).toBeVisible();
  await rowOf(page, 'new.txt').click();
  await page.keyboard.press('ControlOrMeta+A');
  await downloadOf(page).click();
  const question = page.getByRole('dialog', { name: t('frozen.title', counted(1)) });
  await expect(question).toContainText('old.tar');
  await expect(question.getByRole('button', { name: t('frozen.others') })).toBeVisible();
  await expect(question.getByRole('button', { name: t('frozen.anyway') })).toBeHidden();
  await question.getByRole('button', { name: t('restore.open') }).click();
  const dialog = page.getByRole('dialog', { name: t('properties.title', { name: 'old.tar' }) });
  await expect(dialog.getByRole('status').first()).toHaveText(startingWith(t('restore.frozen')));
  await dialog.getByLabel(t('restore.days')).fill('3');
  await dialog.getByLabel(t('restore.tier')).click();
  await page.getByRole('option', { name: startingWith(t('restore.tier.Expedited')) }).click();
  await dialog.getByRole('button', { name: t('restore.do'), exact: true }).click();
  // The dialog looks by itself until it is over.
  await expect(dialog.getByRole('status').first()).toHaveText(like('restore.until', { moment: /.+/, length: /.+/ }), {
    timeout: 15_000,
  });
  await closeOf(dialog).click();
  await rowOf(page, 'old.tar').click();
  await downloadOf(page).click();
  await showTransfers(page);
  await expect(transferOf(page, 'old.tar')).toContainText(verified);
});

test('an Archive file can be tried as it is: the bucket may allow it, and OSS decides', async ({ page, ali }) => {
  await ali.put('old.tar', { 'x-oss-storage-class': 'Archive' });
  await ali.put('ice.tar', { 'x-oss-storage-class': 'ColdArchive' });
  await openBucket(page, bucket);
  await rowOf(page, 'old.tar').click();
  await page.keyboard.press('ControlOrMeta+A');
  await downloadOf(page).click();
  const question = page.getByRole('dialog', { name: t('frozen.title', counted(2)) });
  await expect(question).toContainText(t('frozen.direct'));
  await question.getByRole('button', { name: t('frozen.anyway') }).click();
  await showTransfers(page);
  await expect(transferOf(page, 'old.tar')).toContainText(t('failure.cause.archived.title'));
  // A Cold Archive file can only fail, so it isn't queued.
  await expect(transferOf(page, 'ice.tar')).toHaveCount(0);
});

test('a link to an archived file warns before it is sent', async ({ started, page, ali }) => {
  await ali.put('deep.bin', { 'x-oss-storage-class': 'DeepColdArchive' });
  await ali.put('plain.txt');
  await openBucket(page, bucket);
  await chooseFromMenu(page, rowOf(page, 'plain.txt'), t('browse.copy-link'));
  await copiedLink(started.app, 'plain.txt');
  await chooseFromMenu(page, rowOf(page, 'deep.bin'), t('browse.copy-link'));
  const dialog = page.getByRole('dialog', { name: t('share.title', { name: 'deep.bin' }) });
  await expect(dialog).toContainText(t('restore.share.frozen'));
  await dialog.getByRole('button', { name: t('restore.open') }).click();
  await expect(page.getByRole('dialog', { name: t('properties.title', { name: 'deep.bin' }) })).toContainText(
    t('restore.takes.48h'),
  );
});

test('many links warn of archived files among what is selected, and of those in folders once they are found', async ({
  page,
  ali,
}) => {
  await ali.put('deep.bin', { 'x-oss-storage-class': 'DeepColdArchive' });
  await ali.put('box/cold.tar', { 'x-oss-storage-class': 'Archive' });
  await ali.put('box/plain.txt');
  await openBucket(page, bucket);
  await page.getByRole('grid', { name: t('browse.content') }).focus();
  await page.keyboard.press('ControlOrMeta+A');
  await chooseFromMenu(page, rowOf(page, 'deep.bin'), t('share.many'));
  const dialog = page.getByRole('dialog', { name: t('share.many.title', counted(2)) });
  await expect(dialog).toContainText(t('share.many.archived', counted(1)));
  await dialog.getByRole('button', { name: t('share.many.copy') }).click();
  await expect(dialog).toContainText(t('share.many.copied', counted(3)));
  await expect(dialog).toContainText(t('share.many.archived-found', counted(1)));
  await dialog.getByText(t('share.many.archived-which'), { exact: true }).click();
  await expect(dialog.getByText('box/cold.tar')).toBeVisible();
  await dialog
    .getByRole('button', { name: t('restore.open') })
    .last()
    .click();
  const properties = page.getByRole('dialog', { name: t('many.title', counted(1)) });
  await expect(properties.getByRole('checkbox', { name: t('many.restore') })).toBeChecked();
  await properties.getByRole('button', { name: t('many.start') }).click();
  await expect.poll(async () => (await ali.see('box/cold.tar')).headers['x-oss-restore']).toContain('ongoing-request');
});

test('many files and folders are changed at once; what failed is named and tried again', async ({
  page,
  ali,
  server,
}) => {
  for (const key of ['a.txt', 'b.txt', 'folder/c.txt', 'folder/deep/d.txt']) {
    await ali.put(key, { 'x-oss-tagging': 'old=1', 'x-oss-meta-kept': 'yes' });
  }
  server.faults.add({
    match: { operation: 'PutObjectTagging', key: 'b.txt' },
    times: 1,
    effect: { kind: 'error', status: 403, code: 'AccessDenied' },
  });
  await openBucket(page, bucket);
  await expect(rowOf(page, 'folder')).toBeVisible();
  await page.getByRole('grid', { name: t('browse.content') }).focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('ControlOrMeta+I');
  const dialog = page.getByRole('dialog', { name: t('many.title', counted(3)) });
  await expect(dialog).toContainText(t('many.count', counted(4)));
  await expect(dialog.getByRole('button', { name: t('many.start') })).toBeDisabled();
  await dialog.getByLabel(t('common.storage-class')).click();
  await page.getByRole('option', { name: t('storage-class.IA') }).click();
  await dialog
    .getByRole('radiogroup', { name: t('properties.tags.label') })
    .getByText(t('many.mode.add'))
    .click();
  await dialog.getByRole('button', { name: t('rows.add'), exact: true }).click();
  await field(dialog, t('common.name')).fill('new');
  await field(dialog, t('rows.value')).fill('2');
  await dialog.getByRole('button', { name: t('many.start') }).click();
  await expect(dialog).toContainText(t('many.changed', counted(3)));
  await expect(dialog).toContainText('b.txt');
  expect(await barriers(page)).toEqual([]);
  await dialog.getByRole('button', { name: t('many.retry', counted(1)) }).click();
  await expect(dialog).toContainText(t('many.changed', counted(1)));
  await closeOf(dialog).click();
  for (const key of ['a.txt', 'b.txt', 'folder/deep/d.txt']) {
    const { headers, tags } = await ali.see(key);
    expect(tags).toEqual({ old: '1', new: '2' });
    expect(headers).toMatchObject({ 'x-oss-storage-class': 'IA', 'x-oss-meta-kept': 'yes' });
  }
});

test('a symlink is made, and shows where it leads', async ({ page, ali }) => {
  await ali.put('releases/app-1.2.zip');
  await ali.put('z.txt');
  await openBucket(page, bucket);
  await rowOf(page, 'releases').dblclick();
  await chooseFromMenu(page, rowOf(page, 'app-1.2.zip'), t('symlink.new.open'));
  await page.getByLabel(t('symlink.new.name')).fill('latest.zip');
  await page.keyboard.press('Enter');
  await expect(rowOf(page, 'latest.zip')).toBeVisible();
  expect(await ali.symlinkTarget('releases/latest.zip')).toBe('releases/app-1.2.zip');
  const dialog = await openProperties(page, 'latest.zip');
  await expect(dialog).toContainText('releases/app-1.2.zip');
  await expect(dialog).toContainText(t('properties.symlink-note'));
  await dialog.getByRole('button', { name: t('properties.general.follow') }).click();
  await expect(rowOf(page, 'app-1.2.zip')).toHaveAttribute('aria-selected', 'true');
});

test('what may not be read names the missing right, and the rest is shown', async ({ page, ali, server }) => {
  await ali.put('partly.txt');
  for (const operation of ['GetObjectAcl', 'GetObjectTagging']) {
    server.faults.add({ match: { operation }, effect: { kind: 'error', status: 403, code: 'AccessDenied' } });
  }
  await openBucket(page, bucket);
  const dialog = await openProperties(page, 'partly.txt');
  await expect(dialog).toContainText('CRC-64');
  await tab(dialog, t('properties.tab.tags')).click();
  await expect(dialog.getByRole('alert')).toContainText('oss:GetObjectTagging');
  await tab(dialog, t('properties.tab.access')).click();
  await expect(dialog.getByRole('alert')).toContainText('oss:GetObjectAcl');
});

for (const theme of ['light', 'dark'] as const) {
  test(`the properties keep nobody out, in the ${theme} theme`, async ({ started, page, ali }) => {
    await started.app.evaluate(({ nativeTheme }, chosen) => {
      nativeTheme.themeSource = chosen;
    }, theme);
    await ali.put('cold.bin', { 'x-oss-storage-class': 'Archive', 'x-oss-tagging': 'a=b', 'x-oss-meta-a': 'b' });
    await openBucket(page, bucket);
    const dialog = await openProperties(page, 'cold.bin');
    for (const name of [
      t('properties.tab.general'),
      t('properties.tab.headers'),
      t('properties.tab.tags'),
      t('properties.tab.access'),
      t('properties.tab.storage'),
    ]) {
      await tab(dialog, name).click();
      await expect(dialog.getByRole('tabpanel')).toBeVisible();
      expect(await barriers(page), name).toEqual([]);
    }
    await page.keyboard.press('Escape');
    await rowOf(page, 'cold.bin').click();
    await downloadOf(page).click();
    await expect(page.getByRole('dialog', { name: t('frozen.title', counted(1)) })).toBeVisible();
    expect(await barriers(page), 'archived').toEqual([]);
  });
}
