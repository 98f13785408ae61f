// Forms that browsers post: what OSS documents of PostObject, signed by ali-oss.
import { createHash } from 'node:crypto';
import OSS from 'ali-oss';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Client, type TestServer, connect, send, start, xmlText } from './client.ts';
import { type FormOptions, type Posted, outcome, post, signForm } from './forms.ts';

const BUCKET = 'form-bucket';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const READER = { accessKeyId: 'RAMREADER', accessKeySecret: 'reader-secret' };
const allow = (Action: string, Resource: string) =>
  ({ Version: '1', Statement: [{ Effect: 'Allow', Action, Resource }] }) as const;
let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await start({ seed: false, users: [{ ...READER, name: 'reader', policy: allow('oss:GetObject', '*') }] });
  client = connect(server, { bucket: BUCKET });
  await client.putBucket(BUCKET);
});

afterAll(() => server.stop());

afterEach(() => {
  server.faults.clear();
});

const posted = (options: FormOptions = {}, file?: string | Blob): Promise<Posted> =>
  post(server, signForm(client, options), file);

async function get(key: string): Promise<{ text: string; headers: Record<string, string> }> {
  const answer = await client.get(key);
  return { text: String(answer.content), headers: answer.res.headers as Record<string, string> };
}

describe.each(['v1', 'v4'] as const)('a form signed by %s', (version) => {
  test('stores its file, and answers without a body but with the checksum', async () => {
    const answer = await posted({ version, conditions: [['starts-with', '$key', 'in/']] });
    expect([answer.status, answer.text]).toEqual([204, '']);
    const { text, headers } = await get('in/a');
    expect(text).toBe('content');
    expect(headers['content-type']).toBe('text/plain');
    expect(answer.headers.get('x-oss-hash-crc64ecma')).toBe(headers['x-oss-hash-crc64ecma']);
    expect(answer.headers.get('etag')).toBe(headers['etag']);
  });

  test('is refused with another secret', async () => {
    const other = connect(server, { key: { ...server, accessKeySecret: 'another' } });
    const answer = await post(server, signForm(other, { version }));
    expect(outcome(answer)).toEqual([403, 'SignatureDoesNotMatch', '0002-00000705']);
  });

  test('is refused after its policy has changed', async () => {
    const fields = signForm(client, { version });
    const policy = Buffer.from(fields.get('policy') ?? '', 'base64')
      .toString()
      .replace(BUCKET, 'other');
    fields.set('policy', Buffer.from(policy).toString('base64'));
    expect((await post(server, fields)).code).toBe('SignatureDoesNotMatch');
  });

  test.each([
    ['policy', '0002-00000702'],
    [version === 'v1' ? 'Signature' : 'x-oss-signature', '0002-00000703'],
  ])('is refused without its %s', async (name, ec) => {
    expect(outcome(await posted({ version, fields: { [name]: null } }))).toEqual([400, 'InvalidArgument', ec]);
  });

  test('ends with its policy', async () => {
    const answer = await posted({ version, expiration: new Date(Date.now() - MINUTE).toISOString() });
    expect(outcome(answer)).toEqual([403, 'AccessDenied', '0006-00000213']);
  });
});

describe('a V4 form', () => {
  test('is valid for seven days at most, whatever its policy says', async () => {
    const expiration = new Date(Date.now() + 30 * DAY).toISOString();
    expect((await posted({ expiration, at: Date.now() - 7 * DAY + MINUTE })).status).toBe(204);
    const late = await posted({ expiration, at: Date.now() - 7 * DAY - MINUTE });
    expect(outcome(late)).toEqual([403, 'AccessDenied', '0002-00000069']);
  });

  test('may be signed by a clock that is a quarter of an hour ahead, but no more', async () => {
    expect((await posted({ at: Date.now() + 14 * MINUTE })).status).toBe(204);
    expect((await posted({ at: Date.now() + 20 * MINUTE })).code).toBe('RequestTimeTooSkewed');
  });

  test.each(['x-oss-signature-version', 'x-oss-credential', 'x-oss-date'])(
    'is refused if its policy does not name %s',
    async (name) => {
      const fields = signForm(client);
      const policy = JSON.parse(Buffer.from(fields.get('policy') ?? '', 'base64').toString()) as {
        expiration: string;
        conditions: Record<string, string>[];
      };
      const conditions = policy.conditions.filter((condition) => !(name in condition));
      const signer = client as unknown as { signPostObjectPolicyV4(policy: object, date: Date): string };
      const without = { ...policy, conditions };
      fields.set('policy', Buffer.from(JSON.stringify(without)).toString('base64'));
      fields.set('x-oss-signature', signer.signPostObjectPolicyV4(without, new Date()));
      const answer = await post(server, fields);
      expect(outcome(answer)).toEqual([403, 'AccessDenied', '0006-00000228']);
      expect(xmlText(answer.text, 'Message')).toBe(`Invalid according to Policy: Extra input fields: ${name}`);
    },
  );

  test.each([
    ['another version', { 'x-oss-signature-version': '2' }, '0002-00000701'],
    [
      'a credential of another service',
      { 'x-oss-credential': 'a/20261130/cn-hangzhou/sts/aliyun_v4_request' },
      '0002-00000710',
    ],
    [
      'a credential of another day',
      { 'x-oss-credential': 'a/20200101/cn-hangzhou/oss/aliyun_v4_request' },
      '0002-00000709',
    ],
    ['an ID with a blank', { 'x-oss-credential': 'a b/20261130/cn-hangzhou/oss/aliyun_v4_request' }, '0002-00000708'],
  ])('is refused with %s', async (_what, fields, ec) => {
    expect(outcome(await posted({ fields }))).toEqual([400, 'InvalidArgument', ec]);
  });
});

describe('the answer to a form', () => {
  test.each([
    ['200', 200],
    ['204', 204],
    ['303', 204],
    [undefined, 204],
  ])('has the status asked for, of those that OSS knows: %s', async (asked, status) => {
    const answer = await posted({ fields: asked === undefined ? {} : { success_action_status: asked } });
    expect([answer.status, answer.text]).toEqual([status, '']);
  });

  test('names the object where 201 is asked for', async () => {
    const answer = await posted({ fields: { success_action_status: '201', key: 'in/a b' } });
    expect(answer.status).toBe(201);
    expect(xmlText(answer.text, 'Bucket')).toBe(BUCKET);
    expect(xmlText(answer.text, 'Key')).toBe('in/a b');
    expect(xmlText(answer.text, 'Location')).toMatch(/\/in\/a%20b$/);
    expect(answer.text).toMatch(/^<\?xml .*<PostResponse>.*<ETag>&quot;[0-9A-F]{32}&quot;<\/ETag>/s);
  });

  test('leads to another page, if the form says so', async () => {
    const success_action_redirect = 'https://www.example.com/done?a=1';
    const answer = await posted({ fields: { success_action_redirect, success_action_status: '201' } });
    const location = new URL(answer.headers.get('location') ?? '');
    expect([answer.status, location.origin, location.searchParams.get('a')]).toEqual([
      303,
      'https://www.example.com',
      '1',
    ]);
    expect(location.searchParams.get('key')).toBe('in/a');
  });

  test('has no MD5 as its ETag', async () => {
    const answer = await posted();
    const md5 = createHash('md5').update('content').digest('hex').toUpperCase();
    expect(answer.headers.get('etag')).toMatch(/^"[0-9A-F]{32}"$/);
    expect(answer.headers.get('etag')).not.toContain(md5);
  });

  test('names the version in a bucket with versions', async () => {
    const bucket = 'versions-bucket';
    await client.putBucket(bucket);
    await client.putBucketVersioning(bucket, 'Enabled');
    const fields = signForm(client, { bucket, fields: { key: 'a', 'x-oss-forbid-overwrite': 'true' } });
    const first = await post(server, fields, 'content', { bucket });
    const second = await post(server, fields, 'content', { bucket });
    expect([first.status, second.status]).toEqual([204, 204]);
    expect(first.headers.get('x-oss-version-id')).not.toBe(second.headers.get('x-oss-version-id'));
  });
});

describe('the fields of a form', () => {
  test('become what PutObject has in headers, in whatever case', async () => {
    await posted({
      fields: {
        'Content-Disposition': 'attachment',
        'Cache-Control': 'no-store',
        'Content-Encoding': 'identity',
        Expires: 'never',
        'X-Oss-Meta-Name': '名',
        'x-oss-storage-class': 'IA',
        'x-oss-tagging': 'a=1&b=2',
        'x-oss-object-acl': 'private',
        'x-oss-content-type': 'image/png',
      },
    });
    const { headers } = await get('in/a');
    expect(headers).toMatchObject({
      'content-disposition': 'attachment',
      'cache-control': 'no-store',
      'content-encoding': 'identity',
      expires: 'never',
      'x-oss-storage-class': 'IA',
      'x-oss-tagging-count': '2',
      'content-type': 'image/png',
    });
    expect(Buffer.from(headers['x-oss-meta-name'] ?? '', 'latin1').toString('utf8')).toBe('名');
    expect(
      xmlText((await send(await client.signatureUrlV4('GET', 60, { queries: { acl: null } }, 'in/a'))).text, 'Grant'),
    ).toBe('private');
  });

  test('forbid to overwrite', async () => {
    const fields = { key: 'once', 'x-oss-forbid-overwrite': 'true' };
    expect((await posted({ fields })).status).toBe(204);
    expect(outcome(await posted({ fields }))).toEqual([409, 'FileAlreadyExists', '0026-00000002']);
  });

  test.each([
    ['no key', { key: '' }, 'InvalidArgument'],
    ['a key that begins with a slash', { key: '/a' }, 'InvalidObjectName'],
    ['an unknown ACL', { 'x-oss-object-acl': 'open' }, 'InvalidArgument'],
    ['an unknown storage class', { 'x-oss-storage-class': 'Glass' }, 'InvalidArgument'],
    ['a line break in what becomes a header', { 'x-oss-meta-a': 'a\r\nb' }, 'InvalidArgument'],
  ])('are refused with %s', async (_what, fields, code) => {
    const answer = await posted({ fields });
    expect([answer.status, answer.code]).toEqual([400, code]);
  });
});

describe('who may post', () => {
  const session = async (policy?: object): Promise<Client> => {
    const service = new OSS.STS({ ...server });
    const { credentials } = await service.assumeRole(server.roleArn, policy ?? '', 3600, 'form');
    return connect(server, {
      key: {
        accessKeyId: credentials.AccessKeyId,
        accessKeySecret: credentials.AccessKeySecret,
        securityToken: credentials.SecurityToken,
      },
    });
  };
  const inFolder = allow('oss:PutObject', `acs:oss:*:*:${BUCKET}/in/*`);

  test('is a session with the right to put just that object', async () => {
    const guest = await session(inFolder);
    expect((await post(server, signForm(guest))).status).toBe(204);
    expect((await post(server, signForm(guest, { version: 'v1' }))).status).toBe(204);
    const outside = await post(server, signForm(guest, { fields: { key: 'out/a' } }));
    expect(outcome(outside)).toEqual([403, 'AccessDenied', '0003-00000301']);
  });

  test('is no user without that right', async () => {
    const reader = connect(server, { bucket: BUCKET, key: READER });
    const answer = await post(server, signForm(reader));
    expect(outcome(answer)).toEqual([403, 'AccessDenied', '0003-00000001']);
    expect(xmlText(answer.text, 'AuthAction')).toBe('oss:PutObject');
  });

  test.each([
    ['x-oss-object-acl', 'private'],
    ['x-oss-tagging', 'a=1'],
  ])('needs a right of its own for %s', async (name, value) => {
    const fields = { key: 'in/a', [name]: value };
    expect((await post(server, signForm(await session(inFolder), { fields }))).ec).toBe('0003-00000301');
    const wide = await session(allow('oss:PutObject*', `acs:oss:*:*:${BUCKET}/in/*`));
    expect((await post(server, signForm(wide, { fields }))).status).toBe(204);
  });

  test('is nobody once the session has ended', async () => {
    const expiration = new Date(Date.now() + DAY).toISOString();
    const longer = signForm(await session(), { expiration });
    server.faults.clockOffsetMs = 59 * MINUTE;
    expect((await post(server, longer)).status).toBe(204);
    server.faults.clockOffsetMs = 61 * MINUTE;
    expect((await post(server, longer)).code).toBe('SecurityTokenExpired');
  });

  test('is everyone without a signature, but only where everyone may write', async () => {
    const fields = new Map([['key', 'in/a']]);
    expect(outcome(await post(server, fields))).toEqual([403, 'AccessDenied', '0003-00000001']);
    await client.putBucket('open-bucket');
    await client.putBucketACL('open-bucket', 'public-read-write');
    const open = { bucket: 'open-bucket' };
    expect((await post(server, fields, 'content', open)).status).toBe(204);
    server.restrictions.publicAccess = true;
    expect((await post(server, fields, 'content', open)).status).toBe(403);
    server.restrictions.publicAccess = false;
  });

  test('may open nothing to everyone where public access is blocked', async () => {
    server.restrictions.publicAccess = true;
    const answer = await posted({ fields: { 'x-oss-object-acl': 'public-read' } });
    server.restrictions.publicAccess = false;
    expect(answer.status).toBe(403);
  });

  test('is nobody by V1, or on OSS’s own host, where the account has neither', async () => {
    server.restrictions.signatureV1 = true;
    expect(outcome(await posted({ version: 'v1' }))).toEqual([403, 'AccessDenied', '0002-00000080']);
    expect((await posted()).status).toBe(204);
    server.restrictions.signatureV1 = false;
    server.restrictions.publicEndpoint = true;
    expect((await posted()).code).toBe('PublicEndpointForbidden');
    server.restrictions.publicEndpoint = false;
  });

  test('is not asked in a header: a signature there counts for nothing', async () => {
    const headers = { authorization: 'OSS a:b' };
    const answer = await post(server, signForm(client), 'content', { headers });
    expect(answer.status).toBe(204);
  });
});
