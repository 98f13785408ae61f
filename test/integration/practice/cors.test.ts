// What a browser is told about a page of another origin.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Client, type TestServer, connect, send, start, xmlText } from './client.ts';

const BUCKET = 'shared-bucket';
const ORIGIN = 'https://www.example.com';
let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await start({ seed: false });
  client = connect(server, { bucket: BUCKET });
  await client.putBucket(BUCKET);
  await client.put('k', Buffer.from('content'));
});

afterAll(() => server.stop());

afterEach(async () => {
  await onCors('DELETE');
});

async function onCors(method: string, body?: string): Promise<Answer> {
  const url = await client.signatureUrlV4(method, 60, { queries: { cors: null } });
  return send(url, { method, ...(body === undefined ? {} : { body }) });
}

interface Rule {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers?: readonly string[];
  readonly exposed?: readonly string[];
}

async function put(rules: readonly Rule[], end = ''): Promise<Answer> {
  const texts = (name: string, values: readonly string[] = []) =>
    values.map((value) => `<${name}>${value}</${name}>`).join('');
  const xml = rules.map(
    ({ origins, methods, headers, exposed }) =>
      `<CORSRule>${texts('AllowedOrigin', origins)}${texts('AllowedMethod', methods)}` +
      `${texts('AllowedHeader', headers)}${texts('ExposeHeader', exposed)}<MaxAgeSeconds>600</MaxAgeSeconds></CORSRule>`,
  );
  return onCors('PUT', `<CORSConfiguration>${xml.join('')}${end}</CORSConfiguration>`);
}

async function preflight(origin: string, method: string, headers = ''): Promise<Answer> {
  const url = await client.signatureUrlV4('PUT', 60, {}, 'k');
  return send(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      ...(headers === '' ? {} : { 'access-control-request-headers': headers }),
    },
  });
}

async function get(origin: string, key = 'k'): Promise<Answer> {
  return send(await client.signatureUrlV4('GET', 60, {}, key), { headers: { origin } });
}

const shared = ({ headers }: Answer) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')));

describe('a preflight', () => {
  test('is refused without rules', async () => {
    const answer = await preflight(ORIGIN, 'PUT');
    expect(answer.status).toBe(403);
    expect(xmlText(answer.text, 'Code')).toBe('AccessForbidden');
    expect(xmlText(answer.text, 'Message')).toBe('CORSResponse: CORS is not enabled for this bucket.');
    expect(shared(answer)).toEqual({});
  });

  test('is answered with what was asked for, without a signature of its own', async () => {
    await put([
      { origins: ['*'], methods: ['PUT', 'GET'], headers: ['x-oss-*'], exposed: ['ETag', 'x-oss-request-id'] },
    ]);
    const answer = await preflight(ORIGIN, 'PUT', 'X-Oss-Meta-A, x-oss-tagging');
    expect(answer.status).toBe(200);
    expect(shared(answer)).toEqual({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'X-Oss-Meta-A, x-oss-tagging',
      'access-control-expose-headers': 'ETag, x-oss-request-id',
      'access-control-max-age': '600',
    });
  });

  test.each([
    ['another origin', 'https://elsewhere.test', 'PUT', ''],
    ['another method', ORIGIN, 'DELETE', ''],
    ['another header', ORIGIN, 'PUT', 'content-md5'],
  ])('of %s is refused', async (_what, origin, method, headers) => {
    await put([{ origins: ['https://*.example.com'], methods: ['PUT'], headers: ['x-oss-*'] }]);
    expect((await preflight(ORIGIN, 'PUT', 'x-oss-meta-a')).status).toBe(200);
    const answer = await preflight(origin, method, headers);
    expect(answer.status).toBe(403);
    expect(xmlText(answer.text, 'Message')).toMatch(/^CORSResponse: This CORS request is not allowed\./);
  });

  test.each([
    ['an origin', { 'access-control-request-method': 'PUT' }, '0034-00000101'],
    ['the method of the request that follows', { origin: ORIGIN }, '0034-00000102'],
  ])('without %s tells too little', async (_what, headers, ec) => {
    await put([{ origins: ['*'], methods: ['PUT'] }]);
    const answer = await send(await client.signatureUrlV4('PUT', 60, {}, 'k'), { method: 'OPTIONS', headers });
    expect([answer.status, xmlText(answer.text, 'Code'), xmlText(answer.text, 'EC')]).toEqual([400, 'BadRequest', ec]);
    expect(xmlText(answer.text, 'Message')).toMatch(/^Insufficient information\./);
  });

  test.each([
    ['an origin', { origins: ['https://ww?.example.com'], methods: ['PUT'], headers: ['*'] }],
    ['a header', { origins: ['*'], methods: ['PUT'], headers: ['x-oss-tagg?ng'] }],
  ])('takes a question mark in %s for itself, not for any character', async (_what, rule) => {
    await put([rule]);
    expect((await preflight(ORIGIN, 'PUT', 'x-oss-tagging')).status).toBe(403);
  });

  test('of a file on disk has the origin null, which a rule can name', async () => {
    await put([{ origins: ['null'], methods: ['POST'] }]);
    expect((await preflight('null', 'POST')).headers['access-control-allow-origin']).toBe('null');
    expect((await preflight(ORIGIN, 'POST')).status).toBe(403);
  });
});

describe('a reply', () => {
  test('can be read by a page that the first matching rule allows; later rules expose nothing', async () => {
    await put([
      { origins: ['*'], methods: ['GET'] },
      { origins: [ORIGIN], methods: ['GET'], exposed: ['ETag'] },
    ]);
    const answer = await get(ORIGIN);
    expect(answer.text).toBe('content');
    expect(shared(answer)).toMatchObject({ 'access-control-allow-origin': ORIGIN });
    expect(shared(answer)).not.toHaveProperty('access-control-expose-headers');
  });

  test('can be read too if it is a refusal', async () => {
    await put([{ origins: [ORIGIN], methods: ['GET'] }]);
    const answer = await get(ORIGIN, 'none');
    expect(answer.status).toBe(404);
    expect(shared(answer)).toMatchObject({ 'access-control-allow-origin': ORIGIN });
  });

  test('is stored, and silent, without a rule', async () => {
    const url = await client.signatureUrlV4('PUT', 60, {}, 'silent');
    const answer = await send(url, { method: 'PUT', headers: { origin: ORIGIN }, body: 'x' });
    expect([answer.status, shared(answer)]).toEqual([200, {}]);
  });

  test('varies by origin where the bucket says so', async () => {
    await put([{ origins: ['*'], methods: ['GET'] }], '<ResponseVary>true</ResponseVary>');
    expect((await get(ORIGIN)).headers.vary).toBe('Origin');
  });
});

describe('the rules of a bucket', () => {
  test('are refused with a lifetime that is no number', async () => {
    const rule = '<AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><MaxAgeSeconds>x</MaxAgeSeconds>';
    const answer = await onCors('PUT', `<CORSConfiguration><CORSRule>${rule}</CORSRule></CORSConfiguration>`);
    expect(xmlText(answer.text, 'Code')).toBe('MalformedXML');
  });

  test('are given back as they were put', async () => {
    expect(xmlText((await onCors('GET')).text, 'Code')).toBe('NoSuchCORSConfiguration');
    await put([{ origins: ['*'], methods: ['GET'], headers: ['*'], exposed: ['ETag'] }]);
    const { text } = await onCors('GET');
    expect(text).toContain(
      '<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHeader>*</AllowedHeader>' +
        '<ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>600</MaxAgeSeconds></CORSRule>',
    );
  });

  test.each([
    ['no rule', []],
    ['an unknown method', [{ origins: ['*'], methods: ['PATCH'] }]],
    ['a wildcard among the exposed headers', [{ origins: ['*'], methods: ['GET'], exposed: ['x-oss-*'] }]],
    ['an exposed header that no reply could carry', [{ origins: ['*'], methods: ['GET'], exposed: ['x-oss\u4e2d'] }]],
    ['two wildcards in an origin', [{ origins: ['https://*.example.*'], methods: ['GET'] }]],
  ])('are refused with %s', async (_what, rules) => {
    expect((await put(rules)).status).toBe(400);
  });

  test('are at most ten', async () => {
    const rules = (length: number) => Array.from({ length }, () => ({ origins: ['*'], methods: ['GET'] }));
    expect((await put(rules(10))).status).toBe(200);
    const { status, text } = await put(rules(11));
    expect([status, xmlText(text, 'Code'), xmlText(text, 'EC')]).toEqual([400, 'CORSRuleBeyondLimit', '0034-00000006']);
  });

  test.each([
    ['AllowedOrigin', { origins: ['https://*.example.*'], methods: ['GET'] }],
    ['AllowedHeader', { origins: ['*'], methods: ['GET'], headers: ['x-*-*'] }],
  ])('are refused by the name of the element that is wrong: %s', async (name, rule) => {
    expect(xmlText((await put([rule])).text, 'ArgumentName')).toBe(name);
  });
});
