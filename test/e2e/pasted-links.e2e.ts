// Several links at once, as people really get them: in a mail, in a table, among links that don't work.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { ElectronApplication, Locator, Page } from 'playwright';
import { withNote } from '../../main/links/text/link-note.ts';
import { counted, like, t } from '../support/words.ts';
import { test } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { answerDialogs, answerQuestions, copiedText, pasteText, watchBrowser } from './support/desktop.ts';
import { leadOssHere } from './support/oss-here.ts';
import { aliOss } from './support/practice.ts';
import { chooseOption } from './support/sharing.ts';
import { openBucket, openPractice, rowOf, verified } from './support/waybill.ts';

const bucket = 'waybill-inbox';

interface Window {
  readonly app: ElectronApplication;
  readonly page: Page;
}

/** Pastes a text into the box for links: the window takes only what it recognises. */
async function pasteLink(page: Page, text: string): Promise<Locator> {
  await page.getByRole('button', { name: t('rail.open-link') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: t('receive.paste.title') }).fill(text);
  await dialog.getByRole('button', { name: t('browse.open'), exact: true }).click();
  return dialog;
}

const listOf = (page: Page, count: number) =>
  page.getByRole('dialog', { name: t('receive.list.title', counted(count)) });

/** Downloads what is chosen into a folder. */
async function download({ app, page }: Window, list: Locator, folder: string, count: number): Promise<void> {
  await mkdir(folder);
  await answerDialogs(app, [folder]);
  await list.getByRole('button', { name: t('receive.pick-folder') }).click();
  await list.getByRole('button', { name: like('receive.manifest.download', counted(count)) }).click();
  await expect(list).toContainText(t('receive.group.done', { shown: String(count), total: String(count) }));
  await page.keyboard.press('Escape');
}

test('five links of a mail with a signature below are one list, and one download', async ({ started, serve, home }) => {
  const server = await serve();
  const owner = aliOss(server, bucket);
  const keys = ['offer/报价 1.pdf', 'offer/plan (2).dwg', 'scan.tif', 'photos/a.jpg', 'photos/old/a.jpg'];
  const bodies = keys.map((_, index) => randomBytes(20_000 + index));
  const links: string[] = [];
  for (const [index, key] of keys.entries()) {
    await owner.put(key, bodies[index]);
    links.push(await owner.signatureUrlV4('GET', 600, {}, key));
  }
  const mail = [
    'Dear Ms Wei,\r\n\r\nhere are the five files:\r\n',
    ...links.map((link, index) => `${index + 1}. ${keys[index]?.split('/').at(-1)}:\r\n   <${link}>\r\n`),
    'They work for ten minutes.\r\n\r\n-- \r\nAnna Berg | Berg & Co. | https://example.com/?from=mail | anna@example.com\r\n',
  ].join('\r\n');

  await pasteText(started, mail);
  const list = listOf(started.page, 5);
  await expect(list.getByRole('listitem')).toHaveCount(5);
  for (const [index, name] of ['报价 1.pdf', 'plan (2).dwg', 'scan.tif', 'a.jpg', 'a.jpg'].entries()) {
    const row = list.getByRole('listitem').nth(index);
    await expect(row).toContainText(name);
    await expect(row).toContainText(new URL(links[0] ?? '').host);
    await expect(row).toContainText(like('share.many.until', { moment: /.+/ }));
  }
  const folder = join(home.folder, 'received');
  await download(started, list, folder, 5);
  const names = ['报价 1.pdf', 'plan (2).dwg', 'scan.tif', 'a.jpg', 'a (2).jpg'];
  expect((await readdir(folder)).toSorted()).toEqual(names.toSorted());
  for (const [index, name] of names.entries())
    expect((await readFile(join(folder, name))).equals(bodies[index] ?? Buffer.alloc(0))).toBe(true);
});

test('among several links, those that can’t be downloaded say why and stop no other', async ({
  started,
  serve,
  home,
}) => {
  const { page } = started;
  const server = await serve();
  const owner = aliOss(server, bucket);
  for (const key of ['good.txt', 'late.txt']) await owner.put(key, Buffer.from(key));
  const good = await owner.signatureUrlV4('GET', 600, {}, 'good.txt');
  const late = await owner.signatureUrlV4('GET', 1, {}, 'late.txt');
  const cut = (await owner.signatureUrlV4('GET', 600, {}, 'cut.txt')).replace(
    /(x-oss-signature=[0-9a-f]{9})[0-9a-f]+/,
    '$1',
  );
  const upload = withNote(await owner.signatureUrlV4('PUT', 600, {}, 'in.txt'), { method: 'PUT', headers: {} });
  const expiredAt = Date.now() + 2000;
  await expect.poll(() => Date.now()).toBeGreaterThan(expiredAt);

  await pasteText(started, [good, cut, late, upload].join('\n'));
  const list = listOf(page, 4);
  const row = (name: string) => list.getByRole('listitem').filter({ hasText: name });
  await expect(row('good.txt').getByRole('checkbox')).toBeChecked();
  await expect(row('cut.txt')).toContainText(t('receive.damaged.title'));
  await expect(row('cut.txt')).toContainText(t('receive.damaged.cut-off'));
  await expect(row('cut.txt').getByRole('checkbox')).toBeDisabled();
  await expect(row('late.txt')).toContainText(like('receive.expired', { moment: /.+/ }));
  await expect(row('late.txt').getByRole('checkbox')).not.toBeChecked();
  await expect(row('in.txt')).toContainText(t('ledger.kind.PUT'));
  await expect(row('in.txt').getByRole('checkbox')).toBeDisabled();

  await test.step('the upload link is opened alone, and the list is still there afterwards', async () => {
    await row('in.txt')
      .getByRole('button', { name: t('receive.list.open', { name: 'in.txt' }) })
      .click();
    const card = page.getByRole('dialog', { name: 'in.txt' });
    await expect(card.getByRole('button', { name: t('common.pick-file') })).toBeVisible();
    await card.getByRole('button', { name: t('receive.list.back') }).click();
    await expect(row('good.txt').getByRole('checkbox')).toBeChecked();
  });

  await test.step('an expired one that is tried all the same fails alone', async () => {
    await row('late.txt').getByRole('checkbox').check();
    const folder = join(home.folder, 'received');
    await mkdir(folder);
    await answerDialogs(started.app, [folder]);
    await list.getByRole('button', { name: t('receive.pick-folder') }).click();
    await list.getByRole('button', { name: like('receive.manifest.download', counted(2)) }).click();
    await expect(list).toContainText(t('receive.group.attention', counted(1)));
    await expect(list).toContainText(t('receive.group.done', { shown: '1', total: '2' }));
    expect(await readFile(join(folder, 'good.txt'), 'utf8')).toBe('good.txt');
  });
});

test('links that delete files or read details are opened one at a time, and download nothing', async ({
  started,
  serve,
}) => {
  const { page } = started;
  const owner = aliOss(await serve(), bucket);
  const links: string[] = [];
  for (const method of ['DELETE', 'HEAD'] as const) {
    // ali-oss signs for GET and PUT alone. No request is made with these.
    const url = await owner.signatureUrlV4('PUT', 600, {}, `${method}.txt`);
    links.push(withNote(url, { method, headers: {} }));
  }
  await pasteText(started, links.join('\n'));
  const list = listOf(page, 2);
  await expect(list).toContainText(t('receive.list.no-downloads'));
  await expect(list.getByRole('listitem').nth(0)).toContainText(t('ledger.kind.DELETE'));
  await expect(list.getByRole('listitem').nth(1)).toContainText(t('ledger.kind.HEAD'));
  await expect(list.getByRole('button', { name: t('receive.pick-folder') })).toBeHidden();
  await expect(list.getByRole('button', { name: like('receive.manifest.download', counted(0)) })).toBeHidden();

  await list.getByRole('button', { name: t('receive.list.open', { name: 'DELETE.txt' }) }).click();
  const card = page.getByRole('dialog', { name: 'DELETE.txt' });
  await expect(card).toContainText(t('receive.other-method.DELETE'));
  await expect(card.getByRole('button', { name: t('receive.list.back') })).toBeFocused();
  for (const key of ['receive.download', 'receive.check', 'receive.try-anyway'] as const)
    await expect(card.getByRole('button', { name: t(key), exact: true })).toBeHidden();
});

test('links that Waybill copied for several files are read back, with the sizes of a table', async ({
  started,
  home,
}) => {
  const { app, page } = started;
  await openPractice(page);
  await openBucket(page, 'waybill-samples');
  await rowOf(page, 'reports').click();
  await rowOf(page, 'Welcome to Waybill.txt').click({ modifiers: ['ControlOrMeta'] });
  const share = async (format: 'text' | 'csv' | 'json') => {
    await rowOf(page, 'Welcome to Waybill.txt').click({ button: 'right' });
    await page.getByRole('menuitem', { name: t('share.many') }).click();
    const dialog = page.getByRole('dialog', { name: t('share.many.title', counted(2)) });
    await chooseOption(dialog, t('share.many.format'), t(`share.many.format.${format}`));
    await dialog.getByRole('button', { name: t('share.many.copy') }).click();
    await expect(dialog).toContainText(t('share.many.copied', counted(3)));
    await page.keyboard.press('Escape');
    const starts = { text: /^http/, csv: /^key,/, json: /^\[/ };
    await expect.poll(() => copiedText(app)).toMatch(starts[format]);
    await page.keyboard.press('ControlOrMeta+V');
    return listOf(page, 3);
  };

  for (const format of ['csv', 'json'] as const) {
    const list = await share(format);
    await expect(list.getByRole('listitem').filter({ hasText: 'shipments.csv' })).toContainText(/\d KB/);
    await page.keyboard.press('Escape');
  }
  const list = await share('text');
  await download(started, list, join(home.folder, 'received'), 3);
  expect((await readdir(join(home.folder, 'received'))).toSorted()).toEqual([
    'Welcome to Waybill.txt',
    'handover.md',
    'shipments.csv',
  ]);
});

test('a link that says what it is for hides the other direction', async ({ started, serve }) => {
  const { page } = started;
  const server = await serve();
  const owner = aliOss(server, bucket);
  await owner.put('note.txt', Buffer.from('one'));
  const plain = await owner.signatureUrlV4('GET', 600, {}, 'note.txt');
  const request = { queries: { 'response-content-disposition': 'attachment' } };
  const noted = withNote(await owner.signatureUrlV4('PUT', 600, {}, 'note.txt'), { method: 'PUT', headers: {} });
  const card = page.getByRole('dialog', { name: 'note.txt' });
  const choice = card.getByRole('radiogroup', { name: t('receive.mode') });
  const close = async () => {
    await page.keyboard.press('Escape');
    await expect(card).toBeHidden();
  };

  await pasteText(started, plain);
  await expect(choice).toBeVisible();
  await close();

  await pasteText(started, await owner.signatureUrlV4('GET', 600, request, 'note.txt'));
  await expect(card.getByText(t('receive.mode.only.download'))).toBeVisible();
  await expect(choice).toBeHidden();
  await expect(card.getByRole('button', { name: t('receive.download'), exact: true })).toBeVisible();
  await close();

  await pasteText(started, noted);
  await expect(card.getByText(t('receive.mode.noted', { method: 'PUT' }))).toBeVisible();
  await expect(choice).toBeHidden();
  await expect(card.getByRole('button', { name: t('receive.upload'), exact: true })).toBeVisible();
});

test('an address that nobody signed is downloaded if the file is public, and says so if it isn’t', async ({
  started,
  serve,
  home,
}) => {
  const { app, page } = started;
  const server = await serve();
  const owner = aliOss(server, bucket);
  const body = randomBytes(10_240);
  await owner.put('open.bin', body);
  await owner.putACL('open.bin', 'public-read');
  await owner.put('closed.bin', body);
  await leadOssHere(app);
  // Only the name of a host of OSS says that an address without a signature is one.
  const { port } = new URL(server.endpoint);
  const address = (key: string) => `http://${bucket}.oss-cn-hangzhou.aliyuncs.com:${port}/${key}`;

  await pasteText(started, address('open.bin'));
  const card = page.getByRole('dialog', { name: 'open.bin' });
  await expect(card).toContainText(t('receive.unsigned.try'));
  await expect(card).toContainText(t('receive.insecure'));
  await expect(card.getByRole('button', { name: t('receive.browser') })).toBeVisible();
  await card.getByRole('button', { name: t('receive.check') }).click();
  await expect(card).toContainText('10 KB');
  await card.getByRole('button', { name: t('receive.download.size', { size: '10 KB' }), exact: true }).click();
  await expect(card).toContainText(verified);
  expect((await readFile(join(home.downloads, 'open.bin'))).equals(body)).toBe(true);
  await page.keyboard.press('Escape');
  await expect(card).toBeHidden();

  await pasteText(started, address('closed.bin'));
  const closed = page.getByRole('dialog', { name: 'closed.bin' });
  await closed.getByRole('button', { name: t('receive.download'), exact: true }).click();
  await expect(closed).toContainText(t('failure.cause.not-public.title'));
  await page.keyboard.press('Escape');
  await expect(closed).toBeHidden();

  await pasteText(started, `${address('open.bin')}\n${address('closed.bin')}`);
  const list = listOf(page, 2);
  await expect(list.getByRole('listitem').first()).toContainText(t('receive.unsigned.title'));
});

test('an oss:// address that is pasted is gone to, in the window and in the box for links', async ({ started }) => {
  const { app, page } = started;
  await openPractice(page);
  await pasteText(started, 'oss://waybill-samples/Welcome to Waybill.txt');
  await expect(rowOf(page, 'Welcome to Waybill.txt')).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('dialog')).toBeHidden();
  await pasteText(started, 'oss://waybill-samples/reports/2026/');
  await expect(rowOf(page, 'shipments.csv')).toBeVisible();

  await page.getByRole('button', { name: t('rail.open-link') }).click();
  const box = page.getByRole('dialog').getByRole('textbox', { name: t('receive.paste.title') });
  await box.fill('oss://waybill-samples/reports/2026/notes/handover.md');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('browse.open'), exact: true })
    .click();
  await expect(rowOf(page, 'handover.md')).toHaveAttribute('aria-selected', 'true');
  expect(app.windows()).toHaveLength(1);
});

test('with “Look at links at once”, asked once on the card, a pasted link shows its size without a click', async ({
  started,
  serve,
}) => {
  const { page } = started;
  const server = await serve();
  const owner = aliOss(server, bucket);
  for (const key of ['first.txt', 'second.txt']) await owner.put(key, Buffer.from('twelve bytes'));
  const card = (name: string) => page.getByRole('dialog', { name });

  await pasteText(started, await owner.signatureUrlV4('GET', 600, {}, 'first.txt'));
  await expect(card('first.txt').getByRole('button', { name: t('receive.check') })).toBeVisible();
  await expect(card('first.txt').getByText('12 B')).toBeHidden();
  await card('first.txt')
    .getByRole('button', { name: t('receive.look-at-once.always') })
    .click();
  await expect(card('first.txt')).toContainText('12 B');
  await page.keyboard.press('Escape');
  await expect(card('first.txt')).toBeHidden();

  await pasteText(started, await owner.signatureUrlV4('GET', 600, {}, 'second.txt'));
  await expect(card('second.txt')).toContainText('12 B');
  await expect(card('second.txt').getByText(t('receive.look-at-once'))).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(card('second.txt')).toBeHidden();

  const upload = await owner.signatureUrlV4('PUT', 600, {}, 'second.txt');
  await pasteText(started, withNote(upload, { method: 'PUT', headers: {} }));
  await expect(card('second.txt').getByRole('button', { name: t('receive.upload'), exact: true })).toBeVisible();
  await expect(card('second.txt').getByRole('button', { name: t('receive.check') })).toBeHidden();
});

test('a link of another service is opened in the browser, after a question that names its host', async ({
  started,
}) => {
  const { app, page } = started;
  const opened = await watchBrowser(app);
  const address = 'https://files.example.com/get?id=7#page';
  await openPractice(page);
  const dialog = await pasteLink(page, `See ${address}.`);
  const browse = dialog.getByRole('button', { name: t('receive.browser') });
  await expect(dialog).toContainText(t('receive.foreign.title'));
  expect((await new AxeBuilder({ page }).setLegacyMode().analyze()).violations).toEqual([]);

  const refused = await answerQuestions(app, false);
  await browse.click();
  await expect.poll(refused).toEqual([t('consent.browser', { host: 'files.example.com' })]);
  expect(await opened()).toEqual([]);

  await answerQuestions(app, true);
  await browse.focus();
  await page.keyboard.press('Enter');
  await expect.poll(opened).toEqual([address]);
});
