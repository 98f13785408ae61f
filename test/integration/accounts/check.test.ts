import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { KeyDraft } from '../../../main/accounts/account.ts';
import { type Failure, toFailure } from '../../../main/failure.ts';
import { customDomain, objectUser, type PracticeRun, prefixUser, startPracticeRun } from './practice-server.ts';

let run: PracticeRun;

beforeAll(async () => {
  run = await startPracticeRun();
});

beforeEach(() => {
  run.requests.length = 0;
});

afterAll(() => run.close());

/** The result that the form receives. */
async function failureOf(fields: Partial<KeyDraft>): Promise<Failure | null> {
  try {
    await run.accounts.check(run.draft(fields));
    return null;
  } catch (error) {
    return toFailure(error);
  }
}

describe('a real call before an account is saved', () => {
  test('passes for the owner, by listing buckets and one file', async () => {
    expect(await failureOf({})).toBeNull();
    expect(run.requests).toEqual(['GET /', 'GET /waybill-inbox/?list-type=2&encoding-type=url&max-keys=1']);
    expect(run.accounts.list()).toEqual([]);
  });

  test('passes with V1 too', async () => {
    expect(await failureOf({ signVersion: 'v1' })).toBeNull();
  });

  test('tells a wrong secret, and repeats neither it nor a signature', async () => {
    const failure = await failureOf({ accessKeySecret: 'WRONG' });
    expect(failure).toMatchObject({ kind: 'credentials', cause: 'wrong-secret', code: 'SignatureDoesNotMatch' });
    expect(JSON.stringify(failure)).not.toMatch(/WRONG|OSS4|StringToSign/);
  });

  test('tells an unknown AccessKey', async () => {
    expect(await failureOf({ accessKeyId: 'LTAI-nobody' })).toMatchObject({
      kind: 'credentials',
      cause: 'wrong-key',
    });
  });

  test('tells a server that is not there', async () => {
    expect(await failureOf({ endpoint: 'http://127.0.0.1:1' })).toMatchObject({ kind: 'network', reason: 'refused' });
  });

  test('tells a name that leads nowhere', async () => {
    expect(await failureOf({ endpoint: 'http://oss.example.invalid' })).toMatchObject({
      kind: 'network',
      reason: 'dns',
      host: 'oss.example.invalid',
    });
  });

  test('tells an endpoint that is none before anything is sent', async () => {
    expect(await failureOf({ endpoint: 'oss cn hangzhou' })).toMatchObject({ kind: 'input', field: 'endpoint' });
    expect(run.requests).toEqual([]);
  });

  test('asks a custom domain for where to start, since it cannot list buckets', async () => {
    expect(await failureOf({ cname: true })).toMatchObject({ kind: 'input', field: 'startPath' });
    expect(run.requests).toEqual([]);
  });
});

describe('a custom domain', () => {
  const startPath = { bucket: 'waybill-samples', prefix: 'reports/' };

  test('passes with its start path and sees no other buckets', async () => {
    const draft = run.draft({ endpoint: run.hostUrl(customDomain), cname: true, startPath, remember: false });
    await run.accounts.check(draft);
    expect(run.requests.every((request) => request.startsWith('GET /?'))).toBe(true);
    const { id } = await run.accounts.add(draft);
    expect(await run.accounts.buckets(id)).toEqual([]);
    const { endpoint } = await run.accounts.connection(id, 'waybill-samples');
    expect(endpoint).toMatchObject({ host: customDomain, addressing: 'cname' });
  });
});

describe('a key that may do little', () => {
  const { accessKeyId, accessKeySecret } = prefixUser;

  test('is denied the list of buckets', async () => {
    expect(await failureOf({ accessKeyId, accessKeySecret })).toMatchObject({
      kind: 'credentials',
      cause: 'denied-by-policy',
      code: 'AccessDenied',
    });
  });

  test('passes with its start path, and nothing but that prefix is asked for', async () => {
    const startPath = { bucket: 'waybill-samples', prefix: 'reports/' };
    expect(await failureOf({ accessKeyId, accessKeySecret, startPath })).toBeNull();
    expect(run.requests.length).toBeGreaterThan(0);
    for (const request of run.requests) {
      expect(request).toMatch(/^GET \/waybill-samples\/\?/);
      expect(request).toContain('prefix=reports%2F');
      expect(request).toContain('max-keys=1');
    }
  });

  test('is told no when the start path is another one', async () => {
    const startPath = { bucket: 'waybill-samples', prefix: 'pictures/' };
    expect(await failureOf({ accessKeyId, accessKeySecret, startPath })).toMatchObject({ cause: 'denied-by-policy' });
  });

  test('is told when the bucket does not exist', async () => {
    expect(await failureOf({ startPath: { bucket: 'no-such-bucket', prefix: '' } })).toMatchObject({
      kind: 'oss',
      status: 404,
      code: 'NoSuchBucket',
    });
  });

  test('that may list nothing at all is asked for a listing once, not at each connection', async () => {
    const account = await run.accounts.add(
      run.draft({ accessKeyId: objectUser.accessKeyId, accessKeySecret: objectUser.accessKeySecret, remember: false }),
    );
    await Promise.all(Array.from({ length: 10 }, () => run.accounts.connection(account.id, 'waybill-samples')));
    await run.accounts.connection(account.id, 'waybill-samples');
    expect(run.requests).toHaveLength(1);
  });
});

describe('editing an account', () => {
  test('checks with the stored secret when none is typed', async () => {
    const { id } = await run.accounts.add(run.draft({ remember: false }));
    await run.accounts.check(run.draft({ accessKeySecret: '', name: 'Renamed' }), id);
    expect(run.requests).toHaveLength(2);
  });
});
