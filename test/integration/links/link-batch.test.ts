import { sendForHeaders } from '../../../main/oss/exchange/request.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CommandContext } from '../../../main/cli/arguments/command.ts';
import { fetchCommand } from '../../../main/cli/commands/links/fetch.ts';
import { inspectCommand } from '../../../main/cli/commands/links/inspect.ts';
import { requestCommand } from '../../../main/cli/commands/links/request.ts';
import { sendCommand } from '../../../main/cli/commands/links/send.ts';
import { shareCommand } from '../../../main/cli/commands/links/share.ts';
import { signLinks } from '../../../main/links/making/link-batch.ts';
import { manifestDownloads } from '../../../main/links/receiving/manifest-downloads.ts';
import { readManifest } from '../../../main/links/receiving/share-manifest.ts';
import { deleteObject } from '../../../main/oss/operations/deletes.ts';
import { headObject, putObject } from '../../../main/oss/operations/objects.ts';
import type { Connection } from '../../../main/oss/connection.ts';
import { restoreObject } from '../../../main/oss/operations/restore.ts';
import { TransferQueue } from '../../../main/transfers/queue/queue.ts';
import { type PracticeRun, startPracticeRun } from '../accounts/practice-server.ts';
import { escaped, t } from '../../support/words.ts';

const bucket = 'waybill-versions';
let practice: PracticeRun;
let accountId: string;
let connection: Connection;
let folder: string;
let state: string;

beforeAll(async () => {
  practice = await startPracticeRun({ restoreMs: 0 });
  accountId = (await practice.accounts.add(practice.draft({ remember: false }))).id;
  connection = await practice.accounts.connection(accountId, bucket);
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-batch-'));
  state = await mkdtemp(join(tmpdir(), 'waybill-state-'));
  return () => Promise.all([folder, state].map((made) => rm(made, { recursive: true })));
});

afterAll(() => practice.close());

async function put(key: string, text: string, to = bucket): Promise<void> {
  const body = Buffer.from(text);
  await putObject(connection, { bucket: to, key, body, sizeBytes: body.length });
}

/** A command as `waybill` runs it. */
async function cli(
  command: { run: typeof shareCommand.run },
  ...args: string[]
): Promise<{ code: number; out: string; said: string }> {
  const answers: string[] = [];
  const said: string[] = [];
  const { accessKeyId, accessKeySecret, endpoint, region } = practice.server;
  const context: CommandContext = {
    env: {
      OSS_ACCESS_KEY_ID: accessKeyId,
      OSS_ACCESS_KEY_SECRET: accessKeySecret,
      OSS_ENDPOINT: endpoint,
      OSS_REGION: region,
      WAYBILL_STATE_DIR: state,
    },
    out: {
      answer: (line) => Promise.resolve(void answers.push(line)),
      bytes: () => Promise.resolve(),
      say: (line) => void said.push(line),
      terminal: null,
      ask: null,
    },
    dispatcher: practice.dispatcher,
    signal: new AbortController().signal,
  };
  return { code: await command.run(args, context), out: answers.join('\n'), said: said.join('\n') };
}

const run = promisify(execFile);

describe('a share manifest', () => {
  const files = {
    'a.txt': 'one',
    'deep/b c.txt': 'two',
    'deep/运单.txt': 'three',
    '../escape.txt': 'four',
    'empty/': '',
  };

  test('brings a folder to somebody without an account, as it was when it was shared', async () => {
    for (const [name, text] of Object.entries(files)) await put(`set/${name}`, text);
    const shared = await cli(shareCommand, `oss://${bucket}/set/`, '--recursive', '--format', 'manifest');
    expect(shared).toMatchObject({ code: 0, said: expect.stringContaining('4 links') as unknown });
    const { objects } = readManifest(shared.out);
    expect(objects.map(({ path }) => path).sort()).toEqual(['../escape.txt', 'a.txt', 'deep/b c.txt', 'deep/运单.txt']);
    expect(objects.every(({ parts, crc64 }) => parts.versionId !== null && crc64 !== null)).toBe(true);

    // The bucket has versions, so what happens afterwards changes nothing.
    await put('set/a.txt', 'overwritten');
    await deleteObject(connection, { bucket, key: 'set/deep/b c.txt' });

    const manifest = join(folder, 'share.json');
    const target = join(folder, 'received');
    await writeFile(manifest, shared.out);
    await mkdir(target);
    const fetched = await cli(fetchCommand, manifest, target);
    expect(fetched.code).toBe(0);
    const found = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();
    expect(found).toEqual([
      'received/_/escape.txt',
      'received/a.txt',
      'received/deep/b c.txt',
      'received/deep/运单.txt',
      'share.json',
    ]);
    expect(await readFile(join(target, 'a.txt'), 'utf8')).toBe('one');
    expect(await readFile(join(target, 'deep/b c.txt'), 'utf8')).toBe('two');
  });

  test('of a bucket without versions refuses what was replaced since', async () => {
    await put('plain/a.txt', 'as shared', 'waybill-inbox');
    const { out } = await cli(shareCommand, 'oss://waybill-inbox/plain/', '--recursive', '--format', 'manifest');
    expect(readManifest(out).objects[0]?.parts.versionId).toBeNull();
    await put('plain/a.txt', 'something else', 'waybill-inbox');
    await writeFile(join(folder, 'share.json'), out);
    const fetched = await cli(fetchCommand, join(folder, 'share.json'), folder);
    expect(fetched).toMatchObject({
      code: 1,
      said: expect.stringContaining('no longer the one that was shared') as unknown,
    });
    expect(await readdir(folder)).toEqual(['share.json']);
  });

  test('is downloaded by the queue too, below the folder', async () => {
    await put('queued/x/one', '1');
    await put('queued/x/two', '22');
    const { out } = await cli(shareCommand, `oss://${bucket}/queued/`, '--recursive', '--format', 'manifest');
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const queue = new TransferQueue({
      connection: () => Promise.reject(new Error('no account is needed')),
      dispatcher: practice.dispatcher,
      journalFile: null,
      onBatch: () => {
        if (queue.list().filter(({ state }) => state.at === 'done').length === 2) finish();
      },
      onUploaded: () => undefined,
    });
    const downloads = manifestDownloads(readManifest(out).objects);
    const requests = downloads.map((download) => ({ ...download, folder: join(folder, download.subfolder) }));
    expect(await queue.addLinkDownloads(requests)).toHaveLength(2);
    await finished;
    await queue.close();
    expect(await readFile(join(folder, 'x/two'), 'utf8')).toBe('22');
  });
});

describe('links of many objects', () => {
  test.each(['text', 'csv', 'json', 'markdown'] as const)('as %s open with curl', async (format) => {
    await put('many/=1+1.txt', 'formula');
    const { out } = await cli(shareCommand, `oss://${bucket}/many/`, '--recursive', '--format', format);
    const [url = ''] = /http:\/\/[^\s">]+/.exec(out) ?? [];
    expect((await run('curl', ['-s', url])).stdout).toBe('formula');
  });

  test('ten thousand are made while the event loop goes on', async () => {
    const keys = Array.from({ length: 10_000 }, (_, index) => `folder/object ${index}.txt`);
    const session = await practice.accounts.session(accountId);
    let turns = 0;
    let isDone = false;
    const turn = (): void => {
      turns += 1;
      if (!isDone) setImmediate(turn);
    };
    setImmediate(turn);
    const progress: number[] = [];
    const options = { expiresSeconds: 3600, fileName: null, open: 'download' } as const;
    const batch = await signLinks(
      { connection, session, onProgress: (made) => progress.push(made) },
      { bucket, keys, prefixes: [], format: 'text', options },
    );
    isDone = true;
    expect(batch).toMatchObject({ base: 'folder/', failed: [] });
    expect(new Set(batch.links.map(({ url }) => url)).size).toBe(10_000);
    expect(progress.length).toBeGreaterThan(10);
    // Not a length of time, which says as much about the machine.
    expect(turns).toBeGreaterThanOrEqual(progress.length - 1);
  });

  test('an object that went while the links were made is named, the others get theirs', async () => {
    await put('going/here', 'x');
    const session = await practice.accounts.session(accountId);
    const options = { expiresSeconds: 3600, fileName: null, open: null };
    const request = { bucket, keys: ['going/gone', 'going/here', '/bad'], prefixes: [], options };
    const manifest = await signLinks({ connection, session }, { ...request, format: 'manifest' });
    expect(manifest.links.map(({ key }) => key)).toEqual(['going/here']);
    expect(manifest.failed.map(({ key }) => key)).toEqual(['going/gone', '/bad']);
  });

  test('a list warns of what its links may fail of, as a single link does', async () => {
    const session = await practice.accounts.session(accountId);
    const hangzhou = parseEndpoint('https://oss-cn-hangzhou.aliyuncs.com');
    const refused = { ...connection, endpoint: hangzhou, isPublicHostRefused: true };
    const options = { expiresSeconds: 3600, fileName: null, open: null };
    const request = { bucket, keys: ['a.txt', 'b.apk'], prefixes: [], format: 'text', options } as const;
    const { warnings } = await signLinks({ connection: refused, session }, request);
    expect(warnings).toEqual(['public-host-refused', 'apk-forbidden']);
    const text = { ...request, keys: ['a.txt'] };
    expect((await signLinks({ connection: refused, session }, text)).warnings).toEqual(['public-host-refused']);
  });

  test('a manifest of processed links pins neither size nor CRC-64: those are the original’s', async () => {
    await put('processed/photo.jpg', 'the original');
    const session = await practice.accounts.session(accountId);
    const options = { expiresSeconds: 3600, fileName: null, open: null };
    const request = { bucket, keys: ['processed/photo.jpg'], prefixes: [], format: 'manifest' } as const;
    const pinned = async (process?: string) =>
      (await signLinks({ connection, session }, { ...request, options: { ...options, process } })).links;
    expect(await pinned()).toMatchObject([{ sizeBytes: 12, crc64: expect.stringMatching(/^\d+$/) as string }]);
    expect(await pinned('image/resize,w_100')).toMatchObject([{ sizeBytes: null, crc64: null }]);
  });

  test('archived files below a folder are named, as long as nobody can read them', async () => {
    const to = 'waybill-inbox';
    for (const [key, storageClass] of [
      ['cold/frozen.tar', 'ColdArchive'],
      ['cold/thawed.tar', 'Archive'],
      ['cold/warm.txt', 'IA'],
    ] as const) {
      const body = Buffer.from(key);
      const headers = { 'x-oss-storage-class': storageClass };
      await putObject(connection, { bucket: to, key, body, sizeBytes: body.length, headers });
    }
    const wish = { storageClass: 'Archive', days: 1, tier: 'Standard' } as const;
    await restoreObject(connection, { bucket: to, key: 'cold/thawed.tar' }, wish);
    await expect
      .poll(async () => (await headObject(connection, { bucket: to, key: 'cold/thawed.tar' })).restore?.at)
      .toBe('restored');
    const session = await practice.accounts.session(accountId);
    const options = { expiresSeconds: 3600, fileName: null, open: null };
    const folders = { bucket: to, keys: [], prefixes: ['cold/'], options };
    const batch = await signLinks({ connection, session }, { ...folders, format: 'text' });
    expect([batch.links.length, batch.archived]).toEqual([3, ['cold/frozen.tar']]);
    const pinned = {
      ...folders,
      keys: ['cold/frozen.tar', 'cold/warm.txt'],
      prefixes: [],
      format: 'manifest',
    } as const;
    expect((await signLinks({ connection, session }, pinned)).archived).toEqual(['cold/frozen.tar']);
    const { said } = await cli(shareCommand, `oss://${to}/cold/`, '--recursive');
    expect(said).toContain(`cold/frozen.tar: ${t('cli.archived')}`);
  });

  test('archived files of a bucket that reads Archive directly are named only if they are colder than that', async () => {
    const body = Buffer.from('x');
    for (const storageClass of ['Archive', 'ColdArchive']) {
      const headers = { 'x-oss-storage-class': storageClass };
      await putObject(connection, { bucket, key: `direct/${storageClass}`, body, sizeBytes: 1, headers });
    }
    const session = await practice.accounts.session(accountId);
    const options = { expiresSeconds: 3600, fileName: null, open: null };
    const request = { bucket, keys: [], prefixes: ['direct/'], format: 'text', options } as const;
    const archived = async () => (await signLinks({ connection, session }, request)).archived;
    expect(await archived()).toEqual(['direct/Archive', 'direct/ColdArchive']);
    const xml = '<ArchiveDirectReadConfiguration><Enabled>true</Enabled></ArchiveDirectReadConfiguration>';
    const params = { bucketArchiveDirectRead: null };
    await sendForHeaders(connection, { method: 'PUT', bucket, params, body: Buffer.from(xml) });
    expect(await archived()).toEqual(['direct/ColdArchive']);
    const remove = practice.server.faults.add({
      match: { operation: 'GetBucketArchiveDirectRead' },
      effect: { kind: 'error', status: 403, code: 'AccessDenied' },
    });
    expect(await archived()).toEqual(['direct/Archive', 'direct/ColdArchive']);
    remove();
  });

  test('options that are about one link are refused', async () => {
    await expect(cli(shareCommand, `oss://${bucket}/`, '--recursive', '--method', 'PUT')).rejects.toThrow('--method');
  });
});

describe('an upload request', () => {
  test('tells which slots were filled, with what', async () => {
    const made = await cli(
      requestCommand,
      'oss://waybill-inbox/from-lin/',
      '--names',
      'cover.png, text,third',
      '--content-type',
      'image/png',
    );
    const file = join(folder, 'request.json');
    await writeFile(file, made.out);
    expect(await cli(requestCommand, '--check', file)).toMatchObject({
      code: 1,
      out: 'empty   cover.png\nempty   text\nempty   third',
    });

    const { slots } = JSON.parse(made.out) as {
      slots: { name: string; url: string; headers: Record<string, string> }[];
    };
    expect(slots.map(({ name }) => name)).toEqual(['cover.png', 'text', 'third']);
    const sent = join(folder, 'picture');
    await writeFile(sent, 'PNG');
    // The note behind the URL names the headers; a partner without Waybill finds them in the file.
    expect(await cli(sendCommand, sent, slots[0]?.url ?? '')).toMatchObject({ code: 0 });
    const headers = Object.entries(slots[1]?.headers ?? {}).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
    await run('curl', ['-s', '--fail', '-T', sent, ...headers, slots[1]?.url ?? '']);

    const { code, out } = await cli(requestCommand, '--check', file, '--json');
    expect(code).toBe(1);
    const states = out.split('\n').map((line) => JSON.parse(line) as object);
    const { crc64 } = await headObject(connection, { bucket: 'waybill-inbox', key: 'from-lin/cover.png' });
    expect(states).toMatchObject([
      { name: 'cover.png', state: 'filled', sizeBytes: 3, crc64, older: false },
      { name: 'text', state: 'filled', sizeBytes: 3, crc64 },
      { name: 'third', state: 'empty' },
    ]);
    // A slot takes one file.
    const taken = await cli(sendCommand, sent, slots[0]?.url ?? '');
    expect(taken.code).toBe(1);
    expect(taken.said).toContain('FileAlreadyExists');
  });

  test('numbers its slots so that they sort', async () => {
    const { out } = await cli(requestCommand, 'oss://waybill-inbox/n/', '--slots', '10');
    const { slots } = JSON.parse(out) as { slots: { name: string }[] };
    expect(slots.map(({ name }) => name).slice(-2)).toEqual(['09', '10']);
  });

  test.each([
    ['--names', 'a,a', 'slot-name-twice'],
    ['--names', 'a,', 'slot-name-empty'],
  ])('refuses %s %s', async (option, value, rule) => {
    await expect(cli(requestCommand, 'oss://waybill-inbox/n/', option, value)).rejects.toMatchObject({
      failure: { rule },
    });
  });
});

describe('on the command line', () => {
  test('a snippet is a line that runs', async () => {
    await writeFile(join(folder, 'it’s.txt'), 'via curl');
    const { out } = await cli(
      shareCommand,
      'oss://waybill-inbox/it’s.txt',
      '--method',
      'PUT',
      '--header',
      'Content-Type: text/plain',
      '--snippet',
      'curl',
    );
    await run('sh', ['-c', out], { cwd: folder });
    const head = await headObject(connection, { bucket: 'waybill-inbox', key: 'it’s.txt' });
    expect(head).toMatchObject({ sizeBytes: 8, contentType: 'text/plain' });
  });

  test('a link with a fragment is sent with the headers that it names, and with no others', async () => {
    const sent = join(folder, 'file');
    await writeFile(sent, 'x');
    const header = ['--header', 'Content-Type: image/png', '--header', 'x-oss-meta-a: 1'];
    const { out } = await cli(shareCommand, 'oss://waybill-inbox/noted', '--method', 'PUT', ...header, '--fragment');
    expect(out).toContain('#waybill=');
    expect((await cli(sendCommand, sent, out)).code).toBe(0);
    expect(await headObject(connection, { bucket: 'waybill-inbox', key: 'noted' })).toMatchObject({
      contentType: 'image/png',
      meta: { a: '1' },
    });
    const get = await cli(shareCommand, 'oss://waybill-inbox/noted', '--fragment');
    await expect(cli(sendCommand, sent, get.out)).rejects.toThrow('GET');
  });

  test('inspect says what a link is for, and with --ask why it does not work', async () => {
    const { out } = await cli(
      shareCommand,
      'oss://waybill-inbox/missing',
      '--until',
      '2040-01-01T00:00:00Z',
      '--sign-version',
      'v1',
    );
    expect((await cli(inspectCommand, out)).out).toContain('valid until  2040-01-01T00:00:00Z');
    const asked = await cli(inspectCommand, out, '--ask');
    expect(asked.code).toBe(1);
    expect(asked.out).toMatch(
      new RegExp(`answer {7}${escaped(t('failure.cause.no-such-key.title'))}.*\\n.*Code: NoSuchKey`),
    );
    expect(JSON.parse((await cli(inspectCommand, out, '--ask', '--json')).out)).toMatchObject({
      diagnosis: { cause: 'no-such-key' },
    });
  });

  test.each([
    [['--query', 'x-oss-traffic-limit=1'], { failure: { rule: 'traffic-limit', limit: '819200…838860800' } }],
    [['--method', 'PUT', '--version-id', 'v'], { failure: { rule: 'version-on-put' } }],
    [['--header', 'x-oss-object-acl: private'], { failure: { rule: 'put-only' } }],
    [['--expires', '60', '--until', '2040-01-01T00:00:00Z'], { name: 'UsageError' }],
    [['--link-host', '10.0.0.1'], { name: 'UsageError' }],
    [['--snippet', 'ruby'], { name: 'UsageError' }],
  ])('share refuses %j', async (args, error) => {
    await expect(cli(shareCommand, 'oss://waybill-inbox/a', ...args)).rejects.toMatchObject(error);
  });

  test.each([
    ['accelerate', 'https://waybill-inbox.oss-accelerate.aliyuncs.com/a?'],
    ['internal', 'https://waybill-inbox.oss-cn-hangzhou-internal.aliyuncs.com/a?'],
    ['dualstack', 'https://waybill-inbox.cn-hangzhou.oss.aliyuncs.com/a?'],
    ['files.example.com', 'https://files.example.com/a?'],
  ])('a link for the host %s is signed for it', async (host, start) => {
    const { out } = await cli(shareCommand, 'oss://waybill-inbox/a', '--link-host', host);
    expect(out.startsWith(start)).toBe(true);
  });
});
