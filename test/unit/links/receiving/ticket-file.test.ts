import { expect, test } from 'vitest';
import { toFailure } from '../../../../main/failure.ts';
import { ReceivedFiles } from '../../../../main/links/receiving/received-files.ts';
import { readTicket } from '../../../../main/links/receiving/ticket-file.ts';
import type { UploadTicket } from '../../../../main/links/tickets/ticket.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';
import { signPartUrls } from '../../../../main/oss/signing/part-urls.ts';
import { signUrl } from '../../../../main/oss/signing/signed-url.ts';

const signedAt = Date.UTC(2026, 10, 30, 12);

/** A ticket for 40 MiB in three parts, signed for this endpoint. */
function ticketAt(endpoint: string, key = 'film (1).mov'): UploadTicket {
  const accessKey = { accessKeyId: 'LTAI5tTest', accessKeySecret: 'secret', securityToken: null };
  const options = {
    ...{ endpoint: parseEndpoint(endpoint), region: 'cn-hangzhou', signVersion: 'v4' as const, accessKey, signedAt },
    ...{ expiresSeconds: 3600, bucket: 'inbox', key },
  };
  const id = ['uploadId', 'u1'] as const;
  const page = [['max-parts', '1000'] as const, ['part-number-marker', '0'] as const, id];
  const { template, signatures } = signPartUrls({ ...options, uploadId: 'u1', parts: 3 });
  return {
    ...{ waybill: 'upload-ticket', version: 1, madeAt: new Date(signedAt).toISOString() },
    validUntil: new Date(signedAt + 3_600_000).toISOString(),
    ...{ bucket: 'inbox', key, uploadId: 'u1', sizeBytes: 40 * 1024 ** 2, partSizeBytes: 16 * 1024 ** 2, parts: 3 },
    ...{ put: template, signatures: signatures.toString('base64') },
    list: [signUrl({ ...options, method: 'GET', params: page }).url],
    complete: signUrl({ ...options, method: 'POST', params: [id] }).url,
    completeHeaders: {},
  };
}

function ruleOf(ticket: object): string {
  try {
    readTicket(JSON.stringify(ticket));
    return 'none';
  } catch (error) {
    const failure = toFailure(error);
    return failure.kind === 'input' ? failure.rule : failure.kind;
  }
}

const hangzhou = 'oss-cn-hangzhou.aliyuncs.com';
const good = ticketAt(hangzhou);
const other = ticketAt('oss-cn-shanghai.aliyuncs.com');

test('a ticket is read with the server that its links lead to', () => {
  expect(readTicket(JSON.stringify(good))).toMatchObject({
    server: { host: `inbox.${hangzhou}`, bucket: 'inbox', exposed: false },
    temporary: false,
  });
});

test('an opened ticket stays in main: what the page gets has no link and no signature', () => {
  const files = new ReceivedFiles();
  const card = files.open(JSON.stringify({ ...good, note: 'cut 2' }));
  expect(card).toMatchObject({ kind: 'upload-ticket', bucket: 'inbox', sizeBytes: good.sizeBytes, note: 'cut 2' });
  expect(JSON.stringify(card)).not.toMatch(/https?:|signature/);
  expect(files.ticket(card?.fileId ?? '').put).toBe(good.put);
  files.clear();
  expect(() => files.ticket(card?.fileId ?? '')).toThrow('unknown');
});

test.each(['a/../b', '旅行/夏天.zip', '{n}{signature}.bin', 'a b+c%20.txt'])('a key “%s” is read as it is', (key) => {
  expect(readTicket(JSON.stringify(ticketAt(hangzhou, key))).key).toBe(key);
});

test.each([
  ['https on a host of its own', 'https://192.168.1.5', 'none'],
  ['http on this computer', 'http://127.0.0.1:8080', 'none'],
  ['http elsewhere', 'http://192.168.1.5', 'ticket-https'],
  ['http on a host that begins like this computer', 'http://127.0.0.1.example.com', 'ticket-https'],
])('%s', (_, endpoint, rule) => {
  expect(ruleOf(ticketAt(endpoint))).toBe(rule);
});

test.each([
  ['parts that go to another server', { put: other.put, signatures: other.signatures }, 'file-claims'],
  ['an end on another server', { complete: other.complete }, 'file-claims'],
  ['another key than it says', { key: 'other.mov' }, 'file-claims'],
  ['another bucket than it says', { bucket: 'outbox' }, 'file-claims'],
  ['another upload than it says', { uploadId: 'u2' }, 'ticket-claims'],
  ['a longer life than its links', { validUntil: '2026-12-30T12:00:00.000Z' }, 'ticket-claims'],
  ['a list in place of the end', { complete: good.list[0] }, 'ticket-claims'],
  ['parameters that nobody asked for', { complete: `${good.complete}&x-oss-process=x` }, 'ticket-claims'],
  ['one that is no signed link', { complete: `https://inbox.${hangzhou}/a?uploadId=u1` }, 'ticket-damaged'],
  [
    'numbers in the host',
    { put: good.put.replace('partNumber={n}', 'partNumber=1').replace('inbox', '{n}.inbox') },
    'ticket-damaged',
  ],
  ['numbers in the path', { put: good.put.replace('/film', '/{n}film') }, 'ticket-damaged'],
  [
    'a number as the upload',
    { put: good.put.replace('partNumber={n}', 'partNumber=1').replace('uploadId=u1', 'uploadId={n}') },
    'ticket-damaged',
  ],
  ['a signature as the key', { put: good.put.replace('/film', '/{signature}') }, 'ticket-damaged'],
  ['two numbers', { put: good.put.replace('partNumber={n}', 'partNumber={n}&partNumber={n}') }, 'ticket-damaged'],
  ['a number that goes on', { put: good.put.replace('partNumber={n}', 'partNumber={n}0') }, 'ticket-damaged'],
  ['braces in its end', { complete: good.complete.replace('/film', '/{n}') }, 'ticket-damaged'],
  ['a field too many', { token: 'x' }, 'ticket-damaged'],
])('a ticket with %s is refused', (_, fields, rule) => {
  expect(ruleOf({ ...good, ...fields })).toBe(rule);
});

test('a text that is no JSON, or too long, is refused', () => {
  expect(() => readTicket('{"waybill":"upload-ticket"')).toThrow('ticket-damaged');
  expect(() => readTicket(' '.repeat(1_000_001))).toThrow('ticket-too-large');
});
