import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { corsRuleText, pageCorsRule } from '../../../main/links/pages/cors-rule.ts';
import { uploadsOfPage } from '../../../main/links/receiving/form-file.ts';
import { checkTicket } from '../../../main/links/tickets/end-ticket.ts';
import type { UploadTicket } from '../../../main/links/tickets/ticket.ts';
import { partUrls } from '../../../main/links/tickets/ticket-urls.ts';
import { getBucketPolicy } from '../../../main/oss/operations/bucket-policy.ts';
import { type CorsRule, deleteBucketCors, getBucketCors, putBucketCors } from '../../../main/oss/operations/cors.ts';
import { makePracticeBucket, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { like, t } from '../../support/words.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';
import { environmentOf } from './practice-cli.ts';

const execute = promisify(execFile);
const limited = { accessKeyId: 'FORMUSER', accessKeySecret: 'form-secret', name: 'sender' };
let practice: PracticeBucket;
let cli: Program;

beforeAll(async () => {
  const Statement = [{ Effect: 'Allow', Action: 'oss:PutObject', Resource: 'acs:oss:*:*:*' }] as const;
  const users = [{ ...limited, policy: { Version: '1', Statement } }] as const;
  [practice, cli] = await Promise.all([makePracticeBucket({ users }), builtCli()]);
});
beforeEach(() => deleteBucketCors(practice.connection, practice.bucket));
afterEach(() => practice.server.faults.clear());
afterAll(() => practice.close());

function waybill(...args: string[]): Promise<Ended> {
  return runProgram(cli.path, args, { env: environmentOf(practice) });
}

function poorly(...args: string[]): Promise<Ended> {
  const { accessKeyId: OSS_ACCESS_KEY_ID, accessKeySecret: OSS_ACCESS_KEY_SECRET } = limited;
  return runProgram(cli.path, args, { env: { ...environmentOf(practice), OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET } });
}

const address = (prefix: string) => `oss://${practice.bucket}/${prefix}`;
const rules = async () => (await getBucketCors(practice.connection, practice.bucket))?.rules ?? [];
const theirs: CorsRule = { ...pageCorsRule, allowedMethods: ['GET'], exposeHeaders: [] };
const put = (...list: CorsRule[]) =>
  putBucketCors(practice.connection, practice.bucket, { rules: list, responseVary: null, others: [] });

/** A form as a file, as JSON for programs. */
async function formFile(name: string, ...args: string[]): Promise<{ readonly path: string; readonly form: JsonForm }> {
  const { code, stdout } = await waybill('request', address(`${name}/`), '--form', 'json', ...args);
  expect(code).toBe(0);
  return { path: await practice.file(`${name}.json`, stdout), form: JSON.parse(stdout) as JsonForm };
}

interface JsonForm {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Sends a file by curl, as any program would. @returns the status */
async function send({ action, fields }: JsonForm, key: string, name?: string): Promise<string> {
  const all = { ...fields, key, ...(name === undefined ? {} : { 'x-oss-meta-name': encodeURIComponent(name) }) };
  const texts = Object.entries(all).flatMap(([field, value]) => ['--form-string', `${field}=${value}`]);
  const file = await practice.file('sent.txt', 'content');
  const { stdout } = await execute('curl', [
    '-gsS',
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
    ...texts,
    '-F',
    `file=@${file}`,
    action,
  ]);
  return stdout;
}

test('--cors add puts the rule first, says so, and checks that it works', async () => {
  await put(theirs);
  const added = await waybill('request', address('a/'), '--form', 'json', '--cors', 'add');
  expect(added.code).toBe(0);
  expect(added.stderr).toContain(t('cli.cors.added', { bucket: practice.bucket }));
  expect(added.stderr).not.toContain('<CORSRule>');
  expect(JSON.parse(added.stdout)).toMatchObject({ bucket: practice.bucket });
  expect(await rules()).toEqual([pageCorsRule, theirs]);
  const again = await waybill('request', address('a/'), '--form', 'json', '--cors', 'add');
  expect(again.stderr).toContain(t('cli.cors.there', { bucket: practice.bucket }));
  expect(await rules()).toEqual([pageCorsRule, theirs]);
});

test('--form html prints a page with the form in it, and the rule that browsers ask for', async () => {
  const { code, stdout, stderr } = await waybill(
    'request',
    address('paged/'),
    '--form',
    'html',
    '--types',
    'text/plain',
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/^<!doctype html>/i);
  expect(stderr).toContain(corsRuleText(pageCorsRule));
  expect(stderr).toContain(t('cli.form.page.prefix'));
  const [, data = ''] = /<script type="application\/json" id="data">([^<]*)<\/script>/.exec(stdout) ?? [];
  const { form } = JSON.parse(data) as { form: { action: string; fields: [string, string][] } };
  const fields = { ...Object.fromEntries(form.fields), 'x-oss-content-type': 'text/plain' };
  expect(await send({ action: form.action, fields }, 'paged/a.txt')).toBe('200');
  const checked = await waybill('request', '--check', await practice.file('paged.html', stdout));
  expect(checked.stderr).toBe(`${t('cli.arrived.count', { count: 1, size: '7 B' })}\n`);
});

test('a page for large files holds uploads of its own, which --end aborts', async () => {
  const args = ['request', address('large/'), '--form', 'html', '--large', '2', '--size', '6G', '--expires', '2d'];
  const { code, stdout, stderr } = await waybill(...args);
  expect(code).toBe(0);
  expect(stderr).toContain(t('cli.form.page.large', { count: 2, size: '6 GB' }));
  expect(stderr).toContain(t('cli.form.page.large-limits'));
  const tickets = uploadsOfPage(stdout);
  expect(tickets.map(({ sizeBytes, bucket }) => [sizeBytes, bucket])).toEqual(
    [6, 6].map((size) => [size * 1024 ** 3, practice.bucket]),
  );
  const [first] = tickets;
  const [second] = tickets.slice(1);
  expect(first?.key).not.toBe(second?.key);
  const put = (n: number) => fetch(partUrls(first as UploadTicket)(n), { method: 'PUT', body: new Uint8Array(9) });
  expect((await put(1)).status).toBe(200);
  const ended = await waybill('request', '--end', await practice.file('large.html', stdout));
  expect(ended.code).toBe(0);
  expect(ended.stderr).toContain(t('cli.end.uploads', { count: 2 }));
  expect((await put(2)).status).toBe(403);
  for (const ticket of tickets) {
    const { state } = await checkTicket(practice.connection, { ...ticket, madeAt: Date.parse(ticket.madeAt) });
    expect(state).toBe('ended');
  }
});

test.each([
  ['--form', 'json', '--large', '2'],
  ['--form', 'html', '--large', '2', '--slots', '2'],
  ['--form', 'html', '--large', '21'],
  ['--slots', '2', '--large', '2'],
])('request oss://… %s %s %s %s is no valid command line', async (...args) => {
  expect((await waybill('request', address('a/'), ...args)).code).toBe(2);
});

test('a page that would send without encryption is not printed', async () => {
  const args = ['request', address('plain/'), '--form', 'html', '--domain', 'http://files.example.com'];
  const { code, stdout, stderr } = await waybill(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(t('failure.input.page-http.next'));
  const host = ['--link-host', 'http://files.example.com'];
  const added = await waybill('request', address('plain/'), '--form', 'html', ...host, '--cors', 'add');
  expect(added).toMatchObject({ code: 2, stdout: '' });
  expect(await rules()).toEqual([]);
});

test('--cors remove takes away nothing but the rule', async () => {
  await put(pageCorsRule, theirs);
  const { bucket } = practice;
  expect(await waybill('request', `oss://${bucket}`, '--cors', 'remove')).toEqual({
    ...{ code: 0, stdout: '' },
    stderr: `${t('cli.cors.removed', { bucket, count: 1 })}\n`,
  });
  expect(await rules()).toEqual([theirs]);
  const none = await waybill('request', `oss://${bucket}`, '--cors', 'remove');
  expect(none.stderr).toBe(`${t('cli.cors.none', { bucket })}\n`);
});

test('the warning holds the rule, and is no failure', async () => {
  await practice.put('shown/a.txt', 'a');
  const shared = await waybill('share', address('shown/'), '--page');
  expect(shared.stderr).toContain(`${t('cli.cors.no-rule.download')}\n${corsRuleText(pageCorsRule)}\n`);
  expect(shared.code).toBe(0);
  await put(theirs, pageCorsRule);
  const hidden = like('cli.cors.shadowed', { number: 1, hidden: /[^;]+/ });
  expect((await waybill('share', address('shown/'), '--page')).stderr).toMatch(hidden);
});

test('who may not set the rule is told which right is missing, and no form is made', async () => {
  const { code, stdout, stderr } = await poorly('request', address('a/'), '--form', 'json', '--cors', 'add');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('oss:GetBucketCors');
  expect(stderr).toContain(corsRuleText(pageCorsRule));
});

test.each([
  ['request', 'oss://b/p/', '--form', 'json', '--cors', 'yes'],
  ['request', 'oss://b/p/', '--slots', '2', '--cors', 'add'],
  ['share', 'oss://b/p/', '--recursive', '--cors', 'add'],
  ['share', 'oss://b/k', '--cors', 'add'],
  ['share', 'oss://b/p/', '--page', '--cors', 'remove'],
])('%s %s %s … is no valid command line', async (...args) => {
  expect((await waybill(...args)).code).toBe(2);
});

test('--check lists what arrived by a form, under the names of its senders', async () => {
  const { path, form } = await formFile('checked');
  expect(await waybill('request', '--check', path)).toMatchObject({ code: 0, stdout: '' });
  expect(await send(form, 'checked/1', '../Ünder/\u202etxt.exe')).toBe('200');
  expect(await send(form, 'checked/2')).toBe('200');
  const { code, stdout, stderr } = await waybill('request', '--check', path, '--json');
  const found = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string; sizeBytes: number });
  expect(found.map(({ name }) => name).sort()).toEqual(['2', '_/Ünder/_txt.exe']);
  expect(found.map(({ sizeBytes }) => sizeBytes)).toEqual([7, 7]);
  expect(stderr).toBe(`${t('cli.arrived.count', { count: 2, size: '14 B' })}\n`);
  expect(code).toBe(0);
});

test('a form of V1 doesn’t say when it was signed, so what was there before is listed too', async () => {
  await practice.put('undated/old', 'before');
  const { path } = await formFile('undated', '--sign-version', 'v1');
  const { stdout, stderr } = await waybill('request', '--check', path);
  expect(stdout).toContain('undated/old  "old"');
  expect(stderr).toContain(t('cli.arrived.undated'));
});

test('slots that are empty make the exit code 1', async () => {
  const { path, form } = await formFile('slotted', '--names', 'a.pdf,b.pdf');
  expect(await send(form, 'slotted/a.pdf', 'b.pdf')).toBe('200');
  const { code, stdout, stderr } = await waybill('request', '--check', path);
  expect(code).toBe(1);
  expect(stdout).toMatch(/ {2}7 bytes, CRC-64 \d+ {2}slotted\/a\.pdf {2}"b\.pdf"\n$/);
  expect(stderr).toContain(t('cli.arrived.empty', { count: 1 }));
});

test('--end ends a form, and leaves others alone', async () => {
  const { path, form } = await formFile('ended');
  const other = await formFile('other');
  const { code, stdout, stderr } = await waybill('request', '--end', path);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toContain(t('cli.end.ended'));
  const named = { bucket: practice.bucket, place: 'ended/…', id: practice.server.accessKeyId, moment: /\S+Z/ };
  expect(stderr).toMatch(like('cli.end.denying', named));
  expect(await send(form, 'ended/1')).toBe('403');
  expect(await send(other.form, 'other/1')).toBe('200');
  expect(await getBucketPolicy(practice.connection, practice.bucket)).toContain('/ended/*');
});

test('a form of any size is denied, but nobody claims to have seen it', async () => {
  const { path, form } = await formFile('unseen', '--min-size', '0');
  const { code, stderr } = await waybill('request', '--end', path);
  expect(code).toBe(1);
  expect(stderr).toContain(t('cli.end.untestable', { bucket: practice.bucket }));
  expect(await send(form, 'unseen/1')).toBe('403');
});

test.each(['0', '1'])('a forged form (--min-size %s) changes nothing', async (min) => {
  const { path, form } = await formFile(`genuine${min}`, '--min-size', min);
  const before = await getBucketPolicy(practice.connection, practice.bucket);
  const policy = JSON.parse(Buffer.from(form.fields['policy'] ?? '', 'base64').toString()) as { conditions: unknown[] };
  const conditions = policy.conditions.map((one) =>
    Array.isArray(one) && one[0] === 'starts-with' ? ['starts-with', '$key', 'theirs/'] : one,
  );
  const forged = Buffer.from(JSON.stringify({ ...policy, conditions })).toString('base64');
  const file = await practice.file(
    'forged.json',
    JSON.stringify({ ...form, fields: { ...form.fields, policy: forged } }),
  );
  const { code, stderr } = await waybill('request', '--end', file);
  expect(code).toBe(2);
  expect(stderr).toContain(t('failure.input.form-signature'));
  const elsewhere = await practice.file('elsewhere.json', JSON.stringify({ ...form, action: 'http://127.0.0.1:9/b/' }));
  expect((await waybill('request', '--end', elsewhere)).stderr).toContain(t('failure.input.form-host'));
  expect(await getBucketPolicy(practice.connection, practice.bucket)).toBe(before);
  expect((await waybill('request', '--end', path)).code).toBe(min === '0' ? 1 : 0);
});

test('who may not change the policy is told which right is missing', async () => {
  const { path } = await formFile('kept');
  const { code, stderr } = await poorly('request', '--end', path);
  expect(code).toBe(1);
  expect(stderr).toContain('oss:GetBucketPolicy');
  expect(stderr).toContain(`"Resource":["acs:oss:*:*:${practice.bucket}/kept/*"]`);
});

test('what is no form is not taken for one', async () => {
  const path = await practice.file('other.json', '{"waybill":"share"}');
  const { code, stderr } = await waybill('request', '--end', path);
  expect(code).toBe(2);
  expect(stderr).toContain(t('failure.input.form-file'));
});

test('a page is ended by its file, and says nothing of rules where they fit', async () => {
  await put(pageCorsRule);
  const { stdout, stderr } = await waybill('request', address('paper/'), '--form', 'html');
  expect(stderr).not.toContain('CORS');
  const path = await practice.file('paper.html', stdout);
  const ended = await waybill('request', '--end', path);
  expect(ended.code).toBe(0);
  expect(ended.stderr).toContain(t('cli.end.ended'));
  const another = await waybill('request', address('paper/'), '--form', 'json');
  expect(another).toMatchObject({ code: 2, stdout: '' });
  expect(another.stderr).toContain(t('failure.input.form-ended.next'));
  const again = await waybill('request', '--end', path);
  expect([again.code, again.stdout]).toEqual([0, '']);
  const undone = await waybill('request', '--end', path, '--undo');
  expect(undone.stderr).toMatch(like('cli.end.undone', { bucket: practice.bucket, moment: /\S+/ }));
  const nothing = await waybill('request', '--end', path, '--undo');
  expect(nothing.stderr).toBe(`${t('cli.end.none', { bucket: practice.bucket })}\n`);
  expect((await waybill('request', address('paper/'), '--form', 'html', '--undo')).code).toBe(2);
});
