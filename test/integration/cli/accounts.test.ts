import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'undici';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { KeyDraft } from '../../../main/accounts/account.ts';
import { AccountStore } from '../../../main/accounts/account-store.ts';
import { Accounts } from '../../../main/accounts/accounts.ts';
import { osKeychain } from '../../../main/accounts/keychain.ts';
import { lockProfileOf } from '../../../main/accounts/passphrases/lock-passphrase.ts';
import { createVerifier } from '../../../main/accounts/passphrases/verifier.ts';
import { canary } from '../../support/canaries.ts';
import { expectMoment } from '../../support/moments.ts';
import { t } from '../../support/words.ts';
import { makeDraft, makeSourcedDraft } from '../../unit/accounts/make-account.ts';
import { makeKeyringFolder, type SecretService, startSecretService } from '../accounts/secret-service.ts';
import { makePracticeBucket, noise, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';

const MiB = 1024 ** 2;
const PASSPHRASE = 'right old wheelbarrow';
let practice: PracticeBucket;
let cli: Program;
let keyring: Awaited<ReturnType<typeof makeKeyringFolder>>;
let service: SecretService;
/** The folder of a window's state, and that window's accounts. */
let userData: string;
let accounts: Accounts;
const keychain = osKeychain();

beforeAll(async () => {
  [practice, cli, keyring] = await Promise.all([makePracticeBucket(), builtCli(), makeKeyringFolder()]);
  service = await startSecretService(keyring.path, 'pw');
  Object.assign(process.env, service.environment);
  canary('the secret of the account', practice.server.accessKeySecret);
  await practice.put('there', 'there');
});

beforeEach(async () => {
  userData = await mkdtemp(join(tmpdir(), 'waybill-window-'));
  const store = await AccountStore.open(join(userData, 'accounts.json'));
  accounts = new Accounts({ store, keychain, dispatcher: new Agent(), environment: {} });
  return () => rm(userData, { recursive: true, force: true });
});

afterAll(async () => {
  await practice.close();
  await service.stop();
  await keyring.remove();
});

function environment(): Record<string, string> {
  return { ...service.environment, HOME: userData, WAYBILL_STATE_DIR: join(practice.folder, '.state') };
}

/** Runs a command with no credentials but those of the window. */
function waybill(...args: string[]): Promise<Ended> {
  return runProgram(cli.path, [...args, '--user-data-dir', userData], { env: environment() });
}

function draft(fields: Partial<KeyDraft> = {}): KeyDraft {
  const { endpoint, region, accessKeyId, accessKeySecret } = practice.server;
  return makeDraft({ endpoint, region, accessKeyId, accessKeySecret, name: 'Archive', ...fields });
}

/** Runs a command in a terminal, and types a line at the question for the passphrase. */
async function typing(typed: string, ...args: string[]): Promise<{ code: number; drawn: string }> {
  const words = [process.execPath, cli.path, ...args, '--user-data-dir', userData];
  const command = words.map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', `stty cols 200; ${command}`, '/dev/null'], {
    env: { PATH: process.env['PATH'], TERM: 'xterm', ...environment() },
  });
  let drawn = '';
  let isTyped = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    drawn += text;
    if (isTyped || !drawn.includes(t('cli.account.passphrase'))) return;
    isTyped = true;
    child.stdin.write(typed);
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, drawn };
}

test('the accounts of the window are listed in its order, without their secrets', async () => {
  await accounts.add(draft({ name: 'Zebra' }));
  await accounts.add(draft({ name: 'Archive' }));
  await accounts.add(draft({ name: 'Ärger \u001b[2J' }));
  const listed = await waybill('accounts', '--json');
  expect(listed).toMatchObject({ code: 0, stderr: '' });
  const found = listed.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; name: string });
  expect(found.map(({ id, name }) => [id, name])).toEqual(accounts.list().map(({ id, name }) => [id, name]));
  const shown = await waybill('accounts');
  const names = shown.stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/)[1]);
  expect(names).toEqual(['Zebra', 'Archive', 'Ärger \\u001b[2J']);
});

test('--account signs as an account of the window, by its name or its ID, at its server', async () => {
  const { id } = await accounts.add(draft());
  const before = await readFile(join(userData, 'accounts.json'));
  for (const name of ['Archive', id]) {
    const listed = await waybill('ls', `oss://${practice.bucket}/`, '--account', name, '--json');
    expect(listed).toMatchObject({ code: 0 });
    expect(listed.stdout).toContain('"key":"there"');
  }
  const path = await practice.file('sent', noise(2 * MiB));
  expect(await waybill('put', path, `oss://${practice.bucket}/sent`, '--account', 'Archive')).toMatchObject({
    code: 0,
  });
  expect(await practice.has('sent')).toBe(true);
  expect(await readFile(join(userData, 'accounts.json'))).toEqual(before);
});

test('an account with a role signs with a session of that role', async () => {
  const { roleArn } = practice.server;
  const startedAt = Date.now();
  await accounts.add(
    draft({
      role: { roleArn, sessionName: 'laptop', durationSeconds: 3600 },
      stsEndpoint: practice.server.endpoint,
    }),
  );
  const shared = await waybill(
    'share',
    `oss://${practice.bucket}/there`,
    '--account',
    'Archive',
    '--expires',
    '2h',
    '--json',
  );
  expect(shared).toMatchObject({ code: 0, stderr: `${t('cli.session.link')}\n` });
  const link = JSON.parse(shared.stdout) as { url: string; temporary: boolean; validUntil: string };
  expect(link.temporary).toBe(true);
  expect(link.url).toContain('x-oss-security-token=');
  expectMoment(Date.parse(link.validUntil), startedAt, 3_600_000);
});

test('an account without a secret takes its credentials from its source, behind the same lock', async () => {
  const { endpoint, region, accessKeyId, accessKeySecret } = practice.server;
  const printed = JSON.stringify({ mode: 'AK', access_key_id: accessKeyId, access_key_secret: accessKeySecret });
  const script = join(userData, 'print.mjs');
  await writeFile(script, `console.log(${JSON.stringify(printed)})`);
  const source = { kind: 'process' as const, command: [process.execPath, script] };
  await accounts.add(makeSourcedDraft(source, { endpoint, region, name: 'Printed' }));
  const args = ['ls', `oss://${practice.bucket}/`, '--account', 'Printed'];
  expect(await waybill(...args)).toMatchObject({ code: 0 });
  await setLock(false);
  const ended = await waybill(...args);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(t('cli.account.locked'));
});

test('a name that no account has, or several have, is refused', async () => {
  const [first, second] = [await accounts.add(draft()), await accounts.add(draft())];
  const none = await waybill('ls', 'oss://', '--account', 'Nobody');
  expect(none).toMatchObject({ code: 2, stdout: '' });
  expect(none.stderr).toContain(t('cli.account.unknown', { name: 'Nobody' }));
  const both = await waybill('ls', 'oss://', '--account', 'Archive');
  expect(both).toMatchObject({ code: 2, stdout: '' });
  expect(both.stderr).toContain(t('cli.account.several', { name: 'Archive', ids: `${first.id}, ${second.id}` }));
});

test('a list that is damaged stays where it is, and says which file cannot be read', async () => {
  const path = join(userData, 'accounts.json');
  await writeFile(path, 'damaged');
  const ended = await waybill('ls', 'oss://', '--account', 'Archive');
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toContain(path);
  expect(await readFile(path, 'utf8')).toBe('damaged');
});

test('a copy of the list in another folder is behind the lock of the usual one, too', async () => {
  const { id } = await accounts.add(draft());
  const copy = await mkdtemp(join(tmpdir(), 'waybill-copy-'));
  onTestFinished(() => rm(copy, { recursive: true }));
  const list = await readFile(join(userData, 'accounts.json'), 'utf8');
  await writeFile(join(copy, 'accounts.json'), list);
  await keychain.setText('lock', await createVerifier(PASSPHRASE));
  onTestFinished(() => keychain.delete('lock'));
  const args = ['ls', `oss://${practice.bucket}/`, '--account', 'Archive', '--user-data-dir', copy];
  const usual = join(copy, 'config', 'Waybill');
  const from = () => runProgram(cli.path, args, { env: { ...environment(), XDG_CONFIG_HOME: join(copy, 'config') } });
  // Anyone who chose the folder may also have hidden the usual one.
  expect(await from()).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining(t('cli.account.locked')) as string,
  });
  await mkdir(usual, { recursive: true });
  await writeFile(join(usual, 'accounts.json'), list);
  expect(await from()).toMatchObject({ code: 2, stdout: '' });
  await writeFile(join(usual, 'accounts.json'), list.replaceAll(id, randomUUID()));
  expect(await from()).toMatchObject({ code: 0 });
});

/** Sets up the window's lock; where the settings are lost, the keychain alone knows of it. */
async function setLock(inSettings: boolean): Promise<void> {
  await keychain.setText(`lock${lockProfileOf(userData)}`, await createVerifier(PASSPHRASE));
  if (inSettings) await writeFile(join(userData, 'settings.json'), '{"version":2,"lockAfterMinutes":15}');
}

test.each([true, false])(
  'a locked window lends no account without its passphrase (settings: %s)',
  async (inSettings) => {
    await accounts.add(draft());
    await setLock(inSettings);
    const ended = await waybill('ls', `oss://${practice.bucket}/`, '--account', 'Archive');
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(t('cli.account.locked'));
    const piped = await runProgram(cli.path, ['ls', 'oss://', '--account', 'Archive', '--user-data-dir', userData], {
      env: { ...environment(), WAYBILL_PASSPHRASE: PASSPHRASE },
      stdin: `${PASSPHRASE}\n`,
    });
    expect(piped).toMatchObject({ code: 2, stdout: '' });
    expect(await waybill('accounts')).toMatchObject({ code: 0 });
  },
);

test('the passphrase typed at a terminal lends it, unseen; a wrong one does not, and counts', async () => {
  await accounts.add(draft());
  await setLock(true);
  const args = ['ls', `oss://${practice.bucket}/`, '--account', 'Archive'];
  const wrong = await typing('something else\n', ...args);
  expect(wrong.code).toBe(2);
  expect(wrong.drawn).toContain(t('failure.input.lock-passphrase'));
  const attempts = `lock-attempts${lockProfileOf(userData)}`;
  expect(await keychain.getText(attempts)).toBe('1');
  const right = await typing(`${PASSPHRASE}\n`, ...args);
  expect(right.code).toBe(0);
  expect(right.drawn).toContain('there');
  expect(right.drawn).not.toContain('wheelbarrow');
  expect(await keychain.getText(attempts)).toBeNull();
  await keychain.setText(attempts, '4');
  const late = await typing(`${PASSPHRASE}\n`, ...args);
  expect(late.code).toBe(0);
  expect(late.drawn).toContain(t('cli.account.wait', { seconds: 2 }));
  expect((await typing('\u0003', ...args)).code).toBe(130);
});

test('a settings file that says locked, without a passphrase in the keychain, opens nothing', async () => {
  await accounts.add(draft());
  await mkdir(userData, { recursive: true });
  await writeFile(join(userData, 'settings.json'), '{"version":2,"lockAfterMinutes":15}');
  const ended = await typing('anything at all\n', 'ls', 'oss://', '--account', 'Archive');
  expect(ended.code).toBe(2);
  expect(ended.drawn).toContain(t('failure.input.lock-passphrase'));
});

test('a process that uses an account holds no secret in its arguments or its environment', async () => {
  await accounts.add(draft());
  const path = await practice.file('watched', noise(4 * MiB));
  const args = ['put', path, `oss://${practice.bucket}/watched`, '--account', 'Archive', '--limit', '2M'];
  const child = spawn(process.execPath, [cli.path, ...args, '--user-data-dir', userData], {
    env: { PATH: process.env['PATH'], ...environment() },
  });
  await once(child, 'spawn');
  const seen = await Promise.all(
    ['cmdline', 'environ'].map((name) => readFile(`/proc/${String(child.pid)}/${name}`, 'utf8')),
  );
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(0);
  expect(seen.join('')).toContain('--account');
  expect(seen.join('')).not.toContain(practice.server.accessKeySecret);
});

test('a keychain that is locked, or that isn’t there, gives nothing, and words say what to do', async () => {
  await accounts.add(draft());
  const source = { kind: 'process' as const, command: [process.execPath, '--version'] };
  await accounts.add(makeSourcedDraft(source, { name: 'Printed' }));
  await setLock(false);
  const args = ['ls', 'oss://', '--account', 'Archive', '--user-data-dir', userData];
  const locked = await startSecretService(keyring.path, 'another password');
  const hidden = await runProgram(cli.path, args, { env: { ...environment(), ...locked.environment } });
  // Whether the window has a lock isn't known here, so that not even a program is run.
  const sourced = await runProgram(cli.path, args.with(3, 'Printed'), {
    env: { ...environment(), ...locked.environment },
  });
  await locked.stop();
  expect(sourced).toMatchObject({ code: 1, stdout: '' });
  expect(sourced.stderr).toContain(t('failure.keychain.locked.title'));
  expect(hidden).toMatchObject({ code: 1, stdout: '' });
  expect(hidden.stderr).toContain(t('cli.next.cause.missing'));
  const nowhere = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent', XDG_RUNTIME_DIR: userData };
  const absent = await runProgram(cli.path, args, { env: { ...environment(), ...nowhere } });
  expect(absent).toMatchObject({ code: 1, stdout: '' });
  expect(absent.stderr).toContain(t('cli.next.keychain.absent'));
});
