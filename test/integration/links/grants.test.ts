import { execFile } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import OSS from 'ali-oss';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectMoment } from '../../support/moments.ts';
import { readPaste } from '../../../main/accounts/pasting/paste.ts';
import { grantCommand } from '../../../main/cli/commands/grant.ts';
import { toFailure, WaybillError } from '../../../main/failure.ts';
import type { GrantRequest } from '../../../main/links/grants/grant-issuer.ts';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import { headObject } from '../../../main/oss/operations/objects.ts';
import { longRole, makeDesk, partnerRole } from './desk.ts';
import { t } from '../../support/words.ts';

const minute = 60_000;
let desk: Awaited<ReturnType<typeof makeDesk>>;
let accountId: string;

beforeAll(async () => {
  desk = await makeDesk();
  accountId = await desk.addRole();
});

afterEach(() => {
  desk.time.ahead = 0;
});

afterAll(() => desk.close());

function request(fields: Partial<GrantRequest> = {}, scope: Partial<GrantRequest['scope']> = {}): GrantRequest {
  return {
    accountId,
    scope: {
      bucket: 'waybill-samples',
      keys: [],
      prefixes: ['reports/'],
      allow: ['read', 'list'],
      sourceIp: null,
      ...scope,
    },
    policy: null,
    durationSeconds: 900,
    roleArn: null,
    sessionName: null,
    note: '',
    recipient: '',
    ...fields,
  };
}

/** Alibaba's own client with the credentials of a grant. */
async function clientOf(grantId: string): Promise<OSS> {
  const { text } = await desk.grants.output(grantId, 'json', null);
  const { AccessKeyId, AccessKeySecret, SecurityToken, Region, Endpoint, Bucket } = JSON.parse(text) as Record<
    string,
    string
  >;
  return new OSS({
    accessKeyId: AccessKeyId ?? '',
    accessKeySecret: AccessKeySecret ?? '',
    stsToken: SecurityToken ?? '',
    region: `oss-${Region ?? ''}`,
    endpoint: Endpoint ?? '',
    bucket: Bucket ?? '',
    authorizationV4: true,
  });
}

async function failureOf(work: Promise<unknown>) {
  return work.then(
    () => null,
    (error: unknown) => (error instanceof WaybillError ? toFailure(error) : (error as { code?: string }).code),
  );
}

describe('a grant, used by ali-oss', () => {
  test('to read and list a prefix reads and lists there and does nothing else', async () => {
    const client = await clientOf((await desk.grants.issue(request())).grantId);
    const { objects } = await client.listV2({ prefix: 'reports/' }, {});
    expect(objects.map(({ name }) => name)).toContain('reports/2026/shipments.csv');
    expect((await client.get('reports/2026/shipments.csv')).res.status).toBe(200);
    expect(await failureOf(client.get('Welcome to Waybill.txt'))).toBe('AccessDenied');
    expect(await failureOf(client.listV2({ prefix: 'pictures/' }, {}))).toBe('AccessDenied');
    expect(await failureOf(client.listV2({}, {}))).toBe('AccessDenied');
    expect(await failureOf(client.put('reports/new.txt', Buffer.from('x')))).toBe('AccessDenied');
    expect(await failureOf(client.delete('reports/2026/shipments.csv'))).toBe('AccessDenied');
  });

  test('to write uploads, in parts too, and cannot read what it wrote', async () => {
    const { grantId } = await desk.grants.issue(request({}, { prefixes: ['inbox/'], allow: ['write'] }));
    const client = await clientOf(grantId);
    await client.put('inbox/one.txt', Buffer.from('one'));
    await client.multipartUpload('inbox/two.bin', Buffer.alloc(300_000), { partSize: 102_400 });
    expect(await failureOf(client.get('inbox/one.txt'))).toBe('AccessDenied');
    expect(await failureOf(client.put('elsewhere.txt', Buffer.from('x')))).toBe('AccessDenied');
    const { grantId: cleaner } = await desk.grants.issue(request({}, { prefixes: ['inbox/'], allow: ['delete'] }));
    await (await clientOf(cleaner)).delete('inbox/one.txt');
  });

  test('for a selection opens its objects alone', async () => {
    const scope = { prefixes: [], keys: ['reports/2026/shipments.csv'], allow: ['read' as const] };
    const client = await clientOf((await desk.grants.issue(request({}, scope))).grantId);
    expect((await client.get('reports/2026/shipments.csv')).res.status).toBe(200);
    expect(await failureOf(client.get('reports/2026/notes/handover.md'))).toBe('AccessDenied');
  });

  test('for another address is refused here', async () => {
    const here = await clientOf((await desk.grants.issue(request({}, { sourceIp: '127.0.0.0/8' }))).grantId);
    expect((await here.get('reports/2026/shipments.csv')).res.status).toBe(200);
    const there = await clientOf((await desk.grants.issue(request({}, { sourceIp: '203.0.113.0/24' }))).grantId);
    expect(await failureOf(there.get('reports/2026/shipments.csv'))).toBe('AccessDenied');
  });

  test('ends when it said it would', async () => {
    const start = Date.now();
    const { grantId, validUntil } = await desk.grants.issue(request());
    expectMoment(validUntil, start, 15 * minute);
    const pasted = readPaste((await desk.grants.output(grantId, 'env', null)).text);
    const key = pasted.kind === 'found' ? pasted.found[0] : undefined;
    if (key === undefined) throw new Error(pasted.kind);
    const { accessKeyId, accessKeySecret, securityToken } = key;
    const startPath = { bucket: 'waybill-samples', prefix: 'reports/' };
    const fields = { accessKeyId, accessKeySecret, securityToken, startPath, remember: false };
    const { id } = await desk.accounts.add(desk.run.draft(fields));
    const list = () =>
      desk.accounts.run(id, 'waybill-samples', (connection) =>
        listObjects(connection, 'waybill-samples', { prefix: 'reports/' }),
      );
    expect((await list()).objects.length).toBeGreaterThan(0);
    desk.time.ahead = 15 * minute;
    expect(await failureOf(list())).toMatchObject({ kind: 'credentials', cause: 'token-expired' });
  });

  test('with an external ID passes a role that wants one', async () => {
    const role = { roleArn: partnerRole, sessionName: 'waybill', durationSeconds: 900 };
    const draft = (externalId: string | null) => desk.run.draft({ role: { ...role, externalId }, remember: false });
    const { id } = await desk.accounts.add(draft('partner-7'));
    await desk.accounts.check(draft('partner-7'));
    const client = await clientOf((await desk.grants.issue(request({ accountId: id }))).grantId);
    expect((await client.get('reports/2026/shipments.csv')).res.status).toBe(200);
    expect(await failureOf(desk.accounts.check(draft(null)))).toMatchObject({ cause: 'role-refused' });
    expect(await failureOf(desk.accounts.check(draft('partner-8')))).toMatchObject({ cause: 'role-refused' });
  });

  test('an account with a session policy is held to it', async () => {
    const sessionPolicy = desk.grants.preview(accountId, request().scope).policy;
    const role = { roleArn: longRole, sessionName: 'waybill', durationSeconds: 900, sessionPolicy };
    const startPath = { bucket: 'waybill-samples', prefix: 'reports/' };
    const { id } = await desk.accounts.add(desk.run.draft({ role, startPath, remember: false }));
    const head = (key: string) =>
      desk.accounts.run(id, 'waybill-samples', (connection) =>
        headObject(connection, { bucket: 'waybill-samples', key }),
      );
    expect((await head('reports/2026/shipments.csv')).sizeBytes).toBeGreaterThan(0);
    expect(await failureOf(head('Welcome to Waybill.txt'))).toMatchObject({ cause: 'denied-by-policy' });
  });
});

describe('what a grant is refused for', () => {
  test.each([
    ['a policy that is no JSON', { policy: 'Allow everything' }, { kind: 'input', rule: 'policy-not-json' }],
    ['a policy that is none', { policy: '{"Allow":"*"}' }, { kind: 'input', rule: 'policy-shape' }],
    [
      'longer than the role allows',
      { durationSeconds: 7200 },
      { kind: 'input', field: 'durationSeconds', rule: 'session-too-long', limit: '60min' },
    ],
    [
      'a role that is not there',
      { roleArn: 'acs:ram::1000000000000001:role/none' },
      { kind: 'credentials', cause: 'role-refused', code: 'EntityNotExist.Role' },
    ],
  ])('%s', async (_, fields, failure) => {
    expect(await failureOf(desk.grants.issue(request(fields)))).toMatchObject(failure);
  });

  test('too many names for a policy', async () => {
    const keys = Array.from({ length: 100 }, (_, at) => `a-long-folder-name/photo-${at}.jpg`);
    expect(desk.grants.preview(accountId, request({}, { keys }).scope)).toMatchObject({ limit: 2048 });
    expect(await failureOf(desk.grants.issue(request({}, { keys })))).toMatchObject({ rule: 'policy-too-long' });
  });

  test('no role', async () => {
    const owner = await desk.addOwner();
    expect(await failureOf(desk.grants.issue(request({ accountId: owner })))).toMatchObject({ rule: 'no-role' });
    const { grantId } = await desk.grants.issue(request({ accountId: owner, roleArn: desk.run.server.roleArn }));
    expect((await (await clientOf(grantId)).get('reports/2026/shipments.csv')).res.status).toBe(200);
  });
});

describe('an encrypted code', () => {
  const passphrase = 'seven wombats juggle';

  async function makeCode(fields: Partial<GrantRequest> = {}, scope: Partial<GrantRequest['scope']> = {}) {
    const { grantId } = await desk.grants.issue(request(fields, scope));
    return (await desk.grants.output(grantId, 'code', passphrase)).text;
  }

  test('opens as an account that begins and ends where the grant does', async () => {
    const code = await makeCode();
    const opened = await desk.receivedGrants.open(`Here:\n${code.replace(/.{60}/g, '$&\n  ')}\nBye, Lin`, passphrase);
    expect(opened).toMatchObject({
      source: 'grant',
      bucket: 'waybill-samples',
      prefixes: ['reports/'],
      allow: ['read', 'list'],
    });
    expect(JSON.stringify(opened)).not.toMatch(/ecret|Token":"/);
    const account = await desk.receivedGrants.accept(opened.pasteId, {
      name: 'From Lin',
      colour: 'pink',
      remember: false,
    });
    expect(account).toMatchObject({
      temporary: true,
      tokenValidUntil: opened.validUntil,
      startPath: { bucket: 'waybill-samples', prefix: 'reports/' },
      role: null,
    });
    const page = await desk.accounts.run(account.id, 'waybill-samples', (connection) =>
      listObjects(connection, 'waybill-samples', { prefix: 'reports/' }),
    );
    expect(page.objects.length).toBeGreaterThan(0);
  });

  test('that allows no listing opens too', async () => {
    const scope = { prefixes: [], keys: ['reports/2026/shipments.csv'], allow: ['read' as const] };
    const opened = await desk.receivedGrants.open(await makeCode({}, scope), passphrase);
    const { id } = await desk.receivedGrants.accept(opened.pasteId, {
      name: 'One file',
      colour: 'red',
      remember: false,
    });
    const object = { bucket: 'waybill-samples', key: 'reports/2026/shipments.csv' };
    const head = await desk.accounts.run(id, object.bucket, (connection) => headObject(connection, object));
    expect(head.sizeBytes).toBeGreaterThan(0);
  });

  test('that has ended makes no account', async () => {
    const opened = await desk.receivedGrants.open(await makeCode(), passphrase);
    desk.time.ahead = 20 * minute;
    const accepted = desk.receivedGrants.accept(opened.pasteId, { name: 'Late', colour: 'red', remember: false });
    expect(await failureOf(accepted)).toMatchObject({ kind: 'credentials', cause: 'token-expired' });
  });

  test('shows nothing of what is in it, and is another one each time', async () => {
    const { grantId } = await desk.grants.issue(request());
    const codes = await Promise.all([1, 2].map(() => desk.grants.output(grantId, 'code', passphrase)));
    expect(codes[0]?.text).not.toBe(codes[1]?.text);
    const bytes = Buffer.from((codes[0]?.text ?? '').split(':')[1] ?? '', 'base64url').toString('latin1');
    expect(bytes).not.toMatch(/waybill|STS|reports/);
  });

  test('tells a wrong passphrase from a damaged code', async () => {
    const code = await makeCode();
    expect(await failureOf(desk.receivedGrants.open(code, 'wrong horse'))).toMatchObject({ rule: 'wrong-passphrase' });
    for (const damaged of [
      code.slice(0, -8),
      code.slice(0, 40),
      code.replace(/.(.{30})$/, '_$1'),
      'waybill-grant:',
      'waybill-grant:AAAA',
      '',
    ]) {
      expect(await failureOf(desk.receivedGrants.open(damaged, passphrase)), damaged.slice(0, 30)).toMatchObject({
        rule: 'grant-damaged',
      });
    }
    const other = `waybill-grant:${Buffer.concat([Buffer.from([9]), Buffer.alloc(100)]).toString('base64url')}`;
    expect(await failureOf(desk.receivedGrants.open(other, passphrase))).toMatchObject({ rule: 'grant-version' });
  });

  test('is not made with a passphrase that is soon guessed', async () => {
    const { grantId } = await desk.grants.issue(request());
    expect(await failureOf(desk.grants.output(grantId, 'code', 'short'))).toMatchObject({
      rule: 'passphrase-too-short',
      limit: '8',
    });
  });
});

describe('the forms in the clear', () => {
  test.each(['env', 'json', 'ossutil'] as const)('%s is read back by pasting it', async (format) => {
    const { grantId, accessKeyId, validUntil } = await desk.grants.issue(request());
    const { text, shown } = await desk.grants.output(grantId, format, null);
    const reading = readPaste(text);
    const found = reading.kind === 'found' ? reading.found[0] : undefined;
    expect(found).toMatchObject({ accessKeyId, region: 'cn-hangzhou', endpoint: desk.run.server.endpoint });
    expect(found?.securityToken?.length).toBeGreaterThan(100);
    if (format !== 'ossutil') expect(found?.validUntil).toBe(validUntil);
    expect(shown).toContain(accessKeyId);
    expect(shown).not.toContain(found?.accessKeySecret);
    expect(shown).not.toContain(found?.securityToken);
  });

  test('the ali-oss snippet makes a client that works, and a name cannot break out of its comment', async () => {
    const { grantId } = await desk.grants.issue(request());
    const { text } = await desk.grants.output(grantId, 'ali-oss', null);
    const script = join(desk.folder, 'snippet.mjs');
    await symlink(join(import.meta.dirname, '../../../node_modules'), join(desk.folder, 'node_modules'));
    await writeFile(script, `${text}\nconsole.log((await client.get('reports/2026/shipments.csv')).res.status);`);
    const { stdout } = await promisify(execFile)(process.execPath, [script]);
    expect(stdout.trim()).toBe('200');
    const evil = await desk.grants.issue(request({}, { prefixes: ['evil\nprocess.exit(9);/'] }));
    for (const format of ['env', 'oss2', 'ali-oss', 'ossutil'] as const) {
      const { text: written } = await desk.grants.output(evil.grantId, format, null);
      expect(written).toContain('evil?process.exit');
      expect(written).not.toContain('\nprocess.exit');
    }
  });
});

test('a grant that is not in memory is unknown', async () => {
  const unknown = { kind: 'input', field: 'grant', rule: 'unknown' };
  expect(await failureOf(desk.grants.output('none', 'env', null))).toEqual(unknown);
  const how = { name: 'x', colour: 'red', remember: false } as const;
  expect(await failureOf(desk.receivedGrants.accept('none', how))).toEqual(unknown);
});

test('a policy that is none is refused before anything is sent', async () => {
  desk.run.requests.length = 0;
  expect(await failureOf(desk.grants.issue(request({ policy: '{' })))).toMatchObject({ field: 'policy' });
  expect(desk.run.requests).toEqual([]);
});

test('a grant is in the ledger without its secrets, and can be made again', async () => {
  const { ledgerId, grantId } = await desk.grants.issue(request({ recipient: 'Lin', note: 'audit' }));
  const entry = desk.ledger.get(ledgerId);
  expect(entry).toMatchObject({ what: { kind: 'grant', prefixes: ['reports/'] }, recipient: 'Lin', state: 'live' });
  const { text } = await desk.grants.output(grantId, 'json', null);
  const { AccessKeySecret, SecurityToken } = JSON.parse(text) as Record<string, string>;
  for (const secret of [AccessKeySecret, SecurityToken]) expect(JSON.stringify(entry)).not.toContain(secret);
  const renewed = await desk.renew(ledgerId);
  if (renewed.kind !== 'grant') throw new Error(renewed.kind);
  expect(desk.ledger.get(renewed.grant.ledgerId)).toMatchObject({ renews: ledgerId, recipient: 'Lin', note: 'audit' });
});

describe('the grant command', () => {
  async function run(args: readonly string[], more: Record<string, string> = {}) {
    const answers: string[] = [];
    const said: string[] = [];
    const { accessKeyId, accessKeySecret, endpoint, region, stsEndpoint, roleArn } = desk.run.server;
    const env = {
      OSS_ACCESS_KEY_ID: accessKeyId,
      OSS_ACCESS_KEY_SECRET: accessKeySecret,
      OSS_ENDPOINT: endpoint,
      OSS_REGION: region,
      ...more,
    };
    const out = {
      answer: (line: string) => Promise.resolve(void answers.push(line)),
      bytes: () => Promise.resolve(),
      say: (line: string) => void said.push(line),
      terminal: null,
      ask: null,
    };
    const context = { env, out, dispatcher: desk.run.dispatcher, signal: new AbortController().signal };
    const code = await grantCommand.run(
      ['oss://waybill-samples/reports/', '--role-arn', roleArn, '--sts-endpoint', `http://${stsEndpoint}`, ...args],
      context,
    );
    return { code, text: answers.join('\n'), said: said.join('\n') };
  }

  test('prints lines that another run can use', async () => {
    const { code, text } = await run(['--allow', 'read,list', '--expires', '15m']);
    expect(code).toBe(0);
    expect(readPaste(text)).toMatchObject({ kind: 'found', found: [{ source: 'environment', region: 'cn-hangzhou' }] });
  });

  test('prints a code that opens with the passphrase of the environment', async () => {
    const { text } = await run(['--format', 'code'], { WAYBILL_PASSPHRASE: 'seven wombats juggle' });
    expect(await desk.receivedGrants.open(text, 'seven wombats juggle')).toMatchObject({
      prefixes: ['reports/'],
      allow: ['read'],
    });
  });

  test('suggests words for the code, on stderr, that open it', async () => {
    const { text, said } = await run(['--format', 'code', '--suggest-passphrase'], { WAYBILL_PASSPHRASE: 'password' });
    const [, passphrase = ''] = /([a-z]+(?:-[a-z]+){5})/.exec(said) ?? [];
    expect(await desk.receivedGrants.open(text, passphrase)).toMatchObject({ prefixes: ['reports/'] });
  });

  test('shows the policy and asks for nothing', async () => {
    desk.run.requests.length = 0;
    const { text } = await run(['--show-policy', '--allow', 'write']);
    expect(JSON.parse(text)).toMatchObject({ Version: '1' });
    expect(desk.run.requests).toEqual([]);
  });

  test.each([
    [['--role-arn', 'acs:ram:1:role'], t('cli.rule.role-arn')],
    [['--allow', 'everything'], t('cli.choices', { option: '--allow', choices: 'read, write, list, delete, or acl' })],
    [['--duration', '60'], t('cli.number', { option: '--duration', least: 900, most: 43_200 })],
    [['--expires', '13h'], t('cli.number', { option: '--expires', least: 900, most: 43_200 })],
    [['--expires', '15m', '--duration', '900'], t('cli.exclusive', { first: '--expires', second: '--duration' })],
    [['--source-ip', 'here'], t('cli.grant.source-ip')],
    [['--format', 'xml'], /--format must be/],
    [['--suggest-passphrase'], t('cli.requires', { option: '--suggest-passphrase', other: '--format code' })],
    [['--format', 'code'], t('cli.grant.passphrase', { count: 8 })],
  ])('refuses %j before anything is sent', async (args, words) => {
    await expect(run(args, { WAYBILL_PASSPHRASE: '' })).rejects.toThrow(words);
  });

  test('refuses a passphrase that is easily guessed before anything is sent', async () => {
    await expect(run(['--format', 'code'], { WAYBILL_PASSPHRASE: 'password2026' })).rejects.toThrow(
      t('cli.rule.passphrase-too-weak'),
    );
  });

  test('names the maximum of the role', async () => {
    expect(await failureOf(run(['--duration', '7200']))).toMatchObject({ rule: 'session-too-long', limit: '60min' });
  });
});
