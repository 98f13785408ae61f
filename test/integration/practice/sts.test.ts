import { Agent } from 'node:http';
import Sts, { AssumeRoleRequest, AssumeRoleWithOIDCRequest } from '@alicloud/sts20150401';
import OSS from 'ali-oss';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, type TestServer, connect, lookupHere, send, start } from './client.ts';

const READ_PHOTOS = {
  Version: '1',
  Statement: [
    { Effect: 'Allow', Action: ['oss:GetObject', 'oss:PutObject'], Resource: ['acs:oss:*:*:waybill-inbox/photos/*'] },
    {
      Effect: 'Allow',
      Action: 'oss:ListObjects',
      Resource: 'acs:oss:*:*:waybill-inbox',
      Condition: { StringLike: { 'oss:Prefix': ['photos/*'] } },
    },
    { Effect: 'Deny', Action: 'oss:*', Resource: 'acs:oss:*:*:waybill-inbox/photos/secret*' },
  ],
};

interface Session {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string;
  readonly expiration: string;
}

/** The two clients, each in the words of the other. */
type Assume = (options?: {
  roleArn?: string;
  policy?: string;
  seconds?: number;
  secret?: string;
  by?: Session;
}) => Promise<Session>;

const podRole = 'acs:ram::1000000000000001:role/pod';
const provider = { arn: 'acs:ram::1000000000000001:oidc-provider/cluster', audience: 'sts.aliyuncs.com' };
let server: TestServer;
let clockMs = 0;
const limited = { accessKeyId: 'RAMPHOTOS', accessKeySecret: 'photos-secret' };

beforeAll(async () => {
  server = await start({
    now: () => Date.now() + clockMs,
    users: [
      {
        ...limited,
        name: 'photos',
        policy: { Version: '1', Statement: READ_PHOTOS.Statement as never },
      },
    ],
    roles: [
      { arn: 'acs:ram::1000000000000001:role/long', maxSessionSeconds: 43_200 },
      { arn: podRole, maxSessionSeconds: 3600, provider },
    ],
  });
});

afterAll(() => server.stop());

/** The client reads a plain object as well as its Config class, which is another package's. */
function configure(options: Record<string, string>): ConstructorParameters<typeof Sts>[0] {
  return options as unknown as ConstructorParameters<typeof Sts>[0];
}

const official: Assume = async ({ roleArn, policy, seconds = 900, secret, by } = {}) => {
  const config = configure({
    ...keyOf(by ?? server, secret),
    endpoint: server.stsEndpoint,
    protocol: 'http',
  });
  const reply = await new Sts(config).assumeRole(
    new AssumeRoleRequest({
      roleArn: roleArn ?? server.roleArn,
      roleSessionName: 'test-session',
      durationSeconds: seconds,
      ...(policy === undefined ? {} : { policy }),
    }),
  );
  const { accessKeyId = '', accessKeySecret = '', securityToken = '', expiration = '' } = reply.body?.credentials ?? {};
  return { accessKeyId, accessKeySecret, securityToken, expiration };
};

function keyOf(by: TestServer | Session, secret: string | undefined): Record<string, string> {
  const { accessKeyId, accessKeySecret } = by;
  const token = 'securityToken' in by ? { securityToken: by.securityToken } : {};
  return { accessKeyId, accessKeySecret: secret ?? accessKeySecret, ...token };
}

const aliOss: Assume = async ({ roleArn, policy, seconds = 900, secret } = {}) => {
  const sts = new OSS.STS({
    accessKeyId: server.accessKeyId,
    accessKeySecret: secret ?? server.accessKeySecret,
    endpoint: server.endpoint,
  } as never);
  const { credentials } = await sts.assumeRole(roleArn ?? server.roleArn, policy, seconds, 'test-session');
  return {
    accessKeyId: credentials.AccessKeyId,
    accessKeySecret: credentials.AccessKeySecret,
    securityToken: credentials.SecurityToken,
    expiration: credentials.Expiration,
  };
};

describe.each([
  ['@alicloud/sts20150401 (ACS3-HMAC-SHA256)', official],
  ['ali-oss STS (RPC, HMAC-SHA1)', aliOss],
])('%s', (_, assume) => {
  test('gets a session that may do all its role may', async () => {
    const session = await assume();
    expect(session.accessKeyId).toMatch(/^STS\./);
    expect(Date.parse(session.expiration) - Date.now()).toBeGreaterThan(890_000);
    const client = connect(server, { bucket: 'waybill-samples', key: session });
    expect((await client.get('Welcome to Waybill.txt')).res.status).toBe(200);
  });

  test('a wrong secret is refused', async () => {
    await expect(assume({ secret: 'wrong' })).rejects.toThrow('SignatureDoesNotMatch');
  });

  test.each([
    ['899 s', { seconds: 899 }, 'InvalidParameter.DurationSeconds'],
    ['longer than the role allows', { seconds: 3601 }, 'InvalidParameter.DurationSeconds'],
    ['an unknown role', { roleArn: 'acs:ram::1000000000000001:role/nobody' }, 'EntityNotExist.Role'],
    ['a policy of more than 2,048 characters', { policy: longPolicy() }, 'InvalidParameter.PolicySize'],
    ['a policy that is none', { policy: '{"Version":"1"}' }, 'InvalidParameter.PolicyGrammar'],
  ])('%s is refused', async (_name, options, code) => {
    await expect(assume(options)).rejects.toThrow(code);
  });

  test('a role with a longer maximum gives 12 hours', async () => {
    const session = await assume({ roleArn: 'acs:ram::1000000000000001:role/long', seconds: 43_200 });
    expect(Date.parse(session.expiration) - Date.now()).toBeGreaterThan(43_100_000);
  });

  test.each([true, false])('the session policy holds (V4: %s)', async (v4) => {
    const session = await assume({ policy: JSON.stringify(READ_PHOTOS) });
    await expectOnlyPhotos(connect(server, { bucket: 'waybill-inbox', key: session, v4 }));
  });
});

test('a RAM user limited to a prefix may not list buckets, nor see anything else', async () => {
  const client = connect(server, { bucket: 'waybill-inbox', key: limited });
  await expectOnlyPhotos(client);
  await expect(client.listBuckets({})).rejects.toMatchObject({ code: 'AccessDenied' });
});

test('a session ends, and so do URLs that were signed with it', async () => {
  const session = await official();
  const client = connect(server, { bucket: 'waybill-samples', key: session });
  const url = await client.signatureUrlV4('GET', 7200, {}, 'Welcome to Waybill.txt');
  const urlV1 = connect(server, { bucket: 'waybill-samples', key: session, v4: false }).signatureUrl(
    'Welcome to Waybill.txt',
    { expires: 7200 },
  );
  expect([(await send(url)).status, (await send(urlV1)).status]).toEqual([200, 200]);
  clockMs = 901_000;
  try {
    for (const one of [url, urlV1]) {
      const answer = await send(one);
      expect(answer.status).toBe(403);
      expect(answer.text).toContain('<Code>SecurityTokenExpired</Code>');
    }
  } finally {
    clockMs = 0;
  }
});

test('a session survives a restart of the server', async () => {
  const session = await official();
  const { startPractice } = await import('../../../main/practice/server.ts');
  const again = await startPractice({ dataDir: server.dataDir });
  const client = connect(again, { bucket: 'waybill-samples', key: session });
  expect((await client.get('Welcome to Waybill.txt')).res.status).toBe(200);
  await again.close();
});

test.each([
  [
    'a token of another session',
    'AccessKeyIdAndSecurityTokenNotMatch',
    (a: Session, b: Session) => ({ ...a, securityToken: b.securityToken }),
  ],
  [
    'a broken token',
    'InvalidSecurityToken',
    (a: Session) => ({ ...a, securityToken: `${a.securityToken.slice(0, -6)}AAAAAA` }),
  ],
  ['an invented token', 'InvalidSecurityToken', (a: Session) => ({ ...a, securityToken: 'CAIS' })],
  [
    'no token at all',
    'InvalidAccessKeyId',
    ({ accessKeyId, accessKeySecret }: Session) => ({ accessKeyId, accessKeySecret }),
  ],
])('%s is refused: %s', async (_name, code, spoil) => {
  const key = spoil(await official(), await official());
  const client = connect(server, { bucket: 'waybill-samples', key });
  await expect(client.get('Welcome to Waybill.txt')).rejects.toMatchObject({ code, status: 403 });
});

test('STS answers by its own host name too', async () => {
  const port = server.stsEndpoint.split(':')[1] ?? '';
  const sts = new OSS.STS({
    accessKeyId: server.accessKeyId,
    accessKeySecret: server.accessKeySecret,
    endpoint: `http://sts.cn-hangzhou.aliyuncs.com:${port}`,
    agent: new Agent({ lookup: lookupHere }),
  } as never);
  const { credentials } = await sts.assumeRole(server.roleArn, undefined, 900, 'test-session');
  expect(credentials.AccessKeyId).toMatch(/^STS\./);
});

test('GetCallerIdentity tells who asks', async () => {
  const session = await official();
  const identify = async (key: { accessKeyId: string; accessKeySecret: string; securityToken?: string }) => {
    const config = configure({ ...key, endpoint: server.stsEndpoint, protocol: 'http' });
    return (await new Sts(config).getCallerIdentity()).body;
  };
  expect(await identify({ accessKeyId: server.accessKeyId, accessKeySecret: server.accessKeySecret })).toMatchObject({
    identityType: 'Account',
    accountId: '1000000000000001',
  });
  expect(await identify(session)).toMatchObject({ identityType: 'AssumedRoleUser' });
  expect(await identify(limited)).toMatchObject({ identityType: 'RAMUser' });
});

test('the token of an identity provider becomes a session, without a key', async () => {
  const claims = { aud: provider.audience, exp: Date.now() / 1000 + 600 };
  const token = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
  const sts = new Sts(configure({ ...limited, endpoint: server.stsEndpoint, protocol: 'http' }));
  const asked = { OIDCProviderArn: provider.arn, OIDCToken: token, roleArn: podRole, roleSessionName: 'pod' };
  const reply = await sts.assumeRoleWithOIDC(new AssumeRoleWithOIDCRequest(asked));
  const { accessKeyId = '', accessKeySecret = '', securityToken = '' } = reply.body?.credentials ?? {};
  const client = connect(server, { bucket: 'waybill-samples', key: { accessKeyId, accessKeySecret, securityToken } });
  expect((await client.get('Welcome to Waybill.txt')).res.status).toBe(200);
  const damaged = new AssumeRoleWithOIDCRequest({ ...asked, OIDCToken: token.replace('e30.', 'e30.x') });
  await expect(sts.assumeRoleWithOIDC(damaged)).rejects.toMatchObject({ code: 'AuthenticationFail.OIDCToken.Invalid' });
});

async function expectOnlyPhotos(client: Client): Promise<void> {
  await client.put('photos/1.jpg', Buffer.from('photo'));
  expect((await client.get('photos/1.jpg')).content).toEqual(Buffer.from('photo'));
  expect((await client.listV2({ prefix: 'photos/' }, {})).keyCount).toBeGreaterThan(0);
  const denied = { code: 'AccessDenied', status: 403 };
  await expect(client.put('other/1.jpg', Buffer.from('x'))).rejects.toMatchObject(denied);
  await expect(client.put('photos/secret.jpg', Buffer.from('x'))).rejects.toMatchObject(denied);
  await expect(client.delete('photos/1.jpg')).rejects.toMatchObject(denied);
  await expect(client.deleteMulti(['photos/1.jpg'], {})).rejects.toMatchObject(denied);
  await expect(client.listV2({}, {})).rejects.toMatchObject(denied);
  await expect(client.listV2({ prefix: 'other/' }, {})).rejects.toMatchObject(denied);
  await expect(client.copy('photos/2.jpg', '/waybill-samples/pictures/harbour.png')).rejects.toMatchObject(denied);
}

function longPolicy(): string {
  const Resource = Array.from({ length: 60 }, (_, at) => `acs:oss:*:*:waybill-inbox/folder-${at}/*`);
  return JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action: 'oss:*', Resource }] });
}

test('a session that assumes a role gets an hour at most, whatever the role allows', async () => {
  const roleArn = 'acs:ram::1000000000000001:role/long';
  const by = await official();
  await expect(official({ roleArn, seconds: 3601, by })).rejects.toThrow('InvalidParameter.DurationSeconds');
  expect((await official({ roleArn, seconds: 3600, by })).accessKeyId).toMatch(/^STS\./);
});
