// "Why does it not work?": the server is asked, and its answer becomes a cause. And what is no link at all.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElectronApplication, Locator, Page } from 'playwright';
import { withNote } from '../../main/links/text/link-note.ts';
import { counted, like, t } from '../support/words.ts';
import { test } from './support/accounts.ts';
import { expect } from './support/app.ts';
import { answerDialogs, pasteText } from './support/desktop.ts';
import { aliOss } from './support/practice.ts';

const bucket = 'waybill-inbox';

interface Window {
  readonly app: ElectronApplication;
  readonly page: Page;
}

/** Pastes a link on the welcome screen, as somebody without an account does, and asks why it does not work. */
async function whyNot(started: Window, link: string): Promise<Locator> {
  await pasteText(started, link);
  const card = started.page.getByRole('dialog');
  await card.getByRole('button', { name: t('receive.why') }).click();
  await expect(card.getByRole('button', { name: t('receive.why') })).toBeHidden();
  return card;
}

async function close(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
}

test('a link that does not work is asked about, and the card says why and what to do', async ({ started, serve }) => {
  const { page } = started;
  const server = await serve();
  const owner = aliOss(server, bucket);
  await owner.put('list.csv', Buffer.from('a,b\n'));
  const link = (...[method = 'GET', headers = [], key = 'list.csv']: [('GET' | 'PUT')?, string[]?, string?]) =>
    owner.signatureUrlV4(
      method,
      600,
      { headers: Object.fromEntries(headers.map((name) => [name, 'de'])) },
      key,
      headers,
    );

  await test.step('it works', async () => {
    await expect(await whyNot(started, await link())).toContainText(t('receive.why.none'));
    await close(page);
  });

  await test.step('it has ended by the server’s clock', async () => {
    server.faults.clockOffsetMs = 3_600_000;
    const card = await whyNot(started, await link());
    // By this computer's clock it is still valid, so no moment is named.
    await expect(card).toContainText(t('failure.cause.expired.title'));
    await expect(card).toContainText(t('failure.cause.expired.next'));
    await expect(card).toContainText(like('receive.why.clock-behind', { length: /1 hr|59 min/ }));
    server.faults.clear();
    await close(page);
  });

  await test.step('it is for another method', async () => {
    const card = await whyNot(started, withNote(await link('PUT'), { method: 'PUT', headers: {} }));
    await expect(card).toContainText(t('receive.why.wrong-method', { method: 'PUT' }));
    await close(page);
  });

  await test.step('an upload link names a header that only its sender knows', async () => {
    const card = await whyNot(started, await link('PUT', ['content-language']));
    await expect(card).toContainText(t('failure.cause.header-missing.title.named', { headers: 'content-language' }));
    await expect(card).toContainText(t('failure.cause.header-missing.next'));
    await close(page);
  });

  await test.step('the object is gone', async () => {
    const card = await whyNot(started, await link('GET', [], 'gone.csv'));
    await expect(card).toContainText(t('failure.cause.no-such-key.title'));
    await expect(card).toContainText(/NoSuchKey · .*RequestId/);
    await close(page);
  });

  await test.step('it was changed on the way', async () => {
    const card = await whyNot(started, (await link()).replace('list.csv', 'List.csv'));
    await expect(card).toContainText(t('failure.cause.link-mismatch.title'));
    await close(page);
  });

  await test.step('a refused download says so in place of the validity, once', async () => {
    await pasteText(started, (await link()).replace('list.csv', 'List.csv'));
    const card = page.getByRole('dialog');
    const valid = card.getByText(like('share.until.left', { moment: /.+/, length: /.+/ }));
    await expect(valid).toBeVisible();
    await card.getByRole('button', { name: t('receive.download') }).click();
    const banner = card.getByRole('alert');
    await expect(banner).toContainText(t('failure.cause.link-mismatch.title'));
    await expect(banner).toContainText(t('receive.refused.download'));
    await expect(banner).toBeInViewport({ ratio: 1 });
    await expect(valid).toBeHidden();
    await card.getByRole('button', { name: t('receive.why') }).click();
    await expect(card.getByRole('button', { name: t('receive.why') })).toBeHidden();
    await expect(banner).toHaveCount(1);
    await close(page);
  });
});

/** A share manifest of one link, with the path that a stranger wrote into it. */
function manifestOf(url: string, path: string): string {
  const madeAt = new Date().toISOString();
  const head = {
    waybill: 'share',
    version: 1,
    madeAt,
    validUntil: new Date(Date.now() + 600_000).toISOString(),
    bucket,
  };
  return JSON.stringify({ ...head, objects: [{ path, sizeBytes: 4, crc64: null, versionId: null, url }] });
}

test('what is pasted and is no link is called what it is, and nothing follows it', async ({ started, serve }) => {
  const { page } = started;
  const server = await serve();
  const url = await aliOss(server, bucket).signatureUrlV4('GET', 600, {}, 'list.csv');
  const card = page.getByRole('dialog');
  const address = page.url();
  await page.getByRole('button', { name: t('receive.title') }).click();

  for (const [text, title] of [
    [randomBytes(150_000).toString('base64'), t('receive.not-a-link.title')],
    ['javascript:document.title="taken over"', t('receive.not-a-link.title')],
    [url.replace('list', 'li%00st').replace(/signature=[^&]*/, 'signature='), t('receive.damaged.title')],
    [manifestOf(url, 'list.csv').slice(0, -40), t('failure.input.manifest')],
  ] as const) {
    await pasteText(started, text);
    await expect(card.getByRole('alert').filter({ hasText: title })).toBeVisible();
    await card.getByRole('textbox').fill('');
  }
  expect(page.url()).toBe(address);
  expect(await page.title()).not.toContain('taken over');
});

test('a manifest whose paths lead out of the folder writes inside it all the same', async ({
  started,
  home,
  serve,
}) => {
  const { app, page } = started;
  const server = await serve();
  const owner = aliOss(server, bucket);
  await owner.put('list.csv', Buffer.from('a,b\n'));
  const inside = join(home.folder, 'outer', 'inside');
  await mkdir(inside, { recursive: true });
  await expect(page.getByRole('button', { name: t('receive.title') })).toBeVisible();
  await pasteText(started, manifestOf(await owner.signatureUrlV4('GET', 600, {}, 'list.csv'), '../../escaped.csv'));
  const dialog = page.getByRole('dialog');
  await answerDialogs(app, [inside]);
  await dialog.getByRole('button', { name: t('receive.pick-folder') }).click();
  await dialog
    .getByRole('button', { name: like('receive.manifest.download.size', { ...counted(1), size: /.+/ }) })
    .click();
  await expect(dialog).toContainText(t('receive.group.done', { shown: '1', total: '1' }));
  const files = (await readdir(home.folder, { recursive: true })).filter((path) => path.endsWith('escaped.csv'));
  expect(files).toHaveLength(1);
  expect(files[0]).toMatch(/^outer\/inside\//);
});
