// Looking into objects with names that make trouble.
import { aliOss } from './support/practice.ts';
import { addAccount, ownerOf, test as base } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { goTo, openBucket, rowOf } from './support/waybill.ts';

const bucket = 'waybill-inbox';
const longKey = `${'k'.repeat(1019)}.txt`;

interface Owner {
  put(key: string, bytes: Buffer | string, mime?: string): Promise<void>;
}

const test = base.extend<{ owner: Owner }>({
  owner: async ({ serve, page }, use) => {
    const server = await serve();
    const client = aliOss(server, bucket);
    await addAccount(page, { name: 'Depot', ...ownerOf(server) });
    await use({
      async put(key, bytes, mime = '') {
        await client.put(key, Buffer.from(bytes), mime === '' ? {} : { mime });
      },
    });
  },
});

test('names that make trouble are listed, told apart and opened', async ({ page, owner }) => {
  const names = ['Case.txt', 'case.txt', 'caf\u00e9.txt', 'cafe\u0301.txt', 'tab\there.txt', longKey];
  for (const name of names) await owner.put(`odd/${name}`.slice(0, 1023), name);
  await owner.put('odd/', 'content of the folder itself');
  await owner.put('odd//inside', 'x');
  await openBucket(page, bucket);
  await goTo(page, `oss://${bucket}/odd/`);
  const rows = page.getByRole('grid', { name: 'Files' }).locator('[data-row]');
  await expect(rows).toHaveCount(names.length + 2);
  const itself = rows.filter({ hasText: '28 B' });
  await itself.click();
  await page.keyboard.press('Space');
  await expect(page.getByRole('dialog')).toContainText('content of the folder itself');
  await page.keyboard.press('Escape');
  await rowOf(page, 'case.txt').click();
  await page.keyboard.press('Space');
  await expect(page.getByRole('dialog')).toContainText('case.txt');
});
