import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Answer, type Client, type TestServer, connect, send, start, xmlText } from './client.ts';

const BUCKET = 'properties-bucket';
const DAY_MS = 24 * 60 * 60 * 1000;
let server: TestServer;
let client: Client;
let nowMs = Date.now();

/** What ali-oss can do and its types do not tell, or tell otherwise. */
interface Untold {
  restore(
    key: string,
    options?: { type?: string; Days?: number; JobParameters?: string; versionId?: string },
  ): Promise<{ res: { status: number } }>;
  putSymlink(key: string, target: string, options?: object): Promise<{ res: { status: number } }>;
  getSymlink(key: string): Promise<{ targetName: string }>;
  putMeta(key: string, meta: Record<string, string>): Promise<{ res: { status: number } }>;
  putACL(key: string, acl: string): Promise<unknown>;
  getACL(key: string): Promise<{ acl: string }>;
  head(key: string): Promise<{ meta: Record<string, string> | null; res: { headers: Record<string, string> } }>;
}
let untold: Untold;

beforeAll(async () => {
  server = await start({ seed: false, restoreMs: 30_000, now: () => nowMs });
  client = connect(server, { bucket: BUCKET });
  untold = client as unknown as Untold;
  await client.putBucket(BUCKET);
});

beforeEach(() => {
  nowMs = Date.now();
});

afterAll(() => server.stop());

/** A request that ali-oss signs and that goes out as it is. */
async function call(
  method: string,
  key: string,
  {
    queries = {},
    headers = {},
    body,
  }: { queries?: Record<string, null>; headers?: Record<string, string>; body?: string },
): Promise<Answer> {
  const url = await client.signatureUrlV4(method, 60, { headers, queries }, key);
  return send(url, { method, headers, ...(body === undefined ? {} : { body }) });
}

async function putAs(storageClass: string, key: string, text = 'cold'): Promise<void> {
  await client.put(key, Buffer.from(text), { headers: { 'x-oss-storage-class': storageClass } });
}

test.each(['Archive', 'ColdArchive', 'DeepColdArchive'])(
  'an object of %s can be read only while a restored copy of it is there',
  async (storageClass) => {
    const key = `restore/${storageClass}`;
    await putAs(storageClass, key);
    await expect(client.get(key)).rejects.toMatchObject({ status: 403, code: 'InvalidObjectState' });
    expect((await untold.head(key)).res.headers).toMatchObject({ 'x-oss-storage-class': storageClass });
    expect((await untold.restore(key, { type: storageClass, Days: 2 })).res.status).toBe(202);
    expect((await untold.head(key)).res.headers['x-oss-restore']).toBe('ongoing-request="true"');
    await expect(client.get(key)).rejects.toMatchObject({ code: 'InvalidObjectState' });
    await expect(untold.restore(key, { type: storageClass, Days: 2 })).rejects.toMatchObject({
      status: 409,
      code: 'RestoreAlreadyInProgress',
    });
    nowMs += 30_000;
    const until = new Date(nowMs + 2 * DAY_MS).toUTCString();
    expect((await untold.head(key)).res.headers['x-oss-restore']).toBe(
      `ongoing-request="false", expiry-date="${until}"`,
    );
    expect(String((await client.get(key)).content)).toBe('cold');
    // ali-oss takes this success for an error.
    const longer = '<RestoreRequest><Days>3</Days></RestoreRequest>';
    expect((await call('POST', key, { queries: { restore: null }, body: longer })).status).toBe(200);
    // Signed now: in three days the clock of ali-oss is wrong.
    const url = await client.signatureUrlV4('GET', 604_800, {}, key);
    expect((await send(url)).status).toBe(200);
    nowMs += 3 * DAY_MS;
    const late = await send(url);
    expect([late.status, xmlText(late.text, 'Code')]).toEqual([403, 'InvalidObjectState']);
  },
);

test('restoring what is not archived is refused, and so are days and tiers that the class does not have', async () => {
  await putAs('IA', 'not-archived');
  await expect(untold.restore('not-archived')).rejects.toMatchObject({ status: 400, code: 'OperationNotSupported' });
  await putAs('Archive', 'days');
  const restore = (body: string): Promise<Answer> => call('POST', 'days', { queries: { restore: null }, body });
  const eight = await restore('<RestoreRequest><Days>8</Days></RestoreRequest>');
  expect([eight.status, xmlText(eight.text, 'Code')]).toEqual([400, 'MalformedXML']);
  expect((await restore('<RestoreRequest><Days>7</Days></RestoreRequest>')).status).toBe(202);
});

test('a faster restoration takes the place of a slower one that is under way', async () => {
  await putAs('ColdArchive', 'faster');
  expect((await untold.restore('faster', { type: 'ColdArchive', JobParameters: 'Bulk' })).res.status).toBe(202);
  expect((await untold.restore('faster', { type: 'ColdArchive', JobParameters: 'Expedited' })).res.status).toBe(202);
  await expect(untold.restore('faster', { type: 'ColdArchive', JobParameters: 'Standard' })).rejects.toMatchObject({
    status: 409,
  });
});

test('listings tell the storage class, and how far restoring is', async () => {
  await putAs('Archive', 'listed/a');
  await untold.restore('listed/a');
  const { text } = await call('GET', '', { queries: {} });
  expect(text).toContain('<Key>listed/a</Key>');
  expect(text).toMatch(
    /listed\/a.*?<StorageClass>Archive<\/StorageClass><RestoreInfo>ongoing-request=&quot;true&quot;/su,
  );
});

test('an archived object can be copied only once it is restored, and then gets another class', async () => {
  await putAs('Archive', 'thaw');
  const headers = { 'x-oss-storage-class': 'Standard' };
  await expect(client.copy('thaw', 'thaw', { headers })).rejects.toMatchObject({ code: 'InvalidObjectState' });
  await untold.restore('thaw');
  nowMs += 30_000;
  await client.copy('thaw', 'thaw', { headers });
  expect((await untold.head('thaw')).res.headers).toMatchObject({ 'x-oss-storage-class': 'Standard' });
  expect(String((await client.get('thaw')).content)).toBe('cold');
});

test('a storage class that nobody knows is refused', async () => {
  await expect(putAs('Freezer', 'unknown')).rejects.toMatchObject({ status: 400, code: 'InvalidArgument' });
});

test('an object copied onto itself has the metadata of the request and no other', async () => {
  await client.put('self', Buffer.from('x'), { headers: { 'Cache-Control': 'no-store' }, meta: { uid: 1, pid: 2 } });
  await untold.putMeta('self', { colour: 'red' });
  const { meta, res } = await untold.head('self');
  expect(meta).toEqual({ colour: 'red' });
  expect(res.headers).not.toHaveProperty('cache-control');
});

test('a symlink leads to its target, for ali-oss as well', async () => {
  await client.put('目标 1.txt', Buffer.from('target'));
  await untold.putSymlink('link', '目标 1.txt', { storageClass: 'IA', meta: { who: 'me' } });
  expect((await untold.getSymlink('link')).targetName).toBe('目标 1.txt');
  const got = await client.get('link');
  expect(String(got.content)).toBe('target');
  const { meta, res } = await untold.head('link');
  expect(meta).toEqual({ who: 'me' });
  expect(res.headers).toMatchObject({
    'x-oss-object-type': 'Symlink',
    'x-oss-storage-class': 'IA',
    'content-length': '6',
  });
});

test('a symlink that leads nowhere, or to a symlink, is refused when it is read', async () => {
  await untold.putSymlink('nowhere', 'not-there');
  await expect(client.get('nowhere')).rejects.toMatchObject({ status: 404, code: 'SymlinkTargetNotExist' });
  await untold.putSymlink('twice', 'nowhere');
  await expect(client.get('twice')).rejects.toMatchObject({ status: 400, code: 'InvalidTargetType' });
  await client.put('plain', Buffer.from('x'));
  await expect(untold.getSymlink('plain')).rejects.toMatchObject({ status: 400, code: 'NotSymlink' });
});

test('a copy of a symlink is a symlink', async () => {
  await client.put('pointed-at', Buffer.from('there'));
  await untold.putSymlink('pointer', 'pointed-at');
  await client.copy('pointer-2', 'pointer');
  expect((await untold.getSymlink('pointer-2')).targetName).toBe('pointed-at');
});

test('ali-oss reads and writes ACL and tags', async () => {
  await client.put('open', Buffer.from('x'));
  await untold.putACL('open', 'public-read');
  expect((await untold.getACL('open')).acl).toBe('public-read');
  expect((await send(`${server.endpoint}/${BUCKET}/open`)).status).toBe(200);
  await client.putObjectTagging('open', { team: 'cargo', 'cost:centre': 'a/b' });
  expect((await client.getObjectTagging('open')).tag).toEqual({ team: 'cargo', 'cost:centre': 'a/b' });
  expect((await untold.head('open')).res.headers).toMatchObject({ 'x-oss-tagging-count': '2' });
});

test('a tag with a character that OSS does not take is refused', async () => {
  await client.put('tags', Buffer.from('x'));
  const body = '<Tagging><TagSet><Tag><Key>a</Key><Value>50%</Value></Tag></TagSet></Tagging>';
  const { status, text } = await call('PUT', 'tags', { queries: { tagging: null }, body });
  expect([status, xmlText(text, 'Code')]).toEqual([400, 'InvalidTag']);
});

test('each version has its own restored copy, ACL and tags', async () => {
  const bucket = 'properties-versions';
  const versions = connect(server, { bucket });
  const own = versions as unknown as Untold;
  await versions.putBucket(bucket);
  await versions.putBucketVersioning(bucket, 'Enabled');
  const put = async (): Promise<string> => {
    const { res } = await versions.put('v', Buffer.from('x'), { headers: { 'x-oss-storage-class': 'Archive' } });
    return (res.headers as Record<string, string>)['x-oss-version-id'] ?? '';
  };
  const older = await put();
  await put();
  expect((await own.restore('v', { versionId: older })).res.status).toBe(202);
  expect((await own.restore('v')).res.status).toBe(202);
});
