import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { type Service, startService } from '../../support/credential-services.ts';
import { builtCli, type Program } from './bundle.ts';

/** Shorter than the time limits of STS, of services and of programs. */
const SOON_MS = 10_000;

const key = { OSS_ACCESS_KEY_ID: 'LTAI-key', OSS_ACCESS_KEY_SECRET: 'key-secret' };
const roleArn = 'acs:ram::1:role/r';
let cli: Program;
let home: string;

beforeAll(async () => {
  cli = await builtCli();
});

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'waybill-home-'));
  return () => rm(home, { recursive: true });
});

/** Runs a command, and presses Ctrl-C once `isHanging`. */
async function interrupted(args: readonly string[], env: Record<string, string>, isHanging: () => Promise<boolean>) {
  const child = spawn(process.execPath, [cli.path, ...args], {
    env: { PATH: process.env['PATH'], HOME: home, OSS_REGION: 'cn-hangzhou', ...env },
  });
  let printed = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
  await expect.poll(isHanging).toBe(true);
  child.kill('SIGINT');
  const [code] = (await once(child, 'close')) as [number];
  return { code, printed };
}

const asked =
  ({ asked: requests }: Service) =>
  () =>
    Promise.resolve(requests.length > 0);

async function writeRole({ origin }: Service): Promise<void> {
  const profile = {
    ...{ name: 'r', mode: 'RamRoleArn', access_key_id: 'LTAI', access_key_secret: 's', sts_endpoint: origin },
    ...{ ram_role_arn: roleArn, ram_session_name: 'session' },
  };
  await mkdir(join(home, '.aliyun'));
  await writeFile(join(home, '.aliyun', 'config.json'), JSON.stringify({ current: 'r', profiles: [profile] }));
}

const hanging: Readonly<Record<string, (service: Service) => Promise<readonly [string[], Record<string, string>]>>> = {
  'a profile that assumes a role': async (service) => {
    await writeRole(service);
    return [['ls', 'oss://', '--profile', 'r'], {}];
  },
  'a role of the command': ({ origin }) =>
    Promise.resolve([['ls', 'oss://', '--role-arn', roleArn, '--sts-endpoint', origin], key]),
  'a role of a grant': ({ origin }) =>
    Promise.resolve([['grant', 'oss://bucket/a/', '--role-arn', roleArn, '--sts-endpoint', origin], key]),
  'who one is': ({ origin }) =>
    Promise.resolve([['accounts', '--check'], { ...key, ALIBABA_CLOUD_STS_ENDPOINT: origin }]),
  'a credentials URI': ({ origin }) =>
    Promise.resolve([['ls', 'oss://', '--credentials', 'uri'], { ALIBABA_CLOUD_CREDENTIALS_URI: origin }]),
};

test.each(Object.keys(hanging))(
  'Ctrl-C ends a command at once while this hangs: %s',
  async (name) => {
    const service = await startService(() => null);
    const [args, env] = (await hanging[name]?.(service)) ?? [[], {}];
    expect(await interrupted(args, env, asked(service))).toEqual({ code: 130, printed: '' });
  },
  SOON_MS,
);

test(
  'Ctrl-C ends a command at once, and its program that hangs',
  async () => {
    const started = join(home, 'started');
    const code = `require('node:fs').writeFileSync('${started}', ''); setInterval(() => {}, 1000)`;
    const env = { WAYBILL_CREDENTIALS_COMMAND: `'${process.execPath}' -e "${code}"` };
    const isHanging = () =>
      readFile(started).then(
        () => true,
        () => false,
      );
    const args = ['ls', 'oss://', '--credentials', 'process'];
    expect(await interrupted(args, env, isHanging)).toEqual({ code: 130, printed: '' });
  },
  SOON_MS,
);
