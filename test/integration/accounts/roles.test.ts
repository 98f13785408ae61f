import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectMoment } from '../../support/moments.ts';
import type { KeyDraft } from '../../../main/accounts/account.ts';
import { assumeRole } from '../../../main/accounts/sts/sts.ts';
import { type Failure, toFailure } from '../../../main/failure.ts';
import { ServerClock } from '../../../main/oss/connection.ts';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import { headObject } from '../../../main/oss/operations/objects.ts';
import { objectUser, type PracticeRun, startPracticeRun } from './practice-server.ts';

const minute = 60_000;
const hour = 60 * minute;
/** The local clock and the server's clock. */
const time = { ahead: 0, localAhead: 0 };
let run: PracticeRun;

const pathUser = {
  accessKeyId: 'ASSUMER',
  accessKeySecret: 'assumer-secret',
  name: 'assumer',
  policy: { Version: '1', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }] },
} as const;

beforeAll(async () => {
  run = await startPracticeRun({
    users: [pathUser, objectUser],
    now: () => Date.now() + time.ahead,
    localNow: () => Date.now() + time.ahead + time.localAhead,
  });
});

beforeEach(() => {
  run.requests.length = 0;
});

afterEach(() => {
  run.server.faults.clear();
  time.ahead = 0;
  time.localAhead = 0;
});

afterAll(() => run.close());

function roleDraft(fields: Partial<KeyDraft> = {}): KeyDraft {
  const role = { roleArn: run.server.roleArn, sessionName: 'waybill', durationSeconds: 3600 };
  return run.draft({ role, remember: false, ...fields });
}

async function addRole(fields: Partial<KeyDraft> = {}): Promise<string> {
  return (await run.accounts.add(roleDraft(fields))).id;
}

async function list(id: string) {
  return run.accounts.run(id, 'waybill-samples', (connection) => listObjects(connection, 'waybill-samples'));
}

async function failureOf(fields: Partial<KeyDraft>): Promise<Failure | null> {
  try {
    await run.accounts.check(roleDraft(fields));
    return null;
  } catch (error) {
    return toFailure(error);
  }
}

describe('a session of a role, from the official client', () => {
  test('does all the work for a key that may do nothing else', async () => {
    const { accessKeyId, accessKeySecret } = pathUser;
    const start = Date.now();
    const id = await addRole({ accessKeyId, accessKeySecret });
    expect((await list(id)).objects.length).toBeGreaterThan(0);
    const { accessKey, validUntil } = await run.accounts.session(id);
    expect(accessKey.accessKeyId).toMatch(/^STS\./);
    expect(accessKey.securityToken).not.toBeNull();
    expectMoment(Number(validUntil), start, hour);
  });

  test('is renewed before it ends', async () => {
    const id = await addRole();
    const first = await run.accounts.session(id);
    time.ahead = 56 * minute;
    expect((await list(id)).objects.length).toBeGreaterThan(0);
    const second = await run.accounts.session(id);
    expect(second.accessKey.accessKeyId).not.toBe(first.accessKey.accessKeyId);
    expect(second.validUntil).toBeGreaterThan(Number(first.validUntil));
  });

  test('is renewed when the computer slept past its end', async () => {
    const id = await addRole();
    await list(id);
    time.ahead = 5 * hour;
    expect((await list(id)).objects.length).toBeGreaterThan(0);
  });

  test('is renewed once when the server calls it expired, whatever its date says', async () => {
    const id = await addRole();
    await list(id);
    const before = await run.accounts.session(id);
    run.server.faults.add({ match: { operation: 'ListObjects' }, times: 1, effect: { kind: 'expired-token' } });
    expect((await list(id)).objects.length).toBeGreaterThan(0);
    expect((await run.accounts.session(id)).accessKey.accessKeyId).not.toBe(before.accessKey.accessKeyId);
  });

  test('is not renewed over and over', async () => {
    const id = await addRole();
    await list(id);
    run.server.faults.add({ match: { operation: 'ListObjects' }, effect: { kind: 'expired-token' } });
    run.requests.length = 0;
    await expect(list(id)).rejects.toMatchObject({ failure: { kind: 'credentials', cause: 'token-expired' } });
    expect(run.requests.map((request) => request.split(' ')[0])).toEqual(['GET', 'POST', 'GET']);
  });

  test('that cannot be renewed serves while it lasts', async () => {
    const id = await addRole();
    const first = await run.accounts.session(id);
    time.ahead = 57 * minute;
    const stopFault = run.server.faults.add({
      match: { operation: 'AssumeRole' },
      effect: { kind: 'error', status: 503, code: 'ServiceUnavailable' },
    });
    expect((await list(id)).objects.length).toBeGreaterThan(0);
    expect(await run.accounts.session(id)).toEqual(first);
    stopFault();
    time.ahead += minute / 2;
    expect(await run.accounts.session(id)).not.toEqual(first);
  });

  test('is had although the local clock is an hour off', async () => {
    time.localAhead = -hour;
    const id = await addRole();
    expect((await list(id)).objects.length).toBeGreaterThan(0);
    const start = Date.now();
    expectMoment(run.accounts.serverNow(id), start, 0);
  });
});

test('a session policy narrows what a session may do', async () => {
  const { accessKeyId, accessKeySecret, roleArn, stsEndpoint } = run.server;
  const clock = new ServerClock();
  const statement = { Effect: 'Allow', Action: 'oss:GetObject', Resource: 'acs:oss:*:*:waybill-samples/*' };
  const { accessKey } = await assumeRole({
    accessKey: { accessKeyId, accessKeySecret, securityToken: null },
    stsEndpoint: `http://${stsEndpoint}`,
    roleArn,
    sessionName: 'narrow',
    durationSeconds: 900,
    policy: JSON.stringify({ Version: '1', Statement: [statement] }),
    clock,
    dispatcher: run.dispatcher,
  });
  const { id } = await run.accounts.add(run.draft({ ...accessKey, remember: false }));
  const connection = await run.accounts.connection(id, 'waybill-samples');
  const object = { bucket: 'waybill-samples', key: 'Welcome to Waybill.txt' };
  expect((await headObject(connection, object)).sizeBytes).toBeGreaterThan(0);
  await expect(list(id)).rejects.toMatchObject({ failure: { cause: 'denied-by-policy' } });
});

describe('what STS refuses is told apart', () => {
  test('a role that does not exist', async () => {
    const role = { roleArn: 'acs:ram::1000000000000001:role/nobody', sessionName: 'waybill', durationSeconds: 3600 };
    expect(await failureOf({ role })).toMatchObject({
      kind: 'credentials',
      cause: 'role-refused',
      code: 'EntityNotExist.Role',
      message: 'The role not exists: acs:ram::1000000000000001:role/nobody.',
    });
  });

  test('a session longer than the role allows', async () => {
    const role = { roleArn: run.server.roleArn, sessionName: 'waybill', durationSeconds: 7200 };
    expect(await failureOf({ role })).toEqual({
      kind: 'input',
      field: 'durationSeconds',
      rule: 'session-too-long',
      limit: '60min',
    });
  });

  test('a key that may not assume roles', async () => {
    const { accessKeyId, accessKeySecret } = objectUser;
    expect(await failureOf({ accessKeyId, accessKeySecret })).toMatchObject({
      cause: 'role-refused',
      code: 'NoPermission',
    });
  });

  test('a wrong secret, without what was signed', async () => {
    const failure = await failureOf({ accessKeySecret: 'WRONG' });
    expect(failure).toMatchObject({ kind: 'credentials', cause: 'wrong-secret', code: 'SignatureDoesNotMatch' });
    expect(JSON.stringify(failure)).not.toMatch(/WRONG|string to sign/);
  });

  test('an unknown AccessKey', async () => {
    expect(await failureOf({ accessKeyId: 'LTAI-nobody' })).toMatchObject({ cause: 'wrong-key' });
  });

  test('an STS that is not there', async () => {
    expect(await failureOf({ stsEndpoint: 'http://127.0.0.1:1' })).toMatchObject({
      kind: 'network',
      reason: 'refused',
      host: '127.0.0.1',
    });
  });
});

describe('something else than STS', () => {
  test.each([
    [200, '<html>Please log in</html>', { kind: 'oss', code: 'MalformedReply' }],
    [502, '<html>Bad gateway</html>', { kind: 'oss', code: 'MalformedReply' }],
    [200, '{}', { kind: 'oss', code: 'MalformedReply' }],
  ])('answers %i %s', async (status, body, failure) => {
    const server = createServer((_, reply) => {
      reply.writeHead(status, { 'content-type': 'text/html' }).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await failureOf({ stsEndpoint: `http://127.0.0.1:${port}` })).toMatchObject(failure);
    server.close();
  });
});

describe('a wrong local clock', () => {
  test.each([-hour, hour])('%i ms off does not fail', async (localAhead) => {
    time.localAhead = localAhead;
    const { id } = await run.accounts.add(run.draft({ remember: false }));
    expect((await run.accounts.buckets(id)).length).toBeGreaterThan(0);
    const start = Date.now();
    expectMoment(run.accounts.serverNow(id), start, 0);
  });
});

describe('a pasted token', () => {
  test('signs, and ends when the person said', async () => {
    const { accessKey } = await run.accounts.session(await addRole());
    const pasted = run.draft({ ...accessKey, tokenValidUntil: 5, remember: false });
    const account = await run.accounts.add(pasted);
    expect(account).toMatchObject({ temporary: true, tokenValidUntil: 5 });
    expect((await list(account.id)).objects.length).toBeGreaterThan(0);
    expect((await run.accounts.session(account.id)).validUntil).toBe(5);
  });

  test('that ended is told, and not asked for again', async () => {
    const { accessKey } = await run.accounts.session(await addRole());
    const { id } = await run.accounts.add(run.draft({ ...accessKey, remember: false }));
    time.ahead = 2 * hour;
    await expect(list(id)).rejects.toMatchObject({ failure: { kind: 'credentials', cause: 'token-expired' } });
    expect(run.accounts.access(id).renew()).toBe(false);
  });
});

test('the practice account reaches its server and its STS', async () => {
  const { id } = await run.accounts.openPractice(run.server);
  expect((await run.accounts.buckets(id)).map(({ name }) => name)).toContain('waybill-samples');
  expect(run.accounts.get(id).stsEndpoint).toBe(run.server.endpoint);
});

describe('the Alibaba Cloud account behind a key', () => {
  test('is told by STS', async () => {
    expect(await run.accounts.access(await addRole()).alibabaAccountId()).toMatch(/^\d{16}$/);
  });

  test('stays unknown where STS does not answer', async () => {
    expect(
      await run.accounts.access(await addRole({ stsEndpoint: 'http://127.0.0.1:1' })).alibabaAccountId(),
    ).toBeNull();
  });
});

test('after the caches were cleared, a session is asked for again', async () => {
  const id = await addRole();
  const first = await run.accounts.session(id);
  expect(await run.accounts.session(id)).toBe(first);
  run.accounts.clearCaches();
  expect((await run.accounts.session(id)).accessKey.accessKeyId).not.toBe(first.accessKey.accessKeyId);
});
