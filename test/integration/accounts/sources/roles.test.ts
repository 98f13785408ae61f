import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { resolveSource } from '../../../../main/accounts/sources/resolve.ts';
import { sourceCredentials } from '../../../../main/accounts/sources/source-credentials.ts';
import type { Credentials } from '../../../../main/accounts/sts/credentials.ts';
import type { CredentialSource, SourceRole } from '../../../../main/accounts/sources/source.ts';
import { makeSourceContext } from '../../../unit/accounts/sources/source-context.ts';
import { type PracticeRun, startPracticeRun } from '../practice-server.ts';
import { failureOf } from '../../../unit/oss/scripted-server.ts';

const minute = 60_000;
const hour = 60 * minute;
const now = Date.parse('2026-11-30T12:00:00Z');
const time = { ahead: 0 };
const provider = { arn: 'acs:ram::1000000000000001:oidc-provider/cluster', audience: 'sts.aliyuncs.com' };
const podRole = { arn: 'acs:ram::1000000000000001:role/pod', maxSessionSeconds: 3600, provider };
const longRole = { arn: 'acs:ram::1000000000000001:role/long', maxSessionSeconds: 43_200 };
const outsideRole = { arn: 'acs:ram::1000000000000001:role/outside', maxSessionSeconds: 3600, externalId: 'partner-7' };
let run: PracticeRun;

beforeAll(async () => {
  run = await startPracticeRun({ now: () => now + time.ahead, roles: [podRole, longRole, outsideRole] });
});

afterEach(() => {
  run.server.faults.clear();
  time.ahead = 0;
});

afterAll(() => run.close());

/** A token as Kubernetes writes it into a pod. */
function token(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part({ aud: provider.audience, exp: (now + hour) / 1000, ...claims })}.c2lnbmF0dXJl`;
}

async function makeRun(files: Readonly<Record<string, string | object>>, environment: Record<string, string> = {}) {
  const made = await makeSourceContext(files, environment);
  const context = { ...made.context, stsEndpoint: run.server.endpoint };
  return { ...made, context };
}

async function makePod(written: string) {
  const environment: Record<string, string> = {};
  const made = await makeRun({ token: written }, environment);
  Object.assign(environment, {
    ALIBABA_CLOUD_ROLE_ARN: podRole.arn,
    ALIBABA_CLOUD_OIDC_PROVIDER_ARN: provider.arn,
    ALIBABA_CLOUD_OIDC_TOKEN_FILE: `${made.home}/token`,
  });
  return { ...made, environment };
}

describe('the token of a pod', () => {
  const source: CredentialSource = { kind: 'oidc', role: null };

  test('becomes a session of its role, and a new token another one', async () => {
    const { context, time: local, write } = await makePod(token({}));
    const credentials = sourceCredentials(source, context);
    const first = await credentials.session();
    expect(first).toMatchObject({
      accessKey: { accessKeyId: expect.stringMatching(/^STS\./) as string },
      validUntil: now + hour,
    });
    await write('token', token({ exp: (now + 2 * hour) / 1000 }));
    local.now += 50 * minute;
    time.ahead = 50 * minute;
    const second = await credentials.session();
    expect(second.validUntil).toBe(now + 50 * minute + hour);
    expect(second.accessKey.accessKeyId).not.toBe(first.accessKey.accessKeyId);
  });

  test('is found by the default chain', async () => {
    const { context } = await makePod(token({}));
    expect((await resolveSource({ kind: 'chain' }, context)).source).toEqual(source);
  });

  test('that has expired, is for somebody else, or none at all, is said so', async () => {
    const failureOfPod = async (written: string) => {
      const { context } = await makePod(written);
      return failureOf(resolveSource(source, context));
    };
    expect(await failureOfPod(token({ exp: now / 1000 }))).toMatchObject({
      cause: 'source-expired',
      source: { kind: 'oidc' },
    });
    const foreign = token({ aud: 'somebody else' });
    const refused = await failureOfPod(foreign);
    expect(refused).toMatchObject({ cause: 'role-refused', code: 'AuthenticationFail.OIDCToken.AudienceNotMatch' });
    expect(JSON.stringify(refused)).not.toContain(foreign.split('.')[1]);
    expect(await failureOfPod('<html>')).toMatchObject({ cause: 'source-unusable' });
    const { context, environment } = await makePod(token({}));
    environment['ALIBABA_CLOUD_OIDC_TOKEN_FILE'] = '/nowhere/token';
    expect(await failureOf(resolveSource(source, context))).toMatchObject({
      cause: 'source-missing',
      code: '/nowhere/token',
    });
    delete environment['ALIBABA_CLOUD_ROLE_ARN'];
    expect(await failureOf(resolveSource(source, context))).toMatchObject({
      cause: 'source-missing',
      source: { kind: 'oidc' },
    });
  });

  test('isn’t sent to STS unencrypted', async () => {
    const { context } = await makePod(token({}));
    const away = { ...context, stsEndpoint: 'http://sts.aliyuncs.com', dispatcher: run.dispatcher };
    expect(await failureOf(resolveSource(source, away))).toMatchObject({ kind: 'network' });
    expect(run.requests.at(-1)).toMatch(/^POST \/\?Action=AssumeRoleWithOIDC/);
  });
});

describe('roles', () => {
  const role: SourceRole = {
    ...{ roleArn: longRole.arn, sessionName: 'waybill', durationSeconds: 43_200 },
    ...{ externalId: null, sourceIdentity: 'alice', policy: null, stsEndpoint: null },
  };
  const aliyun = () => ({
    current: 'first',
    profiles: [
      {
        ...{ name: 'key', mode: 'AK' },
        ...{ access_key_id: run.server.accessKeyId, access_key_secret: run.server.accessKeySecret },
      },
      {
        ...{ name: 'first', mode: 'ChainableRamRoleArn', source_profile: 'key', ram_role_arn: run.server.roleArn },
        sts_endpoint: run.server.endpoint,
      },
      {
        ...{ name: 'second', mode: 'ChainableRamRoleArn', source_profile: 'first', ram_role_arn: longRole.arn },
        expired_seconds: 43_200,
      },
      {
        ...{ name: 'outside', mode: 'ChainableRamRoleArn', source_profile: 'first', ram_role_arn: outsideRole.arn },
        external_id: 'partner-7',
      },
    ],
  });
  const profile = (name: string): CredentialSource => ({ kind: 'profile', profile: { file: 'aliyun', name } });

  test('of a key last as long as asked for, those of a session an hour', async () => {
    const { context } = await makeRun({ '.aliyun/config.json': aliyun() });
    const own = await resolveSource({ kind: 'role', base: profile('key'), role }, context);
    expect(own.validUntil).toBe(now + 12 * hour);
    expect((await resolveSource(profile('second'), context)).validUntil).toBe(now + hour);
    const third = await resolveSource({ kind: 'role', base: profile('second'), role }, context);
    expect(third.validUntil).toBe(now + hour);
  });

  test('are assumed anew for a link that outlasts them, and not again for one that no session outlasts', async () => {
    const { context, time: local } = await makeRun({ '.aliyun/config.json': aliyun() });
    const ends = async (credentials: Credentials) => (await credentials.session(12 * hour)).validUntil;
    const chained = sourceCredentials({ kind: 'role', base: profile('first'), role }, context);
    expect(await ends(chained)).toBe(now + hour);
    expect(await ends(chained)).toBe(now + hour);
    local.now += 20 * minute;
    time.ahead = 20 * minute;
    expect(await ends(chained)).toBe(now + 20 * minute + hour);
  });

  test('for third parties are assumed with the external ID of the profile', async () => {
    const { context } = await makeRun({ '.aliyun/config.json': aliyun() });
    expect((await resolveSource(profile('outside'), context)).accessKey.accessKeyId).toMatch(/^STS\./);
    const without = { ...role, roleArn: outsideRole.arn };
    expect(
      await failureOf(resolveSource({ kind: 'role', base: profile('key'), role: without }, context)),
    ).toMatchObject({
      ...{ kind: 'credentials', cause: 'role-refused', code: 'NoPermission' },
    });
  });

  test('with a source identity that STS can’t take are refused', async () => {
    const { context } = await makeRun({ '.aliyun/config.json': aliyun() });
    const odd = { ...role, sourceIdentity: 'a b' };
    expect(await failureOf(resolveSource({ kind: 'role', base: profile('key'), role: odd }, context))).toMatchObject({
      code: 'InvalidParameter.SourceIdentity',
    });
  });
});
