import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { resolveSource } from '../../../../main/accounts/sources/resolve.ts';
import { runProgram } from '../../../../main/accounts/sources/run-program.ts';
import { sourceCredentials } from '../../../../main/accounts/sources/source-credentials.ts';
import { toFailure } from '../../../../main/failure.ts';
import { makeSourceContext } from '../../../unit/accounts/sources/source-context.ts';

const minute = 60_000;
const printed = {
  mode: 'StsToken',
  access_key_id: 'STS.p',
  access_key_secret: 'printed-secret',
  sts_token: 'CAISprinted',
};

/** A program written in JavaScript. */
const program = (code: string, ...args: string[]) =>
  ({ kind: 'process', command: [process.execPath, '-e', code, '--', ...args] }) as const;
const print = (value: unknown) => `console.log(${JSON.stringify(JSON.stringify(value))})`;

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

describe('a program that prints credentials', () => {
  test('is run with its arguments as they are, by no shell', async () => {
    const { context } = await makeSourceContext();
    const argument = '$(id) `id` ; exit 3 | "x" \'y\' *';
    const code = `console.log(JSON.stringify({ ...${JSON.stringify(printed)}, access_key_id: Buffer.from(process.argv[1]).toString('hex') }))`;
    const { accessKey } = await resolveSource(program(code, argument), context);
    expect(Buffer.from(accessKey.accessKeyId, 'hex').toString()).toBe(argument);
  });

  test('may print a pair, a session, or a session with its end', async () => {
    const { context, time } = await makeSourceContext();
    const pair = { access_key_id: 'LTAI', access_key_secret: 's' };
    const expiration = new Date(time.now + minute).toISOString();
    const ends = async (value: object) => (await resolveSource(program(print(value)), context)).validUntil;
    expect(await ends(pair)).toBeNull();
    expect(await ends({ ...pair, sts_token: '', expiration: '' })).toBeNull();
    expect(await ends(printed)).toBe('unknown');
    expect(await ends({ ...printed, expiration })).toBe(time.now + minute);
  });

  test('is run again before its credentials expire, and every few minutes if it doesn’t say when', async () => {
    const { context, time, home } = await makeSourceContext();
    const counter = join(home, 'runs');
    const code = (expiration: string) =>
      `require('node:fs').appendFileSync(${JSON.stringify(counter)}, '1'); ${print({ ...printed, expiration })}`;
    const runs = async () => (await readFile(counter, 'utf8').catch(() => '')).length;
    const dated = sourceCredentials(program(code(new Date(time.now + 60 * minute).toISOString())), context);
    await Promise.all([dated.session(), dated.session()]);
    time.now += 40 * minute;
    await dated.session();
    expect(await runs()).toBe(1);
    time.now += 9 * minute;
    await dated.session();
    expect(await runs()).toBe(2);
    const undated = sourceCredentials(program(code('')), context);
    await undated.session();
    time.now += 5 * minute;
    await undated.session();
    expect(await runs()).toBe(4);
  });

  test('gets neither a key nor a passphrase of ours, but the rest of the environment', async () => {
    const environment = {
      ...{ OSS_ACCESS_KEY_SECRET: 'a', OSS_SESSION_TOKEN: 'b', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'c' },
      ...{
        ALIBABA_CLOUD_SECURITY_TOKEN: 'd',
        WAYBILL_PASSPHRASE: 'e',
        Oss_Access_Key_Secret: 'f',
        VAULT_ADDR: 'https://vault.example',
      },
    };
    const { context } = await makeSourceContext({}, environment);
    const code = `console.log(JSON.stringify({ access_key_id: Object.keys(process.env).sort().join(), access_key_secret: 's' }))`;
    expect((await resolveSource(program(code), context)).accessKey.accessKeyId).toBe('VAULT_ADDR');
  });

  test.each([
    ['source-malformed', 'console.log("printed-secret, but no JSON")'],
    ['source-malformed', print({ ...printed, access_key_secret: '' })],
    ['source-malformed', print({ ...printed, sts_token: 'a b' })],
    ['source-malformed', print({ ...printed, sts_token: '' })],
    ['source-malformed', `process.stdout.write('printed-secret'.repeat(50_000))`],
    ['source-malformed', `setInterval(() => process.stdout.write('printed-secret'.repeat(100)), 0)`],
    ['source-refused', `${print(printed)}; console.error('printed-secret'); process.exitCode = 3`],
    ['source-refused', `process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)`],
    ['source-expired', print({ ...printed, expiration: '2026-11-30T11:59:59Z' })],
  ])('%s: %s', async (cause, code) => {
    const { context } = await makeSourceContext();
    const error = await errorOf(resolveSource(program(code), context));
    expect(toFailure(error)).toMatchObject({ kind: 'credentials', cause, source: { kind: 'process', name: 'node' } });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('printed-secret');
  });

  test.each([
    ['nowhere', '/nowhere/tool'],
    ['a file that no program is', '/etc/passwd'],
    ['below a file', '/etc/passwd/tool'],
    ['a name that is too long', `/${'n'.repeat(5000)}`],
    ['a name with a NUL in it', '/bin/printed-secret\0'],
  ])('can’t be %s', async (_, path) => {
    const { context } = await makeSourceContext();
    const error = await errorOf(resolveSource({ kind: 'process', command: [path] }, context));
    expect(toFailure(error)).toMatchObject({ cause: 'source-missing', source: { kind: 'process' } });
    expect(error).not.toHaveProperty('cause');
  });

  test('is told where its command is too long for the system', async () => {
    const { context } = await makeSourceContext();
    const error = await errorOf(resolveSource(program('', 'a'.repeat(4_000_000)), context));
    expect(toFailure(error)).toMatchObject({ cause: 'source-missing', code: 'E2BIG' });
  });

  test('is killed after its time, and with the command, even if what it has started stays', async () => {
    const { context, home } = await makeSourceContext({}, { PATH: process.env['PATH'] ?? '' });
    const pidFile = join(home, 'pid');
    const code = `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => {}, 1000)`;
    const pid = async () => Number(await readFile(pidFile, 'utf8').catch(() => ''));
    const isRunning = async () => {
      try {
        return process.kill(await pid(), 0);
      } catch {
        return false;
      }
    };
    expect(toFailure(await errorOf(runProgram(program(code), { ...context, timeoutMs: 300 })))).toMatchObject({
      cause: 'source-silent',
    });
    await expect.poll(isRunning).toBe(false);
    const ended = new AbortController();
    const work = errorOf(resolveSource(program(code), { ...context, signal: ended.signal }));
    await expect.poll(isRunning).toBe(true);
    ended.abort();
    expect(toFailure(await work)).toEqual({ kind: 'cancelled' });
    await expect.poll(isRunning).toBe(false);
  });

  test('can be forbidden by a variable', async () => {
    const { context } = await makeSourceContext({}, { ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS: 'true' });
    const error = await errorOf(resolveSource(program(print(printed)), context));
    expect(toFailure(error)).toMatchObject({
      cause: 'source-unusable',
      code: 'ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS',
    });
  });
});
