import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { createCRC64 } from 'hash-wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Client, type TestServer, connect, send, start, xmlText } from './client.ts';

const run = promisify(execFile);
const BUCKET = 'objects-bucket';
let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await start({ seed: false });
  client = connect(server, { bucket: BUCKET });
  await client.putBucket(BUCKET);
});

afterAll(() => server.stop());

interface Wire {
  readonly queries?: Record<string, string | number | null>;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly bucket?: string;
}

/** A request that ali-oss signs and that goes out as it is. */
async function call(
  method: string,
  key: string,
  { queries = {}, headers = {}, body, bucket }: Wire = {},
): Promise<Answer> {
  const by = bucket === undefined ? client : connect(server, { bucket });
  const url = await by.signatureUrlV4(method, 60, { headers, queries }, key);
  return send(url, { method, headers, ...(body === undefined ? {} : { body }) });
}

function codeOf({ status, text }: Answer): [number, string | undefined] {
  return [status, xmlText(text, 'Code')];
}

async function crc64(bytes: Buffer): Promise<string> {
  const crc = await createCRC64();
  return BigInt(`0x${crc.update(bytes).digest('hex')}`).toString();
}

test('a reply says all that a real one says', async () => {
  const content = randomBytes(3000);
  const md5 = createHash('md5').update(content).digest();
  const put = await call('PUT', 'facts', {
    body: content,
    headers: { 'x-oss-meta-note': 'n', 'Content-Type': 'image/x' },
  });
  expect(put.headers).toMatchObject({
    etag: `"${md5.toString('hex').toUpperCase()}"`,
    'x-oss-hash-crc64ecma': await crc64(content),
    'content-md5': md5.toString('base64'),
    server: 'AliyunOSS',
  });
  expect(put.headers['x-oss-request-id']).toMatch(/^[0-9A-F]{24}$/);
  const got = await call('GET', 'facts');
  expect(got.headers).toMatchObject({
    etag: `"${md5.toString('hex').toUpperCase()}"`,
    'x-oss-hash-crc64ecma': await crc64(content),
    'content-md5': md5.toString('base64'),
    'content-type': 'image/x',
    'content-length': '3000',
    'accept-ranges': 'bytes',
    'x-oss-object-type': 'Normal',
    'x-oss-storage-class': 'Standard',
    'x-oss-meta-note': 'n',
  });
  expect(got.headers['x-oss-server-time']).toMatch(/^\d+$/);
  expect(Date.parse(got.headers['last-modified'] ?? '')).toBeGreaterThan(Date.now() - 60_000);
});

describe('ranges', () => {
  beforeAll(() => call('PUT', 'range.bin', { body: '0123456789' }));

  const standard = { 'x-oss-range-behavior': 'standard' };

  test.each([
    { range: 'bytes=2-4', headers: {}, status: 206, text: '234', contentRange: 'bytes 2-4/10' },
    { range: 'bytes=7-', headers: {}, status: 206, text: '789', contentRange: 'bytes 7-9/10' },
    { range: 'bytes=-3', headers: {}, status: 206, text: '789', contentRange: 'bytes 7-9/10' },
    { range: 'bytes=5-20', headers: {}, status: 200, text: '0123456789', contentRange: undefined },
    { range: 'bytes=20-30', headers: {}, status: 200, text: '0123456789', contentRange: undefined },
    { range: 'bytes=5-20', headers: standard, status: 206, text: '56789', contentRange: 'bytes 5-9/10' },
    { range: 'bytes=20-30', headers: standard, status: 416, text: undefined, contentRange: 'bytes */10' },
  ])('$range with $headers answers $status', async ({ range, headers, status, text, contentRange }) => {
    const answer = await call('GET', 'range.bin', { headers: { Range: range, ...headers } });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-range']).toBe(contentRange);
    if (text === undefined) expect(codeOf(answer)).toEqual([416, 'InvalidRange']);
    else expect(answer.text).toBe(text);
  });

  test('curl resumes a half-finished download', async () => {
    const content = randomBytes(300_000);
    await call('PUT', 'resume.bin', { body: content });
    const file = join(server.dataDir, 'resume.bin');
    await writeFile(file, content.subarray(0, 100_000));
    const url = await client.signatureUrlV4('GET', 60, {}, 'resume.bin');
    await run('curl', ['-sS', '--fail', '-C', '-', '-o', file, url]);
    expect(content.equals(await readFile(file))).toBe(true);
  });

  test('a range across parts of a multipart object is exact', async () => {
    const content = randomBytes(350_000);
    await uploadParts('parts.bin', [
      content.subarray(0, 120_000),
      content.subarray(120_000, 240_000),
      content.subarray(240_000),
    ]);
    const answer = await call('GET', 'parts.bin', { headers: { Range: 'bytes=119990-240009' } });
    expect(answer.body.equals(content.subarray(119_990, 240_010))).toBe(true);
  });
});

describe('conditions', () => {
  let etag = '';
  const past = 'Mon, 01 Jan 2024 00:00:00 GMT';
  const future = 'Mon, 01 Jan 2125 00:00:00 GMT';
  beforeAll(async () => {
    etag = (await call('PUT', 'cond', { body: 'x' })).headers.etag ?? '';
  });

  test.each<[string, (tag: string) => Record<string, string>, number]>([
    ['If-Match of the ETag', (tag) => ({ 'If-Match': tag }), 200],
    ['If-Match of another', () => ({ 'If-Match': '"0"' }), 412],
    ['If-None-Match of the ETag', (tag) => ({ 'If-None-Match': tag }), 304],
    ['If-None-Match of another', () => ({ 'If-None-Match': '"0"' }), 200],
    ['If-Modified-Since long ago', () => ({ 'If-Modified-Since': past }), 200],
    ['If-Modified-Since in future', () => ({ 'If-Modified-Since': future }), 304],
    ['If-Unmodified-Since long ago', () => ({ 'If-Unmodified-Since': past }), 412],
    ['If-Unmodified-Since in future', () => ({ 'If-Unmodified-Since': future }), 200],
  ])('%s', async (_, headersFor, status) => {
    expect((await call('GET', 'cond', { headers: headersFor(etag) })).status).toBe(status);
    expect((await call('HEAD', 'cond', { headers: headersFor(etag) })).status).toBe(status);
  });
});

describe('response overrides', () => {
  beforeAll(() => call('PUT', 'over.txt', { body: 'x', headers: { 'x-oss-object-acl': 'public-read' } }));

  test('a file name in Chinese reaches the receiver as UTF-8', async () => {
    const disposition = 'attachment; filename="运单.txt"';
    const queries = {
      'response-content-disposition': disposition,
      'response-content-type': 'text/x',
      'response-expires': '0',
    };
    const { headers } = await call('GET', 'over.txt', { queries });
    expect(Buffer.from(headers['content-disposition'] ?? '', 'latin1').toString('utf8')).toBe(disposition);
    expect(headers).toMatchObject({ 'content-type': 'text/x', expires: '0' });
  });

  test('a line break is refused instead of becoming a header', async () => {
    const answer = await call('GET', 'over.txt', { queries: { 'response-content-type': 'a\r\nx: y' } });
    expect(codeOf(answer)).toEqual([400, 'InvalidArgument']);
  });

  test('without a signature they are refused, the object itself is public', async () => {
    const plain = `${server.endpoint}/${BUCKET}/over.txt`;
    expect((await send(plain)).text).toBe('x');
    expect(codeOf(await send(`${plain}?response-content-type=text%2Fhtml`))).toEqual([403, 'AccessDenied']);
  });

  test('other parameters are none, whatever they are called', async () => {
    expect((await send(`${server.endpoint}/${BUCKET}/over.txt?constructor=a&__proto__=b&valueOf=`)).text).toBe('x');
  });
});

test('a text is compressed on the way when the client takes gzip, and then promises nothing', async () => {
  const text = 'waybill '.repeat(1000);
  await call('PUT', 'long.txt', { body: text, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
  const answer = await call('GET', 'long.txt', { headers: { 'Accept-Encoding': 'gzip, br' } });
  expect(gunzipSync(answer.body).toString()).toBe(text);
  for (const name of ['etag', 'content-length', 'accept-ranges', 'x-oss-hash-crc64ecma', 'content-md5']) {
    expect(answer.headers[name]).toBeUndefined();
  }
  const plain = await call('GET', 'long.txt', { headers: { 'Accept-Encoding': 'identity' } });
  expect([plain.text, plain.headers['content-encoding']]).toEqual([text, undefined]);
});

describe('keys', () => {
  test.each([
    'a/../b',
    '..',
    '.',
    'x/./y',
    'a//b',
    '\u0001\u001f\u007f',
    '🚢',
    'e\u0301',
    '\ufeffbom',
    ' lead and trail ',
  ])('%j is kept byte for byte', async (key) => {
    expect((await call('PUT', key, { body: key })).status).toBe(200);
    expect((await call('GET', key)).text).toBe(key);
    const url = await client.signatureUrlV4('GET', 60, {}, key);
    const [base = '', query = ''] = url.split('?');
    const start = `${server.endpoint.replace('127.0.0.1', 'localhost')}/${BUCKET}/`;
    const slashless = `${start}${base.slice(start.length).replaceAll('/', '%2F')}?${query}`;
    expect((await send(slashless)).text).toBe(key);
    const listed = await client.listV2({ prefix: key, 'max-keys': '1' }, {});
    expect(listed.objects[0]?.name).toBe(key);
  });

  test('1,023 bytes are a key, 1,024 are not', async () => {
    expect((await call('PUT', '键'.repeat(341), { body: 'x' })).status).toBe(200);
    expect(codeOf(await call('PUT', `${'键'.repeat(341)}x`, { body: 'x' }))).toEqual([400, 'InvalidObjectName']);
  });

  test.each(['/a', '\\a', '//'])('%j is no key', async (key) => {
    expect(codeOf(await call('PUT', key, { body: 'x' }))).toEqual([400, 'InvalidObjectName']);
  });
});

describe('a PUT is refused', () => {
  test('when its body is not that of Content-MD5, and nothing is kept', async () => {
    const headers = { 'Content-MD5': createHash('md5').update('other').digest('base64') };
    expect(codeOf(await call('PUT', 'md5', { body: 'x', headers }))).toEqual([400, 'InvalidDigest']);
    expect((await call('GET', 'md5')).status).toBe(404);
  });

  test('when it names a version', async () => {
    expect(codeOf(await call('PUT', 'v', { body: 'x', queries: { versionId: 'null' } }))).toEqual([
      400,
      'InvalidArgument',
    ]);
  });

  test('when the key is there and x-oss-forbid-overwrite says so', async () => {
    const headers = { 'x-oss-forbid-overwrite': 'true' };
    expect((await call('PUT', 'once', { body: '1', headers })).status).toBe(200);
    expect(codeOf(await call('PUT', 'once', { body: '2', headers }))).toEqual([409, 'FileAlreadyExists']);
    const copy = { ...headers, 'x-oss-copy-source': `/${BUCKET}/range.bin` };
    expect(codeOf(await call('PUT', 'once', { headers: copy }))).toEqual([409, 'FileAlreadyExists']);
    expect((await call('GET', 'once')).text).toBe('1');
  });

  test('above 5 GB, before a byte is sent', async () => {
    const url = await client.signatureUrlV4('PUT', 60, {}, 'huge');
    const answer = await send(url, {
      method: 'PUT',
      headers: { 'Content-Length': '5368709121', Expect: '100-continue' },
    });
    expect(codeOf(answer)).toEqual([400, 'EntityTooLarge']);
  });

  test('halfway, and the connection takes the next request', async () => {
    for (let at = 0; at < 3; at += 1) {
      const answer = await call('POST', '', { queries: { delete: null }, body: Buffer.alloc(2_400_000, ' ') });
      expect(codeOf(answer)).toEqual([400, 'EntityTooLarge']);
    }
  });

  test('when a wrong signature is found before 100 Continue', async () => {
    const file = join(server.dataDir, 'wrong.bin');
    await writeFile(file, randomBytes(2_000_000));
    const url = (await client.signatureUrlV4('PUT', 60, {}, 'wrong')).replace('x-oss-signature=', 'x-oss-signature=0');
    const { stdout } = await run('curl', ['-sS', '-w', '%{http_code} %{size_upload}', '-o', '-', '-T', file, url]);
    expect(stdout).toContain('SignatureDoesNotMatch');
    expect(stdout).toMatch(/403 0$/);
  });
});

test('curl uploads with Expect: 100-continue', async () => {
  const content = randomBytes(3_000_000);
  const file = join(server.dataDir, 'up.bin');
  await writeFile(file, content);
  const url = await client.signatureUrlV4('PUT', 60, {}, 'up.bin');
  await run('curl', ['-sS', '--fail', '-T', file, url]);
  expect((await call('GET', 'up.bin')).body.equals(content)).toBe(true);
});

describe('copies', () => {
  test('a version of a key with any characters, as its conditions allow', async () => {
    await call('PUT', 'src /+?&键', { body: 'original' });
    const source = `/${BUCKET}/${encodeURIComponent('src /+?&键')}`;
    const headers = { 'x-oss-copy-source': source };
    const copy = await call('PUT', 'copied', { headers });
    expect(copy.status).toBe(200);
    expect(xmlText(copy.text, 'ETag')).toContain(createHash('md5').update('original').digest('hex').toUpperCase());
    expect((await call('GET', 'copied')).text).toBe('original');
    const failing = { ...headers, 'x-oss-copy-source-if-match': '"0"' };
    expect(codeOf(await call('PUT', 'copied', { headers: failing }))).toEqual([412, 'PreconditionFailed']);
    expect(codeOf(await call('PUT', 'c', { headers: { 'x-oss-copy-source': `/${BUCKET}/none` } }))).toEqual([
      404,
      'NoSuchKey',
    ]);
    expect(codeOf(await call('PUT', 'c', { headers: { 'x-oss-copy-source': '/none/none' } }))).toEqual([
      404,
      'NoSuchBucket',
    ]);
  });

  test('a copy outlives its source', async () => {
    await call('PUT', 'short-lived', { body: 'content' });
    await call('PUT', 'heir', { headers: { 'x-oss-copy-source': `/${BUCKET}/short-lived` } });
    await call('DELETE', 'short-lived');
    expect((await call('GET', 'heir')).text).toBe('content');
  });
});

async function initiate(key: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await call('POST', key, { queries: { uploads: null }, headers });
  return xmlText(answer.text, 'UploadId') ?? '';
}

async function complete(
  key: string,
  uploadId: string,
  parts: readonly [number, string][],
  headers = {},
): Promise<Answer> {
  const listed = parts.map(([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`);
  const body = `<CompleteMultipartUpload>${listed.join('')}</CompleteMultipartUpload>`;
  return call('POST', key, { queries: { uploadId }, body, headers });
}

async function uploadParts(key: string, contents: readonly Buffer[]): Promise<Answer> {
  const uploadId = await initiate(key);
  const parts: [number, string][] = [];
  for (const [at, body] of contents.entries()) {
    const { headers } = await call('PUT', key, { queries: { partNumber: at + 1, uploadId }, body });
    parts.push([at + 1, headers.etag ?? '']);
  }
  return complete(key, uploadId, parts);
}

describe('multipart uploads', () => {
  test('the whole has the CRC-64 of its bytes and the ETag of its parts', async () => {
    const parts = [randomBytes(102_400), randomBytes(150_001), randomBytes(7)];
    const answer = await uploadParts('whole', parts);
    const md5s = parts.map((part) => createHash('md5').update(part).digest());
    const etag = createHash('md5').update(Buffer.concat(md5s)).digest('hex').toUpperCase();
    expect(answer.headers).toMatchObject({
      'x-oss-hash-crc64ecma': await crc64(Buffer.concat(parts)),
      etag: `"${etag}-3"`,
    });
    const got = await call('GET', 'whole');
    expect(got.body.equals(Buffer.concat(parts))).toBe(true);
    expect(got.headers).toMatchObject({ 'x-oss-object-type': 'Multipart' });
    expect(got.headers['content-md5']).toBeUndefined();
  });

  test('x-oss-complete-all takes all that is there, and only without a list', async () => {
    const uploadId = await initiate('all', { 'Content-Type': 'text/x' });
    for (const partNumber of [5, 2]) {
      await call('PUT', 'all', { queries: { partNumber, uploadId }, body: Buffer.alloc(102_400, String(partNumber)) });
    }
    const headers = { 'x-oss-complete-all': 'yes' };
    expect(codeOf(await complete('all', uploadId, [[2, 'x']], headers))).toEqual([400, 'InvalidArgument']);
    expect((await call('POST', 'all', { queries: { uploadId }, headers, body: '' })).status).toBe(200);
    const got = await call('GET', 'all');
    expect([got.text.slice(0, 1), got.text.slice(-1), got.headers['content-type']]).toEqual(['2', '5', 'text/x']);
  });

  test('limits hold, and a refused completion leaves the parts as they are', async () => {
    const uploadId = await initiate('limits');
    const small = await call('PUT', 'limits', { queries: { partNumber: 1, uploadId }, body: Buffer.alloc(102_399) });
    const last = await call('PUT', 'limits', { queries: { partNumber: 2, uploadId }, body: 'end' });
    const first: [number, string] = [1, small.headers.etag ?? ''];
    const second: [number, string] = [2, last.headers.etag ?? ''];
    expect(codeOf(await complete('limits', uploadId, [first, second]))).toEqual([400, 'EntityTooSmall']);
    expect(codeOf(await complete('limits', uploadId, [second, first]))).toEqual([400, 'InvalidPartOrder']);
    expect(codeOf(await complete('limits', uploadId, [[1, '0']]))).toEqual([400, 'InvalidPart']);
    expect(codeOf(await complete('limits', uploadId, [[3, '0']]))).toEqual([400, 'InvalidPart']);
    expect(codeOf(await complete('limits', uploadId, []))).toEqual([400, 'MalformedXML']);
    for (const partNumber of [0, 10_001, 'x']) {
      const answer = await call('PUT', 'limits', { queries: { partNumber, uploadId }, body: 'x' });
      expect(codeOf(answer)).toEqual([400, 'InvalidArgument']);
    }
    expect((await complete('limits', uploadId, [second])).status).toBe(200);
    expect(codeOf(await complete('limits', uploadId, [second]))).toEqual([404, 'NoSuchUpload']);
  });

  test('an upload completed twice at once makes one object', async () => {
    const uploadId = await initiate('race');
    const { headers } = await call('PUT', 'race', { queries: { partNumber: 1, uploadId }, body: 'x' });
    const part: [number, string] = [1, headers.etag ?? ''];
    const answers = await Promise.all([1, 2, 3].map(() => complete('race', uploadId, [part])));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404]);
    expect((await call('GET', 'race')).text).toBe('x');
  });

  test('a part may be copied, a range of it too', async () => {
    const content = randomBytes(300_000);
    await call('PUT', 'part-source', { body: content });
    const uploadId = await initiate('copied-parts');
    const copy = async (partNumber: number, range: string): Promise<[number, string]> => {
      const headers = { 'x-oss-copy-source': `/${BUCKET}/part-source`, 'x-oss-copy-source-range': range };
      const answer = await call('PUT', 'copied-parts', { queries: { partNumber, uploadId }, headers });
      return [partNumber, xmlText(answer.text, 'ETag')?.replaceAll('&quot;', '"') ?? ''];
    };
    const parts = [await copy(1, 'bytes=0-149999'), await copy(2, 'bytes=150000-299999')];
    expect((await complete('copied-parts', uploadId, parts)).headers).toMatchObject({
      'x-oss-hash-crc64ecma': await crc64(content),
    });
    expect((await call('GET', 'copied-parts')).body.equals(content)).toBe(true);
  });

  test('uploads are listed page by page, by key', async () => {
    const started = [];
    for (const key of ['lu/b', 'lu/a', 'lu/a', 'lu/c/d']) started.push([key, await initiate(key)]);
    const page = async (queries: Record<string, string>): Promise<Answer> =>
      call('GET', '', { queries: { uploads: null, prefix: 'lu/', ...queries } });
    const keys = ({ text }: Answer): string[] => [...text.matchAll(/<Key>([^<]*)</g)].map(([, key = '']) => key);
    expect(keys(await page({}))).toEqual(['lu/a', 'lu/a', 'lu/b', 'lu/c/d']);
    const first = await page({ 'max-uploads': '1' });
    expect([keys(first), xmlText(first.text, 'IsTruncated')]).toEqual([['lu/a'], 'true']);
    const rest = await page({
      'key-marker': xmlText(first.text, 'NextKeyMarker') ?? '',
      'upload-id-marker': xmlText(first.text, 'NextUploadIdMarker') ?? '',
    });
    expect(keys(rest)).toEqual(['lu/a', 'lu/b', 'lu/c/d']);
    expect((await page({ delimiter: '/' })).text).toContain('<CommonPrefixes><Prefix>lu/c/</Prefix></CommonPrefixes>');
  });
});

describe('x-oss-traffic-limit', () => {
  test.each(['819199', '838860801', 'fast'])('%s is refused', async (limit) => {
    const answer = await call('GET', 'range.bin', { queries: { 'x-oss-traffic-limit': limit } });
    expect(codeOf(answer)).toEqual([400, 'InvalidArgument']);
  });

  test('paces downloads and uploads', async () => {
    const body = randomBytes(150_000);
    const headers = { 'x-oss-traffic-limit': '819200' };
    const started = performance.now();
    await call('PUT', 'slow', { body, headers });
    const uploaded = performance.now();
    expect((await call('GET', 'slow', { queries: headers })).body.equals(body)).toBe(true);
    expect(uploaded - started).toBeGreaterThan(1000);
    expect(performance.now() - uploaded).toBeGreaterThan(1000);
  });
});
