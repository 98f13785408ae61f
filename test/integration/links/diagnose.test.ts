import { type Dispatcher, MockAgent } from 'undici';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { expectMoment } from '../../support/moments.ts';
import type { KeyDraft } from '../../../main/accounts/account.ts';
import { diagnoseLink } from '../../../main/links/receiving/diagnose.ts';
import { ReceivedLinks } from '../../../main/links/receiving/received-links.ts';
import { inspect } from '../../../main/links/receiving/inspect.ts';
import type { LinkDiagnosis } from '../../../main/links/receiving/link-diagnosis.ts';
import type { LinkOptions } from '../../../main/links/making/link-options.ts';
import { signLink } from '../../../main/links/making/sign-link.ts';
import { deleteObject } from '../../../main/oss/operations/deletes.ts';
import { putObject } from '../../../main/oss/operations/objects.ts';
import { makeSignedUrl } from '../../../main/oss/signing/signed-url.ts';
import { listVersions } from '../../../main/oss/operations/versions.ts';
import { type PracticeRun, startPracticeRun } from '../accounts/practice-server.ts';

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

const welcome = { bucket: 'waybill-samples', key: 'Welcome to Waybill.txt' };

async function link(
  object: { bucket: string; key: string; versionId?: string } = welcome,
  options: Partial<LinkOptions> = {},
  account: Partial<KeyDraft> = {},
): Promise<{ url: string; noted: string }> {
  const { id } = await run.accounts.add(run.draft({ remember: false, ...account }));
  const connection = await run.accounts.connection(id, object.bucket);
  const session = await run.accounts.session(id);
  const request = { versionId: null, expiresSeconds: 3600, fileName: null, open: null, ...object, ...options };
  const { url, noted } = signLink(connection, session, request);
  return { url, noted: noted ?? url };
}

function endOf(diagnosis: LinkDiagnosis): number | null {
  return 'failure' in diagnosis && diagnosis.failure.kind === 'link' ? (diagnosis.failure.at ?? null) : null;
}

async function ask(text: string, dispatcher: Dispatcher = run.dispatcher, at = now()): Promise<LinkDiagnosis> {
  const { card, url } = inspect(text, at);
  if (card.kind !== 'link' || url === null) throw new Error(card.kind);
  return diagnoseLink({ url, card }, dispatcher, { now: at });
}

test('a link that works is said to work', async () => {
  expect(await ask((await link()).url)).toMatchObject({ cause: 'none', status: 206, clockOffBy: 0 });
  expect(await ask((await link(welcome, { method: 'HEAD' })).noted)).toMatchObject({ cause: 'none', status: 200 });
});

test('a link that was pasted is asked by its ID, and one that never was is unknown', async () => {
  const links = new ReceivedLinks(run.dispatcher);
  const card = links.inspect((await link()).url);
  if (card.kind !== 'link') throw new Error(card.kind);
  expect(await links.diagnose(card.linkId)).toMatchObject({ cause: 'none', status: 206 });
  const stopped = links.diagnose(card.linkId, AbortSignal.abort());
  await expect(stopped).rejects.toMatchObject({ failure: { kind: 'cancelled' } });
  expect(() => links.get('another')).toThrow(
    expect.objectContaining({ failure: { kind: 'input', field: 'link', rule: 'unknown' } }),
  );
});

test('a link that has ended, and when', async () => {
  const start = Date.now();
  const { url } = await link(welcome, { expiresSeconds: 60 });
  time.ahead = 120_000;
  const diagnosis = await ask(url);
  expect(diagnosis).toMatchObject({ cause: 'expired', code: 'AccessDenied' });
  expectMoment(endOf(diagnosis), start, 60_000);
});

test('a link that was made by a clock an hour ahead', async () => {
  const start = Date.now();
  const { url } = await link();
  time.ahead = -3_600_000;
  const diagnosis = await ask(url);
  // OSS takes a link 15 minutes before its time.
  expect(diagnosis).toMatchObject({ cause: 'not-yet-valid' });
  expectMoment(endOf(diagnosis), start, -15 * 60_000);
});

test('a link for an upload: nothing is written by asking', async () => {
  const object = { bucket: 'waybill-inbox', key: 'never-written' };
  const upload = { contentType: 'text/plain' };
  const { url, noted } = await link(object, { method: 'PUT', upload });
  run.requests.length = 0;
  expect(await ask(noted)).toMatchObject({ cause: 'wrong-method', method: 'PUT' });
  expect(await ask(url)).toMatchObject({ cause: 'link-mismatch', orElse: ['wrong-method', 'header-missing'] });
  expect(await ask((await link(object, { method: 'DELETE' })).noted)).toMatchObject({ cause: 'wrong-method' });
  expect(run.requests.filter((request) => !/^(GET|HEAD) /.test(request))).toEqual([]);
});

test('a link for HEAD without a note', async () => {
  expect(await ask((await link(welcome, { method: 'HEAD' })).url)).toMatchObject({
    cause: 'wrong-method',
    method: 'HEAD',
  });
});

test('a header that the signature names and nobody sent', async () => {
  const { id } = await run.accounts.add(run.draft({ remember: false }));
  const connection = await run.accounts.connection(id, welcome.bucket);
  const url = makeSignedUrl({
    ...connection,
    ...{ method: 'GET', ...welcome, signedAt: now(), expiresSeconds: 600 },
    accessKey: await connection.accessKey(),
    headers: { 'content-language': 'de' },
    additionalHeaders: ['content-language'],
  });
  expect(await ask(url)).toMatchObject({ cause: 'header-missing', headers: ['content-language'] });
});

test('a link that was changed on the way', async () => {
  const { url } = await link();
  expect(await ask(url.replace('Welcome', 'welcome'))).toMatchObject({ cause: 'link-mismatch' });
});

test('a bucket in another region', async () => {
  const { url } = await link(welcome, {}, { endpoint: run.hostUrl('oss-cn-hangzhou.aliyuncs.com') });
  const moved = url.replace('oss-cn-hangzhou', 'oss-us-west-1');
  expect(await ask(moved)).toMatchObject({ cause: 'wrong-region-signature' });
  const signedThere = await link(
    welcome,
    { signVersion: 'v1' },
    { endpoint: run.hostUrl('oss-cn-hangzhou.aliyuncs.com') },
  );
  expect(await ask(signedThere.url.replace('oss-cn-hangzhou', 'oss-us-west-1'))).toMatchObject({
    cause: 'wrong-endpoint',
    failure: { endpoint: 'oss-cn-hangzhou.aliyuncs.com' },
  });
});

test('an object, a version or a bucket that is gone', async () => {
  expect(await ask((await link({ ...welcome, key: 'gone' })).url)).toMatchObject({
    cause: 'no-such-key',
    deleteMarker: false,
  });
  const { id } = await run.accounts.add(run.draft({ remember: false }));
  const bucket = 'waybill-versions';
  const connection = await run.accounts.connection(id, bucket);
  const body = Buffer.from('x');
  await putObject(connection, { bucket, key: 'short-lived', body, sizeBytes: 1 });
  await deleteObject(connection, { bucket, key: 'short-lived' });
  expect(await ask((await link({ bucket, key: 'short-lived' })).url)).toMatchObject({
    cause: 'no-such-key',
    deleteMarker: true,
  });
  const { versions } = await listVersions(connection, bucket, { prefix: 'short-lived' });
  for (const { versionId } of versions) await deleteObject(connection, { bucket, key: 'short-lived', versionId });
  const versionId = versions[0]?.versionId ?? '';
  expect(await ask((await link({ bucket, key: 'short-lived', versionId })).url)).toMatchObject({
    cause: 'no-such-version',
  });
  expect(await ask((await link({ bucket: 'no-such-bucket', key: 'a' })).url)).toMatchObject({
    cause: 'no-such-bucket',
  });
});

test('credentials that were revoked, and a session that has ended', async () => {
  const accessKeyId = 'LTAI5tRevokedRevoked';
  expect(await ask((await link(welcome, {}, { accessKeyId })).url)).toMatchObject({ cause: 'wrong-key' });
  const role = { roleArn: run.server.roleArn, sessionName: 'waybill', durationSeconds: 900 };
  const { url } = await link(welcome, {}, { role });
  time.ahead = 901_000;
  expect(await ask(url)).toMatchObject({ cause: 'token-expired' });
});

test('whoever signed it may not read it', async () => {
  const key = { accessKeyId: 'OBJECTUSER', accessKeySecret: 'object-secret' };
  const { url } = await link({ bucket: 'waybill-versions', key: 'price-list.csv' }, {}, key);
  expect(await ask(url)).toMatchObject({ cause: 'denied-by-policy' });
});

test('a clock that is wrong here is named beside the cause', async () => {
  const { url } = await link();
  const twoHours = 7_200_000;
  const start = Date.now();
  const diagnosis = await ask(url, run.dispatcher, start + twoHours);
  expect(diagnosis.cause).toBe('none');
  // The longer the answer took, the less the clock seems to be ahead.
  expectMoment(start + twoHours - diagnosis.clockOffBy, start, 0);
});

/** Answers that the practice server does not give. */
test.each([
  ['archived', 403, 'InvalidObjectState', '', {}],
  ['denied-by-source', 403, 'AccessDenied', '0002-00000603', {}],
  ['denied-by-source', 403, 'AccessDenied', '', { access: { sourceIp: '192.0.2.1' } }],
  ['clock-skew', 403, 'RequestTimeTooSkewed', '', {}],
  ['account-disabled', 403, 'UserDisable', '', {}],
  ['busy', 503, 'ServiceUnavailable', '', {}],
  ['not-yet-valid', 403, 'AccessDenied', '0002-00000235', {}],
  ['other', 400, 'InvalidArgument', '', {}],
  ['link-mismatch', 400, 'InvalidArgument', '0002-00000232', {}],
] as const)('%s (%i %s %s)', async (...[cause, status, code, ec, options]) => {
  const { url } = await link(welcome, options);
  const agent = new MockAgent();
  agent.disableNetConnect();
  const xml = `<Error><Code>${code}</Code><Message>m</Message><EC>${ec}</EC></Error>`;
  agent
    .get(new URL(url).origin)
    .intercept({ path: () => true, method: 'GET' })
    .reply(status, xml);
  expect(await ask(url, agent)).toMatchObject({ cause, code });
  await agent.close();
});

test('a server that is not there is a matter of the network', async () => {
  const { url } = await link();
  await expect(ask(url.replace(/:\d+\//, ':1/'))).rejects.toMatchObject({ failure: { kind: 'network' } });
});
