// Uploads through a ticket: in parallel, resumed, verified, and what is said where the owner has ended them.
import { appendFile, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { readTicket, ticketLinks } from '../../../main/links/receiving/ticket-file.ts';
import { issueTicket, renewTicket } from '../../../main/links/tickets/issue-ticket.ts';
import type { UploadTicket } from '../../../main/links/tickets/ticket.ts';
import type { TicketRequest } from '../../../main/links/tickets/ticket-request.ts';
import { abortMultipartUpload } from '../../../main/oss/operations/multipart.ts';
import { headObject } from '../../../main/oss/operations/objects.ts';
import type { QueueOptions } from '../../../main/transfers/tasks/requests.ts';
import { digest, makePracticeBucket, noise, type PracticeBucket } from './practice-bucket.ts';
import { makeQueue, type QueueRun } from './queue-run.ts';

const MiB = 1024 ** 2;
let practice: PracticeBucket;

beforeAll(async () => {
  practice = await makePracticeBucket();
});
afterEach(() => practice.server.faults.clear());
afterAll(() => practice.close());

async function issue(key: string, fields: Partial<TicketRequest> = {}): Promise<UploadTicket> {
  const { connection, bucket } = practice;
  const session = { accessKey: await connection.accessKey(), validUntil: null };
  const request = { bucket, key, sizeBytes: 70 * MiB, expiresSeconds: 3600, ...fields };
  return (await issueTicket(connection, session, request)).ticket;
}

function open(options: Partial<QueueOptions> & { journal?: string } = {}): QueueRun {
  const run = makeQueue(practice, options);
  onTestFinished(() => run.close());
  return run;
}

/** Adds the upload of a file through a ticket that went through a file itself. */
function send(run: QueueRun, ticket: UploadTicket, path: string): string {
  return run.queue.addTicketUpload({ ticket: ticketLinks(readTicket(JSON.stringify(ticket))), path });
}

const stateOf = ({ queue }: QueueRun) => queue.list()[0]?.state;

async function expectStored(key: string, bytes: Buffer): Promise<void> {
  expect(digest(await practice.read(key))).toBe(digest(bytes));
}

test('a file of several parts arrives, and is verified as a whole', async () => {
  const bytes = noise(70 * MiB);
  const run = open();
  send(run, await issue('whole.bin'), await practice.file('whole.bin', bytes));
  await run.settled();
  const [transfer] = run.queue.list();
  expect(transfer).toMatchObject({ through: 'ticket', direction: 'upload', doneBytes: 70 * MiB });
  expect(transfer?.state).toMatchObject({ at: 'done', verified: 'crc64' });
  await expectStored('whole.bin', bytes);
});

test.each([0, 1, 16 * MiB, 16 * MiB + 1])('a file of %i bytes fits into the same ticket', async (size) => {
  const key = `size-${String(size)}`;
  const bytes = noise(size);
  const run = open();
  send(run, await issue(key), await practice.file(key, bytes));
  await run.settled();
  expect(stateOf(run)).toMatchObject({ at: 'done', verified: 'crc64' });
  await expectStored(key, bytes);
});

test('a larger file is refused before anything is sent', async () => {
  const run = open();
  send(run, await issue('large.bin', { sizeBytes: 10 }), await practice.file('large.bin', noise(11)));
  await run.settled();
  expect(stateOf(run)).toMatchObject({ at: 'failed', because: { rule: 'ticket-too-small', limit: '10' } });
});

test('a ticket whose upload was aborted is refused, and who ended it is said', async () => {
  const ticket = await issue('aborted.bin');
  await abortMultipartUpload(practice.connection, ticket);
  const run = open();
  send(run, ticket, await practice.file('aborted.bin', noise(17 * MiB)));
  await run.settled();
  expect(stateOf(run)).toMatchObject({ at: 'failed', because: { cause: 'no-such-upload', through: 'link' } });
});

test('after an abort between two parts no more of them are sent', async () => {
  const ticket = await issue('mid.bin');
  practice.server.faults.add({ match: { operation: 'UploadPart' }, effect: { kind: 'latency', ms: 50 } });
  const run = open({ limits: { slots: 1, connections: 1, up: null, down: null } });
  send(run, ticket, await practice.file('mid.bin', noise(70 * MiB)));
  await run.until(([transfer]) => (transfer?.doneBytes ?? 0) > 16 * MiB, 'a part was sent');
  await abortMultipartUpload(practice.connection, ticket);
  await run.settled();
  expect(stateOf(run)).toMatchObject({ at: 'failed', because: { cause: 'no-such-upload' } });
});

test('an upload that was stopped waits for its ticket, and goes on where it was', async () => {
  const ticket = await issue('again.bin');
  const bytes = noise(70 * MiB);
  const path = await practice.file('again.bin', bytes);
  const first = open({ journal: 'again.jsonl', limits: { slots: 1, connections: 1, up: 40 * MiB, down: null } });
  send(first, ticket, path);
  await first.until(([transfer]) => (transfer?.doneBytes ?? 0) > 33 * MiB, 'two parts were sent');
  await first.close();
  // Neither in the form of a URL nor by itself.
  const signature = Buffer.from(ticket.signatures, 'base64').subarray(0, 32);
  const noted = await readFile(join(practice.folder, 'again.jsonl'), 'utf8');
  expect(noted).toContain(ticket.uploadId);
  for (const secret of [ticket.signatures.slice(0, 40), signature.toString('hex'), 'x-oss-signature', '//127.0.0.1']) {
    expect(noted).not.toContain(secret);
  }
  const second = open({ journal: 'again.jsonl' });
  expect(stateOf(second)).toMatchObject({ at: 'blocked', need: 'fresh-link' });
  const kept = second.queue.list()[0]?.doneBytes ?? 0;
  expect(kept).toBeGreaterThanOrEqual(32 * MiB);
  send(second, ticket, path);
  await second.settled();
  expect(second.queue.list()).toHaveLength(1);
  expect(stateOf(second)).toMatchObject({ at: 'done', verified: 'crc64' });
  await expectStored('again.bin', bytes);
});

test('a new ticket for the same upload continues what an expired one began', async () => {
  const { connection } = practice;
  const ticket = await issue('renewed.bin', { expiresSeconds: 3600 });
  const bytes = noise(40 * MiB);
  const path = await practice.file('renewed.bin', bytes);
  const refuse = { kind: 'error', status: 403, code: 'AccessDenied', message: 'Request has expired.' } as const;
  practice.server.faults.add({ match: { operation: 'UploadPart' }, skip: 1, effect: refuse });
  const run = open();
  const id = send(run, ticket, path);
  await run.settled();
  expect(stateOf(run)).toMatchObject({ at: 'blocked', need: 'fresh-link', because: { cause: 'expired' } });
  practice.server.faults.clear();
  const session = { accessKey: await connection.accessKey(), validUntil: null };
  const upload = { ...ticket, forbidOverwrite: true };
  const renewed = await renewTicket(connection, session, upload, { expiresSeconds: 60 });
  expect(send(run, renewed.ticket, path)).toBe(id);
  await run.settled();
  expect(stateOf(run)).toMatchObject({ at: 'done', verified: 'crc64' });
  await expectStored('renewed.bin', bytes);
});

test('a file that changed is said to have, and only what differs is sent again', async () => {
  const ticket = await issue('changed.bin');
  const bytes = noise(40 * MiB);
  const path = await practice.file('changed.bin', bytes);
  const first = open({ journal: 'changed.jsonl', limits: { slots: 1, connections: 1, up: 40 * MiB, down: null } });
  send(first, ticket, path);
  await first.until(([transfer]) => (transfer?.doneBytes ?? 0) > 17 * MiB, 'a part was sent');
  await first.close();
  await appendFile(path, 'more');
  await utimes(path, new Date(), new Date(2027, 0, 1));
  const told: string[] = [];
  const second = open({ journal: 'changed.jsonl', onFileChanged: ({ name }) => told.push(name) });
  send(second, ticket, path);
  await second.settled();
  expect(told).toEqual(['changed.bin']);
  expect(stateOf(second)).toMatchObject({ at: 'done', verified: 'crc64' });
  await expectStored('changed.bin', Buffer.concat([bytes, Buffer.from('more')]));
});

test('without what was noted, parts that are there are found by their CRC-64', async () => {
  const ticket = await issue('forgotten.bin');
  const bytes = noise(40 * MiB);
  const path = await practice.file('forgotten.bin', bytes);
  const first = open({ limits: { slots: 1, connections: 1, up: 40 * MiB, down: null } });
  send(first, ticket, path);
  await first.until(([transfer]) => (transfer?.doneBytes ?? 0) > 17 * MiB, 'a part was sent');
  await first.close();
  const refuse = { kind: 'error', status: 400, code: 'InvalidArgument' } as const;
  practice.server.faults.add({ match: { operation: 'UploadPart' }, skip: 2, effect: refuse });
  const second = open();
  send(second, ticket, path);
  await second.settled();
  expect(stateOf(second)).toMatchObject({ at: 'done', verified: 'crc64' });
  await expectStored('forgotten.bin', bytes);
});

test('a part that is damaged on the way is sent again', async () => {
  const bytes = noise(20 * MiB);
  practice.server.faults.add({
    match: { operation: 'UploadPart' },
    times: 1,
    effect: { kind: 'reset', at: 'after-work' },
  });
  const run = open();
  send(run, await issue('twice.bin'), await practice.file('twice.bin', bytes));
  await run.settled();
  expect(stateOf(run)).toMatchObject({ at: 'done', verified: 'crc64' });
  await expectStored('twice.bin', bytes);
});

test('a lost answer to the last step is no failure, and not confirmed', async () => {
  const bytes = noise(20 * MiB);
  const match = { operation: 'CompleteMultipartUpload' };
  practice.server.faults.add({ match, times: 1, effect: { kind: 'reset', at: 'after-work' } });
  const run = open();
  send(run, await issue('lost.bin'), await practice.file('lost.bin', bytes));
  await run.settled();
  const [transfer] = run.queue.list();
  expect(transfer?.state).toMatchObject({ at: 'done', verified: 'unconfirmed' });
  expect(transfer?.doneBytes).toBe(20 * MiB);
  await expectStored('lost.bin', bytes);
});

test('an upload that somebody else completed meanwhile is refused', async () => {
  const ticket = await issue('mine.bin');
  const [one, two] = [open(), open()];
  send(one, ticket, await practice.file('one.bin', noise(10)));
  await one.settled();
  send(two, ticket, await practice.file('two.bin', noise(11)));
  await two.settled();
  expect(stateOf(two)).toMatchObject({ at: 'failed', because: { cause: 'no-such-upload' } });
  const { sizeBytes } = await headObject(practice.connection, { bucket: practice.bucket, key: 'mine.bin' });
  expect(sizeBytes).toBe(10);
});

test('a file that took the place meanwhile is kept', async () => {
  const ticket = await issue('taken.bin');
  await practice.put('taken.bin', 'theirs');
  const run = open();
  send(run, ticket, await practice.file('taken.bin', noise(10)));
  await run.settled();
  expect(stateOf(run)).toMatchObject({ at: 'failed', because: { cause: 'exists', through: 'link' } });
  expect((await practice.read('taken.bin')).toString()).toBe('theirs');
});

test('an object of somebody else is not taken for the result of an attempt that failed', async () => {
  const ticket = await issue('theirs.bin');
  await practice.put('theirs.bin', 'theirs');
  const match = { operation: 'CompleteMultipartUpload' };
  practice.server.faults.add({ match, times: 1, effect: { kind: 'error', status: 503, code: 'ServiceUnavailable' } });
  const run = open();
  send(run, ticket, await practice.file('theirs.bin', noise(20 * MiB)));
  await run.settled();
  expect(stateOf(run)).toMatchObject({ at: 'failed', because: { cause: 'exists', through: 'link' } });
  expect((await practice.read('theirs.bin')).toString()).toBe('theirs');
});

test('an object in its place, once the upload is over, may be its own', async () => {
  const ticket = await issue('perhaps.bin');
  const match = { operation: 'CompleteMultipartUpload' };
  practice.server.faults.add({ match, times: 1, effect: { kind: 'reset', at: 'after-work' } });
  const taken = { kind: 'error', status: 409, code: 'FileAlreadyExists' } as const;
  practice.server.faults.add({ match, skip: 1, times: 1, effect: taken });
  const run = open();
  send(run, ticket, await practice.file('perhaps.bin', noise(10)));
  await run.settled();
  expect(stateOf(run)).toMatchObject({ at: 'done', verified: 'unconfirmed' });
});

test('what was noted of parts of another size is compared with the file', async () => {
  const ticket = await issue('resized.bin');
  const bytes = noise(40 * MiB);
  const path = await practice.file('resized.bin', bytes);
  const first = open({ journal: 'resized.jsonl', limits: { slots: 1, connections: 1, up: 40 * MiB, down: null } });
  send(first, ticket, path);
  await first.until(([transfer]) => (transfer?.doneBytes ?? 0) > 17 * MiB, 'a part was sent');
  await first.close();
  const { connection } = practice;
  const session = { accessKey: await connection.accessKey(), validUntil: null };
  const upload = { ...ticket, partSizeBytes: 8 * MiB, forbidOverwrite: true };
  const renewed = await renewTicket(connection, session, upload, { expiresSeconds: 60 });
  const second = open({ journal: 'resized.jsonl' });
  send(second, renewed.ticket, path);
  await second.settled();
  expect(stateOf(second)).toMatchObject({ at: 'done', verified: 'crc64' });
  await expectStored('resized.bin', bytes);
});
