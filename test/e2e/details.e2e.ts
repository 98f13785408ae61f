// The details of what is selected: a file with its links, a folder, several items.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright';
import { t } from '../support/words.ts';
import { addAccount, ownerOf, test as base } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { aliOss } from './support/practice.ts';
import { openBucket, rowOf } from './support/waybill.ts';

const bucket = 'waybill-inbox';

const test = base.extend<{ details: ReturnType<Page['getByRole']> }>({
  details: async ({ serve, page }, use) => {
    const server = await serve();
    const client = aliOss(server, bucket);
    await client.put('a.txt', Buffer.alloc(1536));
    await client.put('b.txt', Buffer.alloc(512));
    await client.put('inner/c.txt', Buffer.alloc(3072));
    await client.put('inner/deep/d.txt', Buffer.alloc(1024));
    await addAccount(page, { name: 'Depot', ...ownerOf(server) });
    await openBucket(page, bucket);
    await page.getByRole('button', { name: t('browse.inspector') }).click();
    await use(page.getByRole('complementary', { name: t('browse.inspector') }));
  },
});

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
}

test('a file says what was shared of it as soon as it is, and opens that', async ({ page, details }) => {
  await rowOf(page, 'a.txt').click();
  await expect(details).toContainText('1.5 KB');
  await expect(details).not.toContainText('ETag');
  await details.getByText(t('inspector.technical')).click();
  await expect(details).toContainText('ETag');
  const shared = details.getByRole('region', { name: t('inspector.shared', { count: 1, shown: '1' }) });
  await expect(shared).toBeHidden();
  await rowOf(page, 'a.txt').focus();
  await page.keyboard.press('ControlOrMeta+Shift+C');
  await expect(shared).toContainText(t('ledger.kind.GET'));
  await expectAccessible(page);
  await shared.getByRole('button').click();
  await expect(page.getByRole('dialog')).toContainText('a.txt');
  await page.keyboard.press('Escape');
  await rowOf(page, 'b.txt').click();
  await expect(details).toContainText('512 B');
  await expect(shared).toBeHidden();
});

test('several items are added up, and a folder is counted when asked to', async ({ page, details }) => {
  await rowOf(page, 'a.txt').click();
  await rowOf(page, 'b.txt').click({ modifiers: ['ControlOrMeta'] });
  await expect(details.getByRole('heading', { name: t('browse.items', { count: 2, shown: '2' }) })).toBeVisible();
  await expect(details).toContainText('2 KB');
  await rowOf(page, 'inner').click();
  await expect(details.getByRole('heading', { name: 'inner' })).toBeVisible();
  await details.getByRole('button', { name: t('browse.folder-size.count') }).click();
  await expect(details).toContainText('4 KB');
  await expect(details).toContainText(t('browse.folder-size.done', { count: 2, shown: '2' }));
  await expectAccessible(page);
  // The count is part of a larger selection.
  await rowOf(page, 'a.txt').click({ modifiers: ['ControlOrMeta'] });
  await expect(details).toContainText('5.5 KB');
});

test('in a small window they lie over the list, which keeps its width, until Escape or a button closes them', async ({
  page,
  details,
}) => {
  const list = page.getByRole('grid', { name: t('browse.content') });
  const widthOf = async (of: ReturnType<Page['getByRole']>) => (await of.boundingBox())?.width ?? 0;
  const toggle = page.getByRole('button', { name: t('browse.inspector'), exact: true });
  await page.setViewportSize({ width: 600, height: 400 });
  await expect(details).toBeVisible();
  const beside = await widthOf(list);
  expect(beside).toBeGreaterThan(300);

  await rowOf(page, 'a.txt').click({ position: { x: 30, y: 8 } });
  await expect(details).toContainText('1.5 KB');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(details).toBeHidden();
  // The file is still selected, and the list has the focus: a second Escape is for the list.
  await expect(rowOf(page, 'a.txt')).toHaveAttribute('aria-selected', 'true');
  expect(await widthOf(list)).toBe(beside);
  await page.keyboard.press('Escape');
  await expect(rowOf(page, 'a.txt')).toHaveAttribute('aria-selected', 'false');

  await toggle.click();
  await expect(details).toBeVisible();
  await details.getByRole('button', { name: t('common.close') }).click();
  await expect(details).toBeHidden();
  await expect(toggle).toBeFocused();

  await toggle.click();
  await page.setViewportSize({ width: 900, height: 600 });
  await expect.poll(async () => (await widthOf(list)) < 500).toBe(true);
  await rowOf(page, 'a.txt').click({ position: { x: 30, y: 8 } });
  await page.keyboard.press('Escape');
  // Beside the list they are a part of the window, which Escape leaves alone.
  await expect(rowOf(page, 'a.txt')).toHaveAttribute('aria-selected', 'false');
  await expect(details).toBeVisible();
});
