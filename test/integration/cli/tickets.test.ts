// Tickets on the command line: printed by one who has an account, used by one who has none, and killed in between.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  digest,
  digestOf,
  makeBucket,
  makePracticeBucket,
  noise,
  type PracticeBucket,
} from '../transfers/practice-bucket.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';
import { environmentOf, notesIn } from './practice-cli.ts';
import { like, t } from '../../support/words.ts';

const MiB = 1024 ** 2;
let practice: PracticeBucket;
let cli: Program;
let state: string;

beforeAll(async () => {
  [practice, cli] = await Promise.all([makePracticeBucket(), builtCli()]);
});
beforeEach(() => {
  state = join(practice.folder, `.state-${crypto.randomUUID()}`);
});
afterEach(() => practice.server.faults.clear());
afterAll(() => practice.close());

/** Runs a command as the owner, who has an account. */
const owner = (...args: string[]): Promise<Ended> =>
  runProgram(cli.path, args, { env: environmentOf(practice, state) });

/** Runs a command as somebody who has nothing but the ticket. */
const somebody = (args: readonly string[], stdin?: string): Promise<Ended> =>
  runProgram(cli.path, args, { env: { WAYBILL_STATE_DIR: state }, ...(stdin === undefined ? {} : { stdin }) });

/** Has a ticket printed into a file. */
async function ticketFor(key: string, ...options: string[]): Promise<string> {
  const address = `oss://${practice.bucket}/${key}`;
  const { code, stdout } = await owner('request', address, '--ticket', '--size', '70M', '--expires', '7d', ...options);
  expect(code).toBe(0);
  return practice.file(`${key}.ticket`, stdout);
}

/** Changes what a file says. */
async function edit(path: string, change: (text: string) => string): Promise<void> {
  await writeFile(path, change(await readFile(path, 'utf8')));
}

/** Starts a command, and kills it once this many parts are noted. */
async function killAfter(parts: number, args: readonly string[]): Promise<void> {
  const env = { PATH: process.env['PATH'], WAYBILL_STATE_DIR: state };
  const child = spawn(process.execPath, [cli.path, ...args], { env, stdio: 'ignore' });
  const gone = once(child, 'exit');
  await expect
    .poll(async () => (await notesIn(state)).split('"type":"part"').length - 1, { timeout: 30_000 })
    .toBeGreaterThanOrEqual(parts);
  child.kill('SIGKILL');
  await gone;
}

test('a ticket goes to stdout alone, and a file through it arrives', async () => {
  const { stdout, stderr } = await owner(
    'request',
    `oss://${practice.bucket}/a.bin`,
    '--ticket',
    '--size',
    '70M',
    '--note',
    'cut 2',
  );
  expect(JSON.parse(stdout)).toMatchObject({ waybill: 'upload-ticket', key: 'a.bin', parts: 5, note: 'cut 2' });
  expect(stderr).toMatch(like('cli.ticket.made', { size: '70 MB', count: 5, partSize: '16 MB' }));
  expect(stderr).toMatch(like('cli.ticket.key', { id: practice.server.accessKeyId }));
  const bytes = noise(70 * MiB);
  const path = await practice.file('a.bin', bytes);
  const sent = await somebody(['send', path, '-', '--json'], stdout);
  expect(sent).toMatchObject({ code: 0 });
  expect(sent.stderr).toContain('a.bin');
  expect(JSON.parse(sent.stdout)).toMatchObject({ key: 'a.bin', verified: 'crc64' });
  expect(digest(await practice.read('a.bin'))).toBe(digest(bytes));
});

test('killed twice on the way, it goes on; no signature is written down', async () => {
  const ticket = await ticketFor('twice.bin');
  const bytes = noise(70 * MiB);
  const path = await practice.file('twice.bin', bytes);
  const slowly = ['send', path, ticket, '--connections', '1', '--limit', '40M'];
  await killAfter(1, slowly);
  await killAfter(3, slowly);
  expect(await notesIn(state)).not.toMatch(/x-oss-signature|https?:/);
  practice.server.faults.add({
    match: { operation: 'UploadPart' },
    skip: 2,
    effect: { kind: 'error', status: 400, code: 'OneTooMany' },
  });
  const done = await somebody(['send', path, ticket]);
  expect(done).toMatchObject({ code: 0 });
  expect(done.stderr).toMatch(like('cli.resumed', { size: /\d+ MB/ }));
  expect(digest(await practice.read('twice.bin'))).toBe(digest(bytes));
});

/** Changes what is noted of a command that was killed. */
async function editJournal(change: (text: string) => string): Promise<void> {
  for (const name of await readdir(state)) await edit(join(state, name), change);
}

test.each<[string, (text: string) => string, string]>([
  [
    'is damaged',
    (text) => text.replace(/^.*"type":"part".*$/m, '{"type":"part"'),
    t('trouble.damaged.title', { file: 'transfers' }),
  ],
  [
    'is of another ticket',
    (text) => text.replaceAll('"key":"noted', '"key":"other'),
    t('cli.resume.foreign', { command: 'send' }),
  ],
  [
    'names another file',
    (text) => text.replaceAll(/"path":"[^"]*"/g, '"path":"/etc/hostname"'),
    t('cli.resume.foreign', { command: 'send' }),
  ],
])('noted progress that %s is refused with words, and the file arrives', async (_, change, words) => {
  const key = `noted-${crypto.randomUUID()}.bin`;
  const ticket = await ticketFor(key);
  const bytes = noise(50 * MiB);
  const path = await practice.file('noted.bin', bytes);
  await killAfter(1, ['send', path, ticket, '--connections', '1', '--limit', '40M']);
  await editJournal(change);
  const done = await somebody(['send', path, ticket]);
  expect(done).toMatchObject({ code: 0, stdout: `sent ${key}\n` });
  expect(done.stderr).toContain(words);
  expect(digest(await practice.read(key))).toBe(digest(bytes));
});

test('a file that changed after a kill is said to have', async () => {
  const ticket = await ticketFor('changed.bin');
  const path = await practice.file('changed.bin', noise(50 * MiB));
  await killAfter(1, ['send', path, ticket, '--connections', '1', '--limit', '40M']);
  await appendFile(path, 'more');
  const done = await somebody(['send', path, ticket]);
  expect(done).toMatchObject({ code: 0 });
  expect(done.stderr).toContain(t('cli.ticket.file-changed', { path }));
  expect(digest(await practice.read('changed.bin'))).toBe(await digestOf(path));
});

test('a new ticket for the same upload goes on where a killed one stopped', async () => {
  const ticket = await ticketFor('renewed.bin');
  const bytes = noise(50 * MiB);
  const path = await practice.file('renewed.bin', bytes);
  await killAfter(1, ['send', path, ticket, '--connections', '1', '--limit', '40M']);
  const renewed = await owner('request', '--renew', ticket, '--expires', '2h');
  expect(renewed).toMatchObject({ code: 0 });
  await writeFile(ticket, renewed.stdout);
  const done = await somebody(['send', path, ticket]);
  expect(done).toMatchObject({ code: 0 });
  expect(done.stderr).toMatch(like('cli.resumed', { size: /\d+ MB/ }));
  expect(digest(await practice.read('renewed.bin'))).toBe(digest(bytes));
});

test('a renewed ticket allows no more than its owner says, whatever was written into the file', async () => {
  const ticket = await ticketFor('edited.bin', '--allow-overwrite');
  const renewed = await owner('request', '--renew', ticket);
  expect(renewed.code).toBe(0);
  expect(JSON.parse(renewed.stdout)).toMatchObject({ completeHeaders: { 'x-oss-forbid-overwrite': 'true' } });
  expect(renewed.stderr).toContain(t('cli.ticket.renew.keeps'));
  expect(renewed.stderr).toContain(t('cli.ticket.renew.size', { size: '70 MB' }));
  const allowed = await owner('request', '--renew', ticket, '--allow-overwrite', '--size', '70M');
  expect(JSON.parse(allowed.stdout)).toMatchObject({ completeHeaders: {} });
  expect(allowed.stderr).not.toContain(t('cli.ticket.renew.size', { size: '70 MB' }));

  for (const option of ['--content-type', '--tag', '--storage-class']) {
    const value = option === '--tag' ? 'a=b' : option === '--content-type' ? 'text/plain' : 'IA';
    const changed = await owner('request', '--renew', ticket, option, value);
    expect(changed).toMatchObject({ code: 2, stdout: '' });
    expect(changed.stderr).toContain(t('cli.incompatible', { option, other: '--renew' }));
  }

  await edit(ticket, (text) => text.replace(/"sizeBytes": \d+/, `"sizeBytes": ${String(80 * MiB)}`));
  const larger = await owner('request', '--renew', ticket, '--size', '70M');
  expect(larger).toMatchObject({ code: 2, stdout: '' });
  expect(larger.stderr).toContain(t('cli.ticket.renew.other-size', { size: '80 MB' }));

  await edit(ticket, (text) =>
    text
      .replace(/"sizeBytes": \d+/, `"sizeBytes": ${String(70 * MiB)}`)
      .replace(/"partSizeBytes": \d+/, `"partSizeBytes": ${String(15 * MiB)}`),
  );
  const others = await owner('request', '--renew', ticket, '--size', '70M');
  expect(others).toMatchObject({ code: 2, stdout: '' });
  expect(others.stderr).toContain(t('failure.input.ticket-claims'));
});

test('that versioning undoes the rule against replacing is said, where there is such a rule', async () => {
  const bucket = 'waybill-versioned';
  await makeBucket(practice.connection, bucket, true);
  const request = ['request', `oss://${bucket}/v.bin`, '--ticket', '--size', '70M'];
  const words = t('cli.ticket.versions', { bucket, key: 'v.bin' });
  const made = await owner(...request);
  expect(made.stderr).toContain(words);
  const path = await practice.file('v.ticket', made.stdout);
  expect((await owner('request', '--renew', path)).stderr).toContain(words);
  expect((await owner(...request, '--allow-overwrite')).stderr).not.toContain(words);
  expect((await owner('request', `oss://${practice.bucket}/v.bin`, ...request.slice(2))).stderr).not.toContain(
    t('cli.ticket.versions', { bucket: practice.bucket, key: 'v.bin' }),
  );
});

test('the owner sees how far it is, ends it, and the ticket is refused from then on', async () => {
  const ticket = await ticketFor('ended.bin');
  const path = await practice.file('ended.bin', noise(50 * MiB));
  await killAfter(1, ['send', path, ticket, '--connections', '1', '--limit', '40M']);
  const open = await owner('request', '--check', ticket, '--json');
  expect([open.code, JSON.parse(open.stdout)]).toMatchObject([1, { state: 'open' }]);
  const ended = await owner('request', '--end', ticket);
  expect(ended.code).toBe(0);
  expect(ended.stderr).toContain(t('cli.ticket.ended'));
  const refused = await somebody(['send', path, ticket]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(t('failure.cause.no-such-upload.title.link'));
  expect((await owner('request', '--check', ticket)).stdout).toBe('ended\n');
  expect((await owner('request', '--end', ticket)).stderr).toContain(t('cli.ticket.was-over'));
});

test('a lost answer to the last step is said honestly, and the owner can see that the file is there', async () => {
  const ticket = await ticketFor('lost.bin');
  const match = { operation: 'CompleteMultipartUpload' };
  practice.server.faults.add({ match, times: 1, effect: { kind: 'reset', at: 'after-work' } });
  const sent = await somebody(['send', await practice.file('lost.bin', noise(10)), ticket]);
  expect(sent).toMatchObject({ code: 1, stdout: '' });
  expect(sent.stderr).toContain(t('cli.unconfirmed.ticket'));
  expect(await owner('request', '--check', ticket)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^stored /) as string,
  });
});

test('killed before its last step, and ended by the owner: a rerun does not claim that the file was sent', async () => {
  const ticket = await ticketFor('between.bin');
  const path = await practice.file('between.bin', noise(20 * MiB));
  const match = { operation: 'CompleteMultipartUpload' };
  practice.server.faults.add({ match, effect: { kind: 'error', status: 503, code: 'ServiceUnavailable' } });
  await killAfter(2, ['send', path, ticket]);
  expect((await owner('request', '--end', ticket)).stderr).toContain(t('cli.ticket.ended'));
  const before = state;
  for (const [option, stdout] of [
    ['--json', expect.stringContaining('"verified":"unconfirmed"') as string],
    ['--quiet', ''],
    ['--connections=2', ''],
  ] as const) {
    state = before + option;
    await cp(before, state, { recursive: true });
    const again = await somebody(['send', path, ticket, option]);
    expect(again).toMatchObject({ code: 1, stdout });
    expect(again.stderr).toContain(t('cli.unconfirmed.ticket'));
  }
});

test('an object that is older than the ticket is not taken for its file', async () => {
  await practice.put('older.bin', 'older');
  const ticket = await ticketFor('older.bin', '--allow-overwrite');
  expect((await owner('request', '--end', ticket)).code).toBe(0);
  const text = await readFile(ticket, 'utf8');
  await writeFile(ticket, JSON.stringify({ ...(JSON.parse(text) as object), madeAt: '2099-01-01T00:00:00.000Z' }));
  const check = await owner('request', '--check', ticket, '--json');
  expect([check.code, JSON.parse(check.stdout)]).toMatchObject([1, { state: 'stored', older: true }]);
});

test('what no ticket can do is refused, each with its own words', async () => {
  const ticket = await ticketFor('wrong.bin');
  const large = await practice.file('large.bin', noise(70 * MiB + 1));
  const tooLarge = await somebody(['send', large, ticket]);
  expect(tooLarge.code).toBe(2);
  expect(tooLarge.stderr).toContain(t('failure.input.ticket-too-small'));
  const text = await readFile(ticket, 'utf8');
  const damaged = await somebody(['send', large, '-'], text.slice(0, 1000));
  expect(damaged.code).toBe(2);
  expect(damaged.stderr).toContain(t('failure.input.ticket-damaged'));
  const elsewhere = await somebody(['send', large, '-'], text.replaceAll('http://127.0.0.1', 'http://192.0.2.1'));
  expect(elsewhere.code).toBe(2);
  expect(elsewhere.stderr).toContain(t('failure.input.ticket-https'));
  const header = await somebody(['send', large, ticket, '--header', 'content-type: a/b']);
  expect(header.code).toBe(2);
});

test.each([
  ['without a size', ['--ticket']],
  ['for a folder', ['--ticket', '--size', '1G'], 'in/'],
  ['with slots', ['--ticket', '--size', '1G', '--slots', '2']],
  ['with a size alone', ['--size', '1G']],
])('request %s is a usage error', async (_, options, key = 'a.bin') => {
  expect((await owner('request', `oss://${practice.bucket}/${key}`, ...options)).code).toBe(2);
});
