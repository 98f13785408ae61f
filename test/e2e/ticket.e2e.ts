// An upload ticket as its owner sees it: made, used, looked at, renewed and revoked.
import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright';
import type { UploadTicket } from '../../main/links/tickets/ticket.ts';
import { counted, like, startingWith, t } from '../support/words.ts';
import { chooseOption } from './support/sharing.ts';
import { answerSaveDialogs, copiedText } from './support/desktop.ts';
import { makeFile, MiB, sha256Of } from './support/files.ts';
import { aliOss, expect, test } from './support/practice.ts';
import { addAccount, ask, chooseFromMenu, goTo, rowOf } from './support/waybill.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..', '..');

/** Opens the dialog that asks for files into the folder that is shown, for one large file. */
async function openTicketRequest(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: t('share.request') }).click();
  const dialog = page.getByRole('dialog', { name: t('share.request.title') });
  await dialog.getByText(t('request.way.ticket'), { exact: true }).click();
  return dialog;
}

async function ticketIn(path: string): Promise<UploadTicket> {
  return JSON.parse(await readFile(path, 'utf8')) as UploadTicket;
}

/** Sends a part as somebody without Waybill could. */
function sendPart(ticket: UploadTicket, number: number, bytes: string): Promise<Response> {
  const signature = Buffer.from(ticket.signatures, 'base64').subarray((number - 1) * 32, number * 32);
  const url = ticket.put.replace('{n}', String(number)).replace('{signature}', signature.toString('hex'));
  return fetch(url, { method: 'PUT', body: Buffer.from(bytes) });
}

test('a ticket is made, its parts are seen to come, and it is revoked', async ({ started, home, server }) => {
  const { app, page } = started;
  await addAccount(page, { ...server, name: 'Owner' });
  await goTo(page, 'oss://waybill-inbox/films/');
  const [first, renewed] = [join(home.folder, 'ticket.json'), join(home.folder, 'renewed.json')];
  for (const path of [first, renewed]) home.mayHoldSecrets(path);

  await test.step('a name is needed, and a size that a file can have', async () => {
    const dialog = await openTicketRequest(page);
    await answerSaveDialogs(app, first);
    const [name, size] = [t('request.ticket.name'), t('request.ticket.size')].map((label) =>
      dialog.getByRole('textbox', { name: label }),
    );
    await dialog.getByRole('button', { name: t('share.request.save') }).click();
    await expect(name as Locator).toHaveAccessibleDescription(startingWith(t('request.problem.name')));
    await (name as Locator).fill('harbour.mov');
    await chooseOption(dialog, t('share.expiry.unit'), 'TB');
    await (size as Locator).fill('49');
    await dialog.getByRole('button', { name: t('share.request.save') }).click();
    await expect(size as Locator).toHaveAccessibleDescription(startingWith(t('request.problem.ticket-size')));
    await (size as Locator).fill('0.5');
    await dialog.getByRole('textbox', { name: t('share.recipient'), exact: true }).fill('Lin');
    await dialog.getByRole('button', { name: t('share.request.save') }).click();
    await expect(dialog).toContainText(t('request.saved.ticket', { path: first }));
    expect((await stat(first)).mode & 0o777).toBe(0o600);
    await page.keyboard.press('Escape');
  });

  const ticket = await ticketIn(first);
  expect(ticket).toMatchObject({ bucket: 'waybill-inbox', key: 'films/harbour.mov', sizeBytes: 549_755_813_888 });
  expect(JSON.stringify(ticket).length).toBeLessThan(1_000_000);
  expect(JSON.stringify(ticket)).not.toContain(server.accessKeySecret);

  await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
  const entries = page
    .getByRole('grid', { name: t('ledger.title') })
    .getByRole('row')
    .filter({ hasText: 'Lin' });
  const arrived = page.getByRole('dialog', { name: t('ledger.arrived.title') });
  await test.step('its owner sees the parts that came', async () => {
    await expect(entries).toContainText(t('ledger.kind.ticket'));
    await chooseFromMenu(page, entries, t('ledger.arrived.open'));
    await expect(arrived).toContainText(t('ledger.arrived.open-upload', { ...counted(0), size: '' }));
    expect((await sendPart(ticket, 3, 'part')).status).toBe(200);
    await arrived.getByRole('button', { name: t('ledger.arrived.again') }).click();
    await expect(arrived).toContainText(t('ledger.arrived.open-upload', { ...counted(1), size: '4 B' }));
    await page.keyboard.press('Escape');
  });

  await test.step('renewed, it is for the same upload', async () => {
    await answerSaveDialogs(app, renewed);
    await chooseFromMenu(page, entries.first(), t('ledger.renew.save'));
    await expect(page.getByText(t('ledger.renewed.saved', { path: renewed }))).toBeVisible();
    await expect(entries).toHaveCount(2);
    expect((await ticketIn(renewed)).uploadId).toBe(ticket.uploadId);
  });

  await test.step('revoked, neither works any more, and no parts are left', async () => {
    await chooseFromMenu(page, entries.first(), t('ledger.plan'));
    const plan = page.getByRole('dialog', { name: t('ledger.plan.title') });
    await expect(plan).toContainText(t('ledger.remedy.abort-upload.text', { key: 'films/harbour.mov' }));
    await expect(plan).toContainText(like('ledger.plan.alsoEnds', counted(1)));
    await plan.getByRole('button', { name: t('ledger.end.do.abort-upload') }).click();
    await expect(plan).toContainText(t('ledger.end.ended'));
    await page.keyboard.press('Escape');
    await expect(entries.filter({ hasText: t('ledger.state.revoked') })).toHaveCount(2);
    for (const path of [first, renewed]) {
      const reply = await sendPart(await ticketIn(path), 1, 'late');
      expect([reply.status, await reply.text()]).toEqual([404, expect.stringContaining('NoSuchUpload')]);
    }
    const { uploads } = await aliOss(server, 'waybill-inbox').listUploads({ 'max-uploads': 10 });
    expect(uploads).toEqual([]);
    await chooseFromMenu(page, entries.first(), t('ledger.arrived.open'));
    await expect(arrived).toContainText(t('ledger.arrived.nothing'));
  });
});

test('a file that is sent with a ticket on the command line is seen to have come', async ({
  started,
  home,
  server,
}) => {
  const { app, page } = started;
  await addAccount(page, { ...server, name: 'Owner' });
  await goTo(page, 'oss://waybill-inbox/');
  const [saved, file] = [join(home.folder, 'ticket.json'), join(home.folder, 'any name.bin')];
  for (const path of [saved, join(home.folder, 'state')]) home.mayHoldSecrets(path);
  const sum = await makeFile(file, 17 * MiB);
  const dialog = await openTicketRequest(page);
  await dialog.getByRole('textbox', { name: t('request.ticket.name') }).fill('report.pdf');
  await answerSaveDialogs(app, saved);
  await dialog.getByRole('button', { name: t('share.request.save') }).click();
  await expect(dialog).toContainText(t('request.saved.ticket', { path: saved }));
  await page.keyboard.press('Escape');

  const env = { PATH: process.env['PATH'], HOME: home.folder, WAYBILL_STATE_DIR: join(home.folder, 'state') };
  await run(process.execPath, [join(root, 'dist', 'cli.js'), 'send', file, saved], { env });

  await page.getByRole('button', { name: t('ledger.title'), exact: true }).click();
  const entry = page
    .getByRole('grid', { name: t('ledger.title') })
    .getByRole('row')
    .filter({ hasText: 'report.pdf' });
  await chooseFromMenu(page, entry, t('ledger.arrived.open'));
  const arrived = page.getByRole('dialog', { name: t('ledger.arrived.title') });
  await expect(arrived).toContainText(like('ledger.arrived.stored', { size: '17 MB', moment: /.+/ }));
  await arrived.getByRole('button', { name: t('ledger.arrived.show') }).click();
  await expect(rowOf(page, 'report.pdf')).toBeVisible();
  const got = join(home.folder, 'got');
  const { res } = await aliOss(server, 'waybill-inbox').get('report.pdf', got);
  expect(await sha256Of(got)).toBe(sum);
  // Its owner said what it is, by the name in the dialog.
  expect((res.headers as Record<string, string>)['content-type']).toBe('application/pdf');
});

test('a copied ticket stays out of the window', async ({ started, server }) => {
  const { app, page } = started;
  await addAccount(page, { ...server, name: 'Owner' });
  await goTo(page, 'oss://waybill-inbox/');
  const dialog = await openTicketRequest(page);
  await dialog.getByRole('textbox', { name: t('request.ticket.name') }).fill('a.bin');
  await dialog.getByRole('button', { name: t('share.request.copy') }).click();
  await expect(dialog).toContainText(t('request.copied.ticket'));
  const { signatures } = JSON.parse(await copiedText(app)) as UploadTicket;
  expect(await page.content()).not.toContain(signatures.slice(0, 40));
  const { items } = await ask(page, 'ledger.list', {
    ...{ text: '', states: null, accountId: null, bucket: null, key: 'a.bin', offset: 0, limit: 10 },
  });
  expect(items).toMatchObject([{ what: { kind: 'ticket', key: 'a.bin' } }]);
  expect(JSON.stringify(items)).not.toContain('Signature');
});
