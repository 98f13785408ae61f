import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { seeded } from '../../support/seeded.ts';
import { deleteObject } from '../../../main/oss/operations/deletes.ts';
import { listMultipartUploads } from '../../../main/oss/operations/multipart.ts';
import { makeSignedUrl } from '../../../main/oss/signing/signed-url.ts';
import { bundle, type Program } from '../cli/bundle.ts';
import { digest, digestOf, makePracticeBucket, namesIn, noise, type PracticeBucket } from './practice-bucket.ts';
import { accountId, linkOf, makeQueue } from './queue-run.ts';

const MiB = 1024 ** 2;
let practice: PracticeBucket;
let program: Program;

beforeAll(async () => {
  [practice, program] = await Promise.all([
    makePracticeBucket(),
    bundle(fileURLToPath(new URL('./queue-process.ts', import.meta.url))),
  ]);
});
afterEach(() => practice.server.faults.clear());
afterAll(() => practice.close());

function start(orders: { journal: string; upload?: string; download?: { key: string; folder: string } }) {
  const { endpoint, accessKeyId, accessKeySecret } = practice.server;
  const all = {
    ...{ endpoint, accessKeyId, accessKeySecret, bucket: practice.bucket },
    journalFile: join(practice.folder, orders.journal),
    upload: orders.upload ?? null,
    download: orders.download ?? null,
  };
  return spawn(process.execPath, [program.path, JSON.stringify(all)], { stdio: ['ignore', 'inherit', 'inherit'] });
}

const random = seeded();

/** Milliseconds before each kill: a few here, fifty at random in `npm run soak`. */
const moments =
  process.env['WAYBILL_SOAK'] === undefined
    ? [700, 300, 900, 500, 1100]
    : Array.from({ length: 50 }, () => 100 + random.below(1500));

test(
  'an upload and a download that are killed over and over end with the same bytes and leave nothing',
  { timeout: 60_000 + moments.length * 10_000 },
  async () => {
    // Large enough that it cannot be done before the last kill, however fast the machine is.
    const bytes = noise(240 * MiB);
    await practice.put('killed-down', bytes);
    const path = await practice.file('killed-up', bytes);
    process.stdout.write(`SEED=${random.seed}\n`);
    let left = [...moments];
    for (let round = 1; left.length > 0; round += 1) left = await killOver(`killed-${round}`, path, left);
  },
);

/** Moves the bytes up and down, killed at these moments; gives those that were not needed any more. */
async function killOver(name: string, path: string, at: readonly number[]): Promise<number[]> {
  const folder = join(practice.folder, name);
  await mkdir(folder);
  practice.server.faults.add({ effect: { kind: 'slow', bytesPerSecond: 12 * MiB } });
  const journalName = `${name}.jsonl`;
  let child = start({ journal: journalName, upload: path, download: { key: 'killed-down', folder } });
  // A process that dies between OSS's answer to an initiate and the journal's line leaves an upload that nobody can tell
  // from another client's: OSS's lifecycle rule for parts is there for those. All after that moment is ours to keep.
  const journal = join(practice.folder, journalName);
  await expect.poll(() => readFile(journal, 'utf8').catch(() => ''), { timeout: 20_000 }).toContain('"uploadId"');
  const left = [...at];
  let signal: string | null = 'SIGKILL';
  for (let afterMs = left.shift(); afterMs !== undefined && signal === 'SIGKILL'; afterMs = left.shift()) {
    const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
    [, signal] = (await once(child, 'close')) as [number | null, string | null];
    clearTimeout(timer);
    child = start({ journal: journalName });
  }
  practice.server.faults.clear();
  expect(await once(child, 'close')).toEqual([0, null]);
  const sent = await digestOf(path);
  expect(digest(await practice.read('killed-up'))).toBe(sent);
  expect(await digestOf(join(folder, 'killed-down'))).toBe(sent);
  expect(await namesIn(folder)).toEqual(['killed-down']);
  expect((await listMultipartUploads(practice.connection, practice.bucket)).uploads).toEqual([]);
  await deleteObject(practice.connection, { bucket: practice.bucket, key: 'killed-up' });
  return left;
}

test('finished parts are not sent again after a restart', async () => {
  const path = await practice.file('parts', noise(64 * MiB));
  const first = makeQueue(practice, { journal: 'parts.jsonl' });
  const stop = practice.server.faults.add({
    match: { operation: 'UploadPart' },
    skip: 4,
    effect: { kind: 'error', status: 503, code: 'ServiceUnavailable' },
  });
  await first.queue.addUploads({ accountId, bucket: practice.bucket, prefix: '', paths: [path] });
  await first.until(() => first.find('parts').doneBytes >= 32 * MiB, 'four parts');
  await first.until(() => first.find('parts').state.at === 'waiting', 'waiting');
  await first.close();
  stop();
  const again = practice.server.faults.add({
    match: { operation: 'UploadPart' },
    skip: 4,
    effect: { kind: 'error', status: 403, code: 'OnePartTooMany' },
  });
  const second = makeQueue(practice, { journal: 'parts.jsonl' });
  expect(second.find('parts').doneBytes).toBe(32 * MiB);
  await second.settled();
  again();
  expect(second.find('parts').state).toMatchObject({ at: 'done', verified: 'crc64' });
  await second.close();
});

test('a link is never written down: its transfer comes back and asks for a fresh one', async () => {
  const { server, connection, bucket } = practice;
  const url = makeSignedUrl({
    ...{ method: 'GET', bucket, key: 'secret-link', endpoint: connection.endpoint, region: connection.region },
    signVersion: 'v4',
    accessKey: { accessKeyId: server.accessKeyId, accessKeySecret: server.accessKeySecret, securityToken: 'a-token' },
    signedAt: Date.now(),
    expiresSeconds: 60,
  });
  const first = makeQueue(practice, { journal: 'link.jsonl' });
  const id = first.queue.addLinkDownload({ ...linkOf(url), folder: practice.folder, fileName: 'linked' });
  await first.close();
  const text = await readFile(join(practice.folder, 'link.jsonl'), 'utf8');
  expect(text).toContain('secret-link');
  for (const secret of ['signature', 'a-token', server.accessKeyId])
    expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
  const second = makeQueue(practice, { journal: 'link.jsonl' });
  expect(second.queue.list()).toMatchObject([{ id, through: 'link', state: { at: 'blocked', need: 'fresh-link' } }]);
  await second.close();
});

test('a torn last line is dropped, all before it counts', async () => {
  const path = await practice.file('torn', 'torn');
  const first = makeQueue(practice, { journal: 'torn.jsonl' });
  await first.queue.addUploads({ accountId, bucket: practice.bucket, prefix: '', paths: [path] });
  await first.settled();
  await first.close();
  await appendFile(join(practice.folder, 'torn.jsonl'), '{"type":"gone","i');
  const second = makeQueue(practice, { journal: 'torn.jsonl' });
  expect(second.queue.list()).toMatchObject([{ name: 'torn', state: { at: 'done' } }]);
  second.queue.clear();
  await second.close();
  const third = makeQueue(practice, { journal: 'torn.jsonl' });
  expect(third.queue.list()).toEqual([]);
  await third.close();
});
