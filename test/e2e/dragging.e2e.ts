import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { counted, like, t } from '../support/words.ts';
import { expect, test } from './support/app.ts';
import { dropFiles } from './support/desktop.ts';
import { makeFile } from './support/files.ts';
import {
  ask,
  dropIntoFolder,
  goTo,
  openBucket,
  openPractice,
  rowOf,
  showTransfers,
  transferOf,
  verified,
} from './support/waybill.ts';

/** Waits for the news that the file is in this folder. */
async function expectUploaded(page: Page, folder: string): Promise<void> {
  const title = t('upload.done', { ...counted(1), name: 'freight.bin' });
  await expect(
    page.getByRole('status').locator('p').filter({ hasText: title }).getByText(folder, { exact: true }),
  ).toBeVisible();
}

const railOf = (page: Page) => page.getByRole('navigation', { name: t('rail.label') });

test('a file is dragged into a folder, back onto a step of the path, and copied with Ctrl onto a bookmark', async ({
  page,
}) => {
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  const [account] = await ask(page, 'accounts.list', {});
  const accountId = account?.id ?? '';
  const at = { accountId, bucket: 'waybill-inbox' };
  for (const prefix of ['target/', 'marked/', 'thing/']) await ask(page, 'objects.createFolder', { ...at, prefix });
  await page.keyboard.press('F5');

  await rowOf(page, 'thing').dragTo(rowOf(page, 'target'));
  await expect(rowOf(page, 'thing')).toBeHidden();
  await goTo(page, 'oss://waybill-inbox/target/');
  await expect(rowOf(page, 'thing')).toBeVisible();

  await rowOf(page, 'thing').dragTo(
    page.getByRole('navigation', { name: t('browse.path') }).getByRole('button', { name: 'waybill-inbox' }),
  );
  await expect(rowOf(page, 'thing')).toBeHidden();
  await goTo(page, 'oss://waybill-inbox/marked/');
  await page.keyboard.press('ControlOrMeta+D');
  await goTo(page, 'oss://waybill-inbox/');
  await page.keyboard.down('Control');
  await rowOf(page, 'thing').dragTo(railOf(page).getByRole('button', { name: 'marked' }));
  await page.keyboard.up('Control');
  await expect(page.getByText(like('browse.copied', { ...counted(1), folder: /.+/ }))).toBeVisible();
  await expect(rowOf(page, 'thing')).toBeVisible();
  await goTo(page, 'oss://waybill-inbox/marked/');
  await expect(rowOf(page, 'thing')).toBeVisible();
});

test('files from the desktop go into the bucket, the bookmark or the step of the path they are dropped on', async ({
  page,
  home,
}) => {
  const path = join(home.folder, 'freight.bin');
  await makeFile(path, 4_000);
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  const [account] = await ask(page, 'accounts.list', {});
  await ask(page, 'objects.createFolder', {
    accountId: account?.id ?? '',
    bucket: 'waybill-inbox',
    prefix: 'marked/deep/',
  });
  await goTo(page, 'oss://waybill-inbox/marked/deep/');
  await page.keyboard.press('ControlOrMeta+D');
  await showTransfers(page);

  await dropFiles(
    page,
    page.getByRole('navigation', { name: t('browse.path') }).getByRole('button', { name: 'marked' }),
    [path],
  );
  await expectUploaded(page, 'oss://waybill-inbox/marked/');
  await goTo(page, 'oss://waybill-inbox/marked/');
  await expect(rowOf(page, 'freight.bin')).toBeVisible();

  await openBucket(page, 'waybill-samples');
  await dropFiles(page, railOf(page).getByRole('button', { name: 'deep' }), [path]);
  await expectUploaded(page, 'oss://waybill-inbox/marked/deep/');
  await expect(transferOf(page, 'freight.bin').first()).toContainText(verified);
  await dropFiles(page, railOf(page).getByRole('button', { name: 'waybill-inbox' }), [path]);
  await expectUploaded(page, 'oss://waybill-inbox/');
  await expect(transferOf(page, 'freight.bin').filter({ hasText: verified })).toHaveCount(3);
  await expect(rowOf(page, 'freight.bin')).toBeHidden();

  await page.getByRole('button', { name: t('transfers.clear') }).click();
  await expect(transferOf(page, 'freight.bin')).toHaveCount(0);
  await dropFiles(page, railOf(page).getByRole('button', { name: 'waybill-inbox' }), [path]);
  const question = transferOf(page, 'freight.bin');
  await expect(question).toContainText(t('transfers.blocked.overwrite-choice', { name: 'freight.bin' }));
  await question.getByRole('button', { name: t('transfers.choose.keep-both') }).click();
  await openBucket(page, 'waybill-inbox');
  await expect(rowOf(page, 'freight.bin')).toBeVisible();
  await expect(rowOf(page, 'freight (2).bin')).toBeVisible();
});

test('a bucket takes what is dragged from the list, and shows that it does', async ({ page, home }) => {
  const path = join(home.folder, 'freight.bin');
  await makeFile(path, 4_000);
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  await showTransfers(page);
  await dropIntoFolder(page, [path]);
  await expect(transferOf(page, 'freight.bin')).toContainText(verified);
  const target = railOf(page).getByRole('button', { name: 'waybill-samples' });
  await rowOf(page, 'freight.bin').hover();
  await page.mouse.down();
  // Chromium tells an element that something is over it once the pointer moves inside of it.
  await target.hover();
  await target.hover({ position: { x: 100, y: 14 } });
  await expect(target).toHaveClass(/drop-here/);
  await page.mouse.up();
  await expect(target).not.toHaveClass(/drop-here/);
  await expect(page.getByText(t('browse.copied', { ...counted(1), folder: 'oss://waybill-samples/' }))).toBeVisible();
  await expect(rowOf(page, 'freight.bin')).toBeVisible();
  await openBucket(page, 'waybill-samples');
  await expect(rowOf(page, 'freight.bin')).toBeVisible();

  const other = railOf(page).getByRole('button', { name: 'waybill-versions' });
  await rowOf(page, 'freight.bin').hover();
  await page.mouse.down();
  await other.hover();
  await page.keyboard.down('Shift');
  await other.hover({ position: { x: 100, y: 14 } });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(page.getByText(t('browse.moved', { ...counted(1), folder: 'oss://waybill-versions/' }))).toBeVisible();
  await expect(rowOf(page, 'freight.bin')).toBeHidden();
  await openBucket(page, 'waybill-versions');
  await expect(rowOf(page, 'freight.bin')).toBeVisible();
});

/** What a drag of this row hands to the system. */
async function draggedOut(page: Page, row: Locator): Promise<Record<string, string>> {
  const carried = page.evaluate(
    () =>
      new Promise<Record<string, string>>((resolve) => {
        const look = ({ dataTransfer }: DragEvent): void =>
          resolve(
            Object.fromEntries((dataTransfer?.types ?? []).map((type) => [type, dataTransfer?.getData(type) ?? ''])),
          );
        document.addEventListener('dragstart', look, { once: true });
      }),
  );
  await row.hover();
  await page.mouse.down();
  // Main answers calls in order, so the ticket is there by then.
  await ask(page, 'accounts.list', {});
  const { x = 0, y = 0 } = (await row.boundingBox()) ?? {};
  await page.mouse.move(x + 120, y + 60, { steps: 5 });
  const data = await carried;
  await page.mouse.up();
  return data;
}

/** What an address of the app gives to a page of its own, as a download asks for it. */
async function fetchOwn(page: Page, url: string): Promise<{ status: number; headers: Record<string, string> }> {
  const loaded = page.waitForResponse(url);
  // The policy lets the page ask for pictures alone: it can read nothing of the answer.
  await page.evaluate((src) => void (new Image().src = src), url);
  const response = await loaded;
  return { status: response.status(), headers: await response.allHeaders() };
}

test('one file that is dragged out carries a ticket that gives its bytes once, and nothing that opens a bucket', async ({
  page,
}) => {
  await openPractice(page);
  await openBucket(page, 'waybill-samples');

  const data = await draggedOut(page, rowOf(page, 'Welcome to Waybill.txt'));
  const [, name, url = ''] = /^application\/octet-stream:([^:]+):(.*)$/.exec(data['downloadurl'] ?? '') ?? [];
  expect(name).toBe('Welcome to Waybill.txt');
  expect(url).toMatch(/^(app|https):\/\/[^/]+\/drag\/[0-9a-f]{32}$/);
  expect(Object.values(data).join(' ')).not.toMatch(/signature|OSSAccessKeyId|security-token|127\.0\.0\.1/i);

  const first = await fetchOwn(page, url);
  expect(first.status).toBe(200);
  expect(first.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment',
    'x-content-type-options': 'nosniff',
  });
  expect((await fetchOwn(page, url)).status).toBe(404);
  expect((await fetchOwn(page, url.replace(/.{32}$/, '0'.repeat(32)))).status).toBe(404);

  expect(Object.keys(await draggedOut(page, rowOf(page, 'pictures')))).not.toContain('downloadurl');
});
