// Uploads in parts by nothing but signed URLs, which ali-oss signs, and curl sends.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import OSS from 'ali-oss';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Client, type TestServer, connect, send, start, xmlText } from './client.ts';

const BUCKET = 'parts-bucket';
const KEY = 'in/a b.bin';
const PART_BYTES = 100 * 1024;
let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await start({ seed: false });
  client = connect(server, { bucket: BUCKET });
  await client.putBucket(BUCKET);
});

afterAll(() => server.stop());

afterEach(() => {
  server.faults.clear();
});

interface Signed {
  readonly method: string;
  readonly queries: Readonly<Record<string, string | number | null>>;
  readonly headers?: Readonly<Record<string, string>>;
}

type Sign = (signed: Signed) => Promise<string>;

const signs: Readonly<Record<string, Sign>> = {
  v1: ({ method, queries, headers = {} }) => {
    const subResource = Object.fromEntries(Object.entries(queries).map(([name, value]) => [name, value ?? '']));
    return Promise.resolve(client.signatureUrl(KEY, { method, expires: 60, subResource, ...headers } as never));
  },
  v4: ({ method, queries, headers = {} }) =>
    client.signatureUrlV4(method, 60, { queries, headers: { ...headers } }, KEY),
};

const codeOf = ({ status, text }: Answer) => [status, xmlText(text, 'Code')];

const listOf = (etags: readonly string[]): string => {
  const parts = etags.map(
    (etag, index) => `<Part><PartNumber>${String(index + 1)}</PartNumber><ETag>${etag}</ETag></Part>`,
  );
  return `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
};

describe.each(Object.entries(signs))('by %s', (_version, sign) => {
  const by = async (signed: Signed, body?: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> =>
    send(await sign(signed), { method: signed.method, headers, ...(body === undefined ? {} : { body }) });
  const begin = async (): Promise<string> =>
    xmlText((await by({ method: 'POST', queries: { uploads: null } })).text, 'UploadId') ?? '';
  const part = (uploadId: string, partNumber: number, body: Buffer): Promise<Answer> =>
    by({ method: 'PUT', queries: { partNumber, uploadId } }, body);
  const complete = (uploadId: string, etags: readonly string[]): Promise<Answer> =>
    by({ method: 'POST', queries: { uploadId } }, listOf(etags));
  const bytes = (fill: string) => Buffer.alloc(PART_BYTES, fill);

  test('an upload is begun, sent, listed and completed by an explicit list', async () => {
    const uploadId = await begin();
    const first = await part(uploadId, 1, bytes('a'));
    const second = await part(uploadId, 2, bytes('b'));
    const listed = await by({ method: 'GET', queries: { uploadId } });
    expect(listed.text.match(/<HashCrc64ecma>\d+/g)).toEqual(
      [first, second].map(({ headers }) => `<HashCrc64ecma>${String(headers['x-oss-hash-crc64ecma'])}`),
    );
    const done = await complete(uploadId, [String(first.headers.etag), String(second.headers.etag)]);
    expect(done.status).toBe(200);
    const { content, res } = (await client.get(KEY)) as { content: Buffer; res: { headers: Record<string, string> } };
    expect(content.equals(Buffer.concat([bytes('a'), bytes('b')]))).toBe(true);
    expect(done.headers['x-oss-hash-crc64ecma']).toBe(res.headers['x-oss-hash-crc64ecma']);
    expect(codeOf(await complete(uploadId, []))).toEqual([404, 'NoSuchUpload']);
  });

  test('x-oss-complete-all takes whatever is there, and no list beside it', async () => {
    const uploadId = await begin();
    await part(uploadId, 1, bytes('a'));
    await part(uploadId, 7, Buffer.from('end'));
    const headers = { 'x-oss-complete-all': 'yes' };
    const signed = { method: 'POST', queries: { uploadId }, headers };
    expect(codeOf(await by(signed, listOf([]), headers))).toEqual([400, 'InvalidArgument']);
    expect(codeOf(await by(signed, undefined))).toEqual([403, 'SignatureDoesNotMatch']);
    expect((await by(signed, undefined, headers)).status).toBe(200);
    expect((await client.head(KEY)).res).toMatchObject({ headers: { 'content-length': String(PART_BYTES + 3) } });
  });

  test('nothing is taken after the upload was given up', async () => {
    const uploadId = await begin();
    const urls = { part: await sign({ method: 'PUT', queries: { partNumber: 1, uploadId } }) };
    expect((await send(urls.part, { method: 'PUT', body: bytes('a') })).status).toBe(200);
    expect((await by({ method: 'DELETE', queries: { uploadId } })).status).toBe(204);
    const missing = [404, 'NoSuchUpload'];
    expect(codeOf(await send(urls.part, { method: 'PUT', body: bytes('a') }))).toEqual(missing);
    expect(codeOf(await complete(uploadId, ['a']))).toEqual(missing);
    expect(codeOf(await by({ method: 'GET', queries: { uploadId } }))).toEqual(missing);
    expect(codeOf(await by({ method: 'DELETE', queries: { uploadId } }))).toEqual(missing);
  });

  test('a part with another ETag, one that is missing and a wrong order are refused', async () => {
    const uploadId = await begin();
    const { headers } = await part(uploadId, 1, bytes('a'));
    expect(codeOf(await complete(uploadId, ['0'.repeat(32)]))).toEqual([400, 'InvalidPart']);
    expect(codeOf(await complete(uploadId, [String(headers.etag), 'a']))).toEqual([400, 'InvalidPart']);
    const twice = listOf([String(headers.etag)]).replace(/(<Part>.*<\/Part>)/, '$1$1');
    const unordered = await by({ method: 'POST', queries: { uploadId } }, twice);
    expect([...codeOf(unordered), xmlText(unordered.text, 'EC')]).toEqual([400, 'InvalidPartOrder', '0042-00000209']);
  });

  test('a Content-Type must be sent as it was signed, and not at all if it was not', async () => {
    const uploadId = await begin();
    const queries = { partNumber: 1, uploadId };
    const type = { 'Content-Type': 'text/plain' };
    expect((await by({ method: 'PUT', queries }, 'a')).status).toBe(200);
    expect(codeOf(await by({ method: 'PUT', queries }, 'a', type))).toEqual([403, 'SignatureDoesNotMatch']);
    expect((await by({ method: 'PUT', queries, headers: type }, 'a', type)).status).toBe(200);
    expect(codeOf(await by({ method: 'PUT', queries, headers: type }, 'a'))).toEqual([403, 'SignatureDoesNotMatch']);
  });

  test('a header of OSS must be sent as it was signed, and not at all if it was not', async () => {
    const signed = { method: 'POST', queries: { uploads: null } };
    const headers = { 'x-oss-forbid-overwrite': 'true' };
    expect(codeOf(await by(signed, undefined, headers))).toEqual([403, 'SignatureDoesNotMatch']);
    expect(codeOf(await by({ ...signed, headers }, undefined))).toEqual([403, 'SignatureDoesNotMatch']);
    const other = { 'x-oss-forbid-overwrite': 'false' };
    expect(codeOf(await by({ ...signed, headers }, undefined, other))).toEqual([403, 'SignatureDoesNotMatch']);
    expect(codeOf(await by({ ...signed, headers }, undefined, headers))).toEqual([409, 'FileAlreadyExists']);
  });

  test('a URL serves one part of one upload, by one method', async () => {
    const uploadId = await begin();
    const url = await sign({ method: 'PUT', queries: { partNumber: 1, uploadId } });
    const mismatch = [403, 'SignatureDoesNotMatch'];
    expect(codeOf(await send(url.replace('partNumber=1', 'partNumber=2'), { method: 'PUT', body: 'a' }))).toEqual(
      mismatch,
    );
    expect(codeOf(await send(url.replace(uploadId, await begin()), { method: 'PUT', body: 'a' }))).toEqual(mismatch);
    expect(codeOf(await send(url, { method: 'POST', body: 'a' }))).toEqual(mismatch);
    expect((await send(url, { method: 'HEAD' })).status).toBe(403);
  });

  test('a URL ends', async () => {
    const url = await sign({ method: 'POST', queries: { uploads: null } });
    server.faults.clockOffsetMs = 61_000;
    expect(codeOf(await send(url, { method: 'POST' }))).toEqual([403, 'AccessDenied']);
  });

  test('curl sends a part', async () => {
    const uploadId = await begin();
    const url = await sign({ method: 'PUT', queries: { partNumber: 1, uploadId } });
    const run = promisify(execFile)('curl', ['-sS', '-i', '-T', '-', url]);
    run.child.stdin?.end(bytes('a'));
    expect((await run).stdout).toMatch(/HTTP\/1\.1 200 .*x-oss-hash-crc64ecma: \d+/s);
  });
});

describe('the list of parts', () => {
  const page = async (uploadId: string, marker: number): Promise<string> =>
    (signs['v4'] as Sign)({ method: 'GET', queries: { uploadId, 'max-parts': 2, 'part-number-marker': marker } });

  test('comes in pages, each with a URL of its own', async () => {
    const { uploadId } = await client.initMultipartUpload(KEY);
    const numbers = [1, 2, 5, 9, 10_000];
    for (const number of numbers) await client.uploadPart(KEY, uploadId, number, Buffer.from('a'), 0, 1);
    const seen: number[] = [];
    for (let marker = 0, more = true; more;) {
      const { text } = await send(await page(uploadId, marker));
      seen.push(...[...text.matchAll(/<PartNumber>(\d+)/g)].map(([, number]) => Number(number)));
      marker = Number(xmlText(text, 'NextPartNumberMarker'));
      more = xmlText(text, 'IsTruncated') === 'true';
    }
    expect(seen).toEqual(numbers);
    const edited = (await page(uploadId, 0)).replace('part-number-marker=0', 'part-number-marker=2');
    expect(codeOf(await send(edited))).toEqual([403, 'SignatureDoesNotMatch']);
  });
});

describe('what a session signed', () => {
  const guestWith = async (...actions: readonly string[]): Promise<Client> => {
    const Resource = `acs:oss:*:*:${BUCKET}/${KEY}`;
    const policy = { Version: '1', Statement: [{ Effect: 'Allow', Action: actions, Resource }] };
    const { credentials } = await new OSS.STS({ ...server }).assumeRole(server.roleArn, policy, 3600, 'parts');
    const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret, SecurityToken: securityToken } = credentials;
    return connect(server, { bucket: BUCKET, key: { accessKeyId, accessKeySecret, securityToken } });
  };
  const url = (by: Client, method: string, queries: Signed['queries']) =>
    by.signatureUrlV4(method, 43_200, { queries }, KEY);
  const outcome = ({ status, text }: Answer) => [status, xmlText(text, 'EC')];

  test('needs a right each to list parts and to give up', async () => {
    const { uploadId } = await client.initMultipartUpload(KEY);
    const writer = await guestWith('oss:PutObject');
    const bySession = [403, '0003-00000301'];
    expect(
      (await send(await url(writer, 'PUT', { partNumber: 1, uploadId }), { method: 'PUT', body: 'a' })).status,
    ).toBe(200);
    expect(outcome(await send(await url(writer, 'GET', { uploadId })))).toEqual(bySession);
    expect(outcome(await send(await url(writer, 'DELETE', { uploadId }), { method: 'DELETE' }))).toEqual(bySession);
    const all = await guestWith('oss:PutObject', 'oss:ListParts', 'oss:AbortMultipartUpload');
    expect((await send(await url(all, 'GET', { uploadId }))).status).toBe(200);
    expect((await send(await url(all, 'DELETE', { uploadId }), { method: 'DELETE' })).status).toBe(204);
  });

  test('ends with the session, but the parts stay for the next one', async () => {
    const { uploadId } = await client.initMultipartUpload(KEY);
    const [first, second] = [
      { partNumber: 1, uploadId },
      { partNumber: 2, uploadId },
    ];
    const guest = await guestWith('oss:PutObject');
    const sent = await send(await url(guest, 'PUT', first), { method: 'PUT', body: Buffer.alloc(PART_BYTES) });
    const late = await url(guest, 'PUT', second);
    server.faults.clockOffsetMs = 3_601_000;
    expect(codeOf(await send(late, { method: 'PUT', body: 'b' }))).toEqual([403, 'SecurityTokenExpired']);
    server.faults.clear();
    const next = await guestWith('oss:PutObject', 'oss:ListParts');
    expect((await send(await url(next, 'GET', { uploadId }))).text).toContain(
      String(sent.headers['x-oss-hash-crc64ecma']),
    );
    const more = await send(await url(next, 'PUT', second), { method: 'PUT', body: 'b' });
    const list = listOf([String(sent.headers.etag), String(more.headers.etag)]);
    expect((await send(await url(next, 'POST', { uploadId }), { method: 'POST', body: list })).status).toBe(200);
  });
});
