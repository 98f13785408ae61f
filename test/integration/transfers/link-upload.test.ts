// An upload through a link whose answer may get lost: the link can't read what it wrote.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { readSignedUrl } from '../../../main/links/text/pasted-link.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { headerBytes } from '../../../main/oss/header-text.ts';
import { headObject } from '../../../main/oss/operations/objects.ts';
import { makeSignedUrl } from '../../../main/oss/signing/signed-url.ts';
import { digest, makePracticeBucket, noise, type PracticeBucket } from './practice-bucket.ts';
import { makeQueue, type QueueRun } from './queue-run.ts';

const MiB = 1024 ** 2;
const noOverwrite = { 'x-oss-forbid-overwrite': 'true' };
let practice: PracticeBucket;

beforeAll(async () => {
  practice = await makePracticeBucket();
});
afterEach(() => practice.server.faults.clear());
afterAll(() => practice.close());

async function send(
  key: string,
  bytes: Buffer,
  headers: Readonly<Record<string, string>>,
  endpoint = practice.connection.endpoint,
): Promise<QueueRun> {
  const { connection, bucket, server } = practice;
  const { accessKeyId, accessKeySecret } = server;
  const url = makeSignedUrl({
    ...{ method: 'PUT', bucket, key, endpoint, region: connection.region },
    headers: headerBytes(headers),
    ...{ signVersion: 'v4', signedAt: Date.now(), expiresSeconds: 600 },
    accessKey: { accessKeyId, accessKeySecret, securityToken: null },
  });
  const reading = readSignedUrl(url);
  if (reading.kind !== 'link') throw new Error(reading.kind);
  const run = makeQueue(practice);
  onTestFinished(() => run.close());
  run.queue.addLinkUpload({ url, parts: reading.parts, path: await practice.file(key, bytes), headers });
  await run.settled();
  return run;
}

const loseFirstAnswer = (): void => {
  const match = { operation: 'PutObject' };
  practice.server.faults.add({ match, times: 1, effect: { kind: 'reset', at: 'after-work' } });
};

test.each(['打包测试', 'é', 'plain', '🦫 und ß'])('a header “%s” is sent as UTF-8, as SDKs sign it', async (title) => {
  const key = `title-${title}`;
  const { connection, bucket } = practice;
  const { queue } = await send(key, noise(10), { 'x-oss-meta-title': title });
  expect(queue.list()[0]?.state).toMatchObject({ at: 'done', verified: 'crc64' });
  const { meta } = await headObject(connection, { bucket, key });
  expect(meta['title']).toBe(Buffer.from(title, 'utf8').toString('latin1'));
});

test.each([10, 3 * MiB])('a slot of %i bytes whose first answer is lost is done: sent, not confirmed', async (size) => {
  const bytes = noise(size);
  const key = `slot-${String(size)}`;
  loseFirstAnswer();
  const { queue } = await send(key, bytes, noOverwrite);
  const [transfer] = queue.list();
  expect(transfer?.state).toMatchObject({ at: 'done', verified: 'unconfirmed' });
  expect(transfer?.doneBytes).toBe(size);
  expect(digest(await practice.read(key))).toBe(digest(bytes));
});

test('a slot that was filled before is refused: no attempt of ours can have filled it', async () => {
  await practice.put('filled', 'theirs');
  const { queue } = await send('filled', noise(10), noOverwrite);
  expect(queue.list()[0]?.state).toMatchObject({ at: 'failed', because: { code: 'FileAlreadyExists' } });
  expect((await practice.read('filled')).toString()).toBe('theirs');
});

test('a link that may replace is sent again after a lost answer, and verified', async () => {
  loseFirstAnswer();
  const { queue } = await send('again', noise(10), {});
  expect(queue.list()[0]?.state).toMatchObject({ at: 'done', verified: 'crc64' });
});

test.each([
  ['nothing', ''],
  ['an error', '<Error><Code>CallbackFailed</Code><Message>Error status : -1.</Message></Error>'],
])('a 203 with %s says nothing about a callback that nobody asked for', async (_what, body) => {
  const proxy = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(203, { 'content-type': 'application/xml' }).end(body));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void proxy.close());
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const { queue } = await send('passed-on', noise(10), {}, parseEndpoint(`http://127.0.0.1:${String(port)}`));
  const [transfer] = queue.list();
  expect(transfer?.state).toMatchObject({ at: 'done', verified: 'length' });
  expect(transfer?.state).not.toHaveProperty('callback');
});
