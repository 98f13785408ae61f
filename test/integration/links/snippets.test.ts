import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LinkOptions } from '../../../main/links/making/link-options.ts';
import { signLink } from '../../../main/links/making/sign-link.ts';
import { type LinkSnippets, linkSnippets } from '../../../main/links/making/snippets.ts';
import { safeName } from '../../../main/local-files/safe-name.ts';
import { headObject } from '../../../main/oss/operations/objects.ts';
import { type PracticeRun, startPracticeRun } from '../accounts/practice-server.ts';

const run = promisify(execFile);
const bucket = 'waybill-inbox';

let practice: PracticeRun;
let accountId: string;
let folder: string;
let python: string;

beforeAll(async () => {
  practice = await startPracticeRun();
  python = await pythonWithRequests();
  accountId = (await practice.accounts.add(practice.draft({ remember: false }))).id;
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-snippets-'));
  return () => rm(folder, { recursive: true });
});

afterAll(() => practice.close());

/** The lines of a link, as somebody would paste them in a folder that holds the file. */
async function snippetsOf(key: string, options: Partial<LinkOptions>): Promise<LinkSnippets> {
  const connection = await practice.accounts.connection(accountId, bucket);
  const session = await practice.accounts.session(accountId);
  const fixed = { bucket, key, versionId: null, expiresSeconds: 600, fileName: null, open: null };
  const { url, method, headers } = signLink(connection, session, { ...fixed, ...options });
  return linkSnippets({ url, method, headers, key });
}

/** Debian's own has it by the package python3-requests; another one in front of it may not. */
async function pythonWithRequests(): Promise<string> {
  for (const candidate of ['/usr/bin/python3', 'python3']) {
    const found = await run(candidate, ['-c', 'import requests']).catch(() => null);
    if (found !== null) return candidate;
  }
  throw new Error('no Python with requests: install python3-requests');
}

async function stored(key: string) {
  return headObject(await practice.accounts.connection(accountId, bucket), { bucket, key });
}

const runners: Readonly<Record<'curl' | 'python' | 'fetch', (code: string, content: string) => Promise<unknown>>> = {
  curl: (code) => run('sh', ['-c', code], { cwd: folder }),
  python: (code) => run(python, ['-c', code], { cwd: folder }),
  // A page hands over a File, which has a type of its own.
  fetch: (code, content) =>
    run('node', [
      '--input-type=module',
      '-e',
      `${code}\nawait upload(new File([${JSON.stringify(content)}], 'x', { type: 'text/x-other' }));`,
    ]),
};

const hostileKeys = [
  'plain.txt',
  `it's "quoted" $(id) \`id\` $HOME.txt`,
  '-rf.txt',
  '运单 + 100%.txt',
  '🚢{1,2}[3].txt',
  'a/../b.txt',
  '\\back\\slash; exit 1 #.txt'.slice(1),
  'line\nbreak.txt',
];

describe.each(['curl', 'python', 'fetch'] as const)('the lines for %s', (kind) => {
  test.each(hostileKeys)('upload a file under %j', async (key) => {
    const content = `${kind} sends ${key}`;
    const last = key.split('/').at(-1) ?? '';
    await writeFile(join(folder, safeName(last)), content);
    const upload = {
      contentType: 'text/plain; charset=utf-8',
      storageClass: 'IA' as const,
      meta: { who: `O'Neil "&" $HOME \`id\` \\ <x>`, empty: '' },
    };
    const snippets = await snippetsOf(key, { method: 'PUT', upload });
    await runners[kind](snippets[kind], content);
    expect(await stored(key)).toMatchObject({
      sizeBytes: Buffer.byteLength(content),
      contentType: 'text/plain; charset=utf-8',
      storageClass: 'IA',
      meta: { who: upload.meta.who },
    });
  });

  test('send no Content-Type where none is bound', async () => {
    await writeFile(join(folder, 'untyped'), 'content');
    const snippets = await snippetsOf('untyped', { method: 'PUT' });
    await runners[kind](snippets[kind], 'content');
    expect((await stored('untyped')).sizeBytes).toBe(7);
  });

  test('fail where OSS refuses', async () => {
    await writeFile(join(folder, 'changed'), 'content');
    const { [kind]: code } = await snippetsOf('changed', { method: 'PUT', upload: { contentType: 'text/plain' } });
    await expect(runners[kind](code.replace('text/plain', 'text/html'), 'content')).rejects.toThrow();
  });
});

test('the lines for curl and Python download a file', async () => {
  await writeFile(join(folder, 'down.txt'), 'downloaded');
  await runners.curl((await snippetsOf('down.txt', { method: 'PUT' })).curl, '');
  for (const kind of ['curl', 'python'] as const) {
    await rm(join(folder, 'down.txt'));
    await runners[kind]((await snippetsOf('down.txt', {}))[kind], '');
    const { stdout } = await run('cat', [join(folder, 'down.txt')]);
    expect(stdout).toBe('downloaded');
  }
});
