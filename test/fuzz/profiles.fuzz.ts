// Files of profiles that other programs wrote, or that a person edited: whatever they hold, their profiles are listed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultChain } from '../../main/accounts/sources/default-chain.ts';
import { listProfiles } from '../../main/accounts/sources/profiles/profiles.ts';
import { splitCommand } from '../../main/accounts/sources/split-command.ts';
import { toFailure } from '../../main/failure.ts';
import { altered, anyText, fuzz, mangled } from './runs.ts';

const role = 'acs:ram::1000000000000001:role/reader';
const pair = { access_key_id: 'LTAI5tExample', access_key_secret: 'canary-of-the-secret' };
const config = {
  current: 'prod',
  profiles: [
    { name: 'prod', mode: 'AK', ...pair, region_id: 'cn-hangzhou' },
    { name: 'role', mode: 'RamRoleArn', ...pair, ram_role_arn: role, expired_seconds: 900, sts_region: 'cn-beijing' },
    { name: 'chained', mode: 'ChainableRamRoleArn', source_profile: 'role', ram_role_arn: role, policy: '{}' },
    { name: 'program', mode: 'External', process_command: 'tool "for me"' },
    { name: 'pod', mode: 'OIDC', oidc_provider_arn: 'p', oidc_token_file: '/t', ram_role_arn: role },
    {
      name: 'sso',
      mode: 'CloudSSO',
      cloud_sso_sign_in_url: 'https://signin.example',
      access_token: 'canary-of-the-token',
    },
  ],
};
const ini = `[default]\naccessKeyID = LTAI\naccess-key-secret = s # comment\n[profile other]\nsource_profile = default
mode = RamRoleArn\nrole-arn = ${role}\n[Credentials]\nendpoint=oss-cn-hangzhou.aliyuncs.com`;

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'waybill-fuzz-'));
  mkdirSync(join(home, '.aliyun'));
  mkdirSync(join(home, '.alibabacloud'));
});

afterAll(() => rmSync(home, { recursive: true }));

/** Lists the profiles; each failure is one that a person can read about. */
async function check(path: string, text: string): Promise<string> {
  writeFileSync(join(home, path), text);
  const place = { environment: {}, home };
  const list = await listProfiles(place);
  const problems = [...list.problems, ...list.profiles.flatMap(({ problem }) => problem ?? [])];
  const chain = await defaultChain(place).then(
    () => [],
    (error: unknown) => [toFailure(error)],
  );
  rmSync(join(home, path));
  expect([...problems, ...chain].filter(({ kind }) => kind !== 'credentials')).toEqual([]);
  return JSON.stringify(list);
}

test('profiles of the aliyun CLI are listed without a secret', async () => {
  await fuzz(
    'profiles of other programs',
    fc.asyncProperty(altered([config]), async (text) => {
      expect(await check('.aliyun/config.json', text)).not.toContain('canary');
    }),
    { among: 3 },
  );
});

test('profiles of the SDKs and of ossutil are listed', async () => {
  await fuzz(
    'profiles of other programs',
    fc.asyncProperty(
      fc.constantFrom('.alibabacloud/credentials', '.ossutilconfig', '.aliyun/config.json'),
      fc.oneof(anyText, mangled(fc.constantFrom(ini, JSON.stringify(config)))),
      async (path, text) => {
        await check(path, text);
      },
    ),
    { among: 3 },
  );
});

test('a command is split into words without blanks of its own, or isn’t one', async () => {
  await fuzz(
    'profiles of other programs',
    fc.property(
      fc.oneof(anyText, mangled(fc.constant(`tool "for me" 'and' \\\n you`))),
      fc.boolean(),
      (text, isWindows) => {
        const words = splitCommand(text, isWindows);
        if (words !== null && !/["'\\]/.test(text)) expect(words).toEqual(text.trim().split(/\s+/));
      },
    ),
    { among: 3 },
  );
});
