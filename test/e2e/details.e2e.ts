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
