import { describe, expect, test } from 'vitest';
import { ask } from '../../../../main/accounts/sources/ask.ts';
import { resolveSource } from '../../../../main/accounts/sources/resolve.ts';
import { sourceCredentials } from '../../../../main/accounts/sources/source-credentials.ts';
import type { CredentialSource } from '../../../../main/accounts/sources/source.ts';
import { ServerClock } from '../../../../main/oss/connection.ts';
import {
  type Answered,
  issuedUntil,
  metadata,
  type MetadataSetup,
  startService,
} from '../../../support/credential-services.ts';
import { makeSourceContext } from '../../../unit/accounts/sources/source-context.ts';
import { failureOf } from '../../../unit/oss/scripted-server.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2026-11-30T12:00:00Z');
const html = '<html><body>Sign in</body></html>';

/** A context with a service that a variable names. The service's clock is the context's. */
async function makeRun(variable: string, answer: Parameters<typeof startService>[0]) {
  const environment: Record<string, string> = {};
  const { context, time, write } = await makeSourceContext({}, environment);
  const service = await startService(answer, () => time.now);
  environment[variable] =
    variable === 'ALIBABA_CLOUD_CREDENTIALS_URI' ? `${service.origin}/credentials` : service.origin;
  return { context, time, service, environment, write };
}

describe('a question to a service', () => {
  test.each<[string, Answered]>([
    ['never answers', null],
    ['stops in the middle', { headers: { 'content-length': '100' }, body: '{"AccessKeyId":' }],
  ])('that %s ends after its time', async (_, answer) => {
    const { context, service } = await makeRun('UNUSED', () => answer);
    const origin = { kind: 'uri', name: 'service' } as const;
    expect(await failureOf(ask({ url: new URL(service.origin), origin, timeoutMs: 100 }, context))).toMatchObject({
      ...{ kind: 'credentials', cause: 'source-silent', source: origin },
    });
  });
});

describe('the role of an ECS instance', () => {
  const source: CredentialSource = { kind: 'ecs', roleName: null };
  const makeInstance = (setup: Partial<MetadataSetup> = {}) =>
    makeRun(
      'ALIBABA_CLOUD_IMDS_ENDPOINT',
      metadata({
        role: 'web-server',
        credentials: () => ({ body: { ...issuedUntil(start + hour), Code: 'Success' } }),
        ...setup,
      }),
    );

  test('is found with a token, which comes with every other request', async () => {
    const { context, service } = await makeInstance();
    expect(await resolveSource(source, context)).toEqual({
      accessKey: { accessKeyId: 'STS.one', accessKeySecret: 'secret-of-one', securityToken: 'CAIS-token-of-one' },
      validUntil: start + hour,
      source,
    });
    expect(service.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /latest/api/token',
      'GET /latest/meta-data/ram/security-credentials/',
      'GET /latest/meta-data/ram/security-credentials/web-server',
    ]);
  });

  test('isn’t looked up where it is named', async () => {
    const { context, service } = await makeInstance();
    await resolveSource({ kind: 'ecs', roleName: 'web-server' }, context);
    expect(service.asked).toHaveLength(2);
  });

  test('is asked for without a token only where there are none, and that is allowed', async () => {
    const { context, environment } = await makeInstance({ hasTokens: false });
    expect((await resolveSource(source, context)).accessKey.accessKeyId).toBe('STS.one');
    environment['ALIBABA_CLOUD_IMDSV1_DISABLED'] = 'true';
    expect(await failureOf(resolveSource(source, context))).toMatchObject({ code: 'HTTP 404' });
  });

  test('can be switched off by a variable', async () => {
    const { context, environment, service } = await makeInstance();
    environment['ALIBABA_CLOUD_ECS_METADATA_DISABLED'] = 'true';
    expect(await failureOf(resolveSource(source, context))).toMatchObject({ cause: 'source-unusable' });
    expect(service.asked).toEqual([]);
  });

  test.each<[string, string, Partial<MetadataSetup>]>([
    ['source-missing', 'no role', { credentials: () => ({ status: 404 }) }],
    ['source-refused', 'a refusal', { credentials: () => ({ status: 403 }) }],
    [
      'source-refused',
      'a redirect',
      { credentials: () => ({ status: 302, headers: { location: 'http://127.0.0.1:1' } }) },
    ],
    ['source-malformed', 'HTML', { credentials: () => ({ body: html }) }],
    [
      'source-malformed',
      'a failure',
      { credentials: () => ({ body: { ...issuedUntil(start + hour), Code: 'Failed' } }) },
    ],
    [
      'source-malformed',
      'no token',
      { credentials: () => ({ body: { ...issuedUntil(start + hour), SecurityToken: '' } }) },
    ],
    ['source-malformed', 'endless text', { credentials: () => ({ body: 'x'.repeat(100_000) }) }],
    ['source-malformed', 'a role with a path', { role: '../../user-data' }],
    [
      'source-expired',
      'what has expired',
      { credentials: () => ({ body: { ...issuedUntil(start), Code: 'Success' } }) },
    ],
  ])('that is answered with %s: %s', async (cause, _, setup) => {
    const { context } = await makeInstance(setup);
    expect(await failureOf(resolveSource(source, context))).toMatchObject({
      kind: 'credentials',
      cause,
      source: { kind: 'ecs' },
    });
  });

  test('is never asked for through a proxy', async () => {
    const { context, environment } = await makeInstance();
    const dispatcher = { dispatch: () => expect.unreachable('a proxy was asked') } as never;
    expect((await resolveSource(source, { ...context, dispatcher })).accessKey.accessKeyId).toBe('STS.one');
    environment['ALIBABA_CLOUD_IMDS_ENDPOINT'] = 'https://metadata.example.com';
    expect(await failureOf(resolveSource(source, { ...context, dispatcher }))).toMatchObject({
      ...{ cause: 'source-unusable', code: 'ALIBABA_CLOUD_IMDS_ENDPOINT' },
    });
  });

  test('isn’t waited for where there is no metadata service', async () => {
    const { context } = await makeSourceContext({}, { ALIBABA_CLOUD_IMDS_ENDPOINT: 'http://127.0.0.1:9' });
    expect(await failureOf(resolveSource(source, context))).toMatchObject({ cause: 'source-silent' });
  });

  test('corrects a clock by which fresh credentials have expired', async () => {
    const { context, service, time } = await makeInstance();
    const local = { ...context, clock: new ServerClock(() => time.now + 3 * hour) };
    expect((await resolveSource(source, local)).validUntil).toBe(start + hour);
    expect(local.clock.now()).toBe(time.now);
    expect(service.asked).toHaveLength(3);
  });
});

describe('a credentials URI', () => {
  const source: CredentialSource = { kind: 'uri', uri: null };
  const makeService = (answer: () => Answered) => makeRun('ALIBABA_CLOUD_CREDENTIALS_URI', answer);

  test('is asked anew before its credentials expire, once for all who wait', async () => {
    let count = 0;
    const { context, time, service } = await makeService(() => {
      count += 1;
      return { body: issuedUntil(time.now + hour, `session-${count}`) };
    });
    const credentials = sourceCredentials(source, context);
    const ids = async (): Promise<readonly string[]> => {
      const sessions = await Promise.all([1, 2, 3].map(() => credentials.session(12 * hour)));
      return [...new Set(sessions.map(({ accessKey }) => accessKey.accessKeyId))];
    };
    expect(await ids()).toEqual(['STS.session-1']);
    time.now += 44 * minute;
    expect(await ids()).toEqual(['STS.session-1']);
    time.now += 5 * minute;
    expect(await ids()).toEqual(['STS.session-2']);
    expect(service.asked.map(({ method, path }) => `${method} ${path}`)).toEqual(Array(2).fill('GET /credentials'));
  });

  test('that fails later leaves the session until it expires', async () => {
    let answer: Answered = { body: issuedUntil(start + hour) };
    const { context, time } = await makeService(() => answer);
    const credentials = sourceCredentials(source, context);
    await credentials.session();
    answer = { status: 503 };
    time.now += 59 * minute;
    expect((await credentials.session()).accessKey.accessKeyId).toBe('STS.one');
    time.now += minute;
    expect(await failureOf(credentials.session())).toMatchObject({ cause: 'source-silent', code: 'HTTP 503' });
    answer = { body: issuedUntil(time.now + hour, 'two') };
    expect((await credentials.session()).accessKey.accessKeyId).toBe('STS.two');
  });

  test.each<[string, string, Answered]>([
    ['source-refused', 'a redirect', { status: 307, headers: { location: 'http://example.com/' } }],
    ['source-refused', 'a refusal', { status: 401, body: 'secret-in-a-refusal' }],
    ['source-malformed', 'HTML', { body: html }],
    ['source-malformed', 'a list', { body: [] }],
    ['source-malformed', 'no expiry', { body: { ...issuedUntil(start + hour), Expiration: undefined } }],
    [
      'source-malformed',
      'a token that no header can carry',
      { body: { ...issuedUntil(start + hour), SecurityToken: 'a\nb' } },
    ],
    ['source-expired', 'what has expired', { body: issuedUntil(start) }],
  ])('that answers with %s: %s', async (cause, _, answer) => {
    const { context, service } = await makeService(() => answer);
    const failure = await failureOf(resolveSource(source, context));
    const name = service.origin.replace('http://', '');
    expect(failure).toMatchObject({ kind: 'credentials', cause, source: { kind: 'uri', name } });
    expect(JSON.stringify(failure)).not.toMatch(/secret|credentials\/|token/);
  });

  test('that never answers ends with the command', async () => {
    const { context, service } = await makeService(() => null);
    const ended = new AbortController();
    const work = failureOf(resolveSource(source, { ...context, signal: ended.signal }));
    await expect.poll(() => service.asked.length).toBe(1);
    ended.abort();
    expect(await work).toEqual({ kind: 'cancelled' });
  });

  test.each(['ftp://example.com/', 'file:///etc/passwd', 'nothing'])('isn’t %s', async (uri) => {
    const { context } = await makeSourceContext();
    expect(await failureOf(resolveSource({ kind: 'uri', uri }, context))).toMatchObject({ cause: 'source-unusable' });
  });

  test('can be forbidden by a variable', async () => {
    const { context, environment, service } = await makeService(() => ({ body: issuedUntil(start + hour) }));
    environment['ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS'] = '1';
    expect(await failureOf(resolveSource(source, context))).toMatchObject({ cause: 'source-unusable' });
    expect(service.asked).toEqual([]);
  });

  test('over plain HTTP isn’t asked through a proxy', async () => {
    const { context } = await makeService(() => ({ body: issuedUntil(start + hour) }));
    const dispatcher = { dispatch: () => expect.unreachable('a proxy was asked') } as never;
    expect((await resolveSource(source, { ...context, dispatcher })).accessKey.accessKeyId).toBe('STS.one');
  });
});

describe('a sign-in to CloudSSO', () => {
  const source: CredentialSource = { kind: 'cloudsso', profile: null };
  const profileOf = (origin: string, more: object = {}) => ({
    current: 'default',
    profiles: [
      {
        ...{ name: 'work', mode: 'CloudSSO', cloud_sso_sign_in_url: `${origin}/device/login` },
        ...{ cloud_sso_account_id: '1234', cloud_sso_access_config: 'ac-1' },
        ...{ access_token: 'cloudsso-access-token', cloud_sso_access_token_expire: (start + 2 * hour) / 1000 },
        ...more,
      },
    ],
  });
  const makeSignIn = async (
    more: object = {},
    answer: () => Answered = () => ({ body: { CloudCredential: issuedUntil(start + hour) } }),
  ) => {
    const run = await makeRun('UNUSED', answer);
    await run.write('.aliyun/config.json', profileOf(run.service.origin, more));
    return run;
  };

  test('is exchanged for credentials, as the aliyun CLI does it', async () => {
    const { context, service } = await makeSignIn();
    expect((await resolveSource(source, context)).accessKey.accessKeyId).toBe('STS.one');
    expect(service.asked).toMatchObject([
      {
        ...{ method: 'POST', path: '/cloud-credentials', body: '{"AccountId":"1234","AccessConfigurationId":"ac-1"}' },
        headers: { authorization: 'Bearer cloudsso-access-token', 'content-type': 'application/json' },
      },
    ]);
  });

  test('isn’t exchanged while the CLI’s credentials are valid', async () => {
    const cached = { access_key_id: 'STS.cached', access_key_secret: 's', sts_token: 'CAIScached' };
    const { context, time, service } = await makeSignIn({ ...cached, sts_expiration: (start + 30 * minute) / 1000 });
    expect(await resolveSource(source, context)).toMatchObject({
      accessKey: { accessKeyId: 'STS.cached', securityToken: 'CAIScached' },
      validUntil: start + 30 * minute,
    });
    expect(service.asked).toEqual([]);
    time.now += 20 * minute;
    expect((await resolveSource(source, context)).accessKey.accessKeyId).toBe('STS.one');
  });

  test('that has expired is left to the CLI, and used once it has signed in again', async () => {
    const { context, time, service, write } = await makeSignIn();
    const credentials = sourceCredentials(source, context);
    time.now += 2 * hour;
    expect(await failureOf(credentials.session())).toMatchObject({ cause: 'source-expired', source: { name: 'work' } });
    expect(service.asked).toEqual([]);
    time.now = start;
    await write('.aliyun/config.json', profileOf(service.origin, { access_token: 'another' }));
    expect((await credentials.session()).accessKey.accessKeyId).toBe('STS.one');
  });

  test.each<[string, Answered]>([
    ['source-refused', { status: 401, body: '{"ErrorCode":"InvalidToken","ErrorMessage":"cloudsso-access-token"}' }],
    ['source-silent', { status: 500 }],
    ['source-malformed', { body: {} }],
  ])('that fails with %s', async (cause, answer) => {
    const { context } = await makeSignIn({}, () => answer);
    const failure = await failureOf(resolveSource(source, context));
    expect(JSON.stringify(failure)).not.toContain('cloudsso-access-token');
    expect(failure).toMatchObject({
      cause,
      source: { kind: 'cloudsso', name: 'work' },
    });
  });

  test('isn’t sent unencrypted', async () => {
    const { context } = await makeSignIn({ cloud_sso_sign_in_url: 'http://signin.example.com/' });
    expect(await failureOf(resolveSource(source, context))).toMatchObject({ cause: 'source-unusable' });
  });

  test('is missing where no profile has one', async () => {
    const { context } = await makeSourceContext();
    expect(await failureOf(resolveSource(source, context))).toMatchObject({ cause: 'source-missing' });
  });
});
