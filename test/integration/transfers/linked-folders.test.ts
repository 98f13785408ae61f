import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { readSignedUrl } from '../../../main/links/text/pasted-link.ts';
import { manifestDownloads } from '../../../main/links/receiving/manifest-downloads.ts';
import { makeSignedUrl } from '../../../main/oss/signing/signed-url.ts';
import { makePracticeBucket, namesIn, type PracticeBucket } from './practice-bucket.ts';
import { accountId, makeQueue, type QueueRun } from './queue-run.ts';

let practice: PracticeBucket;
let run: QueueRun;

beforeAll(async () => {
  practice = await makePracticeBucket();
  await practice.put('tree/sub/evil.desktop', 'evil');
  await practice.put('tree/fine', 'fine');
});
afterEach(() => run.close());
afterAll(() => practice.close());

/** A folder of downloads, in which `at` leads out of it. */
async function folderWithLink(name: string, at: string): Promise<{ folder: string; outside: string; link: string }> {
  const [folder, outside] = [join(practice.folder, name), join(practice.folder, `${name}-outside`)];
  const link = join(folder, at);
  await mkdir(join(link, '..'), { recursive: true });
  await mkdir(outside);
  await symlink(outside, link);
  return { folder, outside, link };
}

function download(folder: string, prefix: string): Promise<readonly string[]> {
  const { bucket } = practice;
  return run.queue.addDownloads({ accountId, bucket, keys: [], prefixes: [prefix], versionId: null, folder });
}

test('a folder below the chosen one that is a link is reported, not followed; the rest comes down', async () => {
  run = makeQueue(practice);
  const { folder, outside, link } = await folderWithLink('below', 'tree/sub');
  await download(folder, 'tree/');
  await run.settled();
  const [transfer] = run.queue.list();
  const [child] = run.queue.openFolders([transfer?.id ?? '']);
  expect(child?.state).toEqual({
    at: 'failed',
    because: { kind: 'file', reason: 'linked-folder', path: link },
  });
  expect(await namesIn(outside)).toEqual([]);
  expect(await readFile(join(folder, 'tree/fine'), 'utf8')).toBe('fine');
});

test('so is a link in the place of the prefix itself', async () => {
  run = makeQueue(practice);
  const { folder, outside } = await folderWithLink('top', 'tree');
  await download(folder, 'tree/');
  await run.settled();
  expect(run.queue.list()[0]).toMatchObject({ state: { at: 'failed' }, folder: { done: 0, failed: 2 } });
  expect(await namesIn(outside)).toEqual([]);
});

test('the chosen folder can be a link', async () => {
  run = makeQueue(practice);
  const { link, outside } = await folderWithLink('chosen', 'link');
  await download(link, 'tree/');
  await run.settled();
  expect(run.queue.list()[0]).toMatchObject({ state: { at: 'done' } });
  expect(await readFile(join(outside, 'tree/sub/evil.desktop'), 'utf8')).toBe('evil');
});

test('a file of a manifest does not follow such a link either', async () => {
  run = makeQueue(practice);
  const { folder, outside, link } = await folderWithLink('manifest', 'sub');
  const { connection, bucket, server } = practice;
  const url = makeSignedUrl({
    ...{ method: 'GET', bucket, key: 'tree/sub/evil.desktop', params: {}, headers: {} },
    ...{ endpoint: connection.endpoint, region: connection.region, signVersion: 'v4' },
    accessKey: { accessKeyId: server.accessKeyId, accessKeySecret: server.accessKeySecret, securityToken: null },
    ...{ signedAt: Date.now(), expiresSeconds: 60 },
  });
  const reading = readSignedUrl(url);
  if (reading.kind !== 'link') throw new Error('no link');
  const objects = [{ path: 'sub/evil.desktop', url, parts: reading.parts, sizeBytes: 4, crc64: null }];
  const requests = manifestDownloads(objects).map(({ subfolder, ...rest }) => {
    return { ...rest, folder: join(folder, subfolder), root: folder };
  });
  await run.queue.addLinkDownloads(requests);
  await run.settled();
  expect(run.queue.list()[0]?.state).toEqual({
    at: 'failed',
    because: { kind: 'file', reason: 'linked-folder', path: link },
  });
  expect(await namesIn(outside)).toEqual([]);
});
