import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { putObjectAcl } from '../../../main/oss/operations/acl.ts';
import { send } from '../../../main/oss/exchange/request.ts';
import { type Edge, edgeAnswer, type EdgeRules, startEdge } from '../../support/cdn-edge.ts';
import { canary } from '../../support/canaries.ts';
import { t } from '../../support/words.ts';
import { makePracticeBucket, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';
import { environmentOf } from './practice-cli.ts';

const execute = promisify(execFile);
const KEY = 'Edge0123456789abcDEF';
const SECOND = 'Second0123456789abcd';
canary('the key of the CDN', KEY);

let practice: PracticeBucket;
let cli: Program;
let edge: Edge;

beforeAll(async () => {
  [practice, cli, edge] = await Promise.all([
    makePracticeBucket(),
    builtCli(),
    startEdge(null, { '/dir/%E6%8A%A5%E5%91%8A%20%2B1.txt': 'from the edge', '/plain.txt': 'plain', '/empty': '' }),
  ]);
});
afterEach(() => practice.server.faults.clear());
afterAll(async () => {
  await Promise.all([practice.close(), edge.close()]);
});

async function curl(...args: string[]): Promise<{ readonly status: string; readonly body: string }> {
  const { stdout } = await execute('curl', ['-sS', '-g', '--path-as-is', '-w', '\n%{http_code}', ...args]);
  const [status = '', ...body] = stdout.split('\n').reverse();
  return { status, body: body.reverse().join('\n') };
}

describe('links of a CDN', () => {
  const noAccount = { WAYBILL_CDN_KEY: KEY };
  const share = (...args: string[]): Promise<Ended> => runProgram(cli.path, ['share', ...args], { env: noAccount });
  const address = 'oss://bucket-behind/dir/报告 +1.txt';
  const domain = (): string[] => ['--cdn-domain', edge.origin];
  const keys = [SECOND, KEY];

  const types: readonly (readonly [string, readonly string[], EdgeRules])[] = [
    ['A', ['--cdn-auth', 'A'], { type: 'A', keys, ttl: 1800 }],
    ['B', ['--cdn-auth', 'b'], { type: 'B', keys, ttl: 1800 }],
    ['C', ['--cdn-auth', 'C'], { type: 'C', keys, ttl: 1800 }],
    [
      'C in parameters',
      ['--cdn-auth', 'C', '--cdn-names', 'k1,k2'],
      { type: 'C', keys, ttl: 1800, sign: 'k1', time: 'k2' },
    ],
    ['F', ['--cdn-auth', 'F'], { type: 'F', keys, ttl: 1800 }],
    [
      'F as it can be set',
      ['--cdn-auth', 'F', '--cdn-names', 's,t', '--cdn-time', 'decimal', '--cdn-path', 'decoded'],
      { type: 'F', keys, ttl: 1800, sign: 's', time: 't', decimal: true, hashesDecoded: true },
    ],
  ];

  test.each(types)('type %s: curl gets the file, until the end that the link says', async (_name, args, rules) => {
    edge.rules = rules;
    const made = await share(address, ...args, ...domain(), '--cdn-validity', '30m', '--expires', '2h', '--json');
    expect(made).toMatchObject({ code: 0, stderr: made.stderr });
    const { url, validUntil } = JSON.parse(made.stdout) as { readonly url: string; readonly validUntil: string };
    expect(await curl(url)).toEqual({ status: '200', body: 'from the edge' });
    const end = Date.parse(validUntil) / 1000;
    const target = url.slice(edge.origin.length);
    expect(edgeAnswer(rules, target, end)).toMatchObject({ status: 200 });
    expect(edgeAnswer(rules, target, end + 1)).toMatchObject({ status: 403, why: 'expired' });
    expect(Math.abs(end - Date.now() / 1000 - 7200)).toBeLessThan(90);
  });

  test('the key comes from the environment, a file or stdin, and is never printed', async () => {
    edge.rules = { type: 'A', keys: [KEY], ttl: 1800 };
    const file = join(practice.folder, 'cdn.key');
    await writeFile(file, `${KEY}\n`);
    const args = ['share', 'oss://bucket-behind/plain.txt', '--cdn-auth', 'A', ...domain()];
    const ways = [
      runProgram(cli.path, args, { env: noAccount }),
      runProgram(cli.path, [...args, '--cdn-key-file', file]),
      runProgram(cli.path, [...args, '--cdn-key-file', '-'], { stdin: `${KEY}\n` }),
    ];
    for (const made of await Promise.all(ways)) {
      expect(made).toMatchObject({ code: 0, stderr: `${t('cli.cdn.usual-validity')}\n` });
      expect(await curl(made.stdout.trim())).toEqual({ status: '200', body: 'plain' });
    }
  });

  test('--cdn-check tells a domain that works from one that is open, refuses or leads elsewhere', async () => {
    const check = (...args: string[]): Promise<Ended> =>
      share(
        'oss://bucket-behind/plain.txt',
        '--cdn-auth',
        'A',
        ...domain(),
        '--cdn-validity',
        '30m',
        '--cdn-check',
        ...args,
      );
    edge.rules = { type: 'A', keys, ttl: 1800 };
    expect(await check()).toMatchObject({ code: 0, stderr: `${t('cdn.check.works')}\n` });
    edge.rules = { type: 'A', keys: [SECOND], ttl: 1800 };
    expect(await check()).toMatchObject({ code: 1, stderr: `${t('cdn.check.refused')}\n` });
    edge.rules = null;
    expect(await check()).toMatchObject({ code: 1, stderr: `${t('cdn.check.open')}\n` });
    edge.rules = { type: 'A', keys, ttl: 1800 };
    const missing = await share('oss://bucket-behind/none', '--cdn-auth', 'A', ...domain(), '--cdn-check', '--json');
    expect(missing.code).toBe(1);
    expect(JSON.parse(missing.stdout)).toMatchObject({ check: 'missing', cdn: 'A' });
  });

  test('image processing goes along with types A to C, with a warning, and F refuses it', async () => {
    edge.rules = { type: 'A', keys, ttl: 1800 };
    const query = ['--query', 'x-oss-process=image/resize,w_20', '--cdn-validity', '30m'];
    const made = await share('oss://bucket-behind/plain.txt', '--cdn-auth', 'A', ...domain(), ...query);
    expect(made).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(t('share.warning.cdn-query-open')) as string,
    });
    expect((await curl(made.stdout.trim())).status).toBe('200');
    expect(edge.seen.at(-1)).toContain('?x-oss-process=image%2Fresize%2Cw_20&auth_key=');
    const refused = await share('oss://bucket-behind/plain.txt', '--cdn-auth', 'F', ...domain(), ...query);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(t('failure.input.cdn-query'));
  });

  test.each([
    ['a type that is none', ['--cdn-auth', 'E', '--cdn-domain', 'c.example']],
    ['no domain', ['--cdn-auth', 'A']],
    ['an option of type F', ['--cdn-auth', 'A', '--cdn-domain', 'c.example', '--cdn-time', 'hex']],
    ['names for type B', ['--cdn-auth', 'B', '--cdn-domain', 'c.example', '--cdn-names', 'a,b']],
    ['one name for two', ['--cdn-auth', 'F', '--cdn-domain', 'c.example', '--cdn-names', 'a,a']],
    ['a method', ['--cdn-auth', 'A', '--cdn-domain', 'c.example', '--method', 'PUT']],
    ['a folder', ['--cdn-auth', 'A', '--cdn-domain', 'c.example', '--recursive']],
    ['an option without a type', ['--cdn-domain', 'c.example']],
    ['another parameter', ['--cdn-auth', 'A', '--cdn-domain', 'c.example', '--query', 'versionId=1']],
    ['a public link at once', ['--public', '--cdn-auth', 'A', '--cdn-domain', 'c.example']],
  ])('%s is refused as usage, and nothing is printed to stdout', async (_what, args) => {
    expect(await share('oss://bucket-behind/plain.txt', ...args)).toMatchObject({ code: 2, stdout: '' });
  });

  test('a missing key is usage; a text that is no key, and a host of OSS, are told', async () => {
    const args = ['share', 'oss://bucket-behind/a', '--cdn-auth', 'A', '--cdn-domain'];
    expect(await runProgram(cli.path, [...args, 'c.example'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(t('cli.cdn.no-key')) as string,
    });
    const short = await runProgram(cli.path, [...args, 'c.example'], { env: { WAYBILL_CDN_KEY: 'no key of it' } });
    expect(short).toMatchObject({ code: 2, stdout: '' });
    expect(short.stderr).toContain(t('failure.input.cdn-key'));
    const ofOss = await runProgram(cli.path, [...args, 'b.oss-cn-hangzhou.aliyuncs.com'], { env: noAccount });
    expect(ofOss).toMatchObject({ code: 2, stdout: '' });
    expect(ofOss.stderr).toContain(t('failure.input.cdn-domain'));
  });
});

describe('inspect', () => {
  const url = 'http://cdn.example.com/201508150800/9044548ef1527deadafa49a890a377f0/4/a%20b.mp3';
  const inspect = (...args: string[]): Promise<Ended> =>
    runProgram(cli.path, ['inspect', '-', ...args], { stdin: url });

  test('tells type and time of a link of a CDN, and that its end depends on the CDN', async () => {
    const told = await inspect();
    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(told.stdout).toContain('key          4/a b.mp3\nhost         cdn.example.com (not encrypted)\n');
    expect(told.stdout).toContain('type B');
    expect(told.stdout).toContain('time         2015-08-15T00:00:00Z\nvalid until  unknown');
    expect(told.stdout).not.toContain('9044548e');
  });

  test('tells the end where the validity is given, and all fields as JSON', async () => {
    const told = await inspect('--cdn-validity', '1h');
    expect(told.stdout).toContain('valid until  2015-08-15T01:00:00Z (expired)\n');
    const json = await inspect('--cdn-validity', '1h', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      ...{ reading: 'cdn', kind: 'cdn-link', type: 'B', host: 'cdn.example.com', key: '4/a b.mp3', url },
      ...{ signedAt: '2015-08-15T00:00:00Z', validUntil: '2015-08-15T01:00:00Z', state: 'expired' },
    });
    expect(await inspect('--ask')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('public links', () => {
  const share = (key: string, ...args: string[]): Promise<Ended> =>
    runProgram(cli.path, ['share', `oss://${practice.bucket}/${key}`, '--public', ...args], {
      env: environmentOf(practice),
    });

  test('the address of a public file is printed with what it means, and opens without a signature', async () => {
    await practice.put('pub/é +&.txt', 'for all');
    await putObjectAcl(practice.connection, { bucket: practice.bucket, key: 'pub/é +&.txt' }, 'public-read');
    const made = await share('pub/é +&.txt');
    expect(made).toMatchObject({ code: 0, stderr: `${t('public.meaning')}\n` });
    expect(made.stdout).not.toContain('?');
    expect(await curl(made.stdout.trim())).toEqual({ status: '200', body: 'for all' });
    const json = await share('pub/é +&.txt', '--json');
    expect(JSON.parse(json.stdout)).toEqual({
      url: made.stdout.trim(),
      bucket: practice.bucket,
      key: 'pub/é +&.txt',
    });
  });

  test('an empty public file counts too', async () => {
    await practice.put('pub/empty', '');
    await putObjectAcl(practice.connection, { bucket: practice.bucket, key: 'pub/empty' }, 'public-read');
    expect(await share('pub/empty')).toMatchObject({ code: 0 });
  });

  test('a file that is not public has no address, and the reason is its own or its bucket', async () => {
    await practice.put('inherits', 'x');
    await practice.put('own', 'x');
    await putObjectAcl(practice.connection, { bucket: practice.bucket, key: 'own' }, 'private');
    expect(await share('inherits')).toEqual({ code: 1, stdout: '', stderr: `${t('public.not.inherited')}\n` });
    expect(await share('own')).toEqual({ code: 1, stdout: '', stderr: `${t('public.not.private')}\n` });
    const missing = await share('nowhere');
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toContain(t('failure.cause.no-such-key.title'));
  });

  test('Block Public Access overrules a public ACL, and is named', async () => {
    await practice.put('blocked', 'x');
    await putObjectAcl(practice.connection, { bucket: practice.bucket, key: 'blocked' }, 'public-read');
    const body = Buffer.from(
      '<PublicAccessBlockConfiguration><BlockPublicAccess>true</BlockPublicAccess></PublicAccessBlockConfiguration>',
    );
    const request = { bucket: practice.bucket, params: { publicAccessBlock: null } } as const;
    (await send(practice.connection, { ...request, method: 'PUT', body })).body.resume();
    expect(await share('blocked')).toEqual({ code: 1, stdout: '', stderr: `${t('public.not.blocked')}\n` });
    (await send(practice.connection, { ...request, method: 'DELETE' })).body.resume();
    expect(await share('blocked')).toMatchObject({ code: 0 });
  });

  test.each([['--expires', '1h'], ['--method', 'PUT'], ['--recursive']])(
    '%s has no meaning for it',
    async (...args) => {
      expect(await share('own', ...args)).toMatchObject({ code: 2, stdout: '' });
    },
  );
});
