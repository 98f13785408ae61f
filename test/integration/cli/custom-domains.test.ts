import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BoundDomain } from '../../../main/practice/protocol/bound-domain.ts';
import { t } from '../../support/words.ts';
import { type PracticeRun, startPracticeRun } from '../accounts/practice-server.ts';
import { testTls } from '../../support/tls/certificate.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';

const BUCKET = 'waybill-samples';
const DOMAIN = 'files.example.com';
const DAY = 24 * 3_600_000;
const certificate = { status: 'Enabled', validFrom: Date.now() - DAY, validUntil: Date.now() + DAY } as const;
const ca = resolve('test/support/tls/ca.crt');
const execute = promisify(execFile);
let run: PracticeRun;
let cli: Program;
let stateDir: string;

beforeAll(async () => {
  [run, cli] = await Promise.all([startPracticeRun({ tls: testTls }), builtCli()]);
  stateDir = join(cli.path, '..', 'state');
  run.server.restrictions.publicEndpoint = true;
});

beforeEach(async () => {
  await rm(stateDir, { recursive: true, force: true });
  bind({ [DOMAIN]: certificate });
});

afterAll(() => run.close());

function bind(domains: Readonly<Record<string, BoundDomain['certificate']>>): void {
  run.server.customDomains.clear();
  for (const [name, held] of Object.entries(domains)) {
    run.server.customDomains.set(name, { bucket: BUCKET, status: 'Enabled', certificate: held });
  }
}

function waybill(...args: string[]): Promise<Ended> {
  return waybillAt({ OSS_ENDPOINT: run.hostUrl('oss-cn-hangzhou.aliyuncs.com'), OSS_REGION: 'cn-hangzhou' }, ...args);
}

function waybillAt(place: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> {
  const { accessKeyId, accessKeySecret } = run.server;
  const env = {
    ...place,
    OSS_ACCESS_KEY_ID: accessKeyId,
    OSS_ACCESS_KEY_SECRET: accessKeySecret,
    WAYBILL_STATE_DIR: stateDir,
    NODE_EXTRA_CA_CERTS: ca,
    NODE_OPTIONS: `--require ${resolve('.ci/oss-hosts.cjs')}`,
  };
  return runProgram(cli.path, args, { env });
}

const used = () => t('cli.domain.used', { bucket: BUCKET, domain: `https://${DOMAIN}` });

describe('a new account in a mainland region', () => {
  test('lists, uploads and shares through the custom domain that is found, and curl opens the link', async () => {
    const listed = await waybill('ls', `oss://${BUCKET}/`);
    expect(listed).toMatchObject({ code: 0, stderr: `${used()}\n` });
    expect(listed.stdout).toMatch(/listed \d+\n$/);

    const file = join(cli.path, '..', 'hello.txt');
    await writeFile(file, 'hello through a domain');
    expect(await waybill('put', file, `oss://${BUCKET}/new/`)).toEqual({
      code: 0,
      stdout: `oss://${BUCKET}/new/hello.txt\n`,
      stderr: '',
    });

    const shared = await waybill('share', `oss://${BUCKET}/new/hello.txt`);
    expect(shared).toMatchObject({ code: 0, stderr: '' });
    const url = shared.stdout.trim();
    expect(url).toMatch(/^https:\/\/files\.example\.com:\d+\/new\/hello\.txt\?/);
    const { stdout } = await execute('curl', ['-sS', '--cacert', ca, '--connect-to', '::127.0.0.1:', url]);
    expect(stdout).toBe('hello through a domain');
  });

  test('finds the domain while it uploads', async () => {
    const file = join(cli.path, '..', 'first.txt');
    await writeFile(file, 'first');
    const ended = await waybill('put', file, `oss://${BUCKET}/first.txt`);
    expect(ended).toEqual({ code: 0, stdout: `oss://${BUCKET}/first.txt\n`, stderr: `${used()}\n` });
    const path = join(stateDir, 'custom-domains.json');
    expect(await readFile(path, 'utf8')).not.toContain(run.server.accessKeySecret);
  });

  test('without a domain is told so, and its links are warned of', async () => {
    bind({});
    const listed = await waybill('ls', `oss://${BUCKET}/`);
    expect(listed.code).toBe(1);
    expect(listed.stderr).toContain(t('failure.cause.needs-custom-domain.title'));
    expect(listed.stderr).toContain(t('cli.next.cause.needs-custom-domain'));
    const shared = await waybill('share', `oss://${BUCKET}/a.txt`);
    expect(shared).toMatchObject({ code: 0, stderr: `${t('cli.domain.links-refused')}\n` });
    const requested = await waybill('request', `oss://${BUCKET}/in/`, '--slots', '1');
    expect(requested).toMatchObject({ code: 0, stderr: `${t('cli.domain.links-refused')}\n` });
    const elsewhere = await waybill('share', `oss://${BUCKET}/a.txt`, '--link-host', DOMAIN);
    expect(elsewhere).toMatchObject({ code: 0, stderr: '' });
  });

  test('leaves a domain that was unbound for the one that OSS lists now', async () => {
    await waybill('ls', `oss://${BUCKET}/`);
    bind({ 'other.aliyuncs.com': certificate });
    const listed = await waybill('ls', `oss://${BUCKET}/`);
    expect(listed.code).toBe(0);
    expect(listed.stderr).toContain(t('cli.domain.lost', { bucket: BUCKET, domain: DOMAIN }));
    expect(await waybill('ls', `oss://${BUCKET}/`)).toMatchObject({ code: 0, stderr: '' });
  });

  test('is told at each use that the domain it remembers has no encryption', async () => {
    await waybill('ls', `oss://${BUCKET}/`);
    const path = join(stateDir, 'custom-domains.json');
    const plain = (await readFile(path, 'utf8')).replaceAll(/https:\/\/files[^"]*/g, 'http://plain.example.com');
    await writeFile(path, plain);
    for (const key of ['a.txt', 'b.txt']) {
      const shared = await waybill('share', `oss://${BUCKET}/${key}`);
      expect(shared.stdout).toMatch(/^http:\/\/plain\.example\.com\//);
      expect(shared.stderr).toBe(`${t('cli.domain.plain', { bucket: BUCKET, domain: 'http://plain.example.com' })}\n`);
    }
  });

  test('with several domains and no terminal is told which', async () => {
    bind({ 'files.example.com': certificate, 'other.example.com': certificate });
    const listed = await waybill('ls', `oss://${BUCKET}/`);
    expect(listed.code).toBe(2);
    expect(listed.stderr).toContain('https://files.example.com, https://other.example.com');
    expect(listed.stderr).toContain(t('cli.rule.domain-choice'));
  });

  test('with a domain without certificate is refused http unless that is written', async () => {
    bind({ 'plain.example.com': null });
    const listed = await waybill('ls', `oss://${BUCKET}/`);
    expect(listed.code).toBe(2);
    expect(listed.stderr).toContain(t('cli.rule.domain-http'));
    expect(listed.stderr).toContain('http://plain.example.com');
  });
});

test('a link to an .apk on OSS’s own host is warned of', async () => {
  const shared = await waybill('share', `oss://${BUCKET}/app.APK`);
  expect(shared).toMatchObject({ code: 0, stderr: `${t('cli.link.apk-forbidden', { key: 'app.APK' })}\n` });
  const elsewhere = await waybill('share', `oss://${BUCKET}/app.APK`, '--link-host', DOMAIN);
  expect(elsewhere).toMatchObject({ code: 0, stderr: '' });
});

describe('--domain', () => {
  test('is endpoint and link host at once', async () => {
    const domain = run.hostUrl(DOMAIN);
    const listed = await waybill('ls', `oss://${BUCKET}/`, '--domain', domain);
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    const shared = await waybill('share', `oss://${BUCKET}/a.txt`, '--domain', domain);
    expect(shared.stdout).toMatch(/^https:\/\/files\.example\.com:\d+\/a\.txt\?/);
    const plain = await waybill('share', `oss://${BUCKET}/a.txt`, '--domain', 'http://files.example.com');
    expect(plain.stdout).toMatch(/^http:\/\/files\.example\.com\/a\.txt\?/);
    const bare = await waybill('share', `oss://${BUCKET}/a.txt`, '--domain', DOMAIN);
    expect(bare.stdout).toMatch(/^https:\/\/files\.example\.com\/a\.txt\?/);
  });

  test('doesn’t serve the list of buckets', async () => {
    const listed = await waybill('ls', 'oss://', '--domain', run.hostUrl(DOMAIN));
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(listed.stdout).toContain(BUCKET);
  });

  test('needs a region from somewhere', async () => {
    const shared = await waybillAt({}, 'share', `oss://${BUCKET}/a.txt`, '--domain', DOMAIN);
    expect(shared.code).toBe(2);
    expect(shared.stderr).toContain(t('cli.rule.region-missing'));
    const signed = await waybillAt({}, 'share', `oss://${BUCKET}/a.txt`, '--domain', DOMAIN, '--region', 'cn-beijing');
    expect(signed.stdout).toContain('cn-beijing');
  });

  test('that is no host is a usage error', async () => {
    const ended = await waybill('share', `oss://${BUCKET}/a.txt`, '--domain', 'https://files.example.com/path');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(t('cli.rule.endpoint'));
  });
});
