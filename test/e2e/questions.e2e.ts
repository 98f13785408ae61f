// Questions of transfers, answered where they come up: above the bar, while the list of transfers stays shut.
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { startingWith, t } from '../support/words.ts';
import { makeFile } from './support/files.ts';
import { aliOss, expect, test } from './support/practice.ts';
import { addAccount, dropIntoFolder, openBucket, showTransfers, transferOf } from './support/waybill.ts';

const bucket = 'waybill-inbox';
const target = `${bucket}/`;

const toggleOf = (page: Page) => page.getByRole('button', { name: startingWith(t('transfers.title')) });

/** Uploads files whose names are taken. */
async function dropTaken(
  page: Page,
  { folder, names, client }: { folder: string; names: readonly string[]; client: ReturnType<typeof aliOss> },
): Promise<void> {
  for (const name of names) await client.put(name, Buffer.from('old'));
  const paths = names.map((name) => join(folder, name));
  for (const path of paths) await makeFile(path, 2_000);
  await dropIntoFolder(page, paths);
}

const sizeOf = async (client: ReturnType<typeof aliOss>, name: string) =>
  Number((await client.head(name)).res.headers['content-length' as never]);

test('a question is answered above the bar, by mouse and by keyboard, and the list stays shut', async ({
  page,
  home,
  server,
}) => {
  const client = aliOss(server, bucket);
  await addAccount(page, { name: 'Port', ...server });
  await openBucket(page, bucket);
  await dropTaken(page, { folder: home.folder, names: ['one.txt'], client });
  const question = page.getByText(t('transfers.question.exists', { name: 'one.txt', target }));
  await expect(question).toBeVisible();
  await expect(toggleOf(page)).toHaveAttribute('aria-expanded', 'false');
  await expect(page.getByRole('checkbox', { name: t('transfers.choose.apply-to-all') })).toBeHidden();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await page.getByRole('button', { name: t('transfers.choose.replace'), exact: true }).click();
  await expect(question).toBeHidden();
  await expect.poll(() => sizeOf(client, 'one.txt')).toBe(2_000);

  await dropTaken(page, { folder: home.folder, names: ['two.txt'], client });
  await expect(page.getByText(t('transfers.question.exists', { name: 'two.txt', target }))).toBeVisible();
  await page.getByRole('button', { name: t('transfers.choose.more') }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect.poll(() => sizeOf(client, 'two.txt')).toBe(2_000);
  await expect(toggleOf(page)).toHaveAttribute('aria-expanded', 'false');
});

test('of several questions one answer can count for all, or the list shows them before what failed', async ({
  page,
  home,
  server,
}) => {
  const client = aliOss(server, bucket);
  await addAccount(page, { name: 'Port', ...server });
  await openBucket(page, bucket);
  const names = ['a.txt', 'b.txt', 'c.txt'];
  await dropTaken(page, { folder: home.folder, names, client });
  await expect(page.getByRole('button', { name: t('transfers.question.others', { count: 2 }) })).toBeVisible();
  await page.getByRole('checkbox', { name: t('transfers.choose.apply-to-all') }).check();
  await page.getByRole('button', { name: t('transfers.choose.skip'), exact: true }).click();
  await expect(page.getByText(t('transfers.count.attention', { count: 3 }))).toBeHidden();
  expect(await sizeOf(client, 'c.txt')).toBe(3);

  const refused = { match: { key: 'd.txt' }, effect: { kind: 'error', status: 403, code: 'AccessDenied' } } as const;
  const allow = server.faults.add(refused);
  await makeFile(join(home.folder, 'd.txt'), 10);
  await dropIntoFolder(page, [join(home.folder, 'd.txt')]);
  await expect(toggleOf(page)).toHaveAttribute('aria-expanded', 'true');
  await expect(transferOf(page, 'd.txt')).toContainText(t('failure.cause.denied-by-policy.title'));
  await toggleOf(page).click();
  allow();
  await dropTaken(page, { folder: home.folder, names: ['e.txt', 'f.txt'], client });
  await page.getByRole('button', { name: t('transfers.question.others', { count: 1 }) }).click();
  const rows = page.getByRole('region', { name: t('transfers.title') }).getByRole('listitem');
  await expect(rows).toHaveText([/[ef]\.txt/, /[ef]\.txt/, /d\.txt/]);
  await showTransfers(page);
});
