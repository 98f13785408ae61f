// The main job in one go, with real files: start, browse, drag files in, share, receive.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { like, t } from '../support/words.ts';
import { curl } from './support/curl.ts';
import { expect, test } from './support/app.ts';
import { answerDialogs, copiedLink, pasteText } from './support/desktop.ts';
import { makeFile, MiB, sha256Of } from './support/files.ts';
import {
  chooseFromMenu,
  dropIntoFolder,
  openBucket,
  openPractice,
  rowOf,
  showTransfers,
  transferOf,
  verified,
} from './support/waybill.ts';

test('files dragged in are shared by a link that curl and Waybill fetch byte for byte', async ({ started, home }) => {
  test.slow();
  const { app, page } = started;
  const small = join(home.folder, '运单 1+2.bin');
  const large = join(home.folder, 'large.bin');
  const folder = join(home.folder, 'shipment');
  const sums = {
    small: await makeFile(small, 70_001),
    large: await makeFile(large, 300 * MiB),
    inner: await makeFile(join(folder, 'inner', 'list.bin'), 12_345),
  };
  const links = { small: '', large: '' };

  await test.step('drag files and a folder into a bucket', async () => {
    await openPractice(page);
    await openBucket(page, 'waybill-inbox');
    await showTransfers(page);
    await dropIntoFolder(page, [small, large, folder]);
    await expect(transferOf(page, 'large.bin').getByRole('progressbar')).toBeVisible();
  });

  await test.step('the queue reports each as done and verified', async () => {
    await expect(transferOf(page, 'shipment')).toContainText(verified);
    await expect(transferOf(page, '运单 1+2.bin')).toContainText(verified);
    await expect(transferOf(page, 'large.bin')).toContainText(verified, { timeout: 60_000 });
    for (const name of ['运单 1+2.bin', 'large.bin', 'shipment']) await expect(rowOf(page, name)).toBeVisible();
  });

  await test.step('copy a share link of each', async () => {
    await chooseFromMenu(page, rowOf(page, '运单 1+2.bin'), t('browse.copy-link'));
    const note = page.getByRole('status', { name: t('common.news') });
    await expect(note).toContainText(t('browse.link-copied', { name: '运单 1+2.bin' }));
    await expect(note).toContainText(
      like('share.until.left', { moment: /\w+, \w+ \d+, \d+:\d\d [AP]M/, length: /1 hr|59 min/ }),
    );
    links.small = await copiedLink(app, '运单 1+2.bin');

    await chooseFromMenu(page, rowOf(page, 'large.bin'), t('browse.copy-link'));
    await expect(page.getByText(t('browse.link-copied', { name: 'large.bin' }))).toBeVisible();
    links.large = await copiedLink(app, 'large.bin');
  });

  await test.step('curl fetches the same bytes', async () => {
    for (const name of ['small', 'large'] as const) {
      expect(await curl(links[name])).toMatchObject({ status: 200, sha256: sums[name] });
    }
  });

  await test.step('what was in the folder came with its path', async () => {
    await rowOf(page, 'shipment').dblclick();
    await rowOf(page, 'inner').dblclick();
    await chooseFromMenu(page, rowOf(page, 'list.bin'), t('browse.copy-link'));
    await expect(page.getByText(t('browse.link-copied', { name: 'list.bin' }))).toBeVisible();
    const link = await copiedLink(app, 'shipment/inner/list.bin');
    expect(await curl(link)).toMatchObject({ status: 200, sha256: sums.inner });
  });

  await test.step('a pasted link is downloaded to a chosen folder', async () => {
    const received = join(home.folder, '收到 received');
    await mkdir(received);
    await answerDialogs(app, [received]);
    for (const [name, link, sum] of [
      ['运单 1+2.bin', links.small, sums.small],
      ['large.bin', links.large, sums.large],
    ] as const) {
      await pasteText(started, link);
      const card = page.getByRole('dialog', { name });
      await expect(card).toContainText('waybill-inbox');
      await expect(card).toContainText(like('share.until.left', { moment: /.+/, length: /.+/ }));
      await card.getByRole('button', { name: t('receive.pick-folder') }).click();
      await expect(card.getByRole('textbox', { name: t('receive.folder') })).toHaveValue(received);
      await card.getByRole('button', { name: t('receive.download'), exact: true }).click();
      await expect(card).toContainText(verified, { timeout: 60_000 });
      expect(await sha256Of(join(received, name))).toBe(sum);
      await page.keyboard.press('Escape');
      await expect(card).toBeHidden();
    }
  });
});

test('uploading what is already there asks, and does what was chosen', async ({ started, home }) => {
  const { app, page } = started;
  const names = ['one.bin', 'two.bin', 'three.bin'] as const;
  const paths = names.map((name) => join(home.folder, name));
  const first = await Promise.all(paths.map((path) => makeFile(path, 5_000)));
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  await showTransfers(page);
  await dropIntoFolder(page, paths);
  for (const name of names) await expect(transferOf(page, name)).toContainText(verified);
  await page.getByRole('button', { name: t('transfers.clear') }).click();

  const second = await Promise.all(paths.map((path) => makeFile(path, 6_000)));
  await dropIntoFolder(page, paths);
  for (const name of names)
    await expect(transferOf(page, name)).toContainText(t('transfers.blocked.overwrite-choice', { name }));
  await transferOf(page, 'one.bin')
    .getByRole('button', { name: t('transfers.choose.replace'), exact: true })
    .click();
  await transferOf(page, 'two.bin')
    .getByRole('button', { name: t('transfers.choose.skip') })
    .click();
  await transferOf(page, 'three.bin')
    .getByRole('button', { name: t('transfers.choose.keep-both') })
    .click();

  await expect(transferOf(page, 'one.bin')).toContainText(verified);
  await expect(transferOf(page, 'two.bin')).toContainText(t('transfers.state.skipped'));
  await expect(rowOf(page, 'three (2).bin')).toBeVisible();
  const stored = async (name: string) => {
    await chooseFromMenu(page, rowOf(page, name), t('browse.copy-link'));
    await expect(page.getByText(t('browse.link-copied', { name }))).toBeVisible();
    return (await curl(await copiedLink(app, name))).sha256;
  };
  expect(await stored('one.bin')).toBe(second[0]);
  expect(await stored('two.bin')).toBe(first[1]);
  expect(await stored('three.bin')).toBe(first[2]);
  expect(await stored('three (2).bin')).toBe(second[2]);
});

test('one answer can stand for all that are already there', async ({ page, home }) => {
  const names = ['a.bin', 'b.bin', 'c.bin'] as const;
  const paths = names.map((name) => join(home.folder, name));
  await Promise.all(paths.map((path) => makeFile(path, 4_000)));
  await openPractice(page);
  await openBucket(page, 'waybill-inbox');
  await showTransfers(page);
  await dropIntoFolder(page, paths);
  for (const name of names) await expect(transferOf(page, name)).toContainText(verified);
  await page.getByRole('button', { name: t('transfers.clear') }).click();

  await dropIntoFolder(page, paths);
  for (const name of names)
    await expect(transferOf(page, name)).toContainText(like('transfers.blocked.overwrite-choice', { name: /.+/ }));
  const question = transferOf(page, 'b.bin');
  await question.getByRole('checkbox', { name: t('transfers.choose.apply-to-all') }).check();
  await question.getByRole('button', { name: t('transfers.choose.skip') }).click();
  for (const name of names) await expect(transferOf(page, name)).toContainText(t('transfers.state.skipped'));
});
