// What files have beside their content: headers, tags, access, storage class, and restoring what is archived.
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from 'playwright';
import type { PracticeServer } from '../../main/practice/server.ts';
import { addAccount, ownerOf, test as base } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { copiedLink } from './support/desktop.ts';
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
  await chooseFromMenu(page, rowOf(page, name), 'Properties…');
  return page.getByRole('dialog', { name: `Properties of “${name}”` });
}

const tab = (dialog: Locator, name: string) => dialog.getByRole('tab', { name, exact: true });

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
  await dialog.getByText('All headers').click();
  await expect(dialog).toContainText('x-oss-hash-crc64ecma: ');
  await tab(dialog, 'Headers').click();
  await dialog.getByLabel('Cache-Control').fill('max-age=60');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).last().fill('Colour');
  await dialog.getByRole('textbox', { name: 'Value', exact: true }).last().fill('red');
  await expect(dialog).toContainText('its content stays the same');
  await tab(dialog, 'Tags').click();
  await expect(dialog.getByRole('textbox', { name: 'Value', exact: true })).toHaveValue('blue');
  await dialog.getByRole('textbox', { name: 'Value', exact: true }).fill('50%');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByRole('alert')).toContainText('OSS would refuse these tags');
  await dialog.getByRole('textbox', { name: 'Value', exact: true }).fill('green');
  await dialog.getByRole('button', { name: 'Save' }).click();
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
  page,
  ali,
}) => {
  await ali.put('photo.jpg');
  await openBucket(page, bucket);
  await page.getByRole('grid', { name: 'Files' }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Alt+Enter');
  const dialog = page.getByRole('dialog', { name: 'Properties of “photo.jpg”' });
  await expect(tab(dialog, 'General')).toBeVisible();
  await tab(dialog, 'General').focus();
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowRight');
  await expect(tab(dialog, 'Access')).toBeFocused();
  await dialog.getByRole('radio', { name: 'Same as the bucket' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(dialog.getByRole('radio', { name: 'Public read', exact: true })).toBeChecked();
  await expect(dialog).toContainText('Anybody on the internet can read it');
  await tab(dialog, 'Access').focus();
  await page.keyboard.press('ArrowRight');
  await expect(tab(dialog, 'Storage')).toBeFocused();
  await dialog.getByLabel('Storage class').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('Storage class')).toContainText('Infrequent Access');
  await dialog.getByRole('button', { name: 'Make public' }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  const { headers, acl } = await ali.see('photo.jpg');
  expect([headers['x-oss-storage-class'], acl]).toEqual(['IA', 'public-read']);
});

test('an archived file is restored before it is downloaded', async ({ page, ali }) => {
  await ali.put('old.tar', { 'x-oss-storage-class': 'ColdArchive' });
  await ali.put('new.txt');
  await openBucket(page, bucket);
  await expect(rowOf(page, 'old.tar').getByTitle(/^Archived/)).toBeVisible();
  await rowOf(page, 'new.txt').click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.getByRole('toolbar').getByRole('button', { name: 'Download' }).click();
  const question = page.getByRole('dialog', { name: '1 file is archived' });
  await expect(question).toContainText('old.tar');
  await expect(question.getByRole('button', { name: 'Download the others' })).toBeVisible();
  await question.getByRole('button', { name: 'Restore…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Properties of “old.tar”' });
  await expect(dialog.getByRole('status').first()).toHaveText(/^Archived: nobody can read it/);
  await dialog.getByLabel('Days to keep it readable').fill('3');
  await dialog.getByLabel('How fast').click();
  await page.getByRole('option', { name: /^Expedited/ }).click();
  await dialog.getByRole('button', { name: 'Restore', exact: true }).click();
  // The dialog looks by itself until it is over.
  await expect(dialog.getByRole('status').first()).toHaveText(/^Readable until/, { timeout: 15_000 });
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await rowOf(page, 'old.tar').click();
  await page.getByRole('toolbar').getByRole('button', { name: 'Download' }).click();
  await showTransfers(page);
  await expect(transferOf(page, 'old.tar')).toContainText(verified);
});

test('a link to an archived file warns before it is sent', async ({ started, page, ali }) => {
  await ali.put('deep.bin', { 'x-oss-storage-class': 'DeepColdArchive' });
  await ali.put('plain.txt');
  await openBucket(page, bucket);
  await chooseFromMenu(page, rowOf(page, 'plain.txt'), 'Copy share link');
  await copiedLink(started.app, 'plain.txt');
  await chooseFromMenu(page, rowOf(page, 'deep.bin'), 'Copy share link');
  const dialog = page.getByRole('dialog', { name: 'Share “deep.bin”' });
  await expect(dialog).toContainText('a link to it opens nothing before it is restored');
  await dialog.getByRole('button', { name: 'Restore…' }).click();
  await expect(page.getByRole('dialog', { name: 'Properties of “deep.bin”' })).toContainText('within 48 hours');
});

test('many links warn of archived files among what is selected, and of those in folders once they are found', async ({
  page,
  ali,
}) => {
  await ali.put('deep.bin', { 'x-oss-storage-class': 'DeepColdArchive' });
  await ali.put('box/cold.tar', { 'x-oss-storage-class': 'Archive' });
  await ali.put('box/plain.txt');
  await openBucket(page, bucket);
  await page.getByRole('grid', { name: 'Files' }).focus();
  await page.keyboard.press('ControlOrMeta+A');
  await chooseFromMenu(page, rowOf(page, 'deep.bin'), 'Share links…');
  const dialog = page.getByRole('dialog', { name: 'Share links of 2 selected items' });
  await expect(dialog).toContainText('1 selected file is archived');
  await dialog.getByRole('button', { name: 'Make links and copy' }).click();
  await expect(dialog).toContainText('3 links copied');
  await expect(dialog).toContainText('1 of these files is archived');
  await dialog.getByText('Which', { exact: true }).click();
  await expect(dialog.getByText('box/cold.tar')).toBeVisible();
  await dialog.getByRole('button', { name: 'Restore…' }).last().click();
  const properties = page.getByRole('dialog', { name: 'Properties of the selected item' });
  await expect(properties.getByRole('checkbox', { name: 'Restore archived files' })).toBeChecked();
  await properties.getByRole('button', { name: 'Change' }).click();
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
  await page.getByRole('grid', { name: 'Files' }).focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('ControlOrMeta+I');
  const dialog = page.getByRole('dialog', { name: 'Properties of 3 selected items' });
  await expect(dialog).toContainText('Applies to 4 files.');
  await expect(dialog.getByRole('button', { name: 'Change' })).toBeDisabled();
  await dialog.getByLabel('Storage class').click();
  await page.getByRole('option', { name: 'Infrequent Access' }).click();
  await dialog.getByRole('radiogroup', { name: 'Tags' }).getByText('Add or change').click();
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('new');
  await dialog.getByRole('textbox', { name: 'Value', exact: true }).fill('2');
  await dialog.getByRole('button', { name: 'Change' }).click();
  await expect(dialog).toContainText('3 files changed');
  await expect(dialog).toContainText('b.txt');
  expect(await barriers(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Try that one again' }).click();
  await expect(dialog).toContainText('1 file changed');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
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
  await chooseFromMenu(page, rowOf(page, 'app-1.2.zip'), 'Make a symlink…');
  await page.getByLabel('Name of the symlink').fill('latest.zip');
  await page.keyboard.press('Enter');
  await expect(rowOf(page, 'latest.zip')).toBeVisible();
  expect(await ali.symlinkTarget('releases/latest.zip')).toBe('releases/app-1.2.zip');
  const dialog = await openProperties(page, 'latest.zip');
  await expect(dialog).toContainText('releases/app-1.2.zip');
  await expect(dialog).toContainText('A symlink keeps the class and headers');
  await dialog.getByRole('button', { name: 'Show its target' }).click();
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
  await tab(dialog, 'Tags').click();
  await expect(dialog.getByRole('alert')).toContainText('oss:GetObjectTagging');
  await tab(dialog, 'Access').click();
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
    for (const name of ['General', 'Headers', 'Tags', 'Access', 'Storage']) {
      await tab(dialog, name).click();
      await expect(dialog.getByRole('tabpanel')).toBeVisible();
      expect(await barriers(page), name).toEqual([]);
    }
    await page.keyboard.press('Escape');
    await rowOf(page, 'cold.bin').click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Download' }).click();
    await expect(page.getByRole('dialog', { name: '1 file is archived' })).toBeVisible();
    expect(await barriers(page), 'archived').toEqual([]);
  });
}
