import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePracticeBucket, type PracticeBucket } from '../transfers/practice-bucket.ts';
import { t } from '../../support/words.ts';
import { builtCli, type Ended, type Program, runProgram } from './bundle.ts';
import { environmentOf } from './practice-cli.ts';

let practice: PracticeBucket;
let cli: Program;

beforeAll(async () => {
  [practice, cli] = await Promise.all([makePracticeBucket(), builtCli()]);
});
afterAll(() => practice.close());

function waybill(args: string[], given: { stdin?: string; link?: string; home?: string } = {}): Promise<Ended> {
  const { link, home } = given;
  const env = {
    ...environmentOf(practice),
    ...(link === undefined ? {} : { WAYBILL_LINK: link }),
    ...(home === undefined ? {} : { HOME: home }),
  };
  return runProgram(cli.path, args, { env, ...(given.stdin === undefined ? {} : { stdin: given.stdin }) });
}

async function share(key: string, ...options: string[]): Promise<string> {
  return (await waybill(['share', `oss://${practice.bucket}/${key}`, ...options])).stdout;
}

/** The ways of giving a link that keep it out of the arguments. */
const ways: [string, (link: string) => Promise<{ args: string[]; stdin?: string; link?: string }>][] = [
  ['from stdin', (link) => Promise.resolve({ args: ['-'], stdin: link })],
  [
    'from --url-file',
    async (link) => {
      const file = join(practice.folder, 'link.txt');
      await writeFile(file, link);
      return { args: ['--url-file', file] };
    },
  ],
  ['from WAYBILL_LINK', (link) => Promise.resolve({ args: [], link: link.trim() })],
];

test.each(ways)('fetch, send and inspect take a link %s', async (name, way) => {
  await practice.put('down', 'down');
  const reading = await way(await share('down'));
  const saved = join(practice.folder, name);
  expect(await waybill(['fetch', ...reading.args, saved], reading)).toMatchObject({ code: 0, stderr: '' });
  expect(await readFile(saved, 'utf8')).toBe('down');
  expect(await waybill(['inspect', ...reading.args], reading)).toMatchObject({ code: 0 });

  const writing = await way(await share('up', '--method', 'PUT'));
  const note = await practice.file('note', name);
  expect(await waybill(['send', note, ...writing.args], writing)).toMatchObject({ code: 0, stderr: '' });
  expect((await practice.read('up')).toString()).toBe(name);
});

test('fetch takes a share manifest from stdin', async () => {
  await practice.put('many/a', 'a');
  const manifest = await share('many/', '--recursive', '--format', 'manifest');
  const folder = join(practice.folder, 'many');
  await mkdir(folder);
  expect(await waybill(['fetch', '-', folder], { stdin: manifest })).toMatchObject({ code: 0 });
  expect(await readFile(join(folder, 'a'), 'utf8')).toBe('a');
});

test('fetch downloads every link of a mail into a folder, and names their server once', async () => {
  await practice.put('mail/a.txt', 'first');
  await practice.put('mail/deep/a.txt', 'second');
  const [one, two] = [await share('mail/a.txt'), await share('mail/deep/a.txt')];
  const stdin = `Hello,\n\nhere they are: <${one.trim()}>\nand ${two.trim()}.\n\n-- \nhttps://example.com/me\n`;
  const { host } = new URL(practice.server.endpoint);
  const named = `${t('receive.server', { host, bucket: practice.bucket })}\n`;
  const folder = join(practice.folder, 'mail');
  await mkdir(folder);
  expect(await waybill(['fetch', '-', folder], { stdin })).toMatchObject({ code: 0, stderr: named });
  expect(await readdir(folder)).toEqual(['a (2).txt', 'a.txt']);
  expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('first');
  expect(await readFile(join(folder, 'a (2).txt'), 'utf8')).toBe('second');
});

test('fetch names the links of a text that it cannot download, and fails', async () => {
  await practice.put('mixed', 'whole');
  const [whole, torn] = [await share('mixed'), (await share('torn')).trim().slice(0, -30)];
  const folder = join(practice.folder, 'mixed');
  await mkdir(folder);
  const ended = await waybill(['fetch', '-', folder], { stdin: `${whole}\n${torn}\n` });
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain(t('cli.fetch.left-out', { name: 'torn' }));
  expect(await readdir(folder)).toEqual(['mixed']);
});

test('fetch leaves the picture of a mail where it is, and says how to get it', async () => {
  await practice.put('signed/a', 'a');
  await practice.put('signed/b', 'b');
  const folder = join(practice.folder, 'signed');
  await mkdir(folder);
  const logo = 'http://waybill-logo.oss-cn-hangzhou.aliyuncs.com:1/logo.png';
  const stdin = `${await share('signed/a')}${logo}\n${await share('signed/b')}`;
  const ended = await waybill(['fetch', '-', folder], { stdin });
  const { host } = new URL(practice.server.endpoint);
  const said = [
    t('cli.fetch.left-out.unsigned', { name: 'logo.png' }),
    t('receive.server', { host, bucket: practice.bucket }),
  ];
  expect(ended).toMatchObject({ code: 0, stderr: `${said.join('\n')}\n` });
  expect(await readdir(folder)).toEqual(['a', 'b']);
});

test('one whole link beside a damaged one is the one that is meant, and the other is named', async () => {
  await practice.put('meant', 'meant');
  const torn = (await share('torn')).trim().slice(0, -30);
  const target = join(practice.folder, 'meant-file');
  const fetched = await waybill(['fetch', '-', target], { stdin: `${await share('meant')}${torn}\n` });
  expect(fetched).toMatchObject({ code: 0, stdout: `${target}\n` });
  expect(fetched.stderr).toContain(t('cli.fetch.left-out', { name: 'torn' }));
  const upload = await share('meant', '--method', 'PUT');
  const source = await practice.file('meant-source', 'sent');
  const sent = await waybill(['send', source, '-'], { stdin: `${upload}${torn}\n` });
  expect(sent.code).toBe(0);
  expect(sent.stderr).toContain(t('cli.send.left-out', { name: 'torn' }));
  expect((await practice.read('meant')).toString()).toBe('sent');
});

test('neither fetch nor send takes the first of several links', async () => {
  await practice.put('one', 'one');
  const [one, other] = [await share('one', '--method', 'PUT'), await share('other', '--method', 'PUT')];
  const links = `${one}\n${other}`;
  const file = join(practice.folder, 'several.txt');
  await writeFile(file, links);
  const note = await practice.file('unsent', 'changed');
  for (const [args, given] of [
    [['send', note, '-'], { stdin: links }],
    [['send', note, '--url-file', file], {}],
    [['send', note], { link: links }],
  ] as const) {
    const { code, stderr, stdout } = await waybill([...args], given);
    expect([code, stdout], args.join(' ')).toEqual([2, '']);
    expect(stderr).toContain(t('cli.several-links.send', { count: 2 }));
  }
  expect((await practice.read('one')).toString()).toBe('one');
  const target = join(practice.folder, 'no-folder');
  const refused = await waybill(['fetch', '--url-file', file, target]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(t('cli.several-links.fetch', { count: 2 }));
  expect(await readdir(practice.folder)).not.toContain('no-folder');
});

test('fetch creates no hidden file in the home for a share manifest, which names it', async () => {
  await practice.put('hidden/a', 'a');
  const manifest = JSON.parse(await share('hidden/', '--recursive', '--format', 'manifest')) as { objects: object[] };
  const path = '.config/autostart/evil.desktop';
  const stdin = JSON.stringify({ ...manifest, objects: manifest.objects.map((object) => ({ ...object, path })) });
  const home = join(practice.folder, 'home');
  await mkdir(home);
  const refused = await waybill(['fetch', '-', home], { stdin, home });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(t('failure.input.start-place'));
  expect(refused.stderr).toContain(path);
  expect(await readdir(home)).toEqual([]);
});

test('a link is needed, and one only', async () => {
  const missing = await waybill(['inspect']);
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain(t('cli.missing-argument', { name: 'URL' }));
  const two = await waybill(['inspect', 'https://a.example/', '--url-file', 'x']);
  expect(two.code).toBe(2);
  expect(two.stderr).toContain(t('cli.extra-argument', { text: 'https://a.example/' }));
  expect((await waybill(['inspect', '--url-file', join(practice.folder, 'none')])).code).toBe(1);
});

test('fetch lets no link into a home create a hidden file, unless the person names it', async () => {
  await practice.put('profiles/.bash_profile', 'evil');
  const link = await share('profiles/.bash_profile');
  const home = join(practice.folder, 'linked-home');
  await mkdir(home);
  const refused = await waybill(['fetch', '-', home], { stdin: link, home });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(t('failure.input.start-place'));
  expect(await readdir(home)).toEqual([]);
  const named = await waybill(['fetch', '-', join(home, '.bash_profile')], { stdin: link, home });
  expect(named).toMatchObject({ code: 0 });
});

test('a link in the wrong place is quoted without its signature, and is no name of a file', async () => {
  const link = (await share('x')).trim();
  for (const args of [['inspect', link, '--url-file', 'x'], ['fetch', '--url-file', 'x', link], ['ls', link], [link]]) {
    const { code, stderr } = await waybill(args);
    expect(code, args[0]).toBe(2);
    expect(stderr).toContain(`${link.split('?')[0] ?? ''}?…”`);
    expect(stderr).not.toMatch(/signature/i);
  }
  const stale = await waybill(['fetch', link], { link: await share('y') });
  expect(stale).toMatchObject({ code: 2, stdout: '' });
  expect(stale.stderr).toContain(t('cli.missing-argument', { name: 'FILE' }));
});

test('an argument goes before WAYBILL_LINK', async () => {
  expect((await waybill(['inspect', 'hello'], { link: await share('x') })).code).toBe(1);
});
