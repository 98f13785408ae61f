import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { expectMoment } from '../../support/moments.ts';
import type { LinkOptions } from '../../../main/links/making/link-options.ts';
import { sessionForLink } from '../../../main/links/making/link-session.ts';
import { type SignedLink, signLink } from '../../../main/links/making/sign-link.ts';
import { putObject } from '../../../main/oss/operations/objects.ts';
import { makeSignedUrl } from '../../../main/oss/signing/signed-url.ts';
import { type PracticeRun, startPracticeRun } from '../accounts/practice-server.ts';

/* The flows of https://www.alibabacloud.com/help/en/oss/developer-reference/authorize-access-3, with curl at the other end. */

const time = { ahead: 0 };
const now = (): number => Date.now() + time.ahead;
let run: PracticeRun;

beforeAll(async () => {
  run = await startPracticeRun({ now, localNow: now });
});

afterEach(() => {
  time.ahead = 0;
});

afterAll(() => run.close());

async function share(
  accountId: string,
  object: { bucket: string; key: string; versionId?: string },
  options: Partial<LinkOptions> = {},
): Promise<SignedLink> {
  const connection = await run.accounts.connection(accountId, object.bucket);
  const request = { versionId: null, expiresSeconds: 3600, fileName: null, open: null, ...object, ...options };
  const { expiresSeconds: seconds = 0, renewSession = false } = request;
  const session = await sessionForLink(run.accounts, accountId, { seconds, renew: renewSession });
  return signLink(connection, session, request);
}

async function addOwner(): Promise<string> {
  return (await run.accounts.add(run.draft({ remember: false }))).id;
}

async function put(accountId: string, object: { bucket: string; key: string }, body: Buffer, type = 'image/x-test') {
  const connection = await run.accounts.connection(accountId, object.bucket);
  return putObject(connection, { ...object, body, sizeBytes: body.length, headers: { 'content-type': type } });
}

async function curl(...args: string[]): Promise<{ status: number; head: string; body: Buffer; seconds: number }> {
  const format = '%{stderr}%{http_code} %{time_total}';
  const { stdout, stderr } = await promisify(execFile)('curl', ['-s', '-i', '-w', format, ...args], {
    encoding: 'buffer',
    maxBuffer: 64 * 1024 ** 2,
  });
  const end = stdout.indexOf('\r\n\r\n');
  const [status, seconds] = stderr.toString().split(' ').map(Number);
  return {
    status: status ?? 0,
    seconds: seconds ?? 0,
    head: stdout.subarray(0, end).toString(),
    body: stdout.subarray(end + 4),
  };
}

test.each(['v4', 'v1'] as const)(
  'a PUT link with Content-Type and storage class takes exactly these, signed with %s',
  async (signVersion) => {
    const id = await addOwner();
    const object = { bucket: 'waybill-inbox', key: `sent-${signVersion}.txt` };
    const upload = { contentType: 'text/plain', storageClass: 'IA' } as const;
    const { url, headers } = await share(id, object, { method: 'PUT', signVersion, upload });
    const sent = ['-X', 'PUT', '--data-binary', 'content'];
    const asTold = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
    expect((await curl(...sent, '-H', 'Content-Type: text/plain', url)).status).toBe(403);
    expect((await curl(...sent, '-H', 'Content-Type: text/html', '-H', 'x-oss-storage-class: IA', url)).status).toBe(
      403,
    );
    expect((await curl(...sent, ...asTold, url)).status).toBe(200);
    const got = await curl((await share(id, object)).url);
    expect(got.head).toMatch(/^x-oss-storage-class: IA/im);
    expect(got.head).toMatch(/^content-type: text\/plain/im);
  },
);

test('a GET link binds Accept-Encoding: gzip and a traffic limit, which holds', async () => {
  const id = await addOwner();
  const bucket = 'waybill-inbox';
  const text = Buffer.from('x,y,z\n'.repeat(50_000));
  await put(id, { bucket, key: 'table.txt' }, text, 'text/plain');
  const connection = await run.accounts.connection(id, bucket);
  const url = makeSignedUrl({
    ...connection,
    ...{ method: 'GET', bucket, key: 'table.txt', signedAt: now(), expiresSeconds: 600 },
    accessKey: await connection.accessKey(),
    params: { 'x-oss-traffic-limit': '819200' },
    headers: { 'accept-encoding': 'gzip' },
    additionalHeaders: ['accept-encoding'],
  });
  const zipped = await curl('-H', 'Accept-Encoding: gzip', url);
  expect(zipped.status).toBe(200);
  expect(gunzipSync(zipped.body).equals(text)).toBe(true);
  // Without the header that the signature names, the link is refused.
  expect((await curl(url)).status).toBe(400);

  // 300 KB at 100 KB/s.
  await put(id, { bucket, key: 'large.bin' }, Buffer.alloc(300 * 1024, 7));
  const limited = await share(id, { bucket, key: 'large.bin' }, { trafficLimitBitsPerSecond: 819_200 });
  const slow = await curl(limited.url);
  expect(slow.body.length).toBe(300 * 1024);
  expect(slow.seconds).toBeGreaterThan(2.5);
  const free = await curl((await share(id, { bucket, key: 'large.bin' })).url);
  expect(free.seconds).toBeLessThan(slow.seconds / 2);
});

test('a version-pinned link still serves the old version after an overwrite', async () => {
  const id = await addOwner();
  const object = { bucket: 'waybill-versions', key: 'pinned.txt' };
  const { versionId } = await put(id, object, Buffer.from('old'));
  if (versionId === null) throw new Error('a bucket without versions');
  const pinned = await share(id, { ...object, versionId });
  const newest = await share(id, object);
  await put(id, object, Buffer.from('new'));
  expect((await curl(pinned.url)).body.toString()).toBe('old');
  expect((await curl(newest.url)).body.toString()).toBe('new');
});

test('a version of a PUT is refused, with the reason, before anything is signed', async () => {
  const id = await addOwner();
  const object = { bucket: 'waybill-versions', key: 'a', versionId: 'v1' };
  await expect(share(id, object, { method: 'PUT' })).rejects.toMatchObject({
    failure: { kind: 'input', field: 'versionId', rule: 'version-on-put' },
  });
});

const role = (durationSeconds: number) => ({ roleArn: run.server.roleArn, sessionName: 'waybill', durationSeconds });

test('STS credentials of 1,200 s sign a URL of 3,600 s, which says and dies at 1,200', async () => {
  const start = now();
  const id = (await run.accounts.add(run.draft({ remember: false, role: role(1200) }))).id;
  const link = await share(id, { bucket: 'waybill-samples', key: 'Welcome to Waybill.txt' });
  expect(link).toMatchObject({ limitedBy: 'session', sessionEndUnknown: false });
  expectMoment(link.validUntil, start, 1_200_000);
  // Signed with the session's end, not with what was asked: the receiver's card then shows the true moment.
  expect(Number(new URL(link.url).searchParams.get('x-oss-expires'))).toBeLessThanOrEqual(1200);
  time.ahead = link.validUntil - Date.now() - 30_000;
  expect((await curl(link.url)).status).toBe(200);
  time.ahead += 31_000;
  expect((await curl(link.url)).status).toBe(403);
});

test('renewing the session first makes the link live as long as was asked', async () => {
  const id = (await run.accounts.add(run.draft({ remember: false, role: role(1200) }))).id;
  const link = await share(id, { bucket: 'waybill-samples', key: 'Welcome to Waybill.txt' }, { renewSession: true });
  expect(link.limitedBy).toBe('expiry');
  time.ahead = link.validUntil - Date.now() - 30_000;
  expect((await curl(link.url)).status).toBe(200);
  time.ahead += 31_000;
  expect((await curl(link.url)).status).toBe(403);
});

test('a moment is that moment on the server, although the local clock is an hour off', async () => {
  const other = await startPracticeRun({ now, localNow: () => now() + 3_600_000 });
  try {
    const { id } = await other.accounts.add(other.draft({ remember: false }));
    const connection = await other.accounts.connection(id, 'waybill-samples');
    const session = await other.accounts.session(id);
    const validUntil = Math.floor(now() / 1000) * 1000 + 600_000;
    const object = { bucket: 'waybill-samples', key: 'Welcome to Waybill.txt', versionId: null };
    const link = signLink(connection, session, { ...object, validUntil, fileName: null, open: null });
    expect(link.validUntil).toBe(validUntil);
    expect((await curl(link.url)).status).toBe(200);
    time.ahead = validUntil - Date.now() + 2000;
    expect((await curl(link.url)).status).toBe(403);
  } finally {
    await other.close();
  }
});
