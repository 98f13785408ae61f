// What a page that runs from a file, or from elsewhere, reads of the answers to its forms and parts.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Client, type TestServer, connect, send, start } from './client.ts';
import { type FormOptions, type Posted, post, signForm } from './forms.ts';

const BUCKET = 'form-bucket';
const ELSEWHERE = 'https://www.example.com';
const EXPOSED = ['ETag', 'x-oss-hash-crc64ecma', 'x-oss-request-id', 'x-oss-version-id'];
let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await start({ seed: false });
  client = connect(server, { bucket: BUCKET });
  await client.putBucket(BUCKET);
});

afterAll(() => server.stop());

afterEach(async () => {
  server.faults.clear();
  await rules();
});

/** Puts rules, each `origin methods`, which expose what a page needs unless they are followed by `silent`. */
async function rules(...written: readonly string[]): Promise<void> {
  const xml = written.map((rule) => {
    const [origin = '', methods = '', silent] = rule.split(' ');
    const texts = (name: string, values: readonly string[]) =>
      values.map((one) => `<${name}>${one}</${name}>`).join('');
    return `<CORSRule>${texts('AllowedOrigin', [origin])}${texts('AllowedMethod', methods.split(','))}${texts('AllowedHeader', ['*'])}${texts('ExposeHeader', silent === undefined ? EXPOSED : [])}</CORSRule>`;
  });
  const method = xml.length === 0 ? 'DELETE' : 'PUT';
  const url = await client.signatureUrlV4(method, 60, { queries: { cors: null } });
  const body = `<CORSConfiguration>${xml.join('')}</CORSConfiguration>`;
  const answer = await send(url, { method, ...(xml.length === 0 ? {} : { body }) });
  expect(answer.status).toBeLessThan(300);
}

const posted = (origin: string, options: FormOptions = {}): Promise<Posted> =>
  post(server, signForm(client, options), 'content', {
    headers: { origin },
  });

const read = ({ headers }: Posted) => [
  headers.get('access-control-allow-origin'),
  headers.get('access-control-expose-headers'),
];

const preflight = async (origin: string, method: string) =>
  send(`${server.endpoint}/${BUCKET}`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': method },
  });

describe('the answer to a form', () => {
  test('is stored but not readable without a rule, and its preflight is refused', async () => {
    const answer = await posted('null');
    expect([answer.status, ...read(answer)]).toEqual([204, null, null]);
    expect((await preflight('null', 'POST')).status).toBe(403);
  });

  test.each([
    ['*', 'null', true],
    ['*', ELSEWHERE, true],
    ['null', 'null', true],
    ['null', ELSEWHERE, false],
    ['https://*.example.com', 'null', false],
    ['https://*.example.com', ELSEWHERE, true],
  ])('is readable by a rule for %s from %s: %s', async (allowed, origin, isReadable) => {
    await rules(`${allowed} POST`);
    const expected = isReadable ? [origin, EXPOSED.join(', ')] : [null, null];
    expect(read(await posted(origin))).toEqual(expected);
    expect((await preflight(origin, 'POST')).status).toBe(isReadable ? 200 : 403);
  });

  test('is not readable by a rule for other methods', async () => {
    await rules('* GET,PUT,HEAD');
    expect(read(await posted('null'))).toEqual([null, null]);
  });

  test('shows a page nothing where an older rule comes first that exposes nothing', async () => {
    await rules('* POST silent', '* POST,PUT');
    expect(read(await posted('null'))).toEqual(['null', null]);
    await rules('* POST,PUT', '* POST silent');
    expect(read(await posted('null'))).toEqual(['null', EXPOSED.join(', ')]);
  });

  test.each<[string, FormOptions, number]>([
    ['a wrong signature', { fields: { 'x-oss-signature': '0'.repeat(64) } }, 403],
    ['a file that is too large', { conditions: [['content-length-range', 1, 2]] }, 400],
    ['an ended policy', { expiration: '2020-01-01T00:00:00.000Z' }, 403],
    ['a policy that is none', { conditions: [['like', '$key', 'a']] }, 400],
    ['no key', { fields: { key: null } }, 400],
  ])('is readable too for %s', async (_what, options, status) => {
    await rules('* POST');
    const answer = await posted('null', options);
    expect([answer.status, ...read(answer)]).toEqual([status, 'null', EXPOSED.join(', ')]);
  });

  test('is readable for 503 as well', async () => {
    await rules('* POST');
    server.faults.add({ effect: { kind: 'error', status: 503, code: 'ServiceUnavailable' }, times: 1 });
    const answer = await posted('null');
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([503, 'null']);
  });
});

test('the answers to parts are readable: begun, sent, listed, completed, given up', async () => {
  await rules('* POST,PUT,GET,DELETE');
  const { uploadId } = await client.initMultipartUpload('in/b');
  const headers = { origin: 'null' };
  const steps = [
    ['POST', { uploads: null }],
    ['PUT', { partNumber: 1, uploadId }],
    ['GET', { uploadId }],
    ['POST', { uploadId }],
    ['DELETE', { uploadId }],
    ['GET', { uploadId }],
  ] as const;
  const seen = [];
  for (const [method, queries] of steps) {
    const url = await client.signatureUrlV4(method, 60, { queries }, 'in/b');
    const answer = await send(url, { method, headers, ...(method === 'PUT' ? { body: 'a' } : {}) });
    seen.push([answer.status, answer.headers['access-control-allow-origin']]);
  }
  expect(seen).toEqual([200, 200, 200, 400, 204, 404].map((status) => [status, 'null']));
});
