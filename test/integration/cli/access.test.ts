import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { bucketUrl } from '../../../main/oss/endpoint.ts';
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from '../../../main/oss/operations/bucket-policy.ts';
import { makePracticeBucket, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { t } from '../../support/words.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';
import { environmentOf } from './practice-cli.ts';

const execute = promisify(execFile);
const guest = { accessKeyId: 'GUESTUSER', accessKeySecret: 'guest-secret', name: 'guest', uid: '2021476040' } as const;
let practice: PracticeBucket;
let cli: Program;

beforeAll(async () => {
  const policy = { Version: '1', Statement: [{ Effect: 'Allow', Action: 'ecs:*', Resource: '*' }] } as const;
  [practice, cli] = await Promise.all([makePracticeBucket({ users: [{ ...guest, policy }] }), builtCli()]);
  for (const key of ['reports/a.txt', 'photos/a.txt']) await practice.put(key, 'content');
});
afterEach(async () => {
  practice.server.restrictions.publicAccess = false;
  await deleteBucketPolicy(practice.connection, practice.bucket);
});
afterAll(() => practice.close());

const access = (...args: string[]): Promise<Ended> =>
  runProgram(cli.path, ['access', ...args], { env: environmentOf(practice) });
const asGuest = (...args: string[]): Promise<Ended> => {
  const { accessKeyId: OSS_ACCESS_KEY_ID, accessKeySecret: OSS_ACCESS_KEY_SECRET } = guest;
  return runProgram(cli.path, args, { env: { ...environmentOf(practice), OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET } });
};
const address = (prefix = '') => `oss://${practice.bucket}/${prefix}`;
const policy = () => getBucketPolicy(practice.connection, practice.bucket);
const lines = ({ stdout }: Ended) => stdout.trimEnd().split('\n');

/** Reads a file without a signature, by curl. @returns the status */
async function statusOf(key: string): Promise<string> {
  const { origin, path } = bucketUrl(practice.connection.endpoint, practice.bucket, key);
  return (await execute('curl', ['-sS', '-o', '/dev/null', '-w', '%{http_code}', origin + path])).stdout;
}

test('a user gets access to a folder, is listed, uses it, and loses it', async () => {
  expect((await asGuest('ls', address('reports/'))).code).toBe(1);
  const until = new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
  const given = await access('grant', address('reports/'), '--to', guest.uid, '--until', until);
  expect(given).toMatchObject({ code: 0 });
  expect(given.stderr).toContain(t('cli.access.given', { bucket: practice.bucket, moment: until }));
  const [files = '', list = ''] = lines(given);
  expect(files).toMatch(new RegExp(`^[0-9a-f]{12}  allow  ${guest.uid}  read  reports/\\*  until=${until}$`));
  expect(list).toMatch(new RegExp(`^[0-9a-f]{12}  allow  ${guest.uid}  list  /  listing=reports/\\*  until=${until}$`));
  expect((await asGuest('ls', address('reports/'))).stdout).toContain('reports/a.txt');
  expect((await asGuest('ls', address('photos/'))).code).toBe(1);

  const listed = await access('ls', address('reports/'));
  expect(lines(listed)).toEqual(['acl private, Block Public Access off', files, list]);
  const elsewhere = await access('ls', address('photos/'));
  expect(lines(elsewhere)).toHaveLength(1);
  expect(elsewhere.stderr).toContain(t('access.other-places', { count: 2 }));

  const taken = await access('revoke', address('reports/'), '--from', guest.uid);
  expect(taken).toMatchObject({ code: 0 });
  expect(lines(taken)).toEqual([files, list]);
  expect((await asGuest('ls', address('reports/'))).code).toBe(1);
  expect(await policy()).toBeNull();
});

test('--json prints the bucket and each rule as an object, and nothing else', async () => {
  await access('grant', address('reports/'), '--to', guest.uid, '--expires', '7d', '--allow', 'read');
  const { stdout } = await access('ls', address(), '--json');
  const [own, rule, ...more] = stdout
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(own).toEqual({
    ...{ bucket: practice.bucket, acl: 'private', isPolicyPublic: false },
    blockPublicAccess: { bucket: false, account: false },
  });
  expect(rule).toMatchObject({
    ...{ effect: 'allow', who: [guest.uid], allow: ['read'], full: false, warnings: [] },
    statement: { Effect: 'Allow', Principal: [guest.uid] },
  });
  expect(more).toEqual([]);
});

test('everyone gets access only where that is said twice, and curl reads the file', async () => {
  const args = ['grant', address('reports/'), '--to', 'everyone', '--expires', '1h', '--allow', 'read'];
  const refused = await access(...args);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain(`${t('access.trap.public')}\n${t('cli.access.yes')}`);
  expect(await policy()).toBeNull();
  expect(await statusOf('reports/a.txt')).toBe('403');
  const given = await access(...args, '--yes');
  expect(given).toMatchObject({ code: 0 });
  expect(given.stderr).toContain(t('access.trap.public'));
  expect(await statusOf('reports/a.txt')).toBe('200');
  expect(await statusOf('photos/a.txt')).toBe('403');
  expect((await access('revoke', address('reports/'), '--from', 'everyone')).code).toBe(0);
  expect(await statusOf('reports/a.txt')).toBe('403');
});

test('an ID that no rule has is called that, and nothing is changed', async () => {
  await access('grant', address('reports/'), '--to', guest.uid, '--expires', '7d', '--allow', 'read');
  const before = await policy();
  const { code, stdout, stderr } = await access('revoke', address('reports/'), '--id', 'abc');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(t('cli.rule.access-gone'));
  expect(await policy()).toBe(before);
});

test('everyone gets no more than read and list', async () => {
  const { code, stderr } = await access(
    'grant',
    address(),
    '--to',
    'everyone',
    '--expires',
    '1h',
    '--allow',
    'write',
    '--yes',
  );
  expect(code).toBe(2);
  expect(stderr).toContain(t('failure.input.access-everyone'));
});

test('under Block Public Access nothing is written, and both are told', async () => {
  practice.server.restrictions.publicAccess = true;
  const given = await access('grant', address(), '--to', 'everyone', '--expires', '1h', '--yes');
  expect(given.code).toBe(2);
  expect(given.stderr).toContain(t('failure.input.access-blocked'));
  expect(await policy()).toBeNull();
  expect(lines(await access('ls', address()))).toEqual(['acl private, Block Public Access on']);
});

test('a wider rule isn’t taken away with a folder, and the command says that it still lets in', async () => {
  await access('grant', address(), '--to', guest.uid, '--expires', '1h', '--allow', 'read');
  await access('grant', address('reports/'), '--to', guest.uid, '--expires', '1h', '--allow', 'read');
  const [, wider = ''] = lines(await access('ls', address('photos/')));
  const [id = ''] = wider.split(' ');
  const taken = await access('revoke', address('reports/'), '--from', guest.uid);
  expect(taken.code).toBe(1);
  expect(lines(taken)).toHaveLength(1);
  expect(taken.stderr).toContain(t('cli.access.still', { id }));
  expect((await access('revoke', address(), '--id', id)).code).toBe(0);
  expect(await policy()).toBeNull();
  const none = await access('revoke', address('reports/'), '--from', guest.uid);
  expect(none).toMatchObject({ code: 0, stdout: '' });
  expect(none.stderr).toContain(t('cli.access.none', { bucket: practice.bucket }));
});

test('rules that still let in some of a role’s sessions, or that aren’t understood, are told, as they are written', async () => {
  const rule = (rest: string) =>
    `{"Effect":"Allow","Action":["oss:GetObject"],"Resource":["acs:oss:*:*:${practice.bucket}/*"],${rest}}`;
  const session = rule('"Principal":["arn:sts::1798:assumed-role/Reader/anna"]');
  const odd = rule('"Principal":["1001"],"Note":20214760404935123456');
  await putBucketPolicy(practice.connection, practice.bucket, `{"Version":"1","Statement":[${session},${odd}]}`);
  const revoked = await access('revoke', address(), '--from', 'acs:ram::1798:role/reader');
  expect(revoked).toMatchObject({ code: 1, stdout: '' });
  const [, first = '', second = ''] = lines(await access('ls', address())).map((line) => line.split(' ')[0] ?? '');
  expect(revoked.stderr).toContain(t('cli.access.still', { id: first }));
  expect(revoked.stderr).toContain(t('cli.access.unclear', { id: second }));
  expect((await access('ls', address())).stdout).toContain('20214760404935123456');
});

test('another principal of a shared rule keeps its access, and the rest of the policy its bytes', async () => {
  const others = `{ "Effect" : "Deny", "Action":["oss:x"],"Principal":["1001"],"Resource":["acs:oss:*:*:${practice.bucket}/ü*"] }`;
  const shared = (names: string) =>
    `{"Effect":"Allow","Action":["oss:GetObject"], "Principal":[${names}],"Resource":["acs:oss:*:*:${practice.bucket}/reports/*"]}`;
  const text = (names: string) => `{ "Version":"1",\n "Statement":[ ${others} ,\n${shared(names)} ] }\n`;
  await putBucketPolicy(practice.connection, practice.bucket, text(`"1002", "${guest.uid}", "1003"`));
  expect((await access('revoke', address('reports/'), '--from', guest.uid)).code).toBe(0);
  expect(await policy()).toBe(text('"1002", "1003"'));
});

test('without the right to change the policy the statements are printed for someone who has it', async () => {
  const allowed = {
    Effect: 'Allow',
    Action: ['oss:Get*'],
    Principal: [guest.uid],
    Resource: [`acs:oss:*:*:${practice.bucket}`],
  };
  await putBucketPolicy(practice.connection, practice.bucket, JSON.stringify({ Version: '1', Statement: [allowed] }));
  const { code, stderr } = await asGuest('access', 'grant', address('reports/'), '--to', '1798', '--expires', '1h');
  expect(code).toBe(1);
  expect(stderr).toContain(t('cli.access.paste', { bucket: practice.bucket }));
  expect(stderr).toContain('"1798"');
  expect(stderr).toContain('oss:PutBucketPolicy');
});

test('a policy that can’t be read is told, and never touched', async () => {
  const text =
    '{"Version":"1","Statement":[{"Effect":"Deny","Action":"*","Principal":"1","Resource":"*"}],"Statement":[]}';
  await putBucketPolicy(practice.connection, practice.bucket, text);
  const listed = await access('ls', address());
  expect(listed.code).toBe(1);
  expect(listed.stderr).toContain(t('cli.access.unreadable', { bucket: practice.bucket }));
  expect((await access('revoke', address(), '--from', '1798')).code).toBe(2);
  expect((await access('grant', address(), '--to', '1798', '--expires', '1h')).code).toBe(2);
  expect(await policy()).toBe(text);
});

test('--show-policy prints the statements and sends nothing', async () => {
  const { code, stdout } = await access('grant', address('a/'), '--to', '1798', '--expires', '1h', '--show-policy');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject([{ Principal: ['1798'] }, { Principal: ['1798'] }]);
  expect(await policy()).toBeNull();
});

test.each([
  [['rights', 'oss://b']],
  [['grant', 'oss://b', '--expires', '1h']],
  [['grant', 'oss://b', '--to', '1798']],
  [['grant', 'oss://b', '--to', 'anna', '--expires', '1h']],
  [['grant', 'oss://b', '--to', '1798', '--expires', '1h', '--allow', 'all']],
  [['grant', 'oss://b', '--to', '1798', '--expires', '1h', '--source-ip', 'here']],
  [['revoke', 'oss://b']],
  [['revoke', 'oss://b', '--from', '1798', '--id', 'x']],
])('access %j is refused before anything is sent', async (args) => {
  expect(await access(...args)).toMatchObject({ code: 2, stdout: '' });
});
