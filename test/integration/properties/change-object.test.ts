import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { toFailure } from '../../../main/failure.ts';
import type { Connection } from '../../../main/oss/connection.ts';
import { putObject } from '../../../main/oss/operations/objects.ts';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import { putSymlink } from '../../../main/oss/operations/symlinks.ts';
import { listMultipartUploads } from '../../../main/oss/operations/multipart.ts';
import { listVersions } from '../../../main/oss/operations/versions.ts';
import { changeObject } from '../../../main/properties/change-object.ts';
import type { ObjectChange } from '../../../main/properties/object-change.ts';
import { readProperties } from '../../../main/properties/read-properties.ts';
import { copyToLocation } from '../../../main/transfers/copy/copy.ts';
import { type Client, connect } from '../practice/client.ts';
import { makeBucket, makePracticeBucket, makeWatch, noise, type PracticeBucket } from '../transfers/practice-bucket.ts';

const MiB = 1024 ** 2;
const DAY_MS = 24 * 60 * 60 * 1000;
const versioned = 'waybill-versions';
let practice: PracticeBucket;
let ali: Client;
let nowMs = Date.now();

beforeAll(async () => {
  practice = await makePracticeBucket({ restoreMs: 10_000, now: () => nowMs });
  await makeBucket(practice.connection, versioned, true);
  ali = connect(practice.server, { bucket: practice.bucket });
});
beforeEach(() => {
  nowMs = Date.now();
  practice.server.faults.clear();
});
afterAll(() => practice.close());

const rich = {
  'content-type': 'text/x-rich',
  'cache-control': 'max-age=60',
  'x-oss-meta-owner': 'li',
  'x-oss-tagging': 'team=blue%20one&empty=',
  'x-oss-object-acl': 'private',
};

async function put(
  key: string,
  headers: Record<string, string> = {},
  body: Uint8Array = Buffer.from('content'),
): Promise<void> {
  await putObject(practice.connection, { bucket: practice.bucket, key, body, sizeBytes: body.length, headers });
}

const change = (key: string, wanted: ObjectChange, connection: Connection = practice.connection): Promise<boolean> =>
  changeObject(connection, { bucket: practice.bucket, key }, wanted, new AbortController().signal);

const read = (key: string) => readProperties(practice.connection, { bucket: practice.bucket, key });

async function seenByAli(key: string): Promise<{ headers: Record<string, string>; tags: object; acl: string }> {
  const { res } = (await ali.head(key)) as unknown as { res: { headers: Record<string, string> } };
  const { tag } = await ali.getObjectTagging(key);
  const { acl } = await ali.getACL(key);
  return { headers: res.headers, tags: tag, acl };
}

test('another storage class leaves content, headers, metadata, tags and ACL as they were', async () => {
  await put('class', rich);
  expect(await change('class', { storageClass: 'IA' })).toBe(true);
  const { headers, tags, acl } = await seenByAli('class');
  expect(headers).toMatchObject({
    'x-oss-storage-class': 'IA',
    'content-type': 'text/x-rich',
    'cache-control': 'max-age=60',
    'x-oss-meta-owner': 'li',
  });
  expect(tags).toEqual({ team: 'blue one', empty: '' });
  expect(acl).toBe('private');
  expect(await practice.read('class')).toEqual(Buffer.from('content'));
});

test('what is as wanted already is left alone', async () => {
  await put('same', rich);
  const { head } = await read('same');
  const wanted: ObjectChange = {
    storageClass: 'Standard',
    headers: { 'cache-control': 'max-age=60' },
    meta: { only: true, values: { owner: 'li' } },
    tags: { only: false, values: [['empty', '']] },
    acl: 'private',
    restore: { days: 1, tier: 'Standard' },
  };
  expect(await change('same', wanted)).toBe(false);
  expect((await read('same')).head).toEqual(head);
});

test('headers are set, changed and taken away; metadata is added or replaced', async () => {
  await put('headers', rich);
  await change('headers', {
    headers: { 'cache-control': null, 'content-disposition': 'attachment', expires: 'Wed, 01 Dec 2027 10:00:00 GMT' },
    meta: { only: false, values: { colour: 'red' } },
  });
  const { headers } = await seenByAli('headers');
  expect(headers).not.toHaveProperty('cache-control');
  expect(headers).toMatchObject({
    'content-type': 'text/x-rich',
    'content-disposition': 'attachment',
    expires: 'Wed, 01 Dec 2027 10:00:00 GMT',
    'x-oss-meta-owner': 'li',
    'x-oss-meta-colour': 'red',
  });
  await change('headers', { meta: { only: true, values: { size: 'xl' } } });
  expect((await read('headers')).head.meta).toEqual({ size: 'xl' });
});

test('tags are added to those that are there, replaced, or all taken away', async () => {
  await put('tags', rich);
  await change('tags', {
    tags: {
      only: false,
      values: [
        ['cost', 'a/b'],
        ['team', 'red'],
      ],
    },
  });
  expect((await seenByAli('tags')).tags).toEqual({ team: 'red', empty: '', cost: 'a/b' });
  await change('tags', { tags: { only: true, values: [['one', '1']] } });
  expect((await seenByAli('tags')).tags).toEqual({ one: '1' });
  await change('tags', { tags: { only: true, values: [] } });
  expect((await seenByAli('tags')).tags).toEqual({});
});

test('more than ten tags together are refused before anything is sent', async () => {
  await put('many-tags', { 'x-oss-tagging': 'a=1&b=2&c=3&d=4&e=5&f=6' });
  const values = ['g', 'h', 'i', 'j', 'k'].map((name): [string, string] => [name, '1']);
  await expect(change('many-tags', { tags: { only: false, values } })).rejects.toMatchObject({
    failure: { kind: 'input', rule: 'too-many-tags' },
  });
  expect((await read('many-tags')).tags).toMatchObject({ ok: true, value: { length: 6 } });
});

test('an ACL is set and read back by ali-oss', async () => {
  await put('acl');
  await change('acl', { acl: 'public-read' });
  expect((await seenByAli('acl')).acl).toBe('public-read');
});

test('a large object gets its new class in parts, and all that it had', async () => {
  const body = noise(3 * MiB + 17);
  await put('large', rich, body);
  const { connection, bucket } = practice;
  const place = { connection, bucket, key: 'large' };
  const outcome = await copyToLocation(
    {
      ...place,
      source: { ...place, versionId: null },
      ...{ through: 'server', existing: 'replace', move: false, checkpoint: null },
      rewrite: (head) => ({ ...head, storageClass: 'IA' }),
      sizes: { whole: MiB, part: MiB },
    },
    makeWatch().upload,
  );
  expect(outcome.verified).toBe('crc64');
  const { headers, tags, acl } = await seenByAli('large');
  expect(headers).toMatchObject({
    'x-oss-storage-class': 'IA',
    'x-oss-object-type': 'Multipart',
    'content-type': 'text/x-rich',
    'x-oss-meta-owner': 'li',
  });
  expect([tags, acl]).toEqual([{ team: 'blue one', empty: '' }, 'private']);
  expect((await practice.read('large')).equals(body)).toBe(true);
  expect((await listMultipartUploads(connection, bucket)).uploads).toEqual([]);
});

test('an object whose ACL may not be read is not written anew: it could become more public', async () => {
  await put('guarded', rich);
  practice.server.faults.add({
    match: { operation: 'GetObjectAcl' },
    effect: { kind: 'error', status: 403, code: 'AccessDenied' },
  });
  await expect(change('guarded', { storageClass: 'IA' })).rejects.toMatchObject({
    failure: { kind: 'credentials', cause: 'denied-by-policy', needs: 'oss:GetObjectAcl' },
  });
  expect((await read('guarded')).head.storageClass).toBe('Standard');
});

test('what passes is tried again', async () => {
  await put('busy');
  practice.server.faults.add({ times: 2, effect: { kind: 'error', status: 503, code: 'ServiceUnavailable' } });
  expect(await change('busy', { storageClass: 'IA', acl: 'private' })).toBe(true);
  expect((await read('busy')).head.storageClass).toBe('IA');
});

/** What both listings say of its restoring. */
async function listed(prefix: string) {
  const { connection, bucket } = practice;
  const { objects } = await listObjects(connection, bucket, { prefix });
  const { versions } = await listVersions(connection, bucket, { prefix });
  expect(versions[0]?.restore).toEqual(objects[0]?.restore);
  return objects[0]?.restore;
}

test('an archived object is restored, tells how far that is, and then takes another class', async () => {
  await put('cold', { ...rich, 'x-oss-storage-class': 'ColdArchive' });
  await expect(change('cold', { storageClass: 'Standard' })).rejects.toMatchObject({
    failure: { kind: 'oss', code: 'InvalidObjectState' },
  });
  expect(await change('cold', { restore: { days: 3, tier: 'Bulk' } })).toBe(true);
  expect((await read('cold')).head.restore).toEqual({ at: 'ongoing' });
  expect(await listed('cold')).toEqual({ at: 'ongoing' });
  // A second wish is no fault of whoever selects a thousand objects.
  expect(await change('cold', { restore: { days: 3, tier: 'Bulk' } })).toBe(false);
  expect(await change('cold', { restore: { days: 3, tier: 'Expedited' } })).toBe(true);
  nowMs += 10_000;
  const until = Math.floor((nowMs + 3 * DAY_MS) / 1000) * 1000;
  expect((await read('cold')).head.restore).toEqual({ at: 'restored', until });
  expect(await listed('cold')).toEqual({ at: 'restored', until });
  expect(await change('cold', { storageClass: 'Standard' })).toBe(true);
  expect(await listed('cold')).toBeUndefined();
  const { head } = await read('cold');
  expect(head).toMatchObject({ storageClass: 'Standard', restore: null, meta: { owner: 'li' } });
});

test.each([
  ['Archive', 7],
  ['DeepColdArchive', 30],
])('days and priority become what %s offers', async (storageClass, days) => {
  const key = `nearest/${storageClass}`;
  await put(key, { 'x-oss-storage-class': storageClass });
  expect(await change(key, { restore: { days: 30, tier: 'Bulk' } })).toBe(true);
  nowMs += 10_000;
  const { restore } = (await read(key)).head;
  expect(restore).toMatchObject({ at: 'restored', until: Math.floor((nowMs + days * DAY_MS) / 1000) * 1000 });
});

test('a changed object is a new version where the bucket keeps versions, and the old one stays as it was', async () => {
  const object = { bucket: versioned, key: 'v' };
  const { connection } = practice;
  const body = Buffer.from('v');
  await putObject(connection, { ...object, body, sizeBytes: 1, headers: rich });
  const { signal } = new AbortController();
  await changeObject(connection, object, { storageClass: 'IA' }, signal);
  const { versions } = await listVersions(connection, versioned, { prefix: 'v' });
  expect(versions.map(({ storageClass }) => storageClass)).toEqual(['IA', 'Standard']);
  const older = { ...object, versionId: versions[1]?.versionId };
  await changeObject(connection, older, { tags: { only: true, values: [] }, acl: 'public-read' }, signal);
  expect(await readProperties(connection, older)).toMatchObject({
    acl: { ok: true, value: 'public-read' },
    tags: { ok: true, value: [] },
    versioning: { ok: true, value: 'enabled' },
  });
  expect(await readProperties(connection, object)).toMatchObject({ acl: { ok: true, value: 'private' } });
  await expect(changeObject(connection, older, { storageClass: 'Archive' }, signal)).rejects.toMatchObject({
    failure: { kind: 'input', rule: 'version-fixed' },
  });
});

test('a symlink shows its target, takes tags and an ACL, and keeps its class', async () => {
  const { connection, bucket } = practice;
  await put('目标 1?.txt');
  await putSymlink(connection, { bucket, key: 'link', target: '目标 1?.txt' });
  expect(await read('link')).toMatchObject({
    head: { objectType: 'Symlink', sizeBytes: 7 },
    symlinkTarget: { ok: true, value: '目标 1?.txt' },
  });
  expect(await change('link', { tags: { only: true, values: [['a', 'b']] }, acl: 'public-read' })).toBe(true);
  await expect(change('link', { storageClass: 'IA' })).rejects.toMatchObject({ failure: { rule: 'symlink-fixed' } });
  const headers = { 'x-oss-forbid-overwrite': 'true' };
  await expect(putSymlink(connection, { bucket, key: 'link', target: 'x', headers })).rejects.toMatchObject({
    failure: { code: 'FileAlreadyExists' },
  });
});

test('each property that may not be read says which right is missing', async () => {
  await put('partly', rich);
  for (const operation of ['GetObjectAcl', 'GetObjectTagging', 'GetBucketVersioning']) {
    practice.server.faults.add({
      match: { operation },
      effect: { kind: 'error', status: 403, code: 'AccessDenied' },
    });
  }
  const { head, acl, tags, versioning } = await read('partly');
  expect(head.contentType).toBe('text/x-rich');
  const actions = [acl, tags, versioning].map((part) => (part.ok ? null : part.failure));
  expect(actions).toMatchObject([
    { needs: 'oss:GetObjectAcl' },
    { needs: 'oss:GetObjectTagging' },
    { needs: 'oss:GetBucketVersioning' },
  ]);
});

test('a change that is cancelled says so', async () => {
  await put('cancelled');
  const stop = new AbortController();
  practice.server.faults.add({ match: { operation: 'CopyObject' }, effect: { kind: 'latency', ms: 30_000 } });
  const object = { bucket: practice.bucket, key: 'cancelled' };
  const changing = changeObject(practice.connection, object, { storageClass: 'IA' }, stop.signal).catch(toFailure);
  stop.abort();
  expect(await changing).toEqual({ kind: 'cancelled' });
});
