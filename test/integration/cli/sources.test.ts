import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { assumeRole } from '../../../main/accounts/sts/sts.ts';
import { canary } from '../../support/canaries.ts';
import { type Answered, metadata, type Service, startService } from '../../support/credential-services.ts';
import { t } from '../../support/words.ts';
import { makePracticeBucket, noise, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';

const MiB = 1024 ** 2;
const ROLE_NAME = 'web-server';
const user = {
  accessKeyId: 'SDKUSER',
  accessKeySecret: 'the-secret-of-the-sdk-user',
  name: 'sdk',
  policy: { Version: '1', Statement: [{ Effect: 'Allow', Action: 'oss:*', Resource: '*' }] },
} as const;
let practice: PracticeBucket;
let cli: Program;
/** The home folder of the user who runs commands. */
let home: string;

beforeAll(async () => {
  [practice, cli] = await Promise.all([makePracticeBucket({ users: [user] }), builtCli()]);
  canary('the secret of the account', practice.server.accessKeySecret);
  await practice.put('there', 'there');
});

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'waybill-home-'));
  return () => rm(home, { recursive: true });
});

afterAll(() => practice.close());

/** Runs a command with a server, but no credentials, in its environment. */
function waybill(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return runProgram(cli.path, args, { env: { ...server(), ...env } });
}

function server(): Record<string, string> {
  const { endpoint, region } = practice.server;
  return { HOME: home, OSS_ENDPOINT: endpoint, OSS_REGION: region, WAYBILL_STATE_DIR: join(practice.folder, '.state') };
}

/** Temporary credentials that the practice server accepts. */
async function mint(sessionName: string) {
  const { server: of, connection } = practice;
  const { accessKey, validUntil } = await assumeRole({
    ...{ accessKey: await connection.accessKey(), stsEndpoint: of.endpoint, clock: connection.clock },
    ...{ dispatcher: connection.dispatcher, roleArn: of.roleArn, sessionName, durationSeconds: 900 },
  });
  const { accessKeyId, accessKeySecret, securityToken } = accessKey;
  canary('the secret of a session', accessKeySecret);
  canary('the token of a session', securityToken ?? '', 'token');
  const expiration = new Date(validUntil).toISOString().replace('.000', '');
  return { accessKeyId, accessKeySecret, securityToken: securityToken ?? '', expiration };
}

type Minted = Awaited<ReturnType<typeof mint>>;

/** As services hand them out. */
function issued({ accessKeyId, accessKeySecret, securityToken, expiration }: Minted): object {
  return {
    ...{ Code: 'Success', AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret },
    ...{ SecurityToken: securityToken, Expiration: expiration },
  };
}

async function write(path: string, content: string | object): Promise<string> {
  const whole = join(home, path);
  await mkdir(join(whole, '..'), { recursive: true });
  await writeFile(whole, typeof content === 'string' ? content : JSON.stringify(content));
  return whole;
}

/** A profile of the aliyun CLI. */
async function writeProfile(name: string, minted: Minted, more: object = {}): Promise<void> {
  const profile = {
    ...{ name, mode: 'StsToken', access_key_id: minted.accessKeyId, access_key_secret: minted.accessKeySecret },
    ...{ sts_token: minted.securityToken, ...more },
  };
  await write('.aliyun/config.json', { current: name, profiles: [profile] });
}

/** A program that prints credentials, as a variable names it. */
async function writeProgram(minted: Minted): Promise<string> {
  const printed = {
    ...{ mode: 'StsToken', access_key_id: minted.accessKeyId, access_key_secret: minted.accessKeySecret },
    ...{ sts_token: minted.securityToken, expiration: minted.expiration },
  };
  const path = await write('print credentials.mjs', `console.log(${JSON.stringify(JSON.stringify(printed))})`);
  return `'${process.execPath}' "${path}"`;
}

/** A metadata service, and the variable that leads to it. */
async function startMetadata(credentials: () => Answered): Promise<Service & { readonly env: Record<string, string> }> {
  const service = await startService(metadata({ role: ROLE_NAME, credentials }));
  return { ...service, env: { ALIBABA_CLOUD_IMDS_ENDPOINT: service.origin } };
}

/** Who signed a link; sessions of the practice server say it in their IDs. */
async function signedBy(args: readonly string[], env: Record<string, string>): Promise<string> {
  const shared = await waybill(['share', `oss://${practice.bucket}/there`, ...args], env);
  expect(shared).toMatchObject({ code: 0 });
  expect(await fetch(shared.stdout.trim()).then((reply) => reply.text())).toBe('there');
  return decodeURIComponent(new URL(shared.stdout).searchParams.get('x-oss-credential') ?? '').split('/')[0] ?? '';
}

test('each kind of source signs, and none leaves anything behind', async () => {
  const minted = await mint('kinds');
  await writeProfile('ci', minted);
  const { env: ecs } = await startMetadata(() => ({ body: issued(minted) }));
  const uri = await startService(() => ({ body: issued(minted) }));
  const sts = await startService(() => ({ body: { Credentials: issued(minted) } }));
  const tokenFile = await write('token', 'e30.e30.c2ln');
  const oidc = {
    ALIBABA_CLOUD_OIDC_TOKEN_FILE: tokenFile,
    ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'acs:ram::1:oidc-provider/ack',
    ALIBABA_CLOUD_ROLE_ARN: 'acs:ram::1:role/pod',
    ALIBABA_CLOUD_STS_ENDPOINT: sts.origin,
  };
  const kinds: readonly (readonly [readonly string[], Record<string, string>])[] = [
    [['--profile', 'ci'], {}],
    [['--credentials', 'profile'], {}],
    [['--credentials', 'chain'], {}],
    [[], {}],
    [['--credentials', 'ecs'], ecs],
    [['--credentials', 'uri'], { ALIBABA_CLOUD_CREDENTIALS_URI: uri.origin }],
    [['--credentials', 'oidc'], oidc],
    [['--credentials', 'process'], { WAYBILL_CREDENTIALS_COMMAND: await writeProgram(minted) }],
  ];
  for (const [args, env] of kinds) expect(await signedBy(args, env), args.join(' ')).toBe(minted.accessKeyId);
  expect(sts.asked[0]?.body).toContain('OIDCToken=e30.e30.c2ln');
});

test('variables go first, as ever; then come OIDC, the current profile, the role of an instance and a URI', async () => {
  const [profile, role, service, pod] = await Promise.all(['profile', 'role', 'service', 'pod'].map(mint));
  if (profile === undefined || role === undefined || service === undefined || pod === undefined) throw new Error();
  const own = { id: practice.server.accessKeyId, secret: practice.server.accessKeySecret };
  const { env: imds } = await startMetadata(() => ({ body: issued(role) }));
  const uri = await startService(() => ({ body: issued(service) }));
  const sts = await startService(() => ({ body: { Credentials: issued(pod) } }));
  await writeProfile('ci', profile);
  const layers: readonly (readonly [string, Record<string, string>])[] = [
    [service.accessKeyId, { ALIBABA_CLOUD_CREDENTIALS_URI: uri.origin }],
    [role.accessKeyId, { ...imds, ALIBABA_CLOUD_ECS_METADATA: ROLE_NAME }],
    [profile.accessKeyId, { ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'false' }],
    [
      pod.accessKeyId,
      {
        ALIBABA_CLOUD_OIDC_TOKEN_FILE: await write('token', 'e30.e30.c2ln'),
        ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'acs:ram::1:oidc-provider/ack',
        ALIBABA_CLOUD_ROLE_ARN: 'acs:ram::1:role/pod',
        ALIBABA_CLOUD_STS_ENDPOINT: sts.origin,
      },
    ],
    [
      user.accessKeyId,
      { ALIBABA_CLOUD_ACCESS_KEY_ID: user.accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: user.accessKeySecret },
    ],
    [own.id, { OSS_ACCESS_KEY_ID: own.id, OSS_ACCESS_KEY_SECRET: own.secret }],
  ];
  let env: Record<string, string> = { ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true' };
  for (const [id, more] of layers) {
    env = { ...env, ...more };
    expect(await signedBy([], env), Object.keys(more).join(' ')).toBe(id);
  }
});

test('the metadata service is asked only where someone says so', async () => {
  const { asked, env } = await startMetadata(() => null);
  const ended = await waybill(['ls', 'oss://'], env);
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toContain(t('failure.cause.source-missing.title', { source: 'chain', name: '' }));
  expect(asked).toEqual([]);
});

test('a profile also tells the region, where neither option nor OSS variable does', async () => {
  await writeProfile('ci', await mint('region'), { region_id: 'cn-beijing' });
  const share = ['share', 'oss://bucket/key', '--profile', 'ci'];
  const hostOf = async (args: readonly string[], env: Record<string, string> = {}) =>
    new URL((await runProgram(cli.path, [...share, ...args], { env: { HOME: home, ...env } })).stdout).host;
  expect(await hostOf([])).toBe('bucket.oss-cn-beijing.aliyuncs.com');
  expect(await hostOf([], { OSS_REGION: 'cn-shanghai' })).toBe('bucket.oss-cn-shanghai.aliyuncs.com');
  expect(await hostOf(['--region', 'cn-hongkong'])).toBe('bucket.oss-cn-hongkong.aliyuncs.com');
});

test.each([
  ['--account', '--profile'],
  ['--account', '--credentials'],
  ['--profile', '--credentials'],
])('%s and %s exclude each other', async (first, second) => {
  const ended = await waybill(['ls', 'oss://', second, 'env', first, 'env']);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(t('cli.exclusive', { first, second }));
});

test('an option that needs another one, and a source that there isn’t, are usage errors', async () => {
  const wrong: readonly (readonly [readonly string[], string])[] = [
    [['--user-data-dir', home], t('cli.requires', { option: '--user-data-dir', other: '--account' })],
    [['--session-duration', '1h'], t('cli.requires', { option: '--session-duration', other: '--role-arn' })],
    [['--external-id', 'x'], t('cli.requires', { option: '--external-id', other: '--role-arn' })],
    [['--credentials', 'process'], t('cli.credentials.command', { variable: 'WAYBILL_CREDENTIALS_COMMAND' })],
    [['--credentials', 'saml'], '--credentials'],
  ];
  for (const [args, words] of wrong) {
    const ended = await waybill(['ls', 'oss://', ...args]);
    expect(ended, args.join(' ')).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(words);
  }
});

test('accounts lists the profiles and the variables of the window, and what signs by default', async () => {
  await writeProfile('ci', await mint('listed'), { region_id: 'cn-beijing' });
  await write('.alibabacloud/credentials', '[broken]\ntype = saml\n');
  const { accessKeyId, accessKeySecret } = user;
  const env = { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret };
  const listed = await waybill(['accounts', '--json'], env);
  expect(listed).toMatchObject({ code: 0, stderr: '' });
  const found = listed.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(found).toMatchObject([
    { kind: 'env', accessKeyId },
    { kind: 'profile', name: 'ci', file: 'aliyun', isCurrent: true, region: 'cn-beijing', problem: null },
    { kind: 'profile', name: 'broken', file: 'sdk', problem: 'source-unusable' },
    { kind: 'default', source: { kind: 'env' } },
  ]);
  const byDefault = await waybill(['accounts']);
  expect(byDefault.stdout.trimEnd().split('\n').at(-1)?.split(/ {2,}/)).toEqual(['default', 'profile ci']);
  const unfit = await waybill(['accounts', '--profile', 'ci']);
  expect(unfit.stderr).toContain(t('cli.requires', { option: '--profile', other: '--check' }));
});

test('accounts --check says who the credentials are, and until when', async () => {
  const minted = await mint('checked');
  const uri = await startService(() => ({ body: issued(minted) }));
  const env = { ALIBABA_CLOUD_CREDENTIALS_URI: uri.origin, ALIBABA_CLOUD_STS_ENDPOINT: practice.server.endpoint };
  const checked = await waybill(['accounts', '--check', '--json', '--credentials', 'uri'], env);
  expect(checked).toMatchObject({ code: 0, stderr: '' });
  const [, accountId] = /::(\d+):/.exec(practice.server.roleArn) ?? [];
  expect(JSON.parse(checked.stdout)).toMatchObject({
    ...{ accountId, accessKeyId: minted.accessKeyId, temporary: true, validUntil: minted.expiration },
    arn: expect.stringMatching(/assumed-role/) as string,
  });
  const shown = await waybill(['accounts', '--check', '--credentials', 'uri'], env);
  expect(shown.stdout).toContain(`valid until  ${minted.expiration}`);
});

test('accounts --check asks the STS endpoint of the option, with a role and without', async () => {
  const { accessKeyId, accessKeySecret, endpoint, roleArn } = practice.server;
  const env = { OSS_ACCESS_KEY_ID: accessKeyId, OSS_ACCESS_KEY_SECRET: accessKeySecret };
  const nowhere = { ...env, ALIBABA_CLOUD_STS_ENDPOINT: 'http://127.0.0.1:9' };
  const args = ['accounts', '--check', '--sts-endpoint', endpoint];
  const own = await waybill(args, nowhere);
  expect([own.code, own.stderr]).toEqual([0, '']);
  expect(own.stdout).toContain(accessKeyId);
  const role = await waybill([...args, '--role-arn', roleArn], nowhere);
  expect([role.code, role.stderr]).toEqual([0, '']);
  expect(role.stdout).toContain('assumed-role/');
});

test('accounts says how to get credentials where there are none', async () => {
  expect(await waybill(['accounts'])).toMatchObject({ code: 0, stdout: '', stderr: `${t('cli.accounts.none')}\n` });
});

test('a profile that nobody has is named, and nobody else signs instead', async () => {
  const { accessKeyId, accessKeySecret } = practice.server;
  const env = { OSS_ACCESS_KEY_ID: accessKeyId, OSS_ACCESS_KEY_SECRET: accessKeySecret };
  const ended = await waybill(['ls', 'oss://', '--profile', 'nobody'], env);
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toContain(t('failure.cause.source-missing.title', { source: 'profile', name: 'nobody' }));
});

test('a source that lies, hangs or fails is told in words, without what it said', async () => {
  const minted = await mint('liar');
  const page = await startService(() => ({ body: `<html>${minted.accessKeySecret}</html>` }));
  const host = new URL(page.origin).host;
  const html = await waybill(['ls', 'oss://', '--credentials', 'uri'], { ALIBABA_CLOUD_CREDENTIALS_URI: page.origin });
  expect(html).toMatchObject({ code: 1, stdout: '' });
  expect(html.stderr).toContain(t('failure.cause.source-malformed.title', { source: 'uri', name: host }));
  const { env } = await startMetadata(() => null);
  const silent = await waybill(['ls', 'oss://', '--credentials', 'ecs'], env);
  expect(silent).toMatchObject({ code: 1, stdout: '' });
  expect(silent.stderr).toContain(t('failure.cause.source-silent.title', { source: 'ecs', name: '' }));
  const program = await write(
    'fail.mjs',
    `console.log('${minted.accessKeySecret}'); console.error('${minted.securityToken}'); process.exit(3)`,
  );
  const failed = await waybill(['ls', 'oss://', '--credentials', 'process'], {
    WAYBILL_CREDENTIALS_COMMAND: `'${process.execPath}' '${program}'`,
  });
  expect(failed).toMatchObject({ code: 1, stdout: '' });
  expect(failed.stderr).toContain(t('failure.cause.source-refused.title', { source: 'process', name: 'node' }));
});

test('--role-arn signs with sessions of a role, narrowed and named as the options say', async () => {
  const { accessKeyId, accessKeySecret, roleArn, endpoint } = practice.server;
  const env = { OSS_ACCESS_KEY_ID: accessKeyId, OSS_ACCESS_KEY_SECRET: accessKeySecret };
  const statement = { Effect: 'Allow', Action: 'oss:GetObject', Resource: `acs:oss:*:*:${practice.bucket}/*` };
  const policy = await write('policy.json', { Version: '1', Statement: [statement] });
  const role = ['--role-arn', roleArn, '--sts-endpoint', endpoint, '--session-policy', policy];
  const back = join(home, 'back');
  expect(await waybill(['get', `oss://${practice.bucket}/there`, back, ...role], env)).toMatchObject({ code: 0 });
  const refused = await waybill(['rm', `oss://${practice.bucket}/there`, ...role], env);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('AccessDenied');
  // A session can assume a role for an hour at most, whatever is asked for.
  await writeProfile('ci', await mint('chained'));
  const chained = ['--profile', 'ci', ...role, '--session-duration', '12h', '--force'];
  expect(await waybill(['get', `oss://${practice.bucket}/there`, back, ...chained])).toMatchObject({ code: 0 });
});

test('no secret of a source is in the arguments or the environment of the process', async () => {
  const minted = await mint('watched');
  const uri = await startService(() => ({ body: issued(minted) }));
  const path = await practice.file('watched', noise(4 * MiB));
  const args = ['put', path, `oss://${practice.bucket}/watched`, '--credentials', 'uri', '--limit', '2M'];
  const child = spawn(process.execPath, [cli.path, ...args], {
    env: { PATH: process.env['PATH'], ...server(), ALIBABA_CLOUD_CREDENTIALS_URI: uri.origin },
  });
  await expect.poll(() => uri.asked.length).toBe(1);
  const seen = await Promise.all(
    ['cmdline', 'environ'].map((name) => readFile(`/proc/${String(child.pid)}/${name}`, 'utf8')),
  );
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(0);
  expect(seen.join('')).toContain('--credentials');
  for (const secret of [minted.accessKeySecret, minted.securityToken]) expect(seen.join('')).not.toContain(secret);
});
