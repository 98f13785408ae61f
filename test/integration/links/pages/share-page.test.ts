// `share --page` as it is installed: the page on stdout, or in a bucket with a link to it; and what Waybill reads of it.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageOpening } from '../../../../main/links/pages/put-page.ts';
import { recognise } from '../../../../main/links/receiving/recognise.ts';
import { readManifest } from '../../../../main/links/receiving/share-manifest.ts';
import { type Connection, ServerClock } from '../../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';
import { getObjectAcl } from '../../../../main/oss/operations/acl.ts';
import { headObject, putObject } from '../../../../main/oss/operations/objects.ts';
import { t } from '../../../support/words.ts';
import { builtCli, type Ended, type Program, runProgram } from '../../cli/bundle.ts';
import { environmentOf } from '../../cli/practice-cli.ts';
import { makePracticeBucket, type PracticeBucket } from '../../transfers/practice-bucket.ts';

let practice: PracticeBucket;
let cli: Program;
let connection: Connection;

beforeAll(async () => {
  [practice, cli] = await Promise.all([makePracticeBucket(), builtCli()]);
  const { endpoint, region, accessKeyId, accessKeySecret } = practice.server;
  connection = {
    ...{ endpoint: parseEndpoint(endpoint), region, signVersion: 'v4', dispatcher: new Agent() },
    accessKey: () => Promise.resolve({ accessKeyId, accessKeySecret, securityToken: null }),
    clock: new ServerClock(),
  };
  for (const [key, text] of Object.entries(files)) await put(key, text);
});
afterAll(() => practice.close());

const files = { 'set/a.txt': 'one', 'set/photos/b.jpg': 'two', 'set/运单/<c>&.txt': 'three', 'set/empty/': '' };

async function put(key: string, text: string): Promise<void> {
  const body = Buffer.from(text);
  await putObject(connection, { bucket: practice.bucket, key, body, sizeBytes: body.length });
}

const share = (...args: string[]): Promise<Ended> =>
  runProgram(cli.path, ['share', ...args], { env: environmentOf(practice) });
const address = (key: string): string => `oss://${practice.bucket}/${key}`;

describe('share --page', () => {
  test('prints a page alone, which is a manifest to Waybill', async () => {
    const { code, stdout, stderr } = await share(address('set/'), '--page', '--expires', '600');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('3 links') as unknown });
    expect(stdout).toMatch(/^<!doctype html>/);
    expect(recognise(stdout)).toBe('manifest');
    const { objects, bucket } = readManifest(stdout);
    expect(bucket).toBe(practice.bucket);
    expect(objects.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
      ['a.txt', 3],
      ['photos/b.jpg', 3],
      ['运单/<c>&.txt', 5],
    ]);
    expect(objects.every(({ crc64 }) => crc64 !== null)).toBe(true);
    for (const [index, text] of ['one', 'two', 'three'].entries()) {
      const reply = await fetch(objects[index]?.url ?? '');
      expect(await reply.text()).toBe(text);
      expect(reply.headers.get('content-disposition')).toMatch(/^attachment/);
    }
    // A picture of what may be one, and of nothing else.
    expect(stdout.match(/x-oss-process=image%2Fresize%2Cm_lfit%2Cw_200/g)).toHaveLength(1);
  });

  test('fetch downloads a page like a manifest', async () => {
    const { stdout } = await share(address('set/'), '--recursive', '--format', 'page');
    const page = join(practice.folder, 'set.html');
    const target = join(practice.folder, 'fetched');
    await writeFile(page, stdout);
    await mkdir(target);
    const { code } = await runProgram(cli.path, ['fetch', page, target], { env: environmentOf(practice) });
    expect(code).toBe(0);
    expect(await readFile(join(target, 'photos/b.jpg'), 'utf8')).toBe('two');
    expect((await readdir(join(target, '运单'))).length).toBe(1);
  });

  test('--put stores it, private though the bucket is public, and prints a link to it', async () => {
    const { code, stdout, stderr } = await share(address('set/'), '--page', '--put', address('set/index.html'));
    expect(code).toBe(0);
    expect(stderr).toContain(t('cli.page.shown', { host: new URL(practice.server.endpoint).host }));
    const reply = await fetch(stdout.trim());
    expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(readManifest(await reply.text()).objects).toHaveLength(3);
    expect(await getObjectAcl(connection, { bucket: practice.bucket, key: 'set/index.html' })).toBe('private');
  });

  test('--put replaces nothing unless it is told to, and a page never lists itself', async () => {
    await put('other/a.txt', 'one');
    await put('other/index.html', 'mine');
    const args = [address('other/'), '--page', '--put', address('other/index.html')];
    const refused = await share(...args);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(t('failure.cause.exists.title'));
    const { sizeBytes } = await headObject(connection, { bucket: practice.bucket, key: 'other/index.html' });
    expect(sizeBytes).toBe(4);
    const { code, stdout } = await share(...args, '--force');
    expect(code).toBe(0);
    const page = await (await fetch(stdout.trim())).text();
    expect(readManifest(page).objects.map(({ path }) => path)).toEqual(['a.txt']);
  });

  test.each([
    [['--put', 'oss://b/k']],
    [['--recursive', '--put', 'oss://b/k']],
    [['--page', '--format', 'csv']],
    [['--page', '--put', 'oss://b/']],
    [['--page', '--force']],
    [['--page', '--method', 'PUT']],
  ])('with %j is a wrong command line', async (args) => {
    expect(await share(address('set/'), ...args)).toMatchObject({ code: 2, stdout: '' });
  });
});

test.each([
  ['oss-cn-hangzhou.aliyuncs.com', 'downloaded'],
  ['oss-accelerate.aliyuncs.com', 'downloaded'],
  ['cn-hangzhou.oss.aliyuncs.com', 'downloaded'],
  ['127.0.0.1', 'shown'],
] as const)('a page on %s is %s', (host, opening) => {
  expect(pageOpening(parseEndpoint(host))).toBe(opening);
});

test('a page on a domain of the bucket is shown', () => {
  expect(pageOpening(parseEndpoint('files.example.com', { cname: true }))).toBe('shown');
});
