import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultChain } from '../../../../main/accounts/sources/default-chain.ts';
import { findProfile, listProfiles } from '../../../../main/accounts/sources/profiles/profiles.ts';
import { lookUp, resolveSource } from '../../../../main/accounts/sources/resolve.ts';
import { sourceCredentials } from '../../../../main/accounts/sources/source-credentials.ts';
import { makeSourceContext } from './source-context.ts';
import { failureOf } from '../../oss/scripted-server.ts';

const pair = { access_key_id: 'LTAIcli', access_key_secret: 'cli-secret' };
const roleArn = 'acs:ram::1234567890123456:role/reader';
const aliyun = {
  current: 'prod',
  profiles: [
    { name: 'default', mode: 'AK', ...pair, access_key_id: '', access_key_secret: '', region_id: '' },
    { name: 'prod', mode: 'AK', ...pair, sts_token: 'left over', ram_role_arn: 'left over', region_id: 'cn-beijing' },
    { name: 'session', mode: 'StsToken', ...pair, sts_token: 'CAIStoken' },
    { name: 'role', mode: 'RamRoleArn', ...pair, ram_role_arn: roleArn, ram_session_name: 'me', external_id: 'x-1' },
    { name: 'instance', mode: 'EcsRamRole', ram_role_name: 'web' },
    { name: 'chained', mode: 'ChainableRamRoleArn', source_profile: 'instance', ram_role_arn: roleArn },
    { name: 'program', mode: 'External', process_command: 'tool "for me"' },
    { name: 'service', mode: 'CredentialsURI', credentials_uri: 'http://127.0.0.1:1/x' },
    {
      ...{ name: 'pod', mode: 'OIDC', oidc_provider_arn: 'acs:ram::1:oidc-provider/k', oidc_token_file: '/token' },
      ...{ ram_role_arn: roleArn, ram_session_name: 'pod', sts_region: 'cn-beijing' },
    },
    { name: 'bearer', mode: 'BearerToken', bearer_token: 'x' },
    { name: 'circle', mode: 'ChainableRamRoleArn', source_profile: 'circle', ram_role_arn: roleArn },
    { name: 'half', mode: 'RamRoleArn', ...pair },
    { name: 'tokenless', mode: 'AK', access_key_id: 'STS.a', access_key_secret: 's' },
    { name: 'broken', mode: 'AK', ...pair, access_key_secret: 'a\u200bb' },
  ],
};
const sdk = `[default]
type = access_key
access_key_id = LTAIsdk
access_key_secret = sdk-secret
# access_key_secret = old
[machine]
type = ecs_ram_role
role_name = worker
[prod]
type = access_key
access_key_id = LTAIother
access_key_secret = other`;
const ossutil = `[default]
accessKeyID=LTAIutil
access-key-secret=util-secret
region=cn-hangzhou
[profile Role]
source_profile=default
mode=RamRoleArn
role-arn=${roleArn}
endpoint=oss-cn-hangzhou-internal.aliyuncs.com
[Bucket-Endpoint]
bucket1=endpoint1`;
const files = { '.aliyun/config.json': aliyun, '.alibabacloud/credentials': sdk, '.ossutilconfig': ossutil };

describe('the profiles of other programs', () => {
  test('are listed in the order of their files, without those that nobody has filled in', async () => {
    const { context } = await makeSourceContext(files);
    const { profiles, problems } = await listProfiles(context);
    expect(problems).toEqual([]);
    expect(profiles.map(({ profile: { file, name } }) => `${file} ${name}`)).toEqual([
      ...aliyun.profiles.slice(1).map(({ name }) => `aliyun ${name}`),
      ...['sdk default', 'sdk machine', 'sdk prod', 'ossutil default', 'ossutil role'],
    ]);
    expect(profiles.filter(({ isCurrent }) => isCurrent).map(({ profile }) => profile.name)).toEqual([
      ...['prod', 'default', 'default'],
    ]);
    expect(profiles.flatMap(({ profile, problem }) => (problem === null ? [] : [profile.name]))).toEqual([
      ...['bearer', 'circle', 'half', 'tokenless', 'broken'],
    ]);
  });

  test('say where OSS is, and hold no secret', async () => {
    const { context } = await makeSourceContext(files);
    expect(await findProfile('role', context)).toMatchObject({ profile: { file: 'aliyun' }, accessKeyId: 'LTAIcli' });
    const { profiles } = await listProfiles(context);
    expect(profiles.find(({ profile }) => profile.file === 'ossutil' && profile.name === 'role')).toEqual({
      profile: { file: 'ossutil', name: 'role' },
      mode: 'RamRoleArn',
      isCurrent: false,
      accessKeyId: 'LTAIutil',
      endpoint: 'oss-cn-hangzhou-internal.aliyuncs.com',
      region: 'cn-hangzhou',
      problem: null,
    });
    expect(JSON.stringify(profiles)).not.toMatch(/-secret|CAIStoken/);
  });

  test.each([
    [
      'prod',
      { kind: 'key', session: { accessKey: { accessKeyId: 'LTAIcli', securityToken: null }, validUntil: null } },
    ],
    ['session', { kind: 'key', session: { accessKey: { securityToken: 'CAIStoken' }, validUntil: 'unknown' } }],
    [
      'role',
      {
        kind: 'role',
        base: { kind: 'key' },
        role: { roleArn, sessionName: 'me', externalId: 'x-1', durationSeconds: 3600, stsEndpoint: null },
      },
    ],
    ['instance', { kind: 'ecs', roleName: 'web' }],
    ['chained', { kind: 'role', base: { kind: 'ecs', roleName: 'web' }, role: { roleArn, sessionName: 'waybill' } }],
    ['program', { kind: 'process', command: ['tool', 'for me'] }],
    ['service', { kind: 'uri', uri: 'http://127.0.0.1:1/x' }],
    ['pod', { kind: 'oidc', role: { tokenFile: '/token', stsEndpoint: 'https://sts.cn-beijing.aliyuncs.com' } }],
  ])('%s of the aliyun CLI is read by its mode', async (name, recipe) => {
    const { context } = await makeSourceContext(files);
    const found = await lookUp({ kind: 'profile', profile: { file: 'aliyun', name } }, context);
    expect(found.recipe).toMatchObject(recipe);
  });

  test.each([
    ['bearer', 'BearerToken'],
    ['circle', 'source_profile'],
    ['half', 'ram_role_arn'],
    ['tokenless', 'sts_token'],
    ['broken', 'access_key_secret'],
  ])('%s can’t be used, for %s', async (name, code) => {
    const { context } = await makeSourceContext(files);
    const source = { kind: 'profile', profile: { file: 'aliyun', name } } as const;
    expect(await failureOf(resolveSource(source, context))).toEqual({
      ...{ kind: 'credentials', cause: 'source-unusable', source: { kind: 'profile', name }, code },
    });
  });

  test('a name that no file has, and a file that can’t be read, are said', async () => {
    const { context } = await makeSourceContext({ '.aliyun/config.json': '{"profiles":' });
    expect((await listProfiles(context)).problems).toMatchObject([{ cause: 'source-malformed' }]);
    expect(await failureOf(findProfile('prod', context))).toMatchObject({ cause: 'source-malformed' });
    const { context: empty } = await makeSourceContext();
    expect(await failureOf(findProfile('prod', empty))).toMatchObject({
      cause: 'source-missing',
      source: { kind: 'profile', name: 'prod' },
    });
  });

  test('variables name other files, and turn the aliyun CLI’s off', async () => {
    const { context, home } = await makeSourceContext({ 'a.json': aliyun, 'b.ini': sdk, c: ossutil });
    const environment = {
      ALIBABA_CLOUD_CONFIG_FILE: `${home}/a.json`,
      ALIBABA_CLOUD_CREDENTIALS_FILE: `${home}/b.ini`,
      OSSUTIL_CONFIG_FILE: `${home}/c`,
    };
    const all = await listProfiles({ ...context, environment });
    expect(new Set(all.profiles.map(({ profile }) => profile.file)).size).toBe(3);
    const off = await listProfiles({
      ...context,
      environment: { ...environment, ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true' },
    });
    expect(new Set(off.profiles.map(({ profile }) => profile.file))).toEqual(new Set(['sdk', 'ossutil']));
  });

  test('a profile of ossutil 1 is the default one', async () => {
    const text = '[Credentials]\nlanguage=EN\naccessKeyID=LTAIv1\naccessKeySecret=v1\n[Default]\nretryTimes=3';
    const { context } = await makeSourceContext({ '.ossutilconfig': text });
    const { profiles } = await listProfiles(context);
    expect(profiles).toMatchObject([{ profile: { name: 'default' }, accessKeyId: 'LTAIv1', problem: null }]);
  });
});

describe('the default chain', () => {
  test('takes the environment, then a pod’s token, the current profile, an instance’s role and a URI', async () => {
    const environment: Record<string, string> = {
      OSS_ACCESS_KEY_ID: 'LTAIenv',
      OSS_ACCESS_KEY_SECRET: 'env-secret',
      ALIBABA_CLOUD_OIDC_TOKEN_FILE: '/token',
      ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'acs:ram::1:oidc-provider/k',
      ALIBABA_CLOUD_PROFILE: 'prod',
      ALIBABA_CLOUD_ECS_METADATA: 'web',
      ALIBABA_CLOUD_CREDENTIALS_URI: 'http://127.0.0.1:1/x',
    };
    const { context } = await makeSourceContext(files, environment);
    const next = async (...without: string[]): Promise<unknown> => {
      for (const name of without) Reflect.deleteProperty(environment, name);
      return defaultChain(context);
    };
    expect(await next()).toEqual({ kind: 'env' });
    expect(await next('OSS_ACCESS_KEY_ID', 'OSS_ACCESS_KEY_SECRET')).toEqual({ kind: 'oidc', role: null });
    const profile = { file: 'aliyun', name: 'prod' };
    expect(await next('ALIBABA_CLOUD_OIDC_TOKEN_FILE')).toEqual({ kind: 'profile', profile });
    const { context: bare } = await makeSourceContext({}, environment);
    expect(await failureOf(defaultChain(bare))).toMatchObject({ cause: 'source-missing', source: { name: 'prod' } });
    delete environment['ALIBABA_CLOUD_PROFILE'];
    expect(await defaultChain(bare)).toEqual({ kind: 'ecs', roleName: 'web' });
    delete environment['ALIBABA_CLOUD_ECS_METADATA'];
    expect(await defaultChain(bare)).toEqual({ kind: 'uri', uri: null });
    delete environment['ALIBABA_CLOUD_CREDENTIALS_URI'];
    expect(await defaultChain(bare)).toBeNull();
    expect(await failureOf(resolveSource({ kind: 'chain' }, bare))).toMatchObject({
      cause: 'source-missing',
      source: { kind: 'chain' },
    });
  });

  test('says which source it found', async () => {
    const { context } = await makeSourceContext(files);
    const { source, accessKey } = await resolveSource({ kind: 'chain' }, context);
    expect(source).toEqual({ kind: 'profile', profile: { file: 'aliyun', name: 'prod' } });
    expect(accessKey.accessKeyId).toBe('LTAIcli');
  });

  test.each([
    ['OSS_ACCESS_KEY_SECRET', { OSS_ACCESS_KEY_ID: 'LTAIenv', OSS_ACCESS_KEY_SECRET: ' ' }],
    ['OSS_ACCESS_KEY_ID', { OSS_ACCESS_KEY_SECRET: 'env-secret' }],
    ['ALIBABA_CLOUD_ACCESS_KEY_SECRET', { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIenv' }],
  ])('doesn’t go on to somebody else where %s alone is missing', async (code, environment) => {
    const { context } = await makeSourceContext(files, environment);
    const source = { kind: 'env' };
    expect(await failureOf(defaultChain(context))).toMatchObject({ cause: 'source-missing', source, code });
  });

  test('takes a whole key of the SDKs where one of OSS’s own tools is half', async () => {
    const whole = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIsdk', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 's' };
    const { context } = await makeSourceContext(files, { ...whole, OSS_ACCESS_KEY_ID: 'LTAIoss' });
    expect(await defaultChain(context)).toEqual({ kind: 'env' });
  });

  test('doesn’t go on where the source that is set up fails', async () => {
    const { context } = await makeSourceContext({
      '.aliyun/config.json': { ...aliyun, current: 'half' },
      '.alibabacloud/credentials': sdk,
    });
    expect(await failureOf(resolveSource({ kind: 'chain' }, context))).toMatchObject({ cause: 'source-unusable' });
  });
});

describe('the credentials of a profile', () => {
  const source = { kind: 'profile', profile: { file: 'aliyun', name: 'session' } } as const;
  const withToken = (token: string) => ({
    profiles: [{ name: 'session', mode: 'StsToken', ...pair, sts_token: token }],
  });

  test('are read again once the file has changed, and kept while it is half written', async () => {
    const { context, time, write } = await makeSourceContext(files);
    const credentials = sourceCredentials(source, context);
    const token = async () => (await credentials.session()).accessKey.securityToken;
    expect(await token()).toBe('CAIStoken');
    await write('.aliyun/config.json', '{"profiles":');
    expect(await token()).toBe('CAIStoken');
    await write('.aliyun/config.json', withToken('CAISnew'));
    time.now += 20_000;
    expect(await token()).toBe('CAISnew');
  });

  test('of a file that has changed are asked for until they come', async () => {
    const { context, time, home, write } = await makeSourceContext(files);
    const credentials = sourceCredentials(source, context);
    const token = async () => (await credentials.session()).accessKey.securityToken;
    expect(await token()).toBe('CAIStoken');
    const printed = join(home, 'printed.json');
    const profile = { name: 'session', mode: 'External', process_command: `/bin/cat '${printed}'` };
    await write('.aliyun/config.json', { profiles: [profile] });
    // The program fails still.
    expect(await token()).toBe('CAIStoken');
    await write('printed.json', { ...pair, mode: 'StsToken', sts_token: 'CAISnew' });
    time.now += 20_000;
    expect(await token()).toBe('CAISnew');
  });

  test('that OSS refused aren’t used again, until the file has others', async () => {
    const { context, time, write } = await makeSourceContext(files);
    const credentials = sourceCredentials(source, context);
    const token = async () => (await credentials.session()).accessKey.securityToken;
    expect(await token()).toBe('CAIStoken');
    expect(credentials.renew()).toBe(true);
    expect(await failureOf(credentials.session())).toMatchObject({ cause: 'source-expired' });
    await write('.aliyun/config.json', withToken('CAISnew'));
    expect(await token()).toBe('CAISnew');
    // What OSS refuses now was signed before.
    expect(credentials.renew()).toBe(true);
    expect(await token()).toBe('CAISnew');
    time.now += 61_000;
    credentials.renew();
    expect(await failureOf(credentials.session())).toMatchObject({ cause: 'source-expired' });
  });

  test('of the chain stay those of one profile, even if another becomes the current one', async () => {
    const { context, write } = await makeSourceContext(files);
    const credentials = sourceCredentials({ kind: 'chain' }, context);
    const id = async () => (await credentials.session()).accessKey.accessKeyId;
    expect(await id()).toBe('LTAIcli');
    const other = { name: 'other', mode: 'AK', access_key_id: 'LTAIother', access_key_secret: 's' };
    const prod = { name: 'prod', mode: 'AK', access_key_id: 'LTAIrotated', access_key_secret: 's' };
    await write('.aliyun/config.json', { current: 'other', profiles: [other, prod] });
    expect(await id()).toBe('LTAIrotated');
  });

  test('a long-lived key can’t be renewed', async () => {
    const { context } = await makeSourceContext(files);
    const credentials = sourceCredentials({ kind: 'profile', profile: { file: 'aliyun', name: 'prod' } }, context);
    await credentials.session();
    expect(credentials.renew()).toBe(false);
  });
});
