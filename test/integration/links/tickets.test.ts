// Upload tickets, issued against the practice server and used by curl alone, as anybody could.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCrc64 } from '../../../main/crc64/crc64.ts';
import { toFailure } from '../../../main/failure.ts';
import { issueTicket, renewTicket } from '../../../main/links/tickets/issue-ticket.ts';
import { MAX_TICKET_LENGTH, type UploadTicket } from '../../../main/links/tickets/ticket.ts';
import type { TicketRequest } from '../../../main/links/tickets/ticket-request.ts';
import { partUrls } from '../../../main/links/tickets/ticket-urls.ts';
import { readTicket } from '../../../main/links/receiving/ticket-file.ts';
import { abortMultipartUpload, listMultipartUploads } from '../../../main/oss/operations/multipart.ts';
import { headObject } from '../../../main/oss/operations/objects.ts';
import { digest, makePracticeBucket, noise, type PracticeBucket } from '../transfers/practice-bucket.ts';

const MiB = 1024 ** 2;
const run = promisify(execFile);
let practice: PracticeBucket;

beforeAll(async () => {
  practice = await makePracticeBucket();
});
afterAll(() => practice.close());

async function issue(fields: Partial<TicketRequest> & Pick<TicketRequest, 'key'>) {
  const { connection, bucket } = practice;
  const session = { accessKey: await connection.accessKey(), validUntil: null };
  return issueTicket(connection, session, { bucket, sizeBytes: 40 * MiB, expiresSeconds: 3600, ...fields });
}

function crc64(bytes: Buffer): string {
  const sum = makeCrc64();
  sum.update(bytes);
  return sum.digest();
}

/** The status that curl is answered with, and the reply itself with its head. */
async function curl(url: string, ...args: readonly string[]): Promise<{ status: number; reply: string }> {
  const { stdout } = await run('curl', ['-sS', '-i', '-w', '\n%{http_code}', ...args, url], { maxBuffer: 4 * MiB });
  return { status: Number(stdout.slice(stdout.lastIndexOf('\n') + 1)), reply: stdout };
}

/** Sends all parts of a file and returns their ETags. */
async function sendParts(ticket: UploadTicket, bytes: Buffer): Promise<readonly string[]> {
  const urlOf = partUrls(ticket);
  const etags: string[] = [];
  for (let n = 1; (n - 1) * ticket.partSizeBytes < bytes.length; n += 1) {
    const part = bytes.subarray((n - 1) * ticket.partSizeBytes, n * ticket.partSizeBytes);
    const { status, reply } = await curl(urlOf(n), '-T', await practice.file(`part-${String(n)}`, part));
    expect(status).toBe(200);
    expect(reply).toContain(`x-oss-hash-crc64ecma: ${crc64(part)}`);
    etags.push(/^etag: "(\w+)"/im.exec(reply)?.[1] ?? '');
  }
  return etags;
}

function complete({ complete: url, completeHeaders }: UploadTicket, etags: readonly string[]) {
  const listed = etags.map(
    (etag, at) => `<Part><PartNumber>${String(at + 1)}</PartNumber><ETag>"${etag}"</ETag></Part>`,
  );
  const headers = Object.entries(completeHeaders).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const body = `<CompleteMultipartUpload>${listed.join('')}</CompleteMultipartUpload>`;
  // curl would add a Content-Type, which isn't signed.
  return curl(url, '-X', 'POST', '-H', 'Content-Type:', ...headers, '-d', body);
}

test('curl uploads 40 MB through a ticket, with the properties that the owner fixed', async () => {
  const { connection, bucket } = practice;
  const upload = { contentType: 'video/quicktime', storageClass: 'IA', meta: { shot: '12' } } as const;
  const { ticket } = await issue({ key: 'film.mov', upload });
  expect(ticket).toMatchObject({ parts: 3, partSizeBytes: 16 * MiB, sizeBytes: 40 * MiB, key: 'film.mov' });
  const bytes = noise(40 * MiB);
  const etags = await sendParts(ticket, bytes);
  const list = await curl(ticket.list[0] ?? '');
  expect(list.reply.match(/<PartNumber>/g)).toHaveLength(3);
  expect((await complete(ticket, etags)).status).toBe(200);
  const { contentType, storageClass, meta, crc64: stored } = await headObject(connection, { bucket, key: 'film.mov' });
  expect({ contentType, storageClass, meta }).toEqual({
    contentType: 'video/quicktime',
    storageClass: 'IA',
    meta: { shot: '12' },
  });
  expect(stored).toBe(crc64(bytes));
});

test('a smaller file takes fewer parts', async () => {
  const { ticket } = await issue({ key: 'small.bin' });
  const bytes = noise(100);
  expect((await complete(ticket, await sendParts(ticket, bytes))).status).toBe(200);
  expect(digest(await practice.read('small.bin'))).toBe(digest(bytes));
});

test('once its owner has aborted the upload, nothing of a ticket works', async () => {
  const { ticket } = await issue({ key: 'ended.bin' });
  await abortMultipartUpload(practice.connection, ticket);
  const answers = [
    await curl(partUrls(ticket)(1), '-T', await practice.file('part', 'x')),
    await curl(ticket.list[0] ?? ''),
    await complete(ticket, ['0'.repeat(32)]),
  ];
  expect(answers.map(({ status, reply }) => [status, /<Code>(\w+)/.exec(reply)?.[1]])).toEqual(
    Array.from({ length: 3 }, () => [404, 'NoSuchUpload']),
  );
});

test('a ticket keeps what is there, unless it may replace it', async () => {
  await practice.put('taken.bin', 'theirs');
  await expect(issue({ key: 'taken.bin' }).catch(toFailure)).resolves.toMatchObject({ cause: 'exists' });
  const { ticket } = await issue({ key: 'taken.bin', upload: { forbidOverwrite: false } });
  expect(ticket.completeHeaders).toEqual({});
  expect((await complete(ticket, await sendParts(ticket, noise(10)))).status).toBe(200);
});

test('a file that took its place meanwhile is not replaced', async () => {
  const { ticket } = await issue({ key: 'race.bin' });
  const etags = await sendParts(ticket, noise(10));
  await practice.put('race.bin', 'theirs');
  expect((await complete(ticket, etags)).reply).toContain('FileAlreadyExists');
});

test('a ticket of 10,000 parts by a session with a long token is under 1 MB, and read again', async () => {
  const { connection, bucket } = practice;
  const accessKey = { ...(await connection.accessKey()), securityToken: `CAIS${'a'.repeat(2044)}` };
  const session = { accessKey, validUntil: Date.now() + 3_600_000 };
  const request = { bucket, key: 'long/'.repeat(200), sizeBytes: 10_000 * 64 * MiB, expiresSeconds: 604_800 };
  const { ticket, validity } = await issueTicket(connection, session, request);
  expect(ticket.parts).toBe(10_000);
  expect(ticket.list).toHaveLength(10);
  const text = JSON.stringify(ticket, null, 2);
  expect(text.length).toBeLessThan(MAX_TICKET_LENGTH);
  const { server, temporary, ...read } = readTicket(text);
  expect(read).toEqual(ticket);
  expect({ server: server.bucket, temporary }).toEqual({ server: bucket, temporary: true });
  expect(validity).toMatchObject({ limitedBy: 'session' });
});

test('parts stay for a new ticket to the same upload', async () => {
  const { ticket } = await issue({ key: 'renewed.bin' });
  const bytes = noise(17 * MiB);
  const etags = await sendParts(ticket, bytes);
  const { connection } = practice;
  const session = { accessKey: await connection.accessKey(), validUntil: null };
  const renewed = await renewTicket(connection, session, { ...ticket, forbidOverwrite: true }, { expiresSeconds: 60 });
  expect(readTicket(JSON.stringify(renewed.ticket))).toMatchObject({ uploadId: ticket.uploadId, parts: ticket.parts });
  expect(Date.parse(renewed.ticket.validUntil)).toBe(renewed.validity.validUntil);
  expect((await complete(renewed.ticket, etags)).status).toBe(200);
  expect(digest(await practice.read('renewed.bin'))).toBe(digest(bytes));
  await expect(
    renewTicket(connection, session, { ...ticket, forbidOverwrite: true }, { expiresSeconds: 60 }).catch(toFailure),
  ).resolves.toMatchObject({ code: 'NoSuchUpload' });
});

test.each([
  ['a host without encryption', { host: { domain: 'http://files.example.com' } }, 'ticket-https'],
  ['a lifetime of nothing', { expiresSeconds: 0 }, 'expires-too-short'],
  ['a size above what OSS takes', { sizeBytes: 10_000 * 5 * 1024 ** 3 + 1 }, 'object-too-large'],
  ['metadata that cannot be a header', { upload: { meta: { titre: 'é' } } }, 'not-ascii'],
])('%s is refused before an upload starts', async (_, fields, rule) => {
  await expect(issue({ key: 'refused.bin', ...fields }).catch(toFailure)).resolves.toMatchObject({ rule });
  const { uploads } = await listMultipartUploads(practice.connection, practice.bucket, { prefix: 'refused' });
  expect(uploads).toEqual([]);
});
