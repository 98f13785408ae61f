import assert from 'node:assert/strict';
import { ticketPolicy } from '../../main/accounts/sts/policy.ts';
import { endTicket } from '../../main/links/tickets/end-ticket.ts';
import { issueTicket } from '../../main/links/tickets/issue-ticket.ts';
import { partUrls } from '../../main/links/tickets/ticket-urls.ts';
import type { UploadTicket } from '../../main/links/tickets/ticket.ts';
import type { AccessKey } from '../../main/oss/connection.ts';
import { headObject } from '../../main/oss/operations/objects.ts';
import { completeThrough, listPartsThrough, uploadPartThrough } from '../../main/oss/operations/presigned-multipart.ts';
import { rejects } from './object-steps.ts';
import type { Place } from './place.ts';
import { assume } from './session-steps.ts';

const CONTENT = Buffer.from('handed in by a ticket');
const { signal } = new AbortController();

/** An upload by the URLs of a ticket alone, and one that its owner ended. */
export async function ticketSteps(place: Place): Promise<void> {
  const { steps, prefix } = place;
  await steps.run(`${prefix}ticket: UploadPart, ListParts and Complete by signed URLs`, async () => {
    await fill(place, await ticketFor(place, 'by ticket é', await place.connection.accessKey()));
  });
  await steps.run(`${prefix}ticket signed by a session of its own`, async () => {
    const key = 'by session';
    const accessKey = await assume(place, ticketPolicy({ bucket: place.bucket, key: prefix + key }));
    await fill(place, await ticketFor(place, key, accessKey));
  });
  await steps.run(`${prefix}ticket refused after its upload was aborted`, async () => {
    const { connection } = place;
    const ticket = await ticketFor(place, 'ended', await connection.accessKey());
    assert.equal(await endTicket(connection, ticket), true);
    await rejects(() => sendPart(place, ticket), 'no-such-upload');
  });
}

async function ticketFor(
  { bucket, connection, prefix }: Place,
  key: string,
  accessKey: AccessKey,
): Promise<UploadTicket> {
  const session = { accessKey, validUntil: null };
  const request = { bucket, key: prefix + key, sizeBytes: CONTENT.length, expiresSeconds: 300 };
  return (await issueTicket(connection, session, { ...request, upload: { forbidOverwrite: true } })).ticket;
}

function sendPart({ connection }: Place, ticket: UploadTicket) {
  const part = { body: CONTENT, sizeBytes: CONTENT.length, signal };
  return uploadPartThrough(partUrls(ticket)(1), part, connection.dispatcher);
}

async function fill(place: Place, ticket: UploadTicket): Promise<void> {
  const { connection, bucket } = place;
  const { dispatcher } = connection;
  const { etag } = await sendPart(place, ticket);
  const { parts } = await listPartsThrough(ticket.list[0] ?? '', { marker: 0, signal }, dispatcher);
  assert.deepEqual(
    parts.map(({ partNumber, sizeBytes }) => [partNumber, sizeBytes]),
    [[1, CONTENT.length]],
  );
  const headers = { ...ticket.completeHeaders };
  await completeThrough(ticket.complete, { parts: [{ partNumber: 1, etag }], headers, signal }, dispatcher);
  assert.equal((await headObject(connection, { bucket, key: ticket.key })).sizeBytes, CONTENT.length);
}
