// The ledger: what was shared is remembered, but never the link itself.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { counted, like, t } from '../support/words.ts';
import { curl } from './support/curl.ts';
import { copiedText } from './support/desktop.ts';
import { expect, test } from './support/practice.ts';
import { makeLink, openShareOf } from './support/sharing.ts';
import { chooseFromMenu, openBucket, openPractice, rowOf } from './support/waybill.ts';

test('a copied link stands in the ledger, is renewed from there, and is written down nowhere', async ({
  started,
  home,
}) => {
  const { app, page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await chooseFromMenu(page, rowOf(page, 'Welcome to Waybill.txt'), t('browse.copy-link'));
  await expect(page.getByText(t('browse.link-copied', { name: 'Welcome to Waybill.txt' }))).toBeVisible();
  const first = await copiedText(app);

  await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
  const entry = page.getByRole('row').filter({ hasText: 'Welcome to Waybill.txt' });
  await expect(entry).toContainText(t('ledger.state.live'));
  await expect(entry).toContainText(like('ledger.left', { moment: /.+/, length: /.+/ }));

  await entry.getByRole('button', { name: t('ledger.renew') }).click();
  await expect(page.getByText(t('ledger.renewed.link'), { exact: false })).toBeVisible();
  const second = await copiedText(app);
  expect(await curl(second)).toMatchObject({ status: 200 });
  await expect(page.getByRole('row').filter({ hasText: 'Welcome to Waybill.txt' })).toHaveCount(2);

  const written = await readFile(join(home.profile, 'ledger.jsonl'), 'utf8');
  expect(written).toContain('Welcome to Waybill.txt');
  for (const link of [first, second]) {
    const signature = /x-oss-signature=([0-9a-f]{64})/.exec(link)?.[1];
    expect(signature).toBeDefined();
    expect(written).not.toContain(signature);
  }
});

test('the revoke plan says that one link cannot be taken back, and what else would end with it', async ({
  started,
}) => {
  const { page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  for (const name of ['Welcome to Waybill.txt', '欢迎使用 Waybill.txt']) {
    await chooseFromMenu(page, rowOf(page, name), t('browse.copy-link'));
    await expect(page.getByText(t('browse.link-copied', { name }))).toBeVisible();
  }
  await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
  const entry = page.getByRole('row').filter({ hasText: 'Welcome to Waybill.txt' });
  await entry.getByRole('button', { name: t('ledger.plan') }).click();
  const plan = page.getByRole('dialog', { name: t('ledger.plan.title') });
  await expect(plan).toContainText(t('ledger.plan.honest.link'));
  await expect(plan).toContainText(t('ledger.remedy.disable-key'));
  await expect(plan).toContainText(t('ledger.plan.alsoEnds', counted(1)));
});

test('a link that is kept is copied again from the ledger with the keyboard, until it is forgotten', async ({
  started,
  home,
}) => {
  const { app, page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  const dialog = await openShareOf(page, 'Welcome to Waybill.txt');
  const link = await makeLink(dialog);
  await dialog.getByRole('checkbox', { name: t('share.keep') }).check();
  await page.keyboard.press('Escape');
  await app.evaluate(({ clipboard }) => clipboard.writeText('something else'));

  await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
  const grid = page.getByRole('grid', { name: t('ledger.title') });
  const kept = grid.getByTitle(t('ledger.kept'));
  await expect(kept).toBeVisible();
  await grid.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: t('ledger.copy', { count: 1 }) }).press('Enter');
  await expect.poll(() => copiedText(app)).toBe(link);
  expect(await readFile(join(home.profile, 'ledger.jsonl'), 'utf8')).not.toContain('x-oss-signature');

  await grid.focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: t('ledger.forget') }).press('Enter');
  await expect(kept).toBeHidden();
});

test('in a small window the list of buckets has names, and nothing in Links lies over something else', async ({
  page,
}) => {
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await chooseFromMenu(page, rowOf(page, 'Welcome to Waybill.txt'), t('browse.copy-link'));
  await expect(page.getByText(t('browse.link-copied', { name: 'Welcome to Waybill.txt' }))).toBeVisible();
  await page.setViewportSize({ width: 640, height: 480 });
  await page
    .getByRole('button', { name: t('browse.buckets'), exact: true })
    .first()
    .click();
  const name = page.getByRole('grid', { name: t('browse.buckets') }).getByText('waybill-versions', { exact: true });
  expect(await name.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);

  await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
  const entry = page.getByRole('grid', { name: t('ledger.title') }).getByRole('row');
  await expect(entry.getByText('Welcome to Waybill.txt', { exact: true })).toBeVisible();
  await expect(entry.getByText('waybill-samples/', { exact: true })).toBeHidden();
  const scopes = await page.getByRole('radiogroup', { name: t('common.show') }).boundingBox();
  const search = await page.getByRole('textbox', { name: t('common.search') }).boundingBox();
  if (scopes === null || search === null) throw new Error('the scopes or the search field are not shown');
  const isBeside = scopes.x + scopes.width <= search.x || scopes.y + scopes.height <= search.y;
  expect(isBeside, JSON.stringify([scopes, search])).toBe(true);
  expect(search.width).toBeGreaterThan(70);
});
