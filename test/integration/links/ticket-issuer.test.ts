import { join } from 'node:path';
import { request as send } from 'undici';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { CommandContext } from '../../../main/cli/arguments/command.ts';
import { requestCommand } from '../../../main/cli/commands/links/request.ts';
import { toFailure } from '../../../main/failure.ts';
import { revokePlan } from '../../../main/links/ledger/revoke-plan.ts';
import { readTicket } from '../../../main/links/receiving/ticket-file.ts';
import { partUrls } from '../../../main/links/tickets/ticket-urls.ts';
import type { UploadTicket } from '../../../main/links/tickets/ticket.ts';
import { listMultipartUploads } from '../../../main/oss/operations/multipart.ts';
import { t } from '../../support/words.ts';
import { longRole, makeDesk } from './desk.ts';

const bucket = 'waybill-inbox';
const minute = 60_000;
let desk: Awaited<ReturnType<typeof makeDesk>>;

beforeAll(async () => {
  desk = await makeDesk();
});
afterEach(() => {
  desk.time.ahead = 0;
});
afterAll(() => desk.close());

const film = (key: string) => ({ bucket, key, sizeBytes: 20_000_000, expiresSeconds: 3600 });

/** Sends the first part and returns its status and its ETag. */
async function sendPart(ticket: UploadTicket): Promise<{ status: number; etag: string }> {
  const reply = await send(partUrls(ticket)(1), { method: 'PUT', body: 'part', dispatcher: desk.run.dispatcher });
  await reply.body.dump();
  return { status: reply.statusCode, etag: String(reply.headers['etag'] ?? '').replaceAll('"', '') };
}

test('a ticket is in the ledger, without URL, signature or token', async () => {
  const id = await desk.addRole();
  const { ticket, ledgerId, validity } = await desk.tickets.issue(id, film('a.mov'), {
    note: 'cut 2',
    recipient: 'Lin',
  });
  const entry = desk.ledger.get(ledgerId);
  const { uploadId, partSizeBytes } = ticket;
  expect(entry).toMatchObject({
    what: {
      kind: 'ticket',
      bucket,
      key: 'a.mov',
      uploadId,
      sizeBytes: 20_000_000,
      partSizeBytes,
      forbidOverwrite: true,
    },
    validUntil: validity.validUntil,
    ...{ note: 'cut 2', recipient: 'Lin', state: 'live' },
  });
  expect(JSON.stringify(entry)).not.toContain('x-oss-');
});

test('a session that ends before the asked moment ends the ticket, and that is said', async () => {
  const id = await desk.addRole(desk.run.server.roleArn, 900);
  const { ticket, validity } = await desk.tickets.issue(id, film('short.mov'));
  expect(validity).toMatchObject({ limitedBy: 'session' });
  expect(Date.parse(ticket.validUntil)).toBe(validity.validUntil);
});

test('a plan says when the ticket will really end, with a session of its own too', async () => {
  const id = await desk.addRole(longRole, 3600);
  const asked = { ...film('planned.mov'), expiresSeconds: 86_400 };
  for (const ownSession of [false, true]) {
    const plan = await desk.tickets.plan(id, asked, { ownSession });
    expect(plan.validity).toMatchObject({ limitedBy: 'session' });
    const { validity } = await desk.tickets.issue(id, asked, { ownSession });
    expect(Math.abs(validity.validUntil - (plan.validity?.validUntil ?? 0))).toBeLessThan(minute);
  }
});

test('a session of its own may send parts, list and complete, and nothing else', async () => {
  const id = await desk.addRole();
  const { ticket, ledgerId } = await desk.tickets.issue(id, film('own.mov'), { ownSession: true });
  expect(desk.ledger.get(ledgerId).signer).toMatchObject({ kind: 'role', own: true });
  const { etag } = await sendPart(ticket);
  const list = await send(ticket.list[0] ?? '', { dispatcher: desk.run.dispatcher });
  expect(await list.body.text()).toContain('<PartNumber>1</PartNumber>');
  const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"${etag}"</ETag></Part></CompleteMultipartUpload>`;
  const headers = { ...ticket.completeHeaders };
  const done = await send(ticket.complete, { method: 'POST', headers, body, dispatcher: desk.run.dispatcher });
  expect([list.statusCode, done.statusCode]).toEqual([200, 200]);
  await done.body.dump();
  expect(await desk.tickets.check(ledgerId)).toMatchObject({ state: 'stored', sizeBytes: 4, older: false });
});

test('parts whose session ended go on with a new ticket', async () => {
  const id = await desk.addRole(longRole, 3600);
  const first = await desk.tickets.issue(id, film('long.mov'));
  await sendPart(first.ticket);
  desk.time.ahead = 61 * minute;
  expect((await sendPart(first.ticket)).status).toBe(403);
  const { ticket, ledgerId } = await desk.tickets.renew(first.ledgerId);
  expect(ticket.uploadId).toBe(first.ticket.uploadId);
  expect(await desk.tickets.check(ledgerId)).toEqual({ state: 'open', parts: 1, sentBytes: 4 });
  expect((await sendPart(ticket)).status).toBe(200);
  expect(desk.ledger.get(ledgerId)).toMatchObject({ renews: first.ledgerId, options: { expiresSeconds: 3600 } });
});

test('its owner ends a ticket, and with it each other one for the same upload', async () => {
  const id = await desk.addOwner();
  const first = await desk.tickets.issue(id, film('end.mov'));
  const second = await desk.tickets.renew(first.ledgerId);
  const plan = revokePlan(desk.ledger.get(first.ledgerId), desk.ledger.all());
  expect(plan.remedies.find(({ remedy }) => remedy.kind === 'abort-upload')?.alsoEnds).toEqual([second.ledgerId]);
  expect(await desk.tickets.end(first.ledgerId)).toBe(true);
  expect((await sendPart(second.ticket)).status).toBe(404);
  expect([first, second].map(({ ledgerId }) => desk.ledger.get(ledgerId).state)).toEqual(['revoked', 'revoked']);
  expect(await desk.tickets.check(first.ledgerId)).toEqual({ state: 'ended' });
  expect(await desk.tickets.end(first.ledgerId)).toBe(false);
  await expect(desk.tickets.renew(first.ledgerId).catch(toFailure)).resolves.toMatchObject({ code: 'NoSuchUpload' });
});

test('a ticket that the ledger cannot record is not issued, and its upload not kept', async () => {
  const broken = await makeDesk();
  await broken.ledger.close();
  const account = await broken.addOwner();
  await expect(broken.tickets.issue(account, film('lost.mov')).catch(toFailure)).resolves.toMatchObject({
    kind: 'file',
  });
  const connection = await broken.accounts.connection(account, bucket);
  expect((await listMultipartUploads(connection, bucket)).uploads).toEqual([]);
  await broken.close();
});

test.each([
  ['12 hours', (): string => longRole, 12],
  ['the most that its role allows', (): string => desk.run.server.roleArn, 1],
] as const)(
  'on the command line, a ticket ends with the session of its role, and that is said: %s',
  async (_, roleArn, hours) => {
    const { accessKeyId, accessKeySecret, endpoint, region, stsEndpoint } = desk.run.server;
    const answers: string[] = [];
    const said: string[] = [];
    const context: CommandContext = {
      env: {
        ...{ OSS_ACCESS_KEY_ID: accessKeyId, OSS_ACCESS_KEY_SECRET: accessKeySecret },
        ...{ OSS_ENDPOINT: endpoint, OSS_REGION: region, WAYBILL_STATE_DIR: join(desk.folder, 'state') },
      },
      out: {
        answer: (line) => Promise.resolve(void answers.push(line)),
        bytes: () => Promise.resolve(),
        say: (line) => void said.push(line),
        ...{ terminal: null, ask: null },
      },
      ...{ dispatcher: desk.run.dispatcher, signal: new AbortController().signal },
    };
    const role = ['--role-arn', roleArn(), '--sts-endpoint', `http://${stsEndpoint}`];
    const asked = [`oss://waybill-inbox/by-role-${hours}.mov`, '--ticket', '--size', '20M', '--expires', '7d'];
    expect(await requestCommand.run([...asked, ...role], context)).toBe(0);
    expect(said).toContain(t('cli.ticket.limited.session'));
    const ticket = readTicket(answers.join(''));
    expect(ticket.temporary).toBe(true);
    expect(Date.parse(ticket.validUntil) - Date.now()).toBeLessThanOrEqual(hours * 60 * minute);
    expect((await sendPart(ticket)).status).toBe(200);
  },
);
