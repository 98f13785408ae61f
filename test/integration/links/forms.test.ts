import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { requestCommand } from '../../../main/cli/commands/links/request.ts';
import { failureMessage } from '../../../main/cli/terminal/failure-message.ts';
import { WaybillError } from '../../../main/failure.ts';
import { getObjectAcl } from '../../../main/oss/operations/acl.ts';
import { headObject } from '../../../main/oss/operations/objects.ts';
import { t } from '../../support/words.ts';
import { expectMoment } from '../../support/moments.ts';
import { longRole, makeDesk } from './desk.ts';

const shell = promisify(execFile);
const bucket = 'waybill-inbox';
const HOUR_MS = 3_600_000;

let desk: Awaited<ReturnType<typeof makeDesk>>;
let accountId: string;
let folders = 0;

beforeAll(async () => {
  desk = await makeDesk();
  accountId = await desk.addOwner();
});

afterEach(() => {
  desk.time.ahead = 0;
});

afterAll(() => desk.close());

/** A folder in the bucket for one test. */
function newPrefix(): string {
  folders += 1;
  return `handed in ${folders}/`;
}

async function request(address: string, args: readonly string[]) {
  const answers: string[] = [];
  const said: string[] = [];
  const { accessKeyId, accessKeySecret, endpoint, region } = desk.run.server;
  const env = {
    ...{ OSS_ACCESS_KEY_ID: accessKeyId, OSS_ACCESS_KEY_SECRET: accessKeySecret },
    ...{ OSS_ENDPOINT: endpoint, OSS_REGION: region, WAYBILL_STATE_DIR: join(desk.folder, 'state') },
  };
  const out = {
    answer: (line: string) => Promise.resolve(void answers.push(line)),
    bytes: () => Promise.resolve(),
    say: (line: string) => void said.push(line),
    terminal: null,
    ask: null,
  };
  const context = { env, out, dispatcher: desk.run.dispatcher, signal: new AbortController().signal };
  const code = await requestCommand.run([address, ...args], context);
  expect(code).toBe(0);
  return { text: answers.join('\n'), said };
}

async function curlLine(prefix: string, args: readonly string[]): Promise<string> {
  return (await request(`oss://${bucket}/${prefix}`, ['--form', 'curl', ...args])).text;
}

/** The value of a field of the line, as a shell reads it. */
async function fieldOf(line: string, name: string, program = 'sh'): Promise<string> {
  const script = line.replace(/^curl /, 'printf "%s\\n" ');
  const { stdout } = await shell(program, ['-c', script]);
  const found = stdout.split('\n').find((word) => word.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? '';
}

/** Runs the line as a person would who has put the name of a file in it. */
async function send(line: string, content: string, name = 'mine.bin') {
  await writeFile(join(desk.folder, name), content);
  const result = await shell('sh', ['-c', line.replace('@FILE', `@${name}`)], { cwd: desk.folder }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: unknown) => error as { code: number; stdout: string },
  );
  const text = (element: string) => new RegExp(`<${element}>([^<]*)<`).exec(result.stdout)?.[1];
  return result.code === 0 ? 'sent' : [text('Code'), text('EC')];
}

async function stored(key: string) {
  return headObject(await desk.accounts.connection(accountId, bucket), { bucket, key });
}

const kinds: readonly [string, readonly string[]][] = [
  ['V4', []],
  ['V1', ['--sign-version', 'v1']],
  ['a session of a role', ['--role-arn', longRole]],
  ['a session of a role and V1', ['--role-arn', longRole, '--sign-version', 'v1']],
];

function roleArgs(args: readonly string[]): readonly string[] {
  return args.includes('--role-arn') ? [...args, '--sts-endpoint', `http://${desk.run.server.stsEndpoint}`] : args;
}

describe.each(kinds)('a curl line signed with %s', (_, identity) => {
  const line = (prefix: string, args: readonly string[]) => curlLine(prefix, [...args, ...roleArgs(identity)]);

  test('is one line without quotes that uploads one file, once', async () => {
    const prefix = newPrefix();
    const text = await line(prefix, ['--types', 'image/png,image/jpeg', '--tag', 'team=a b', '--storage-class', 'ia']);
    expect(text.split('\n')).toHaveLength(1);
    expect(text).not.toMatch(/['"`]/);
    expect(text.split(' ')).toContain('file=@FILE');
    expect(await send(text, 'content')).toBe('sent');
    const key = await fieldOf(text, 'key');
    expect(key.startsWith(prefix)).toBe(true);
    const { httpHeaders, storageClass, sizeBytes } = await stored(key);
    expect({ type: httpHeaders['content-type'], disposition: httpHeaders['content-disposition'] }).toEqual({
      ...{ type: 'image/png', disposition: 'attachment' },
    });
    expect({ storageClass, sizeBytes }).toEqual({ storageClass: 'IA', sizeBytes: 7 });
    const connection = await desk.accounts.connection(accountId, bucket);
    expect(await getObjectAcl(connection, { bucket, key })).toBe('private');
    expect(await send(text, 'other')).toEqual(['FileAlreadyExists', expect.any(String)]);
  });

  test('is refused for everything that the form doesn’t allow', async () => {
    const text = await line(newPrefix(), ['--max-size', '1K', '--min-size', '2', '--types', 'image/png']);
    const refused = async (from: string, to: string) => {
      expect(text).toContain(from);
      return send(text.replace(from, to), 'content');
    };
    expect(await send(text, 'x'.repeat(1025))).toEqual(['EntityTooLarge', '0006-00000003']);
    expect(await send(text, 'x')).toEqual(['EntityTooSmall', '0006-00000004']);
    expect(await refused('x-oss-content-type=image/png', 'x-oss-content-type=text/html')).toEqual([
      ...['AccessDenied', '0006-00000227'],
    ]);
    expect(await refused('--form-string x-oss-content-type=image/png', '')).toEqual(['AccessDenied', '0006-00000226']);
    expect(await refused('key=handed', 'key=elsewhere/handed')).toEqual(['AccessDenied', '0006-00000227']);
    expect(await refused('x-oss-object-acl=private', 'x-oss-object-acl=public-read')).toEqual([
      ...['AccessDenied', '0006-00000227'],
    ]);
    expect(await refused('--form-string x-oss-object-acl=private', '')).toEqual(['AccessDenied', '0006-00000226']);
    expect(await refused('Disposition=attachment', 'Disposition=inline')).toEqual(['AccessDenied', '0006-00000227']);
    expect(await refused('--form-string x-oss-forbid-overwrite=true', '')).toEqual(['AccessDenied', '0006-00000226']);
    // Nothing of that was stored: the line still works.
    expect(await send(text, 'x'.repeat(1024))).toBe('sent');
  });

  test('is refused after its end', async () => {
    const text = await line(newPrefix(), ['--expires', '2h']);
    desk.time.ahead = 2 * HOUR_MS + 5000;
    expect(await send(text, 'content')).toEqual(
      identity.includes('--role-arn') ? ['SecurityTokenExpired', undefined] : ['AccessDenied', '0006-00000213'],
    );
  });

  test('fills its slots and nothing else', async () => {
    const prefix = newPrefix();
    const text = await line(prefix, ['--names', 'a,b']);
    expect(await fieldOf(text, 'key')).toBe(`${prefix}a`);
    expect(await send(text, 'one')).toBe('sent');
    const other = (name: string) => text.replace('/a --form', `/${name} --form`);
    expect(await send(other('b'), 'two')).toBe('sent');
    expect(await send(other('b'), 'three')).toEqual(['FileAlreadyExists', expect.any(String)]);
    expect(await send(other('c'), 'four')).toEqual(['AccessDenied', '0006-00000227']);
  });
});

test('a session without the right to set ACLs keeps files from being made public', async () => {
  const args = roleArgs(['--acl', 'none', '--inline', '--role-arn', longRole]);
  const line = await curlLine(newPrefix(), args);
  const made = line.replace('-F file', '--form-string x-oss-object-acl=public-read -F file');
  expect(await send(made, 'content')).toEqual(['AccessDenied', expect.any(String)]);
  expect(await send(line, 'content')).toBe('sent');
  const { httpHeaders } = await stored(await fieldOf(line, 'key'));
  expect(httpHeaders['content-disposition']).toBeUndefined();
});

test('names that mean something to a shell arrive as they are', async () => {
  const names = [
    ...[
      'a b;c',
      '$(id)',
      '`id`',
      "it's",
      'say "x"',
      '~root',
      'a{b}c',
      '@x',
      '<x',
      'x>y&z|',
      '*?[a]',
      '#1',
      '!!',
      '50%',
    ],
    ...['täßt 名前 😀', 'back\u00a0space', '-n', '=', 'a=b', '^c'],
  ];
  for (const name of names) {
    const prefix = `${newPrefix()}${name}/`;
    const line = await curlLine(prefix, [`--names=${name}`, '--tag', 'note=a+b c']);
    for (const program of ['sh', 'bash']) expect(await fieldOf(line, 'key', program)).toBe(prefix + name);
    expect(await send(line, name)).toBe('sent');
    expect((await stored(prefix + name)).sizeBytes).toBe(Buffer.byteLength(name));
  }
});

test('a form as JSON holds what a program sends', async () => {
  const startedAt = Date.now();
  const prefix = newPrefix();
  const { text } = await request(`oss://${bucket}/${prefix}`, [
    ...['--form', 'json', '--max-size', '2G', '--types', 'text/plain', '--note', 'Reports, please', '--expires', '7d'],
  ]);
  const form = JSON.parse(text) as Record<string, unknown> & { action: string; fields: Record<string, string> };
  expect(form).toMatchObject({
    ...{ method: 'POST', enctype: 'multipart/form-data', fileField: 'file', bucket, prefix },
    ...{ minBytes: 1, maxBytes: 2 * 1024 ** 3, types: ['text/plain'], forbidsOverwrite: true, signedBy: 'key' },
    ...{ note: 'Reports, please' },
  });
  expectMoment(Date.parse(String(form['validUntil'])), startedAt, 7 * 24 * HOUR_MS);
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  body.append('file', new Blob(['report']), 'report.txt');
  const reply = await fetch(form.action, { method: 'POST', body });
  expect(reply.status).toBe(200);
  expect((await stored(form.fields['key'] ?? '')).sizeBytes).toBe(6);
});

test('with --json it is one line', async () => {
  const prefix = newPrefix();
  const { text } = await request(`oss://${bucket}/${prefix}`, ['--form', 'json', '--slots', '3', '--json']);
  expect(text.split('\n')).toHaveLength(1);
  expect(JSON.parse(text)).toMatchObject({ keys: ['1', '2', '3'].map((name) => prefix + name) });
});

describe('says on stderr', () => {
  const moment = (line: string | undefined) => Date.parse(/\d{4}-[^ ]+Z/.exec(line ?? '')?.[0] ?? '');

  test('that the account’s key signs, what a prefix allows, and when the form expires', async () => {
    const startedAt = Date.now();
    const { said, text } = await request(`oss://${bucket}/${newPrefix()}`, ['--form', 'json', '--expires', '90']);
    const { fields } = JSON.parse(text) as { fields: Record<string, string> };
    expect(said.slice(0, 2)).toEqual([
      t('cli.form.key', { id: desk.run.server.accessKeyId }),
      t('cli.form.prefix', { key: fields['key'] ?? '' }),
    ]);
    expect(said).toHaveLength(3);
    expectMoment(moment(said[2]), startedAt, 90_000);
  });

  test.each([
    ['12 hours', (): string => longRole, 12],
    ['the most that its role allows', (): string => desk.run.server.roleArn, 1],
  ] as const)('that a session ends earlier than asked for: after %s', async (_, roleArn, hours) => {
    const startedAt = Date.now();
    const args = roleArgs(['--form', 'curl', '--expires', '7d', '--slots', '1', '--role-arn', roleArn()]);
    const { said } = await request(`oss://${bucket}/${newPrefix()}`, args);
    expect(said.slice(0, -1)).toEqual([t('cli.form.acl'), t('cli.form.limited.session')]);
    expectMoment(moment(said.at(-1)), startedAt, hours * HOUR_MS);
  });

  test('that a form lasts for 7 days at most', async () => {
    const startedAt = Date.now();
    const { said } = await request(`oss://${bucket}/${newPrefix()}`, [
      '--form',
      'curl',
      '--expires',
      '8d',
      '--slots',
      '1',
    ]);
    expect(said).toContain(t('cli.form.limited.week'));
    expectMoment(moment(said.at(-1)), startedAt, 7 * 24 * HOUR_MS);
  });

  test.each([
    ['prefix', []],
    ['slots', ['--slots', '2']],
  ] as const)('that versioning undoes the rule against overwriting (%s)', async (kind, args) => {
    const versioned = 'waybill-versions';
    const { said } = await request(`oss://${versioned}/in/`, ['--form', 'curl', ...args]);
    expect(said).toContain(t(`cli.form.versions.${kind}`, { bucket: versioned }));
    const { said: free } = await request(`oss://${versioned}/in/`, ['--form', 'curl', ...args, '--allow-overwrite']);
    expect(free.join('\n')).not.toContain(versioned);
  });
});

test('says that versioning couldn’t be asked for', async () => {
  const { faults } = desk.run.server;
  faults.add({ match: { operation: 'GetBucketInfo' }, effect: { kind: 'error', status: 403, code: 'AccessDenied' } });
  const { said } = await request(`oss://${bucket}/in/`, ['--form', 'curl']).finally(() => faults.clear());
  expect(said).toContain(t('cli.form.versions-unknown', { bucket }));
});

test.each<[readonly string[], string | RegExp]>([
  [['--form', 'xml'], /--form must be/],
  [['--form', 'curl', '--max-size', '2T'], t('cli.bytes', { option: '--max-size' })],
  [['--form', 'curl', '--min-size', '2K', '--max-size', '1K'], t('cli.rule.size-range')],
  [['--form', 'curl', '--max-size', '6G'], t('cli.rule.size-range')],
  [['--form', 'curl', '--json'], t('cli.requires', { option: '--json', other: '--form json' })],
  [['--form', 'curl', '--acl', 'public-read'], /--acl must be/],
  [['--form', 'curl', '--types', 'image/*'], t('cli.rule.content-type')],
  [['--form', 'curl', '--expires', '1y'], t('cli.seconds', { option: '--expires' })],
  [['--form', 'curl', '--slots', '2', '--names', 'a'], t('cli.either', { first: '--slots', second: '--names' })],
  [['--form', 'curl', '--slots', '1001'], t('cli.rule.form-slots')],
  [['--form', 'curl', '--role-arn', 'me'], t('cli.rule.role-arn')],
  [['--form', 'curl', '--content-type', 'a/b'], t('cli.incompatible', { option: '--content-type', other: '--form' })],
  [['--slots', '1', '--max-size', '1K'], t('cli.requires', { option: '--max-size', other: '--form' })],
])('refuses %j before anything is sent', async (args, words) => {
  desk.run.requests.length = 0;
  const refusal = await request(`oss://${bucket}/in/`, args).then(
    () => '',
    (error: unknown) => (error instanceof WaybillError ? failureMessage(error.failure) : String(error)),
  );
  if (typeof words === 'string') expect(refusal).toContain(words);
  else expect(refusal).toMatch(words);
  expect(desk.run.requests).toEqual([]);
});
