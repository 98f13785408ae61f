import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Client, type TestServer, connect, send, start, xmlText } from './client.ts';

const BUCKET = 'listing-bucket';
let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await start({ seed: false });
  client = connect(server, { bucket: BUCKET });
  await client.putBucket(BUCKET);
});

afterAll(() => server.stop());

async function list(queries: Record<string, string | null>, bucket = BUCKET): Promise<Answer> {
  const by = connect(server, { bucket });
  return send(await by.signatureUrlV4('GET', 60, { queries }, ''));
}

function texts({ text }: Answer, name: string): string[] {
  return [...text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, value = '']) => value);
}

describe('ListObjects', () => {
  // In the order of UTF-8 bytes, which is not that of JavaScript's strings.
  const keys = ['a', 'a/', 'a/1', 'a/2/x', 'a/2/y', 'b/1', 'b/2', 'c', 'é', '\ue000', '\u{1f6a2}'];

  beforeAll(async () => {
    for (const key of [...keys].reverse()) await client.put(key, Buffer.from('x'));
  });

  test.each([1, 2, 3, 5, 1000])('V2 with pages of %i gives every key once, in byte order', async (maxKeys) => {
    const found: string[] = [];
    let token: string | undefined;
    do {
      const page = await list({
        'list-type': '2',
        'max-keys': String(maxKeys),
        ...(token && { 'continuation-token': token }),
      });
      found.push(...texts(page, 'Key'));
      expect(xmlText(page.text, 'KeyCount')).toBe(String(texts(page, 'Key').length));
      token = xmlText(page.text, 'NextContinuationToken');
      expect(xmlText(page.text, 'IsTruncated')).toBe(String(token !== undefined));
    } while (token !== undefined);
    expect(found).toEqual(keys);
  });

  test.each([1, 2, 3, 1000])('V1 with a delimiter and pages of %i gives every row once', async (maxKeys) => {
    const found: string[] = [];
    let marker: string | undefined;
    do {
      const page = await list({ delimiter: '/', 'max-keys': String(maxKeys), ...(marker && { marker }) });
      const prefixes = [...page.text.matchAll(/<CommonPrefixes><Prefix>([^<]*)</g)].map(([, prefix = '']) => prefix);
      found.push(...[...texts(page, 'Key'), ...prefixes].sort());
      marker = xmlText(page.text, 'NextMarker');
    } while (marker !== undefined);
    expect(found.sort()).toEqual(['a', 'a/', 'b/', 'c', 'é', '\ue000', '\u{1f6a2}'].sort());
  });

  test('prefix and delimiter cut at the next delimiter only', async () => {
    const page = await list({ 'list-type': '2', prefix: 'a/', delimiter: '/' });
    expect(texts(page, 'Key')).toEqual(['a/', 'a/1']);
    expect(page.text).toContain('<CommonPrefixes><Prefix>a/2/</Prefix></CommonPrefixes>');
  });

  test('start-after begins after a key that need not exist', async () => {
    expect(texts(await list({ 'list-type': '2', 'start-after': 'b/11', 'max-keys': '2' }), 'Key')).toEqual([
      'b/2',
      'c',
    ]);
  });

  test('V1 names the owner, V2 only with fetch-owner', async () => {
    expect((await list({})).text).toContain('<Owner>');
    expect((await list({ 'list-type': '2' })).text).not.toContain('<Owner>');
    expect((await list({ 'list-type': '2', 'fetch-owner': 'true' })).text).toContain('<Owner>');
  });

  test.each([
    ['max-keys', '0'],
    ['max-keys', '1001'],
    ['max-keys', '-1'],
    ['encoding-type', 'base64'],
  ])('%s=%s is refused', async (name, value) => {
    expect(xmlText((await list({ [name]: value })).text, 'Code')).toBe('InvalidArgument');
  });

  test('an invented continuation token is refused', async () => {
    const page = await list({ 'list-type': '2', 'continuation-token': '!' });
    expect(xmlText(page.text, 'Code')).toBe('InvalidArgument');
  });

  test('encoding-type=url encodes keys, prefixes and markers, so that any key survives XML', async () => {
    const key = 'ctl/\u0001 <&>+%键';
    await client.put(key, Buffer.from('x'));
    const page = await list({ prefix: 'ctl/\u0001', 'encoding-type': 'url' });
    expect(texts(page, 'Key').map(decodeURIComponent)).toEqual([key]);
    expect(xmlText(page.text, 'Prefix')).toBe('ctl%2F%01');
    await client.delete(key);
  });
});

describe('versions', () => {
  const bucket = 'versions-bucket';
  let versioned: Client;

  async function row(key: string, content: string | null): Promise<string> {
    const result = content === null ? await versioned.delete(key) : await versioned.put(key, Buffer.from(content));
    return (result.res.headers as Record<string, string>)['x-oss-version-id'] ?? '';
  }

  async function get(key: string, queries: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
    return send(await versioned.signatureUrlV4(method, 60, { queries }, key), { method });
  }

  beforeAll(async () => {
    versioned = connect(server, { bucket });
    await versioned.putBucket(bucket);
  });

  test('before versioning there is only null, and no version header', async () => {
    expect(await row('old', 'before')).toBe('');
    const page = await list({ versions: null }, bucket);
    expect(texts(page, 'VersionId')).toEqual(['null']);
    expect((await get('old')).headers['x-oss-version-id']).toBeUndefined();
    expect(xmlText((await list({ versioning: null }, bucket)).text, 'Status')).toBeUndefined();
  });

  test('enabled: every write is a version, a delete is a marker, and null stays what it was', async () => {
    await versioned.putBucketVersioning(bucket, 'Enabled');
    const second = await row('old', 'second');
    const marker = await row('old', null);
    expect(texts(await list({ versions: null }, bucket), 'VersionId')).toEqual([marker, second, 'null']);
    const gone = await get('old');
    expect([gone.status, gone.headers['x-oss-delete-marker'], gone.headers['x-oss-version-id']]).toEqual([
      404,
      'true',
      marker,
    ]);
    expect((await get('old', { versionId: 'null' })).text).toBe('before');
    expect((await get('old', { versionId: second })).text).toBe('second');
    const direct = await get('old', { versionId: marker });
    expect([direct.status, xmlText(direct.text, 'Code'), direct.headers['x-oss-delete-marker']]).toEqual([
      405,
      'MethodNotAllowed',
      'true',
    ]);
    expect(xmlText((await get('old', { versionId: 'none' })).text, 'Code')).toBe('NoSuchVersion');
  });

  test('deleting a marker brings the object back, deleting a version is final', async () => {
    const [marker = '', second = ''] = texts(await list({ versions: null }, bucket), 'VersionId');
    const undone = await get('old', { versionId: marker }, 'DELETE');
    expect([undone.status, undone.headers['x-oss-delete-marker'], undone.headers['x-oss-version-id']]).toEqual([
      204,
      'true',
      marker,
    ]);
    expect((await get('old')).text).toBe('second');
    await get('old', { versionId: second }, 'DELETE');
    expect((await get('old')).text).toBe('before');
  });

  test('suspended: writes and deletes replace null, versions stay', async () => {
    await versioned.putBucketVersioning(bucket, 'Enabled');
    const kept = await row('mixed', 'version');
    await versioned.putBucketVersioning(bucket, 'Suspended');
    expect(await row('mixed', 'null 1')).toBe('null');
    expect(await row('mixed', 'null 2')).toBe('null');
    expect((await get('mixed')).text).toBe('null 2');
    expect(await row('mixed', null)).toBe('null');
    expect((await get('mixed')).status).toBe(404);
    const page = await list({ versions: null, prefix: 'mixed' }, bucket);
    expect(texts(page, 'VersionId')).toEqual(['null', kept]);
    expect((await get('mixed', { versionId: kept })).text).toBe('version');
  });

  test.each([1, 2, 3, 7])('pages of %i give every version once, newest first', async (maxKeys) => {
    await versioned.putBucketVersioning(bucket, 'Enabled');
    const prefix = `page-${maxKeys}/`;
    const expected: string[] = [];
    for (const key of ['a', 'b', 'c']) {
      const ids = [];
      for (const content of ['1', '2', null, '3']) ids.unshift(await row(`${prefix}${key}`, content));
      expected.push(...ids);
    }
    const found: string[] = [];
    let markers: Record<string, string> | undefined = {};
    while (markers) {
      const page: Answer = await list({ versions: null, prefix, 'max-keys': String(maxKeys), ...markers }, bucket);
      found.push(...texts(page, 'VersionId'));
      const next = xmlText(page.text, 'NextKeyMarker');
      markers =
        (next && { 'key-marker': next, 'version-id-marker': xmlText(page.text, 'NextVersionIdMarker') ?? '' }) ||
        undefined;
    }
    expect(found).toEqual(expected);
  });

  test('copies can take an old version', async () => {
    const first = await row('copy-me', 'first');
    await row('copy-me', 'second');
    const headers = { 'x-oss-copy-source': `/${bucket}/copy-me?versionId=${first}` };
    const url = await versioned.signatureUrlV4('PUT', 60, { headers }, 'copied');
    const answer = await send(url, { method: 'PUT', headers });
    expect(answer.headers['x-oss-copy-source-version-id']).toBe(first);
    expect((await get('copied')).text).toBe('first');
  });

  test('many versions and markers are deleted at once', async () => {
    const ids = [await row('multi', '1'), await row('multi', '2')];
    const wanted = [{ key: 'multi', versionId: ids[0] }, { key: 'multi' }];
    const { deleted } = await versioned.deleteMulti(wanted as never, {});
    const rows = deleted as unknown as Record<string, string>[];
    expect(rows[0]).toMatchObject({ Key: 'multi', VersionId: ids[0] });
    expect(rows[1]).toMatchObject({ Key: 'multi', DeleteMarker: 'true' });
    const page = await list({ versions: null, prefix: 'multi' }, bucket);
    expect(texts(page, 'VersionId')).toEqual([rows[1]?.['DeleteMarkerVersionId'], ids[1]]);
  });
});

describe('buckets', () => {
  test('are listed by prefix, marker and max-keys', async () => {
    for (const name of ['page-one', 'page-two', 'page-three']) await client.putBucket(name);
    const first = await client.listBuckets({ prefix: 'page-', 'max-keys': 2 });
    expect(first.buckets.map(({ name }) => name)).toEqual(['page-one', 'page-three']);
    const marker = first.nextMarker ?? '';
    const rest = await client.listBuckets({ prefix: 'page-', marker, 'max-keys': 2 });
    expect(rest.buckets.map(({ name }) => name)).toEqual(['page-two']);
  });

  test('one that is not empty stays, an empty one goes', async () => {
    await client.putBucket('to-delete');
    const inside = connect(server, { bucket: 'to-delete' });
    await inside.put('x', Buffer.from('x'));
    await expect(client.deleteBucket('to-delete')).rejects.toMatchObject({ code: 'BucketNotEmpty' });
    await inside.delete('x');
    await client.deleteBucket('to-delete');
    await expect(inside.get('x')).rejects.toMatchObject({ code: 'NoSuchBucket' });
  });

  test.each(['ab', 'Upper', '-dash', 'dash-', 'under_score', 'x'.repeat(64)])('%s is no name', async (name) => {
    const signer = connect(server);
    // ali-oss checks names where they are set, not where it signs.
    (signer as unknown as { options: { bucket: string } }).options.bucket = name;
    const answer = await send(await signer.signatureUrlV4('PUT', 60, {}, ''), { method: 'PUT' });
    expect([answer.status, xmlText(answer.text, 'Code')]).toEqual([400, 'InvalidBucketName']);
  });

  test('a name can not be taken twice', async () => {
    await expect(client.putBucket(BUCKET)).rejects.toMatchObject({ code: 'BucketAlreadyExists' });
  });
});
