// Who may do what: session policy, RAM policy, bucket policy and ACL, in OSS's order.
import OSS from 'ali-oss';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type Answer,
  type Client,
  type ConnectOptions,
  type TestServer,
  connect,
  send,
  start,
  xmlText,
} from './client.ts';

const BUCKET = 'policy-bucket';
const ACCOUNT = '1000000000000001';
let server: TestServer;
let owner: Client;
const reader = { accessKeyId: 'RAMREADER', accessKeySecret: 'reader-secret' };
const nobody = { accessKeyId: 'RAMNOBODY', accessKeySecret: 'nobody-secret' };

beforeAll(async () => {
  const allow = (Action: string) =>
    ({ Version: '1', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] }) as const;
  server = await start({
    seed: false,
    users: [
      { ...reader, name: 'reader', uid: '201', policy: allow('oss:GetObject') },
      { ...nobody, name: 'nobody', uid: '202', policy: allow('ecs:*') },
    ],
  });
  owner = connect(server, { bucket: BUCKET });
  await owner.putBucket(BUCKET);
  for (const key of ['open/a', 'closed/a']) await owner.put(key, Buffer.from('content'));
});

afterAll(() => server.stop());

afterEach(async () => {
  await onPolicy('DELETE');
});

async function onPolicy(method: string, body?: string): Promise<Answer> {
  const url = await owner.signatureUrlV4(method, 60, { queries: { policy: null } });
  return send(url, { method, ...(body === undefined ? {} : { body }) });
}

type Statement = Partial<Record<'Effect' | 'Action' | 'Principal' | 'Resource' | 'Condition', unknown>>;

async function put(...statements: readonly Statement[]): Promise<void> {
  const Statement = statements.map((statement) => ({
    Action: ['oss:GetObject'],
    Resource: [`acs:oss:*:${ACCOUNT}:${BUCKET}/*`],
    ...statement,
  }));
  expect((await onPolicy('PUT', JSON.stringify({ Version: '1', Statement }))).status).toBe(200);
}

const told = ({ status, text }: Answer) =>
  status === 200 ? 200 : { status, message: xmlText(text, 'Message'), ec: xmlText(text, 'EC') };

async function read(key: string, by?: ConnectOptions['key']): Promise<unknown> {
  const signer = connect(server, { bucket: BUCKET, ...(by === undefined ? {} : { key: by }) });
  return told(await send(await signer.signatureUrlV4('GET', 60, {}, key)));
}

const readPlain = async (key: string) => told(await send(`${server.endpoint}/${BUCKET}/${key}`));

async function session(name: string, policy?: object): Promise<NonNullable<ConnectOptions['key']>> {
  const sts = new OSS.STS({ accessKeyId: server.accessKeyId, accessKeySecret: server.accessKeySecret });
  (sts as unknown as { options: { endpoint: string } }).options.endpoint = server.endpoint;
  const text = policy === undefined ? '' : JSON.stringify(policy);
  const { credentials } = await sts.assumeRole(server.roleArn, text, 900, name);
  const { AccessKeyId, AccessKeySecret, SecurityToken } = credentials;
  return { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret, securityToken: SecurityToken };
}

const noRight = {
  status: 403,
  message: 'You have no right to access this object because of bucket acl.',
  ec: '0003-00000001',
};
const byBucket = { status: 403, message: 'Access denied by bucket policy.', ec: '0003-00000101' };

describe('the policy of a bucket', () => {
  test('is kept as it was put, and gone once deleted', async () => {
    const statement = { Effect: 'Allow', Action: 'oss:GetObject', Principal: ['202'], Resource: 'acs:oss:*:*:b/*' };
    const text = JSON.stringify({ Version: '1', Statement: [statement] }, null, 2);
    await onPolicy('PUT', text);
    expect((await onPolicy('GET')).text).toBe(text);
    expect((await onPolicy('DELETE')).status).toBe(204);
    expect(xmlText((await onPolicy('GET')).text, 'Code')).toBe('NoSuchBucketPolicy');
  });

  test.each(['', '{}', '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'])(
    'that names no principals or no statements is refused: %s',
    async (text) => {
      expect(xmlText((await onPolicy('PUT', text)).text, 'Code')).toBe('InvalidPolicyDocument');
    },
  );

  test('allows what RAM does not, to the user that it names', async () => {
    expect(await read('open/a', nobody)).toEqual(noRight);
    await put({ Effect: 'Allow', Principal: ['202'], Resource: [`acs:oss:*:*:${BUCKET}/open/*`] });
    expect(await read('open/a', nobody)).toBe(200);
    expect(await read('closed/a', nobody)).toEqual(noRight);
  });

  test('denies what RAM allows, and a Deny wins over an Allow beside it', async () => {
    expect(await read('closed/a', reader)).toBe(200);
    await put(
      { Effect: 'Allow', Principal: ['201'] },
      { Effect: 'Deny', Principal: ['201'], Resource: [`acs:oss:*:*:${BUCKET}/closed/*`] },
    );
    expect(await read('open/a', reader)).toBe(200);
    expect(await read('closed/a', reader)).toEqual(byBucket);
  });

  test('for everyone leaves the owner out, unless it has a condition', async () => {
    await put({ Effect: 'Deny', Principal: ['*'] });
    expect(await read('open/a')).toBe(200);
    expect(await read('open/a', reader)).toEqual(byBucket);
    await put({ Effect: 'Deny', Principal: ['*'], Condition: { Bool: { 'acs:SecureTransport': 'false' } } });
    expect(await read('open/a')).toEqual(byBucket);
  });

  test('opens the bucket to everyone', async () => {
    expect(await readPlain('open/a')).toEqual(noRight);
    await put({ Effect: 'Allow', Principal: ['*'] });
    expect(await readPlain('open/a')).toBe(200);
  });

  test.each([
    [{ IpAddress: { 'acs:SourceIp': ['127.0.0.0/8'] } }, 200],
    [{ IpAddress: { 'acs:SourceIp': ['10.0.0.0/8'] } }, 403],
    [{ DateLessThan: { 'acs:CurrentTime': '2000-01-01T00:00:00+08:00' } }, 403],
    [{ DateGreaterThan: { 'acs:CurrentTime': '2000-01-01T00:00:00+08:00' } }, 200],
  ])('allows under the condition %j: %i', async (Condition, status) => {
    await put({ Effect: 'Allow', Principal: ['202'], Condition });
    const got = await read('open/a', nobody);
    expect(got === 200 ? 200 : 403).toBe(status);
  });
});

describe('a session of a role', () => {
  const everything = { Version: '1', Statement: [{ Effect: 'Allow', Action: 'oss:*', Resource: '*' }] };

  test('is refused by its own policy with a sentence of its own, denied or not allowed', async () => {
    const deny = { Effect: 'Deny', Action: 'oss:GetObject', Resource: `acs:oss:*:*:${BUCKET}/closed/*` };
    const denied = await session('denied', { Version: '1', Statement: [...everything.Statement, deny] });
    const unheard = await session('unheard', { Version: '1', Statement: [{ ...deny, Effect: 'Allow' }] });
    const refused = { status: 403, ec: '0003-00000301', message: "Access denied by authorizer's policy." };
    expect(await read('closed/a', denied)).toEqual(refused);
    expect(await read('open/a', denied)).toBe(200);
    expect(await read('open/a', unheard)).toEqual(refused);
  });

  test('is named in a bucket policy by role and session, also with wildcards', async () => {
    const [alice, bob] = [await session('alice'), await session('bob')];
    const role = `arn:sts::${ACCOUNT}:assumed-role/waybill-practice`;
    await put({ Effect: 'Deny', Principal: [`${role}/alice`] });
    expect(await read('open/a', alice)).toEqual(byBucket);
    expect(await read('open/a', bob)).toBe(200);
    await put({ Effect: 'Deny', Principal: [`${role}/*`] });
    expect(await read('open/a', bob)).toEqual(byBucket);
    await put({ Effect: 'Deny', Principal: ['arn:sts::*:assumed-role/other/*'] });
    expect(await read('open/a', bob)).toBe(200);
  });

  test('gets no more from a bucket policy than its session policy allows', async () => {
    const narrow = await session('narrow', {
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'oss:PutObject', Resource: '*' }],
    });
    await put({ Effect: 'Allow', Principal: ['*'] });
    expect(await read('open/a', narrow)).toMatchObject({ ec: '0003-00000301' });
  });
});

test('a refusal of RAM says which action lacked an Allow', async () => {
  const url = await connect(server, { bucket: BUCKET, key: nobody }).signatureUrlV4('GET', 60, {}, 'open/a');
  const { text } = await send(url);
  expect(text).toMatch(/<AccessDeniedDetail>.*<AuthAction>oss:GetObject<\/AuthAction>.*<\/AccessDeniedDetail>/s);
  expect(xmlText(text, 'NoPermissionType')).toBe('ImplicitDeny');
  expect(xmlText(text, 'PolicyType')).toBe('AccountLevelIdentityBasedPolicy');
});
