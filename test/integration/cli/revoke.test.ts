// Links that can be revoked, created and revoked by separate commands; curl says whether they work.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { memoryKeychain } from '../../../main/accounts/keychain.ts';
import type { RevocableNote } from '../../../main/cli/revoking/revocable-notes.ts';
import { Ledger } from '../../../main/links/ledger/ledger.ts';
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from '../../../main/oss/operations/bucket-policy.ts';
import { readManifest } from '../../../main/links/receiving/share-manifest.ts';
import { statementsOf } from '../../../main/links/revoking/policy-text.ts';
import { connect } from '../practice/client.ts';
import { makePracticeBucket, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { like, t } from '../../support/words.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';
import { environmentOf, notesIn } from './practice-cli.ts';

const execute = promisify(execFile);
const limited = { accessKeyId: 'LINKUSER', accessKeySecret: 'link-user-secret', name: 'sharer' };
let practice: PracticeBucket;
let cli: Program;
let state: string;

beforeAll(async () => {
  const Statement = [
    { Effect: 'Allow', Action: ['oss:GetObject', 'oss:ListObjects'], Resource: 'acs:oss:*:*:*' },
    { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' },
  ] as const;
  const users = [{ ...limited, policy: { Version: '1', Statement } }] as const;
  [practice, cli] = await Promise.all([makePracticeBucket({ users }), builtCli()]);
  for (const key of ['shared/a.txt', 'shared/b.txt', 'c.txt']) await practice.put(key, 'content');
});
beforeEach(async () => {
  state = join(practice.folder, `.state-${crypto.randomUUID()}`);
  await deleteBucketPolicy(practice.connection, practice.bucket);
});
afterEach(() => {
  practice.server.restrictions.policyDelayMs = 0;
});
afterAll(() => practice.close());

const address = (key: string) => `oss://${practice.bucket}/${key}`;
const role = () => ['--revocable', '--role-arn', practice.server.roleArn, '--sts-endpoint', practice.server.endpoint];

/** A command of the owner. No secret that it gets may be left behind; a link comes by stdin. */
function waybill(args: readonly string[], stdin?: string): Promise<Ended> {
  const env = { ...environmentOf(practice, state), XDG_CONFIG_HOME: join(practice.folder, 'window') };
  return runProgram(cli.path, args, { env, ...(stdin === undefined ? {} : { stdin }) });
}

/** A command of somebody who may read and assume the role, but not change the policy. */
function poorly(args: readonly string[], stdin: string): Promise<Ended> {
  const { accessKeyId: OSS_ACCESS_KEY_ID, accessKeySecret: OSS_ACCESS_KEY_SECRET } = limited;
  const env = { ...environmentOf(practice, state), OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET };
  return runProgram(cli.path, args, { env, stdin });
}

async function share(key: string, ...options: string[]): Promise<string> {
  const { code, stdout, stderr } = await waybill(['share', address(key), ...role(), ...options]);
  expect(code, stderr).toBe(0);
  return stdout.trimEnd();
}

/** A link of ali-oss, which puts the bucket into the path for a host name only. */
async function elsewhere(key: string): Promise<string> {
  const url = await connect(practice.server, { bucket: practice.bucket }).signatureUrlV4('GET', 600, {}, key);
  return url.replace('localhost', '127.0.0.1');
}

/** The status and the EC that curl gets. */
async function get(url: string): Promise<string> {
  const { stdout } = await execute('curl', ['-gsS', '-w', '\n%{http_code}', url]);
  const [, ec = ''] = /<EC>(\S+)<\/EC>/.exec(stdout) ?? [];
  return `${stdout.slice(-3)} ${ec}`.trim();
}

const REFUSED = '403 0003-00000101';
const policy = () => getBucketPolicy(practice.connection, practice.bucket);

test('a link that was used is refused once revoked; others of the same account and file work', async () => {
  const first = await share('c.txt');
  const second = await share('c.txt');
  const { stdout } = await waybill(['share', address('c.txt')]);
  const byKey = stdout.trimEnd();
  expect(await get(first)).toBe('200');
  const revoked = await waybill(['revoke', '-'], first);
  expect({ code: revoked.code, stdout: revoked.stdout }).toEqual({ code: 0, stdout: '' });
  const said = { bucket: practice.bucket, count: 1, moment: /\S+Z/ };
  expect(revoked.stderr).toMatch(like('cli.revoke.session', said));
  expect(revoked.stderr).toContain(t('cli.revoke.ended'));
  expect(await get(first)).toBe(REFUSED);
  expect(await get(second)).toBe('200');
  expect(await get(byKey)).toBe('200');
});

test('share says until when, and notes the session without a secret', async () => {
  const { stdout, stderr } = await waybill(['share', address('c.txt'), ...role(), '--expires', '20m']);
  expect(stderr).toMatch(like('cli.revocable.created', { count: 1, moment: /\S+Z/ }));
  const [name = ''] = await readdir(state);
  expect(name).toMatch(/^revocable-\d{10}-[0-9a-f]{32}\.json$/);
  const url = new URL(stdout.trimEnd());
  const accessKeyId = url.searchParams.get('x-oss-credential')?.split('/')[0];
  expect(JSON.parse(await readFile(join(state, name), 'utf8'))).toEqual({
    ...{ version: 1, accessKeyId, bucket: practice.bucket, host: url.host, links: 1 },
    principals: [expect.stringMatching(/^arn:sts::\d+:assumed-role\/waybill-practice\/wb-[0-9a-z]{8}$/)],
    validUntil: expect.any(Number) as number,
  });
});

test('a session that has expired is forgotten with the next one', async () => {
  await share('c.txt');
  const [name = ''] = await readdir(state);
  const old = name.replace(/\d{10}/, '1700000000');
  await writeFile(join(state, old), '{}', { mode: 0o600 });
  await share('c.txt');
  expect(await readdir(state)).toHaveLength(2);
  expect(await readdir(state)).not.toContain(old);
});

test('the links of a prefix are revoked together, by any one of them or by their page', async () => {
  const list = (await share('shared/', '--recursive')).split('\n');
  expect(list).toHaveLength(2);
  const { code, stderr } = await waybill(['revoke', '-'], list[1]);
  expect(code).toBe(0);
  expect(stderr).toMatch(like('cli.revoke.session', { bucket: practice.bucket, count: 2, moment: /\S+Z/ }));
  expect(await Promise.all(list.map(get))).toEqual([REFUSED, REFUSED]);
  const page = await practice.file('page.html', await share('shared/', '--page'));
  const manifest = await practice.file('list.json', await share('shared/', '--recursive', '--format', 'manifest'));
  for (const file of [page, manifest]) expect((await waybill(['revoke', file])).code).toBe(0);
});

test('the link to a page in the bucket is revoked with the links in it', async () => {
  const options = ['--page', '--put', address('page.html')];
  const url = await share('shared/', ...options);
  const inPage = readManifest(await (await fetch(url)).text()).objects.map((object) => object.url);
  expect(inPage).toHaveLength(2);
  const { code, stderr } = await waybill(['revoke', '-'], url);
  expect(stderr).toMatch(like('cli.revoke.session', { bucket: practice.bucket, count: 3, moment: /\S+Z/ }));
  expect(code).toBe(0);
  expect(await Promise.all([url, ...inPage].map(get))).toEqual([REFUSED, REFUSED, REFUSED]);
  const other = await waybill(['share', address('shared/'), ...role(), '--page', '--put', 'oss://other-bucket/p.html']);
  expect(other.code).toBe(2);
});

test('revoking again is no failure, and changes nothing', async () => {
  const url = await share('c.txt');
  expect((await waybill(['revoke', '-', '--json'], url)).stdout).toBe('{"refused":true,"state":"ended"}\n');
  const before = await policy();
  expect((await waybill(['revoke', '-'], url)).code).toBe(0);
  expect(await policy()).toBe(before);
});

test('--undo takes the statement away, and the link works again', async () => {
  const url = await share('c.txt');
  expect((await waybill(['revoke', '-'], url)).code).toBe(0);
  const undone = await waybill(['revoke', '--undo', '-'], url);
  expect(undone.code).toBe(0);
  expect(undone.stderr).toMatch(like('cli.revoke.undone', { bucket: practice.bucket, moment: /\S+Z/ }));
  expect(await policy()).toBeNull();
  expect(await get(url)).toBe('200');
  const none = await waybill(['revoke', '--undo', '-'], url);
  expect(none.stderr).toBe(`${t('cli.revoke.none', { bucket: practice.bucket })}\n`);
});

test('the session of a link that the window created is found in its list, which stays as it is', async () => {
  const url = await share('c.txt');
  const [name = ''] = await readdir(state);
  const { principals, accessKeyId, validUntil } = JSON.parse(
    await readFile(join(state, name), 'utf8'),
  ) as RevocableNote;
  await rm(join(state, name));
  const folder = join(practice.folder, 'window', 'Waybill');
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'ledger.jsonl');
  const ledger = Ledger.open({ path, keychain: memoryKeychain() });
  const what = { kind: 'link', method: 'GET', bucket: practice.bucket, key: 'c.txt', versionId: null } as const;
  const signer = { kind: 'key', accessKeyId: practice.server.accessKeyId } as const;
  const issuer = { accountId: crypto.randomUUID(), accountName: 'Studio', signer };
  const session = { accessKeyId, principals: [...principals], validUntil };
  const times = { madeAt: Date.now(), validUntil, sessionEndUnknown: false };
  await ledger.record([{ ...issuer, ...times, what, session, options: {} }]);
  const before = await readFile(path, 'utf8');
  const revoked = await waybill(['revoke', '-'], url);
  expect(revoked.stderr).toMatch(like('cli.revoke.session', { bucket: practice.bucket, count: 1, moment: /\S+Z/ }));
  expect(revoked.code).toBe(0);
  expect(await get(url)).toBe(REFUSED);
  expect(await readFile(path, 'utf8')).toBe(before);
  await ledger.close();
});

test('a link made elsewhere takes --yes, and what it hits is said', async () => {
  const { accessKeyId } = practice.server;
  const url = await elsewhere('c.txt');
  expect(await get(url)).toBe('200');
  const asked = await waybill(['revoke', '-'], url);
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain(t('cli.revoke.yes'));
  expect(await policy()).toBeNull();
  const revoked = await waybill(['revoke', '-', '--yes'], url);
  const hit = { place: address('c.txt'), bucket: practice.bucket, id: accessKeyId, moment: /\S+Z/ };
  expect(revoked.stderr).toMatch(like('cli.revoke.key', hit));
  expect(revoked.code).toBe(0);
  expect(await get(url)).toBe(REFUSED);
  const other = (await waybill(['share', address('shared/a.txt')])).stdout.trimEnd();
  expect(await get(other)).toBe('200');
  expect(JSON.stringify(statementsOf(await policy()))).toContain(`"acs:AccessId":["${accessKeyId}"]`);
});

test('several links by temporary credentials that are not known here end with all that these sign', async () => {
  const list = (await share('shared/', '--recursive')).split('\n');
  const others = [await share('c.txt'), await elsewhere('c.txt')];
  for (const name of await readdir(state)) await rm(join(state, name));
  const revoked = await waybill(['revoke', '-', '--yes'], list.join('\n'));
  const id = /STS\.\w+/.exec(list[0] ?? '')?.[0] ?? '';
  expect(revoked.stderr).toMatch(like('cli.revoke.token', { bucket: practice.bucket, id, moment: /\S+Z/ }));
  expect(revoked.code).toBe(0);
  expect(await Promise.all([...list, ...others].map(get))).toEqual([REFUSED, REFUSED, '200', '200']);
  const byKey = `${await elsewhere('c.txt')}\n${await elsewhere('shared/a.txt')}`;
  const refused = await waybill(['revoke', '-', '--yes'], byKey);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(t('cli.several-links.revoke', { count: 2 }));
});

test('a link that nobody signed changes nothing', async () => {
  const url = (await waybill(['share', address('c.txt')])).stdout.trimEnd();
  const forged = url.replace('c.txt', 'other.txt');
  const { code, stderr } = await waybill(['revoke', '-', '--yes'], forged);
  expect(code).toBe(2);
  expect(stderr).toContain(t('cli.revoke.unproven'));
  const elsewhere = url.replace(/^http:\/\/127\.0\.0\.1:\d+/, 'http://127.0.0.1:9');
  const led = await waybill(['revoke', '-', '--yes'], elsewhere);
  expect(led.code).toBe(2);
  expect(led.stderr).toContain(t('cli.revoke.elsewhere', { bucket: practice.bucket, host: '127.0.0.1:9' }));
  expect(await policy()).toBeNull();
});

test('what is neither a link nor a file is called that, and a link of a CDN is revoked at the CDN', async () => {
  const missing = await waybill(['revoke', 'nowhere.html']);
  expect(missing).toMatchObject({ code: 2, stdout: '' });
  expect(missing.stderr).toContain(t('cli.revoke.no-file', { path: 'nowhere.html' }));
  const piped = await waybill(['revoke', '-'], 'nowhere.html');
  expect(piped.stderr).toContain(t('receive.not-a-link.title'));
  const cdn = `https://cdn.example.com/c.txt?auth_key=1796088143-0-0-${'0'.repeat(32)}`;
  const refused = await waybill(['revoke', '-'], cdn);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(t('cli.revoke.cdn', { host: 'cdn.example.com' }));
});

test('a link to upload is denied, but nobody claims to have seen it', async () => {
  const url = await share('up.txt', '--method', 'PUT');
  const { code, stderr } = await waybill(['revoke', '-'], url);
  expect(code).toBe(1);
  expect(stderr).toContain(t('cli.revoke.untestable'));
  const made = (await waybill(['share', address('up.txt'), '--method', 'PUT'])).stdout.trimEnd();
  expect((await waybill(['revoke', '-', '--yes', '--method', 'put'], made)).code).toBe(1);
  for (const link of [url, made]) expect((await fetch(link, { method: 'PUT', body: 'x' })).status).toBe(403);
});

test('an expired link leaves the policy as it is', async () => {
  const url = (await waybill(['share', address('c.txt'), '--expires', '1'])).stdout.trimEnd();
  await expect.poll(() => get(url), { timeout: 10_000 }).toContain('403');
  const { code, stderr } = await waybill(['revoke', '-'], url);
  expect(code).toBe(0);
  expect(stderr).toBe(`${t('cli.revoke.expired')}\n`);
  expect(await policy()).toBeNull();
});

test('who may not change the policy is told which right is missing, and what to paste', async () => {
  const url = await share('c.txt');
  const { code, stdout, stderr } = await poorly(['revoke', '-'], url);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('oss:GetBucketPolicy');
  expect(stderr).toContain(t('cli.end.paste', { bucket: practice.bucket }));
  const pasted = stderr.split('\n').find((line) => line.startsWith('{')) ?? '';
  const text = JSON.stringify({ Version: '1', Statement: [JSON.parse(pasted) as unknown] });
  await putBucketPolicy(practice.connection, practice.bucket, text);
  expect(await get(url)).toBe(REFUSED);
  expect((await waybill(['revoke', '-'], url)).code).toBe(0);
});

test('a policy that can’t be read is not touched', async () => {
  const url = await share('c.txt');
  const twice =
    '{"Version":"1","Statement":[],"Statement":[{"Effect":"Deny","Action":["oss:DeleteBucket"],"Principal":["1"],"Resource":["acs:oss:*:*:*"]}]}';
  await putBucketPolicy(practice.connection, practice.bucket, twice);
  const { code, stderr } = await waybill(['revoke', '-'], url);
  expect(code).toBe(1);
  expect(stderr).toContain(t('failure.input.bucket-policy-unreadable'));
  expect(await policy()).toBe(twice);
  expect(await get(url)).toBe('200');
});

test('with a policy that takes three seconds to act, nothing claims to be revoked before', async () => {
  practice.server.restrictions.policyDelayMs = 3000;
  const url = await share('c.txt');
  const child = spawn(process.execPath, [cli.path, 'revoke', '-'], {
    env: { PATH: process.env['PATH'], ...environmentOf(practice, state) },
  });
  const ended = once(child, 'close');
  child.stdin.end(url);
  const seen: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    if (line === t('cli.revoke.waiting', { bucket: practice.bucket })) seen.push(`waiting: ${await get(url)}`);
    if (line === t('cli.revoke.ended')) seen.push(`revoked: ${await get(url)}`);
  }
  await ended;
  expect(seen).toEqual(['waiting: 200', `revoked: ${REFUSED}`]);
  expect(child.exitCode).toBe(0);
});

test('a revocation that was interrupted is finished by the next one', async () => {
  practice.server.restrictions.policyDelayMs = 5000;
  const url = await share('c.txt');
  const env = { PATH: process.env['PATH'], ...environmentOf(practice, state) };
  const child = spawn(process.execPath, [cli.path, 'revoke', '-'], { env });
  const ended = once(child, 'close');
  child.stdin.end(url);
  for await (const line of createInterface({ input: child.stderr })) {
    if (line === t('cli.revoke.waiting', { bucket: practice.bucket })) child.kill('SIGINT');
    expect(line).not.toBe(t('cli.revoke.ended'));
  }
  await ended;
  expect(child.exitCode).toBe(130);
  expect(await get(url)).toBe('200');
  expect((await waybill(['revoke', '-'], url)).code).toBe(0);
  expect(await get(url)).toBe(REFUSED);
});

test('a link is tried with the headers that its note names', async () => {
  const url = await share('c.txt', '--header', 'Cache-Control: no-cache', '--fragment');
  const { code, stderr } = await waybill(['revoke', '-'], url);
  expect(code, stderr).toBe(0);
  const { stdout } = await execute('curl', ['-gsS', '-H', 'Cache-Control: no-cache', url]);
  expect(stdout).toContain('0003-00000101');
});

test('two processes that revoke at once lose nothing', async () => {
  const urls = await Promise.all([share('c.txt'), share('c.txt'), share('c.txt')]);
  const ends = await Promise.all(urls.map((url) => waybill(['revoke', '-'], url)));
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(await Promise.all(urls.map(get))).toEqual([REFUSED, REFUSED, REFUSED]);
});

test('a drop page and a ticket are revoked by their files', async () => {
  const page = await waybill(['request', address('drop/'), '--form', 'html']);
  const ended = await waybill(['revoke', await practice.file('drop.html', page.stdout)]);
  expect(ended.stderr).toContain(t('cli.end.ended'));
  const ticket = await waybill(['request', address('large'), '--ticket', '--size', '6G']);
  const aborted = await waybill(['revoke', await practice.file('large.ticket', ticket.stdout)]);
  expect([ended.code, aborted.code]).toEqual([0, 0]);
  expect(aborted.stderr).toContain(t('cli.ticket.ended'));
});

test.each([
  [
    ['share', 'oss://b/k', '--role-arn', 'acs:ram::1:role/r'],
    t('cli.requires', { option: '--role-arn', other: '--revocable' }),
  ],
  [['share', 'oss://b/k', '--revocable'], t('cli.missing-argument', { name: '--role-arn' })],
  [
    ['share', 'oss://b/k', '--revocable', '--role-arn', 'acs:ram::1:role/r', '--expires', '13h'],
    t('cli.rule.revocable-too-long'),
  ],
  [['share', 'oss://b/k', '--public', '--revocable'], t('cli.exclusive', { first: '--revocable', second: '--public' })],
  [['revoke', 'no link'], t('cli.revoke.no-file', { path: 'no link' })],
])('%j is no valid command line', async (args, message) => {
  const { code, stdout, stderr } = await waybill(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
});

test('the notes of sessions are no secrets', async () => {
  await share('c.txt');
  expect(await notesIn(state)).not.toMatch(/CAIS|[Ss]ecret|[Ss]ignature/);
});
