import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { testTls } from '../../support/tls/certificate.ts';
import { type Answer, type Client, type TestServer, connect, send, start, xmlText } from './client.ts';

const BUCKET = 'access-bucket';
let server: TestServer;
let client: Client;
let clientV1: Client;

beforeAll(async () => {
  server = await start({ seed: false });
  client = connect(server, { bucket: BUCKET });
  clientV1 = connect(server, { bucket: BUCKET, v4: false });
  await client.putBucket(BUCKET);
  await client.put('k', Buffer.from('content'));
});

afterAll(() => server.stop());

afterEach(() => server.faults.clear());

interface Told {
  readonly status: number;
  readonly code: string | undefined;
  readonly ec: string | undefined;
}

function told({ status, text }: Answer): Told {
  return { status, code: xmlText(text, 'Code'), ec: xmlText(text, 'EC') };
}

const MINUTE = 60_000;

describe('time', () => {
  test.each([
    ['V4', () => client],
    ['V1', () => clientV1],
  ])('a clock that is 16 minutes off is told so by %s, with the time here', async (_, of) => {
    for (const offset of [16 * MINUTE, -16 * MINUTE]) {
      server.faults.clockOffsetMs = offset;
      await expect(of().get('k')).rejects.toMatchObject({ code: 'RequestTimeTooSkewed', status: 403 });
    }
    server.faults.clockOffsetMs = 14 * MINUTE;
    expect((await of().get('k')).res.status).toBe(200);
  });

  test('the Date of a reply is that of the clock', async () => {
    server.faults.clockOffsetMs = 60 * MINUTE;
    const { headers } = await send(`${server.endpoint}/`);
    expect(Date.parse(headers.date ?? '') - Date.now()).toBeGreaterThan(59 * MINUTE);
  });

  test('a V4 URL ends when it says, and says when', async () => {
    const url = await client.signatureUrlV4('GET', 60, {}, 'k');
    server.faults.clockOffsetMs = 59_000;
    expect((await send(url)).status).toBe(200);
    server.faults.clockOffsetMs = 62_000;
    const answer = await send(url);
    expect(told(answer)).toEqual({ status: 403, code: 'AccessDenied', ec: '0002-00000236' });
    expect(xmlText(answer.text, 'Message')).toBe('Request has expired.');
    const ended = Date.parse(xmlText(answer.text, 'Expires') ?? '');
    expect(Date.parse(xmlText(answer.text, 'ServerTime') ?? '')).toBeGreaterThan(ended);
  });

  test('a V1 URL ends when it says', async () => {
    const url = clientV1.signatureUrl('k', { expires: 60 });
    server.faults.clockOffsetMs = 62_000;
    expect(told(await send(url))).toEqual({ status: 403, code: 'AccessDenied', ec: '0002-00000069' });
  });

  test('a V4 URL from 16 minutes in the future is not valid yet, one from 14 is', async () => {
    const url = await client.signatureUrlV4('GET', 60, {}, 'k');
    server.faults.clockOffsetMs = -16 * MINUTE;
    expect(told(await send(url))).toEqual({ status: 403, code: 'AccessDenied', ec: '0002-00000235' });
    server.faults.clockOffsetMs = -14 * MINUTE;
    expect((await send(url)).status).toBe(200);
  });

  test.each([0, 604_801, -1])('a V4 URL for %i seconds is refused', async (seconds) => {
    const url = await client.signatureUrlV4('GET', seconds, {}, 'k');
    expect(told(await send(url))).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });

  test('a V4 URL for seven days is good', async () => {
    expect((await send(await client.signatureUrlV4('GET', 604_800, {}, 'k'))).status).toBe(200);
  });
});

describe('signatures', () => {
  test('a wrong secret gets to see what would have been signed', async () => {
    const key = { accessKeyId: server.accessKeyId, accessKeySecret: 'wrong' };
    const v4 = await send(await connect(server, { bucket: BUCKET, key }).signatureUrlV4('GET', 60, {}, 'k'));
    expect(told(v4)).toEqual({ status: 403, code: 'SignatureDoesNotMatch', ec: '0002-00000040' });
    expect(xmlText(v4.text, 'StringToSign')).toMatch(/^OSS4-HMAC-SHA256\n\d{8}T\d{6}Z\n/);
    expect(xmlText(v4.text, 'CanonicalRequest')).toContain(`/${BUCKET}/k`);
    const v1 = await send(connect(server, { bucket: BUCKET, key, v4: false }).signatureUrl('k'));
    expect(told(v1)).toEqual({ status: 403, code: 'SignatureDoesNotMatch', ec: '0002-00000040' });
    expect(xmlText(v1.text, 'StringToSign')).toMatch(/^GET\n\n\n\d+\n/);
  });

  test('an unknown AccessKey is told apart from a wrong secret', async () => {
    const key = { accessKeyId: 'nobody', accessKeySecret: 'x' };
    for (const v4 of [true, false]) {
      await expect(connect(server, { bucket: BUCKET, key, v4 }).get('k')).rejects.toMatchObject({
        code: 'InvalidAccessKeyId',
        status: 403,
      });
    }
  });

  test.each(['Bearer x', 'OSS2 AccessKeyId:x,Signature:y', 'OSS', 'OSS4-HMAC-SHA256 Signature=x'])(
    'Authorization: %s is refused',
    async (Authorization) => {
      const answer = await send(`${server.endpoint}/${BUCKET}/k`, { headers: { Authorization } });
      expect([400, 403]).toContain(answer.status);
      expect(answer.text).not.toContain('content');
    },
  );

  test('additional headers are signed: a Range that differs is refused, one that is missing too', async () => {
    const headers = { Range: 'bytes=0-1' };
    const url = await client.signatureUrlV4('GET', 60, { headers }, 'k', ['range']);
    expect((await send(url, { headers })).text).toBe('co');
    expect(told(await send(url, { headers: { Range: 'bytes=0-2' } }))).toMatchObject({ code: 'SignatureDoesNotMatch' });
    expect(told(await send(url))).toMatchObject({ code: 'InvalidArgument', ec: '0002-00000078' });
  });

  test('a + in a query that the client meant as a space is read as one', async () => {
    const queries = { 'response-content-disposition': 'inline; filename=a b.txt' };
    const url = await client.signatureUrlV4('GET', 60, { queries }, 'k');
    const answer = await send(url.replaceAll('%20', '+'));
    expect(answer.headers['content-disposition']).toBe('inline; filename=a b.txt');
  });

  test('the headers of an upload link must be sent as they were signed', async () => {
    const headers = { 'Content-Type': 'application/pdf', 'x-oss-meta-from': 'me' };
    const url = await client.signatureUrlV4('PUT', 60, { headers }, 'up');
    const put = async (sent: Record<string, string>): Promise<number> =>
      (await send(url, { method: 'PUT', headers: sent, body: 'x' })).status;
    expect(await put(headers)).toBe(200);
    expect(await put({ ...headers, 'Content-Type': 'text/plain' })).toBe(403);
    expect(await put({ 'Content-Type': 'application/pdf' })).toBe(403);
    expect(await put({ ...headers, 'x-oss-meta-more': '1' })).toBe(403);
    expect(await put({ ...headers, 'User-Agent': 'anything', 'Cache-Control': 'no-store' })).toBe(200);
  });

  test('HEAD, which has no body, tells an error in headers', async () => {
    const answer = await send(await client.signatureUrlV4('HEAD', 60, {}, 'none'), { method: 'HEAD' });
    expect([answer.status, answer.headers['x-oss-ec']]).toEqual([404, '0026-00000001']);
    const xml = Buffer.from(String(answer.headers['x-oss-err']), 'base64').toString();
    expect(xmlText(xml, 'Code')).toBe('NoSuchKey');
  });
});

describe('without a signature', () => {
  const plain = (): string => `${server.endpoint}/${BUCKET}`;

  afterEach(() => client.putBucketACL(BUCKET, 'private'));

  test('a private bucket shows nothing', async () => {
    for (const path of ['', '/k', '/none']) {
      expect(told(await send(`${plain()}${path}`))).toMatchObject({ status: 403, code: 'AccessDenied' });
    }
    expect(told(await send(`${server.endpoint}/`))).toMatchObject({ status: 403, code: 'AccessDenied' });
  });

  test('public-read opens reading, public-read-write opens writing, settings stay closed', async () => {
    await client.putBucketACL(BUCKET, 'public-read');
    expect((await send(`${plain()}/k`)).text).toBe('content');
    expect((await send(`${plain()}?list-type=2`)).status).toBe(200);
    expect((await send(`${plain()}/new`, { method: 'PUT', body: 'x' })).status).toBe(403);
    await client.putBucketACL(BUCKET, 'public-read-write');
    expect((await send(`${plain()}/new`, { method: 'PUT', body: 'x' })).status).toBe(200);
    expect((await send(`${plain()}?acl`)).status).toBe(403);
    expect((await send(plain(), { method: 'DELETE' })).status).toBe(403);
  });

  test("an object's own ACL goes before that of the bucket", async () => {
    await client.putBucketACL(BUCKET, 'public-read');
    await client.put('closed', Buffer.from('x'), { headers: { 'x-oss-object-acl': 'private' } });
    expect((await send(`${plain()}/closed`)).status).toBe(403);
  });
});

describe('regions', () => {
  let secure: TestServer;
  const BEIJING = 'bucket-in-beijing';

  beforeAll(async () => {
    secure = await start({ seed: false, tls: testTls });
    const beijing = connect(secure, { bucket: BEIJING, addressing: 'sub-domain', region: 'cn-beijing' });
    await beijing.putBucket(BEIJING);
    await beijing.put('k', Buffer.from('content'));
  });

  afterAll(() => secure.stop());

  test('a bucket is reached through the endpoint of its region', async () => {
    const beijing = connect(secure, { bucket: BEIJING, addressing: 'sub-domain', region: 'cn-beijing' });
    expect((await beijing.get('k')).content).toEqual(Buffer.from('content'));
    expect((await beijing.getBucketLocation(BEIJING)).location).toBe('oss-cn-beijing');
  });

  test('another endpoint names the right one', async () => {
    const url = await connect(secure, { bucket: BEIJING, addressing: 'sub-domain' }).signatureUrlV4('GET', 60, {}, 'k');
    const answer = await send(url);
    expect(told(answer)).toEqual({ status: 403, code: 'AccessDenied', ec: '0003-00001403' });
    expect(xmlText(answer.text, 'Endpoint')).toBe('oss-cn-beijing.aliyuncs.com');
    expect(xmlText(answer.text, 'Message')).toContain('must be addressed using the specified endpoint');
  });

  test('acceleration reaches every region', async () => {
    const port = secure.stsEndpoint.split(':')[1] ?? '';
    const beijing = connect(secure, { bucket: BEIJING, addressing: 'sub-domain', region: 'cn-beijing' });
    const url = await beijing.signatureUrlV4('GET', 60, {}, 'k');
    const fast = url.replace('oss-cn-beijing.aliyuncs.com', 'oss-accelerate.aliyuncs.com');
    expect(fast).toContain(`oss-accelerate.aliyuncs.com:${port}`);
    expect((await send(fast)).text).toBe('content');
  });

  test('a V4 scope must name the region of the endpoint', async () => {
    const shanghai = connect(server, { bucket: BUCKET, region: 'cn-shanghai' });
    const url = await shanghai.signatureUrlV4('GET', 60, {}, 'k');
    expect(told(await send(url))).toEqual({ status: 400, code: 'InvalidArgument', ec: '0002-00000228' });
    await expect(shanghai.get('k')).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: 'Invalid signing region in Authorization header.',
    });
  });

  test('a bucket in the path of an OSS endpoint is refused', async () => {
    const port = secure.stsEndpoint.split(':')[1] ?? '';
    const answer = await send(`https://oss-cn-hangzhou.aliyuncs.com:${port}/${BEIJING}/k`);
    expect(told(answer)).toMatchObject({ status: 403, code: 'SecondLevelDomainForbidden' });
  });

  test('a domain that is bound to no bucket finds none', async () => {
    const port = secure.stsEndpoint.split(':')[1] ?? '';
    expect(told(await send(`https://files.example.com:${port}/k`))).toMatchObject({
      status: 404,
      code: 'NoSuchBucket',
    });
  });
});

test('what the server can not do is refused, not misread', async () => {
  for (const sub of ['encryption', 'logging', 'website']) {
    const url = await client.signatureUrlV4('GET', 60, { queries: { [sub]: null } }, '');
    expect(told(await send(url))).toMatchObject({ status: 501, code: 'NotImplemented' });
  }
  const processed = await client.signatureUrlV4('GET', 60, { queries: { 'x-oss-process': 'image/resize,w_10' } }, 'k');
  expect(told(await send(processed))).toMatchObject({ status: 501 });
});
