import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { makeCrc64 } from '../../main/crc64/crc64.ts';
import { toFailure } from '../../main/failure.ts';
import { getObjectAcl, putObjectAcl } from '../../main/oss/operations/acl.ts';
import { copyObject } from '../../main/oss/operations/copies.ts';
import { deleteObject, deleteObjects } from '../../main/oss/operations/deletes.ts';
import { listObjects } from '../../main/oss/operations/listing.ts';
import { objectPages } from '../../main/oss/operations/ranges/object-pages.ts';
import { getObject, headObject, objectHeaders, putObject } from '../../main/oss/operations/objects.ts';
import { restoreObject } from '../../main/oss/operations/restore.ts';
import { getSymlink, putSymlink } from '../../main/oss/operations/symlinks.ts';
import { getObjectTags, putObjectTags, taggingHeader } from '../../main/oss/operations/tags.ts';
import { hardKeys } from '../support/hard-keys.ts';
import type { Place } from './place.ts';

/** Everything that clients have stumbled over in a key. */
const ODD_KEY = 'a b+c%2F&d=é/名前 "1".txt';
const TAGS = [
  ['kind', 'a + b'],
  ['of', '1=1'],
] as const;

/** Puts a small object below the prefix. */
export async function put(place: Place, key: string, text = 'content', headers: Record<string, string> = {}) {
  const { bucket, connection, prefix } = place;
  const body = Buffer.from(text);
  return putObject(connection, { bucket, key: prefix + key, body, sizeBytes: body.length, headers });
}

/** The operations on one object, and on listings of them. */
export async function objectSteps(place: Place): Promise<void> {
  const { steps, prefix } = place;
  const named = (name: string) => `${prefix}${name}`;
  await steps.run(named('PutObject, HeadObject: headers, metadata, tags and CRC-64 of an odd key'), () => store(place));
  await steps.run(named('keys that are hard to carry: stored, listed, read, deleted'), () => carry(place));
  await steps.run(named('GetObject: whole, a range, If-Match'), () => read(place));
  await steps.run(named('ListObjectsV2: folders, and page by page'), () => list(place));
  await steps.run(named('PutObjectTagging, GetObjectTagging'), () => tag(place));
  await steps.run(named('PutObjectACL, GetObjectACL'), () => acl(place));
  await steps.run(named('PutSymlink, GetSymlink'), () => symlink(place));
  await steps.run(named('CopyObject: metadata and tags go with it, If-Match'), () => copy(place));
  await steps.run(named('x-oss-forbid-overwrite'), () => forbid(place));
  await steps.run(named('DeleteObject, DeleteMultipleObjects'), () => remove(place));
}

async function store(place: Place): Promise<void> {
  const { bucket, connection, prefix } = place;
  const stored = await put(place, ODD_KEY, 'content', {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-oss-meta-from': 'waybill',
    'x-oss-tagging': taggingHeader(TAGS),
  });
  const crc64 = makeCrc64();
  crc64.update(Buffer.from('content'));
  assert.equal(stored.crc64, crc64.digest());
  const head = await headObject(connection, { bucket, key: prefix + ODD_KEY });
  const { sizeBytes, meta, tagCount, contentType, httpHeaders, etag } = head;
  assert.deepEqual(
    { sizeBytes, meta, tagCount, contentType, cache: httpHeaders['cache-control'], etag },
    {
      ...{ sizeBytes: 7, meta: { from: 'waybill' }, tagCount: 2, contentType: 'text/plain; charset=utf-8' },
      ...{ cache: 'no-store', etag: stored.etag },
    },
  );
  assert.ok((await objectHeaders(connection, { bucket, key: prefix + ODD_KEY }))['x-oss-request-id']);
}

async function carry(place: Place): Promise<void> {
  const { bucket, connection, prefix } = place;
  for (const key of hardKeys) await put(place, `hard/${key}`, key);
  const { objects } = await listObjects(connection, bucket, { prefix: `${prefix}hard/` });
  const keys = hardKeys.map((key) => `${prefix}hard/${key}`);
  assert.deepEqual(new Set(objects.map(({ key }) => key)), new Set(keys));
  for (const [index, key] of keys.entries()) {
    const { body } = await getObject(connection, { bucket, key });
    assert.equal((await buffer(body)).toString(), hardKeys[index]);
  }
  // XML can't hold control characters, so these are deleted one by one.
  for (const key of keys) await deleteObject(connection, { bucket, key });
  assert.deepEqual((await listObjects(connection, bucket, { prefix: `${prefix}hard/` })).objects, []);
}

async function read({ bucket, connection, prefix }: Place): Promise<void> {
  const object = { bucket, key: prefix + ODD_KEY };
  const whole = await getObject(connection, object);
  assert.equal((await buffer(whole.body)).toString(), 'content');
  const part = await getObject(connection, object, { range: { start: 1, end: 3 } });
  assert.equal((await buffer(part.body)).toString(), 'ont');
  assert.deepEqual(part.contentRange, { start: 1, end: 3, sizeBytes: 7 });
  await rejects(() => getObject(connection, object, { ifMatch: '0123' }), 'changed');
}

async function list(place: Place): Promise<void> {
  const { bucket, connection, prefix } = place;
  const keys = ['list/a', 'list/b c', 'list/folder/d', 'list/é'];
  for (const key of keys) await put(place, key);
  const level = await listObjects(connection, bucket, { prefix: `${prefix}list/`, delimiter: '/' });
  assert.deepEqual(level.prefixes, [`${prefix}list/folder/`]);
  const found: string[] = [];
  for await (const page of objectPages(connection, bucket, { prefix: `${prefix}list/`, maxKeys: 1 })) {
    found.push(...page.objects.map(({ key }) => key));
  }
  assert.deepEqual(
    found,
    keys.map((key) => prefix + key),
  );
}

async function tag(place: Place): Promise<void> {
  const { bucket, connection, prefix } = place;
  const object = { bucket, key: prefix + ODD_KEY };
  assert.deepEqual(sorted(await getObjectTags(connection, object)), TAGS);
  await putObjectTags(connection, object, [['other', 'tag']]);
  assert.deepEqual(await getObjectTags(connection, object), [['other', 'tag']]);
  await putObjectTags(connection, object, []);
  assert.deepEqual(await getObjectTags(connection, object), []);
}

async function acl({ bucket, connection, prefix }: Place): Promise<void> {
  const object = { bucket, key: prefix + ODD_KEY };
  assert.equal(await getObjectAcl(connection, object), 'default');
  await putObjectAcl(connection, object, 'private');
  assert.equal(await getObjectAcl(connection, object), 'private');
}

async function symlink(place: Place): Promise<void> {
  const { bucket, connection, prefix } = place;
  const target = prefix + ODD_KEY;
  await putSymlink(connection, { bucket, key: `${prefix}symlink`, target });
  assert.equal((await getSymlink(connection, { bucket, key: `${prefix}symlink` })).target, target);
  const { body } = await getObject(connection, { bucket, key: `${prefix}symlink` });
  assert.equal((await buffer(body)).toString(), 'content');
}

async function copy(place: Place): Promise<void> {
  const { bucket, connection, prefix } = place;
  await put(place, 'original é', 'content', { 'x-oss-meta-from': 'waybill', 'x-oss-tagging': taggingHeader(TAGS) });
  const source = { bucket, key: `${prefix}original é` };
  const copied = await copyObject(connection, { source, bucket, key: `${prefix}copy` });
  const head = await headObject(connection, { bucket, key: `${prefix}copy` });
  const { etag, meta, tagCount } = head;
  assert.deepEqual({ etag, meta, tagCount }, { etag: copied.etag, meta: { from: 'waybill' }, tagCount: 2 });
  await rejects(() => copyObject(connection, { source, bucket, key: `${prefix}copy`, ifMatch: '0123' }), 'changed');
}

async function forbid(place: Place): Promise<void> {
  await rejects(() => put(place, ODD_KEY, 'other', { 'x-oss-forbid-overwrite': 'true' }), 'exists');
}

async function remove({ bucket, connection, prefix }: Place): Promise<void> {
  await deleteObject(connection, { bucket, key: `${prefix}copy` });
  await rejects(() => headObject(connection, { bucket, key: `${prefix}copy` }), 'no-such-key');
  const keys = ['list/a', 'list/b c', 'list/é', 'never-there'].map((key) => ({ key: prefix + key }));
  assert.deepEqual(await deleteObjects(connection, bucket, keys), { failed: [], markers: [] });
  const left = await listObjects(connection, bucket, { prefix: `${prefix}list/` });
  assert.deepEqual(
    left.objects.map(({ key }) => key),
    [`${prefix}list/folder/d`],
  );
}

/** A frozen object of one byte, and a restore that it is asked for. */
export async function restoreStep(place: Place): Promise<void> {
  const { bucket, connection, steps, prefix } = place;
  await steps.run(`${prefix}RestoreObject: an Archive object is refused, then restored`, async () => {
    await put(place, 'frozen', '1', { 'x-oss-storage-class': 'Archive' });
    const object = { bucket, key: `${prefix}frozen` };
    await rejects(() => getObject(connection, object), 'archived');
    await restoreObject(connection, object, { storageClass: 'Archive', days: 1, tier: 'Standard' });
    const { restore } = await headObject(connection, object);
    assert.ok(restore !== null);
    return `restore ${restore.at}`;
  });
}

/** Expects a refusal with this cause. */
export async function rejects(work: () => Promise<unknown>, cause: string): Promise<void> {
  const failure = await work().then(
    () => null,
    (error: unknown) => toFailure(error),
  );
  const seen = failure !== null && 'cause' in failure ? failure.cause : (failure?.kind ?? 'no refusal');
  assert.equal(seen, cause);
}

function sorted(tags: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  return [...tags].sort(([a], [b]) => (a < b ? -1 : 1));
}
