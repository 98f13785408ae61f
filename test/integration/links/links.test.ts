import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectMoment } from '../../support/moments.ts';
import type { KeyDraft } from '../../../main/accounts/account.ts';
import type { ReceivedLink } from '../../../main/links/receiving/link-card.ts';
import { ReceivedLinks } from '../../../main/links/receiving/received-links.ts';
import { type LinkRequest, type SignedLink, signLink } from '../../../main/links/making/sign-link.ts';
import { putObject } from '../../../main/oss/operations/objects.ts';
import { makeSignedUrl } from '../../../main/oss/signing/signed-url.ts';
import { listVersions } from '../../../main/oss/operations/versions.ts';
import { customDomain, type PracticeRun, startPracticeRun } from '../accounts/practice-server.ts';

const hour = 3_600_000;
const time = { ahead: 0, localAhead: 0 };
let run: PracticeRun;
let links: ReceivedLinks;

beforeAll(async () => {
  run = await startPracticeRun({
    now: () => Date.now() + time.ahead,
    localNow: () => Date.now() + time.ahead + time.localAhead,
  });
  links = new ReceivedLinks(run.dispatcher);
});

afterEach(() => {
  time.ahead = 0;
  time.localAhead = 0;
});

afterAll(() => run.close());

async function addAccount(fields: Partial<KeyDraft> = {}): Promise<string> {
  return (await run.accounts.add(run.draft({ remember: false, ...fields }))).id;
}

async function share(id: string, fields: Partial<LinkRequest> = {}): Promise<SignedLink> {
  const request: LinkRequest = {
    bucket: 'waybill-samples',
    key: 'Welcome to Waybill.txt',
    versionId: null,
    expiresSeconds: 3600,
    fileName: null,
    open: null,
    ...fields,
  };
  const session = await run.accounts.session(id, (request.expiresSeconds ?? 0) * 1000);
  return signLink(await run.accounts.connection(id, request.bucket), session, request);
}

/** What a receiver without Waybill gets: status, headers and body, from curl. */
async function curl(url: string): Promise<{ status: number; head: string; body: string }> {
  const toThisMachine = ['--connect-to', '::127.0.0.1:'];
  const { stdout } = await promisify(execFile)('curl', ['-s', '-i', ...toThisMachine, url]);
  const [head = '', body = ''] = stdout.split(/\r\n\r\n(.*)/s);
  return { status: Number(head.split(' ')[1]), head, body };
}

function inspectLink(url: string): ReceivedLink {
  const card = links.inspect(url, Date.now() + time.ahead);
  if (card.kind !== 'link') throw new Error(card.kind);
  return card;
}

async function put(id: string, key: string, text: string, bucket = 'waybill-inbox'): Promise<void> {
  const body = Buffer.from(text);
  const connection = await run.accounts.connection(id, bucket);
  await putObject(connection, { bucket, key, body, sizeBytes: body.length });
}

describe('a share link', () => {
  test.each(['v4', 'v1'] as const)('opens with curl, signed with %s', async (signVersion) => {
    const { status, body } = await curl((await share(await addAccount({ signVersion }))).url);
    expect(status).toBe(200);
    expect(body).toContain('Waybill');
  });

  test.each([
    'a b',
    'a+b',
    '100%.txt',
    'a%20b',
    'a#b',
    'a?b&c=d',
    `quotes'"\`.txt`,
    '合同/运单.csv',
    '🚢.txt',
    'a//b',
    'a/../b',
    './a',
    'a/.',
    '!*()~',
  ])('opens whatever the key holds: %s', async (key) => {
    const id = await addAccount();
    await put(id, key, `content of ${key}`);
    for (const open of [null, 'download'] as const) {
      const { url } = await share(id, { bucket: 'waybill-inbox', key, open });
      expect(await curl(url)).toMatchObject({ status: 200, body: `content of ${key}` });
      expect(inspectLink(url)).toMatchObject({ bucket: 'waybill-inbox', key });
    }
  });

  test('saves under the name that was chosen', async () => {
    const { url } = await share(await addAccount(), { fileName: '报告 1.txt', open: 'download' });
    const { head } = await curl(url);
    expect(head).toMatch(/^content-disposition: attachment; filename="__ 1\.txt"; filename\*=UTF-8''%E6/im);
    expect(inspectLink(url).fileName).toBe('报告 1.txt');
  });

  test('opens the version that was chosen, although there are newer ones', async () => {
    const id = await addAccount();
    const bucket = 'waybill-versions';
    const connection = await run.accounts.connection(id, bucket);
    const { versions } = await listVersions(connection, bucket, { prefix: 'price-list.csv' });
    const bodies = await Promise.all(
      versions.map(
        async ({ versionId }) => (await curl((await share(id, { bucket, key: 'price-list.csv', versionId })).url)).body,
      ),
    );
    expect(new Set(bodies).size).toBe(3);
    expect(bodies[0]).toBe((await curl((await share(id, { bucket, key: 'price-list.csv' })).url)).body);
  });

  test('on a custom domain does not tell its bucket, and opens', async () => {
    const endpoint = run.hostUrl(customDomain);
    const { url } = await share(await addAccount({ endpoint, cname: true }));
    expect(url.startsWith(`${endpoint}/Welcome%20to%20Waybill.txt?`)).toBe(true);
    expect((await curl(url)).status).toBe(200);
    const card = inspectLink(url);
    expect(card).toMatchObject({ bucket: null, key: 'Welcome to Waybill.txt', secure: false });
    expect((await links.probe(card.linkId)).sizeBytes).toBeGreaterThan(0);
  });

  test('has the bucket as a sub-domain of its region', async () => {
    const { url } = await share(await addAccount({ endpoint: run.hostUrl('oss-cn-hangzhou.aliyuncs.com') }));
    expect(url.startsWith(run.hostUrl('waybill-samples.oss-cn-hangzhou.aliyuncs.com'))).toBe(true);
    expect((await curl(url)).status).toBe(200);
  });

  test('ends when it says', async () => {
    const { url, validUntil } = await share(await addAccount(), { expiresSeconds: 60 });
    time.ahead = validUntil - Date.now() - 30_000;
    expect((await curl(url)).status).toBe(200);
    time.ahead += 31_000;
    expect((await curl(url)).status).toBe(403);
  });

  test('is right although the local clock is an hour off', async () => {
    time.localAhead = -2 * hour;
    const start = Date.now();
    const { url, validUntil } = await share(await addAccount(), { expiresSeconds: 3600 });
    expect((await curl(url)).status).toBe(200);
    expectMoment(validUntil, start, hour);
  });
});

describe('a share link under a session', () => {
  const role = () => ({ roleArn: run.server.roleArn, sessionName: 'waybill', durationSeconds: 900 });

  test('ends with the session and says so', async () => {
    const start = Date.now();
    const link = await share(await addAccount({ role: role() }), { expiresSeconds: 7200 });
    expect(link).toMatchObject({ limitedBy: 'session', sessionEndUnknown: false });
    expectMoment(link.validUntil, start, 900_000);
    expect(inspectLink(link.url)).toMatchObject({ temporary: true, state: 'valid' });
    expect((await curl(link.url)).status).toBe(200);
    time.ahead = 901_000;
    expect((await curl(link.url)).status).toBe(403);
    await expect(links.probe(inspectLink(link.url).linkId)).rejects.toMatchObject({
      failure: { kind: 'link', cause: 'token-expired' },
    });
  });

  test('gets a fresh session when the one at hand is short', async () => {
    const id = await addAccount({ role: role() });
    await share(id);
    time.ahead = 5 * 60_000;
    const link = await share(id, { expiresSeconds: 900 });
    expect(link.validUntil - Date.now() - time.ahead).toBeGreaterThan(890_000);
  });

  test('with a pasted token tells that its end is not known', async () => {
    const { accessKey } = await run.accounts.session(await addAccount({ role: role() }));
    const link = await share(await addAccount({ ...accessKey }));
    expect(link).toMatchObject({ limitedBy: 'expiry', sessionEndUnknown: true });
    expect((await curl(link.url)).status).toBe(200);
  });
});

describe('asking the server about a received link', () => {
  test('tells size, type, date and whether the download can be verified', async () => {
    const { url } = await share(await addAccount(), { key: 'pictures/harbour.png' });
    const probe = await links.probe(inspectLink(url).linkId);
    expect(probe).toMatchObject({ sizeBytes: 24_344, contentType: 'image/png', verifiable: true });
    expect(probe.lastModified).toBeGreaterThan(0);
  });

  test('tells the size of an empty object', async () => {
    const id = await addAccount();
    await put(id, 'empty', '');
    const { url } = await share(id, { bucket: 'waybill-inbox', key: 'empty' });
    expect((await links.probe(inspectLink(url).linkId)).sizeBytes).toBe(0);
  });

  test('tells that it ended, and when', async () => {
    const { url, validUntil } = await share(await addAccount(), { expiresSeconds: 60 });
    const { linkId } = inspectLink(url);
    time.ahead = 120_000;
    await expect(links.probe(linkId)).rejects.toMatchObject({ failure: { kind: 'link', cause: 'expired' } });
    expect(links.inspect(url, validUntil)).toMatchObject({ state: 'expired', validUntil });
  });

  test('tells that it is refused when it was changed or is meant for an upload', async () => {
    const id = await addAccount();
    const { url } = await share(id);
    const connection = await run.accounts.connection(id, 'waybill-inbox');
    const upload = makeSignedUrl({
      ...connection,
      method: 'PUT',
      bucket: 'waybill-inbox',
      key: 'new.txt',
      accessKey: await connection.accessKey(),
      signedAt: Date.now(),
      expiresSeconds: 60,
    });
    for (const refused of [url.replace('Welcome', 'welcome'), upload]) {
      const failure = await links.probe(inspectLink(refused).linkId).catch((error: unknown) => error);
      expect(failure).toMatchObject({ failure: { kind: 'link', cause: 'link-mismatch' } });
      expect(JSON.stringify(failure)).not.toMatch(/signature=/i);
    }
  });

  test('tells when the object is gone', async () => {
    const { url } = await share(await addAccount(), { key: 'no-such-object' });
    await expect(links.probe(inspectLink(url).linkId)).rejects.toMatchObject({
      failure: { kind: 'oss', status: 404, code: 'NoSuchKey' },
    });
  });

  test('mends what a mail program did to it', async () => {
    const { url } = await share(await addAccount({ signVersion: 'v1' }));
    const mailed = `Here it is:\n<${url.replaceAll('&', '&amp;').replace(/(.{70})/g, '$1\n')}>\nbye`;
    const card = inspectLink(mailed);
    expect(card.repaired).toEqual(expect.arrayContaining(['entities', 'line-breaks', 'brackets']));
    expect((await links.probe(card.linkId)).sizeBytes).toBeGreaterThan(0);
  });
});
