// An upload ticket that somebody was sent, opened without an account, and continued after a restart.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issueTicket } from '../../main/links/tickets/issue-ticket.ts';
import type { PracticeServer } from '../../main/practice/server.ts';
import { like, t } from '../support/words.ts';
import { connectTo } from './support/connection.ts';
import { answerDialogs, dropFiles } from './support/desktop.ts';
import { makeFile, MiB, sha256Of } from './support/files.ts';
import { aliOss, expect, test } from './support/practice.ts';
import { showTransfers, transferOf, verified } from './support/waybill.ts';

/** A ticket of the server's owner for `film.mov`, as a file. */
async function saveTicket(server: PracticeServer, path: string): Promise<void> {
  const connection = connectTo(server);
  const accessKey = await connection.accessKey();
  const request = { bucket: 'waybill-inbox', key: 'film.mov', sizeBytes: 80 * MiB, expiresSeconds: 3600 };
  const { ticket } = await issueTicket(connection, { accessKey, validUntil: null }, { ...request, note: 'cut 2' });
  await writeFile(path, JSON.stringify(ticket));
}

/** How many parts of the film the server has. */
async function storedParts(server: PracticeServer): Promise<number> {
  const client = aliOss(server, 'waybill-inbox');
  const { uploads } = await client.listUploads({ 'max-uploads': 10 }, {});
  const query = { 'max-parts': 100, 'part-number-marker': 0, 'encoding-type': 'url' };
  const { parts } = await client.listParts('film.mov', uploads[0]?.uploadId ?? '', query, {});
  return [parts].flat().length;
}

test('a ticket says where it leads, takes a file, and goes on after a restart', async ({ home, server }) => {
  const ticket = join(home.folder, 'recording.txt');
  const film = join(home.folder, 'my film.mov');
  const sum = await makeFile(film, 70 * MiB);
  await saveTicket(server, ticket);
  const first = await home.launch();
  const dialogOf = (page: typeof first.page) =>
    page.getByRole('dialog', { name: t('receive.ticket.title', { name: 'film.mov' }) });

  await test.step('dropped on the window, it shows host, bucket, key, size and what its owner wrote', async () => {
    const { page } = first;
    await dropFiles(page, page.locator('body'), [ticket]);
    const dialog = dialogOf(page);
    const { host } = new URL(server.endpoint);
    await expect(dialog).toContainText(t('receive.server', { host, bucket: 'waybill-inbox' }));
    await expect(dialog).toContainText(t('receive.ticket.up-to', { size: '80 MB' }));
    await expect(dialog).toContainText('cut 2');
    await expect(dialog.getByRole('button', { name: t('receive.upload'), exact: true })).toBeDisabled();
  });

  await test.step('a part that never ends leaves it unfinished', async () => {
    const { app, page } = first;
    server.faults.add({ match: { operation: 'UploadPart' }, skip: 2, effect: { kind: 'latency', ms: 10_000 } });
    await answerDialogs(app, [film]);
    await dialogOf(page)
      .getByRole('button', { name: t('common.pick-file') })
      .click();
    await dialogOf(page)
      .getByRole('button', { name: t('receive.upload'), exact: true })
      .click();
    await expect(dialogOf(page)).toContainText(like('transfers.bytes', { done: /\d\d MB/, size: '70 MB' }));
    await expect.poll(() => storedParts(server)).toBe(2);
    await app.close();
    server.faults.clear();
  });

  await test.step('after a restart it waits for its ticket, and sends what is missing', async () => {
    const { app, page } = await home.launch();
    await showTransfers(page);
    await expect(transferOf(page, 'my film.mov')).toContainText(t('transfers.blocked.fresh-ticket'));
    const refuse = { kind: 'error', status: 400, code: 'OneTooMany' } as const;
    server.faults.add({ match: { operation: 'UploadPart' }, skip: 3, effect: refuse });
    await dropFiles(page, page.locator('body'), [ticket]);
    await answerDialogs(app, [film]);
    await dialogOf(page)
      .getByRole('button', { name: t('common.pick-file') })
      .click();
    await dialogOf(page)
      .getByRole('button', { name: t('receive.upload'), exact: true })
      .click();
    await expect(dialogOf(page)).toContainText(verified);
    const got = join(home.folder, 'got.mov');
    await aliOss(server, 'waybill-inbox').get('film.mov', got);
    expect(await sha256Of(got)).toBe(sum);
    // It is a secret, and the person's own file.
    await rm(ticket);
  });
});

test('an upload that ended without an answer is not said to have arrived', async ({ home, server }) => {
  const ticket = join(home.folder, 'recording.txt');
  const film = join(home.folder, 'my film.mov');
  await makeFile(film, MiB);
  await saveTicket(server, ticket);
  const match = { operation: 'CompleteMultipartUpload' };
  server.faults.add({ match, times: 1, effect: { kind: 'reset', at: 'after-work' } });
  const { app, page } = await home.launch();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await dropFiles(page, page.locator('body'), [ticket]);
  const dialog = page.getByRole('dialog', { name: t('receive.ticket.title', { name: 'film.mov' }) });
  await answerDialogs(app, [film]);
  await dialog.getByRole('button', { name: t('common.pick-file') }).click();
  await dialog.getByRole('button', { name: t('receive.upload'), exact: true }).click();
  await expect(dialog).toContainText(t('transfers.unconfirmed.why.ticket'));
  await expect(dialog.getByText(t('receive.done.upload'), { exact: true })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await showTransfers(page);
  await expect(transferOf(page, 'my film.mov')).toContainText(t('transfers.unconfirmed.ticket'));
  await rm(ticket);
});
