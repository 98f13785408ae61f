// A bucket policy that takes back what was signed before: links, forms and parts.
import OSS from 'ali-oss';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Client, type TestServer, connect, send, start, xmlText } from './client.ts';
import { type Posted, post, signForm } from './forms.ts';

const BUCKET = 'form-bucket';
const ACCOUNT = '1000000000000001';
const ROLE = `arn:sts::${ACCOUNT}:assumed-role/waybill-practice`;
const WORKER = { accessKeyId: 'RAMWORKER', accessKeySecret: 'worker-secret' };
let server: TestServer;
let owner: Client;

beforeAll(async () => {
  server = await start({ seed: false, users: [{ ...WORKER, name: 'worker', uid: '201' }] });
  owner = connect(server, { bucket: BUCKET });
  await owner.putBucket(BUCKET);
  await owner.put('out/a', Buffer.from('content'));
});

afterAll(() => server.stop());

afterEach(async () => {
  server.restrictions.policyDelayMs = 0;
  server.restrictions.policyNetworks = false;
  server.faults.clear();
  await onPolicy('DELETE');
});

async function onPolicy(method: string, body?: string): Promise<Answer> {
  const url = await owner.signatureUrlV4(method, 60, { queries: { policy: null } });
  return send(url, { method, ...(body === undefined ? {} : { body }) });
}

type Statement = Partial<Record<'Effect' | 'Action' | 'Principal' | 'Resource' | 'Condition', unknown>>;

const put = (...statements: readonly Statement[]): Promise<Answer> => {
  const Statement = statements.map((statement) => ({
    Effect: 'Deny',
    Action: ['oss:*'],
    Resource: [`acs:oss:*:*:${BUCKET}`, `acs:oss:*:*:${BUCKET}/*`],
    ...statement,
  }));
  return onPolicy('PUT', JSON.stringify({ Version: '1', Statement }));
};

interface Guest {
  readonly client: Client;
  readonly accessKeyId: string;
}

async function guestOf(sessionName: string): Promise<Guest> {
  const { credentials } = await new OSS.STS({ ...server }).assumeRole(server.roleArn, '', 3600, sessionName);
  const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret, SecurityToken: securityToken } = credentials;
  return {
    client: connect(server, { bucket: BUCKET, key: { accessKeyId, accessKeySecret, securityToken } }),
    accessKeyId,
  };
}

/** What was handed out before: each use of it, which gives its status and EC. */
async function handedOut(client: Client): Promise<() => Promise<Record<string, string>>> {
  const { uploadId } = await owner.initMultipartUpload('in/parts');
  const sign = (method: string, key: string, queries: Record<string, string | number> = {}) =>
    client.signatureUrlV4(method, 3600, { queries }, key);
  const link = await sign('GET', 'out/a');
  const old = client.signatureUrl('out/a', { expires: 3600 });
  const head = await sign('HEAD', 'out/a');
  const part = await sign('PUT', 'in/parts', { partNumber: 1, uploadId });
  const list = await sign('GET', 'in/parts', { uploadId });
  const form = signForm(client);
  const oldForm = signForm(client, { version: 'v1' });
  const told = ({ status, headers }: Answer) => `${String(status)} ${String(headers['x-oss-ec'] ?? '')}`.trim();
  const toldForm = ({ status, headers }: Posted) => `${String(status)} ${headers.get('x-oss-ec') ?? ''}`.trim();
  return async () => ({
    link: told(await send(link)),
    old: told(await send(old)),
    head: told(await send(head, { method: 'HEAD' })),
    part: told(await send(part, { method: 'PUT', body: 'a' })),
    list: told(await send(list)),
    form: toldForm(await post(server, form)),
    oldForm: toldForm(await post(server, oldForm)),
  });
}

const DONE = { link: '200', old: '200', head: '200', part: '200', list: '200', form: '204', oldForm: '204' };
const REFUSED = Object.fromEntries(Object.keys(DONE).map((name) => [name, '403 0003-00000101']));

describe('a Deny takes back what was signed before', () => {
  test('by the session that signed it, and nothing of another session', async () => {
    const [alice, bob] = [await guestOf('wb-alice'), await guestOf('wb-bob')];
    const [ofAlice, ofBob] = [await handedOut(alice.client), await handedOut(bob.client)];
    expect(await ofAlice()).toEqual(DONE);
    await put({ Principal: [`${ROLE}/wb-alice`] });
    expect(await ofAlice()).toEqual(REFUSED);
    expect(await ofBob()).toEqual(DONE);
    await onPolicy('DELETE');
    expect(await ofAlice()).toEqual(DONE);
  });

  test('by the ID of the session, of one that shares its name', async () => {
    const [first, second] = [await guestOf('wb-twin'), await guestOf('wb-twin')];
    const [ofFirst, ofSecond] = [await handedOut(first.client), await handedOut(second.client)];
    await put({ Principal: ['*'], Condition: { StringEquals: { 'acs:AccessId': [first.accessKeyId] } } });
    expect(await ofFirst()).toEqual(REFUSED);
    expect(await ofSecond()).toEqual(DONE);
    expect((await owner.get('out/a')).res.status).toBe(200);
  });

  test('by prefix and user, for what a key signed', async () => {
    const use = await handedOut(connect(server, { bucket: BUCKET, key: WORKER }));
    await put({ Action: ['oss:PutObject'], Principal: ['201'], Resource: [`acs:oss:*:*:${BUCKET}/in/*`] });
    const refused = '403 0003-00000101';
    expect(await use()).toEqual({ ...DONE, part: refused, form: refused, oldForm: refused });
  });

  test('by the ID of a long-term key, the owner’s too, for one prefix from a moment on', async () => {
    const use = await handedOut(owner);
    const Condition = {
      StringEquals: { 'acs:AccessId': [server.accessKeyId] },
      DateGreaterThan: { 'acs:CurrentTime': '2020-01-01T00:00:00Z' },
    };
    await put({ Action: ['oss:PutObject'], Principal: ['*'], Resource: [`acs:oss:*:*:${BUCKET}/in/a*`], Condition });
    const refused = '403 0003-00000101';
    expect(await use()).toEqual({ ...DONE, form: refused, oldForm: refused });
    expect((await post(server, signForm(owner, { fields: { key: 'in/b' } }))).status).toBe(204);
  });

  test('from a moment on', async () => {
    const use = await handedOut((await guestOf('wb-until')).client);
    const end = new Date(Date.now() + 600_000).toISOString();
    await put({ Principal: [`${ROLE}/wb-until`], Condition: { DateGreaterThan: { 'acs:CurrentTime': end } } });
    expect(await use()).toEqual(DONE);
    server.faults.clockOffsetMs = 660_000;
    expect(await use()).toEqual(REFUSED);
  });

  test('once it has taken effect: its text is there at once', async () => {
    server.restrictions.policyDelayMs = 600_000;
    const use = await handedOut((await guestOf('wb-late')).client);
    await put({ Principal: [`${ROLE}/wb-late`] });
    expect((await onPolicy('GET')).text).toContain('wb-late');
    expect(await use()).toEqual(DONE);
    server.faults.clockOffsetMs = 660_000;
    expect(await use()).toEqual(REFUSED);
  });
});

test('each of several changes takes effect after its own delay', async () => {
  server.restrictions.policyDelayMs = 50_000;
  const [first, second] = [await guestOf('wb-first'), await guestOf('wb-second')];
  const [ofFirst, ofSecond] = [await handedOut(first.client), await handedOut(second.client)];
  const at = async (ms: number) => {
    server.faults.clockOffsetMs = ms;
    return [(await ofFirst())['link'], (await ofSecond())['link']];
  };
  await put({ Principal: [`${ROLE}/wb-first`] });
  server.faults.clockOffsetMs = 30_000;
  await put({ Principal: [`${ROLE}/wb-first`] }, { Principal: [`${ROLE}/wb-second`] });
  expect(await at(45_000)).toEqual(['200', '200']);
  expect(await at(60_000)).toEqual([REFUSED['link'], '200']);
  expect(await at(90_000)).toEqual([REFUSED['link'], REFUSED['link']]);
});

describe('whom a Deny is about', () => {
  const isRefused = async (by?: Client): Promise<boolean> =>
    (await send(await (by ?? owner).signatureUrlV4('GET', 60, {}, 'out/a'))).status === 403;

  test.each([
    [['arn:sts::*:*/*/*'], true],
    [[`${ROLE}/*`], true],
    [[`${ROLE}/WB-case`], false],
    [[`arn:sts::${ACCOUNT}:assumed-role/Waybill-Practice/wb-case`], false],
    [[`acs:ram::${ACCOUNT}:assumed-role/waybill-practice/wb-case`], false],
    [[`acs:ram::${ACCOUNT}:role/waybill-practice`], false],
  ])('by %j a session is refused: %s', async (Principal, refused) => {
    await put({ Principal });
    expect(await isRefused((await guestOf('wb-case')).client)).toBe(refused);
    expect(await isRefused()).toBe(false);
  });

  test('is everyone but the owner where nobody is named', async () => {
    await put({ Principal: [] });
    expect(await isRefused((await guestOf('wb-any')).client)).toBe(true);
    expect(await isRefused(connect(server, { bucket: BUCKET, key: WORKER }))).toBe(true);
    expect(await isRefused()).toBe(false);
  });

  test('is the owner too where there is a condition', async () => {
    await put({ Action: ['oss:GetObject'], Principal: [], Condition: { StringLike: { 'acs:AccessId': ['*'] } } });
    expect(await isRefused()).toBe(true);
  });

  test('is no one without an ID, by an ID', async () => {
    const open = { Effect: 'Allow', Action: ['oss:GetObject'], Principal: ['*'] };
    await put(open, { ...open, Effect: 'Deny', Condition: { StringLike: { 'acs:AccessId': ['*'] } } });
    expect((await send(`${server.endpoint}/${BUCKET}/out/a`)).status).toBe(200);
  });
});

describe('a policy', () => {
  const outcome = ({ status, text }: Answer) => [status, xmlText(text, 'EC')];
  /** A statement of that many bytes. */
  const sized = (bytes: number): Statement => {
    const statement = { Effect: 'Deny', Action: ['oss:*'], Principal: [''], Resource: ['*'] };
    return { ...statement, Principal: ['p'.repeat(bytes - JSON.stringify(statement).length)] };
  };

  test('has statements of 4,095 bytes at most', async () => {
    expect(outcome(await put(sized(4095)))).toEqual([200, undefined]);
    expect(outcome(await put(sized(4096)))).toEqual([400, '0030-00000003']);
  });

  test('is 16 KB long at most', async () => {
    const text = JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Deny', Action: '*', Principal: 'p', Resource: '*' }],
    });
    expect(outcome(await onPolicy('PUT', text.padEnd(16 * 1024)))).toEqual([200, undefined]);
    expect(outcome(await onPolicy('PUT', text.padEnd(16 * 1024 + 1)))).toEqual([400, '0030-00000001']);
  });

  test.each([
    ['RAM names', { RAM: [`acs:ram::${ACCOUNT}:root`] }],
    ['numbers', [201]],
  ])('names its principals by no %s', async (_what, Principal) => {
    expect((await put({ Principal })).status).toBe(400);
  });

  test('that asks for an address without a network stays, but is not taken again', async () => {
    const ip = { Principal: ['*'], Effect: 'Allow', Condition: { IpAddress: { 'acs:SourceIp': ['10.0.0.0/8'] } } };
    expect((await put(ip)).status).toBe(200);
    server.restrictions.policyNetworks = true;
    expect((await onPolicy('GET')).text).toContain('acs:SourceIp');
    expect(outcome(await put(ip, { Principal: ['201'] }))).toEqual([400, '0030-00000008']);
    const network = { StringNotLike: { 'acs:SourceVpc': ['vpc-*'] } };
    expect((await put({ ...ip, Condition: { ...ip.Condition, ...network } })).status).toBe(200);
  });

  test.each<[string, Statement, boolean]>([
    ['everyone', { Principal: ['*'] }, false],
    ['nobody by name', { Principal: [] }, false],
    ['every session', { Principal: ['arn:sts::*:*/*/*'] }, false],
    [
      'everyone from an address or a small network',
      { Principal: ['*'], Condition: { IpAddress: { 'acs:SourceIp': ['10.0.0.1', '10.0.0.0/8', '2001:db8::/32'] } } },
      true,
    ],
    [
      'everyone from half of the internet',
      { Principal: ['*'], Condition: { IpAddress: { 'acs:SourceIp': ['10.0.0.1', '0.0.0.0/1'] } } },
      false,
    ],
    [
      'everyone outside a network',
      { Principal: ['*'], Condition: { StringNotEquals: { 'acs:SourceVpc': ['vpc-1'] } } },
      false,
    ],
    ['a pattern of IDs', { Principal: ['*'], Condition: { StringLike: { 'acs:AccessId': ['STS.*'] } } }, false],
    ['one user', { Principal: ['201'] }, true],
    ['one network', { Principal: ['*'], Condition: { StringEquals: { 'acs:SourceVpc': ['vpc-1'] } } }, true],
    ['one ID', { Principal: ['*'], Condition: { StringEquals: { 'acs:AccessId': ['STS.a'] } } }, true],
  ])('that allows %s passes where public access is blocked: %s', async (_what, statement, passes) => {
    server.restrictions.publicAccess = true;
    const Action = ['oss:GetObject'];
    const answer = await put({ Effect: 'Allow', Action, ...statement });
    const denies = await put({ Action, ...statement });
    server.restrictions.publicAccess = false;
    expect([answer.status, denies.status]).toEqual([passes ? 200 : 403, 200]);
  });
});
