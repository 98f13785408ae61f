// What OSS refuses for reasons that lie in the account or in a setting of the bucket.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { testTls } from '../../support/tls/certificate.ts';
import { type Answer, type Client, type TestServer, connect, send, start, xmlText } from './client.ts';

const BUCKET = 'ruled-bucket';
let server: TestServer;
let client: Client;
let onDomain: Client;

beforeAll(async () => {
  server = await start({ seed: false, tls: testTls, customDomains: { 'files.example.com': BUCKET } });
  client = connect(server, { bucket: BUCKET, addressing: 'sub-domain' });
  onDomain = connect(server, { bucket: BUCKET, addressing: 'custom domain' });
  await client.putBucket(BUCKET);
  await client.put('k', Buffer.from('content'));
});

afterAll(() => server.stop());

afterEach(() => {
  const { restrictions } = server;
  restrictions.publicAccess = false;
  restrictions.publicAccessOfNewBuckets = false;
  restrictions.signatureV1 = false;
  restrictions.packages = false;
  restrictions.account = null;
});

interface Asked {
  readonly key?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** A request on a sub-resource, which ali-oss signs and does not know otherwise. */
async function ask(method: string, sub: string | null, { key, headers = {}, body }: Asked = {}): Promise<Answer> {
  const queries = sub === null ? {} : { [sub]: null };
  const url = await client.signatureUrlV4(method, 60, { headers, queries }, key);
  return send(url, { method, headers, ...(body === undefined ? {} : { body }) });
}

const told = ({ status, text }: Answer) => ({
  status,
  code: xmlText(text, 'Code'),
  message: xmlText(text, 'Message'),
  ec: xmlText(text, 'EC'),
});

const denied = (message: string, ec?: string) => ({ status: 403, code: 'AccessDenied', message, ec });

describe('Block Public Access', () => {
  const block = (isOn: boolean) =>
    ask('PUT', 'publicAccessBlock', {
      body: `<PublicAccessBlockConfiguration><BlockPublicAccess>${String(isOn)}</BlockPublicAccess></PublicAccessBlockConfiguration>`,
    });

  afterEach(async () => {
    await ask('DELETE', 'publicAccessBlock');
    await client.putBucketACL(BUCKET, 'private');
  });

  test('is a setting of the bucket, off at first, which its properties show', async () => {
    expect(xmlText((await ask('GET', 'publicAccessBlock')).text, 'BlockPublicAccess')).toBe('false');
    expect((await block(true)).status).toBe(200);
    expect(xmlText((await ask('GET', 'publicAccessBlock')).text, 'BlockPublicAccess')).toBe('true');
    expect((await client.getBucketInfo(BUCKET)).bucket).toMatchObject({ BlockPublicAccess: 'true' });
    expect((await ask('DELETE', 'publicAccessBlock')).status).toBe(204);
    expect(xmlText((await ask('GET', 'publicAccessBlock')).text, 'BlockPublicAccess')).toBe('false');
  });

  test.each([
    ['the bucket', () => block(true)],
    ['the account', () => Promise.resolve((server.restrictions.publicAccess = true))],
  ])('of %s refuses every public ACL and shuts what was public', async (_whose, turnOn) => {
    await client.putBucketACL(BUCKET, 'public-read');
    const plain = `https://${BUCKET}.oss-cn-hangzhou.aliyuncs.com:${new URL(server.endpoint).port}/k`;
    expect((await send(plain)).text).toBe('content');
    await turnOn();
    expect(told(await send(plain))).toMatchObject({ status: 403, ec: '0003-00000001' });
    const objectAcl = denied('Put public object acl is not allowed', '0016-00000901');
    const acl = { 'x-oss-object-acl': 'public-read' };
    expect(told(await ask('PUT', 'acl', { key: 'k', headers: acl }))).toEqual(objectAcl);
    expect(told(await ask('PUT', null, { key: 'new', headers: acl, body: 'x' }))).toEqual(objectAcl);
    expect(told(await ask('POST', 'uploads', { key: 'new', headers: acl }))).toEqual(objectAcl);
    const bucketAcl = await ask('PUT', 'acl', { headers: { 'x-oss-acl': 'public-read' } });
    expect(told(bucketAcl)).toEqual(denied('Put public bucket acl is not allowed'));
    const everyone = {
      Effect: 'Allow',
      Action: 'oss:GetObject',
      Principal: ['*'],
      Resource: `acs:oss:*:*:${BUCKET}/*`,
    };
    const policy = await ask('PUT', 'policy', { body: JSON.stringify({ Version: '1', Statement: [everyone] }) });
    expect(told(policy)).toEqual(denied('Put public bucket policy is not allowed'));
    expect((await ask('PUT', 'acl', { key: 'k', headers: { 'x-oss-object-acl': 'default' } })).status).toBe(200);
  });

  test('is on for a new bucket where the account says so, which refuses one that would be public', async () => {
    server.restrictions.publicAccessOfNewBuckets = true;
    const fresh = connect(server, { bucket: 'fresh-bucket', addressing: 'sub-domain' });
    const put = fresh.putBucket('fresh-bucket', { acl: 'public-read' } as never);
    await expect(put).rejects.toMatchObject({ status: 403, message: 'Put public bucket acl is not allowed' });
    await fresh.putBucket('fresh-bucket');
    expect((await fresh.getBucketInfo('fresh-bucket')).bucket).toMatchObject({ BlockPublicAccess: 'true' });
  });
});

test('a V1 signature is refused where only V4 counts, in a header and in a URL', async () => {
  server.restrictions.signatureV1 = true;
  const v1 = connect(server, { bucket: BUCKET, addressing: 'sub-domain', v4: false });
  await expect(v1.get('k')).rejects.toMatchObject({ status: 403, code: 'AccessDenied' });
  expect(told(await send(v1.signatureUrl('k')))).toMatchObject({ status: 403, ec: '0002-00000080' });
  expect((await client.get('k')).res.status).toBe(200);
});

test.each([
  ['UserDisable', 'UserDisable', '0003-00000801'],
  ['InDebt', 'Current user is indebted', undefined],
  ['InDebtOverdue', 'Current user is indebted Overdue', undefined],
  ['BucketDisable', 'BucketDisable', undefined],
  ['AbnormalBucketOwnerStatus', 'The status of the bucket owner is abnormal', undefined],
] as const)('an account in the state %s is served nothing', async (code, message, ec) => {
  server.restrictions.account = code;
  expect(told(await ask('GET', null, { key: 'k' }))).toEqual({ status: 403, code, message, ec });
  expect(told(await ask('GET', 'bucketInfo'))).toMatchObject({ status: 403, code });
});

describe('an app', () => {
  const message =
    'The APK file is not allowed to be distributed in a public network using the OSS endpoint, please use CNAME instead.';
  const android = 'application/vnd.android.package-archive';

  beforeAll(async () => {
    await client.put('a.APK', Buffer.from('app'));
    await client.put('typed', Buffer.from('app'), { mime: android });
    await client.put('charset', Buffer.from('app'), { mime: `${android}; charset=binary` });
    await client.put('a.apks', Buffer.from('app'));
  });

  test('is refused through a link on OSS’s own host, by its name in any case or by its exact type', async () => {
    server.restrictions.packages = true;
    const got: Record<string, unknown> = {};
    for (const key of ['a.APK', 'typed', 'charset', 'a.apks']) got[key] = told(await ask('GET', null, { key }));
    const refused = { status: 400, code: 'ApkDownloadForbidden', message, ec: undefined };
    const passed = expect.objectContaining({ status: 200 }) as unknown;
    expect(got).toEqual({ 'a.APK': refused, typed: refused, charset: passed, 'a.apks': passed });
  });

  test('is served to a request that is signed in a header, and on a custom domain', async () => {
    server.restrictions.packages = true;
    expect((await client.get('a.APK')).content).toEqual(Buffer.from('app'));
    expect((await send(await onDomain.signatureUrlV4('GET', 60, {}, 'a.APK'))).text).toBe('app');
  });

  test('is refused on an acceleration host with an EC of its own', async () => {
    server.restrictions.packages = true;
    const url = await client.signatureUrlV4('GET', 60, {}, 'a.APK');
    const host = `${BUCKET}.oss-accelerate.aliyuncs.com`;
    expect(told(await send(url, { headers: { host } }))).toMatchObject({ status: 400, ec: '0048-00000203' });
  });
});

describe('hotlink protection', () => {
  const rules = (inner: string) =>
    ask('PUT', 'referer', { body: `<RefererConfiguration>${inner}</RefererConfiguration>` });
  const link = async (referer?: string) => {
    const url = await client.signatureUrlV4('GET', 60, {}, 'k');
    const { status, ...answer } = await send(url, referer === undefined ? {} : { headers: { referer } });
    return status === 200 ? 200 : told({ status, ...answer });
  };
  const refused = (ec: string) => denied('You are denied by bucket referer policy.', ec);

  afterEach(() => rules('<AllowEmptyReferer>true</AllowEmptyReferer><RefererList/>'));

  test('tells an empty, a refused and an unlisted referer apart', async () => {
    const lists =
      '<RefererList><Referer>https://*.example.com</Referer></RefererList>' +
      '<RefererBlacklist><Referer>https://bad.example.com</Referer></RefererBlacklist>';
    await rules(`<AllowEmptyReferer>false</AllowEmptyReferer><TruncatePath>true</TruncatePath>${lists}`);
    expect(await link()).toEqual(refused('0003-00000501'));
    expect(await link('https://bad.example.com/page')).toEqual(refused('0003-00000502'));
    expect(await link('https://elsewhere.test/')).toEqual(refused('0003-00000503'));
    expect(await link('https://www.example.com/page?q=1')).toBe(200);
    expect((await client.get('k')).res.status).toBe(200);
    const kept = (await ask('GET', 'referer')).text;
    expect(xmlText(kept, 'AllowEmptyReferer')).toBe('false');
    expect(kept).toContain('<RefererBlacklist><Referer>https://bad.example.com</Referer></RefererBlacklist>');
  });

  test('compares the whole referer unless its path is cut off', async () => {
    const list = '<RefererList><Referer>https://www.example.com</Referer></RefererList>';
    await rules(`<AllowEmptyReferer>true</AllowEmptyReferer>${list}`);
    expect(await link('https://www.example.com/page')).toEqual(refused('0003-00000503'));
    expect(await link('https://www.example.com')).toBe(200);
    expect(await link()).toBe(200);
  });

  test('lets an empty referer through where no referer is listed, whatever it says of empty ones', async () => {
    await rules('<AllowEmptyReferer>false</AllowEmptyReferer><RefererList/>');
    expect(await link()).toBe(200);
    expect(await link('https://elsewhere.test/')).toBe(200);
  });

  test.each([
    ['nothing', '', '0033-00000002'],
    ['what is no boolean', '<AllowEmptyReferer>32</AllowEmptyReferer>', '0033-00000003'],
  ])('is refused with %s for empty referers', async (_what, allowed, ec) => {
    expect(told(await rules(`${allowed}<RefererList/>`))).toMatchObject({ status: 400, ec });
  });
});

describe('real-time access of Archive objects', () => {
  test('opens Archive objects without a restore, and no colder ones', async () => {
    for (const storageClass of ['Archive', 'ColdArchive']) {
      await client.put(storageClass, Buffer.from('cold'), { headers: { 'x-oss-storage-class': storageClass } });
    }
    const frozen = { status: 403, code: 'InvalidObjectState' };
    expect(told(await ask('GET', null, { key: 'Archive' }))).toMatchObject(frozen);
    const body = '<ArchiveDirectReadConfiguration><Enabled>true</Enabled></ArchiveDirectReadConfiguration>';
    expect((await ask('PUT', 'bucketArchiveDirectRead', { body })).status).toBe(200);
    expect(xmlText((await ask('GET', 'bucketArchiveDirectRead')).text, 'Enabled')).toBe('true');
    expect((await ask('GET', null, { key: 'Archive' })).text).toBe('cold');
    expect(told(await ask('GET', null, { key: 'ColdArchive' }))).toMatchObject(frozen);
  });
});

test('GetBucketStat counts versions, classes and parts', async () => {
  const { text } = await ask('GET', 'stat');
  expect(Number(xmlText(text, 'ObjectCount'))).toBeGreaterThanOrEqual(1);
  const before = Number(xmlText(text, 'MultipartPartStorage'));
  const upload = await client.initMultipartUpload('parts');
  const url = await client.signatureUrlV4(
    'PUT',
    60,
    { queries: { partNumber: 1, uploadId: upload.uploadId } },
    'parts',
  );
  await send(url, { method: 'PUT', body: 'x'.repeat(10) });
  await client.put('stat-ia', Buffer.from('1234'), { headers: { 'x-oss-storage-class': 'IA' } });
  const after = (await ask('GET', 'stat')).text;
  expect(Number(xmlText(after, 'MultipartPartStorage')) - before).toBe(10);
  expect(xmlText(after, 'InfrequentAccessRealStorage')).toBe('4');
  expect(xmlText(after, 'InfrequentAccessStorage')).toBe('65536');
  expect(xmlText(after, 'InfrequentAccessObjectCount')).toBe('1');
});
