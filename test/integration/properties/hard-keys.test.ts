import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyObject } from '../../../main/oss/operations/copies.ts';
import { deleteObjects } from '../../../main/oss/operations/deletes.ts';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import { headObject, putObject } from '../../../main/oss/operations/objects.ts';
import { putSymlink } from '../../../main/oss/operations/symlinks.ts';
import { listVersions } from '../../../main/oss/operations/versions.ts';
import { changeMany } from '../../../main/properties/change-many.ts';
import { readProperties } from '../../../main/properties/read-properties.ts';
import { connect } from '../practice/client.ts';
import { makePracticeBucket, type PracticeBucket } from '../transfers/practice-bucket.ts';

/** Keys that OSS takes and that some client somewhere gets wrong. */
const hard: readonly (readonly [what: string, key: string])[] = [
  ['control characters', 'hard/\u0001\t\n\r\u001f\u007f'],
  ['two slashes', 'hard//two//slashes'],
  ['a slash at the end, with content', 'hard/not-a-folder/'],
  ['1,023 bytes', `hard/${'é'.repeat(509)}`],
  ['small letters', 'hard/case.txt'],
  ['capital letters', 'hard/CASE.txt'],
  ['a composed letter', 'hard/caf\u00e9'],
  ['a letter with a combining accent', 'hard/cafe\u0301'],
  ['dots as segments', 'hard/a/../b/./c'],
  ['what a URL means otherwise', 'hard/ ?&#%2F+=;:@"<>\\|*'],
  ['an emoji', 'hard/🚢'],
  ['blanks at both ends', 'hard/ blank '],
];
const keys = hard.map(([, key]) => key);
let practice: PracticeBucket;

beforeAll(async () => {
  practice = await makePracticeBucket();
  const { connection, bucket } = practice;
  for (const key of keys) {
    const body = Buffer.from(key);
    const headers = { 'x-oss-meta-hex': body.toString('hex').slice(0, 200) };
    await putObject(connection, { bucket, key, body, sizeBytes: body.length, headers });
  }
});
afterAll(() => practice.close());

test('each of them is an object of its own, here and for ali-oss', async () => {
  const { connection, bucket } = practice;
  const { objects } = await listObjects(connection, bucket, { prefix: 'hard/' });
  expect(new Set(objects.map(({ key }) => key))).toEqual(new Set(keys));
  const ali = connect(practice.server, { bucket });
  const listed = await ali.listV2({ prefix: 'hard/', 'max-keys': '1000', 'encoding-type': 'url' } as never, {});
  expect(listed.objects).toHaveLength(keys.length);
});

test.each(hard)('a key with %s keeps its content when all its properties change', async (_, key) => {
  const { connection, bucket } = practice;
  const outcome = await changeMany(
    { connection, signal: new AbortController().signal, onProgress: () => undefined },
    { bucket, keys: [key], prefixes: [], versionId: null },
    {
      storageClass: 'IA',
      headers: { 'content-type': 'text/x-hard' },
      tags: { only: true, values: [['hard', 'yes']] },
      acl: 'private',
    },
  );
  expect(outcome).toEqual({ changed: 1, unchanged: 0, failed: [], stopped: null });
  expect(await practice.read(key)).toEqual(Buffer.from(key));
  expect(await readProperties(connection, { bucket, key })).toMatchObject({
    head: {
      storageClass: 'IA',
      contentType: 'text/x-hard',
      meta: { hex: Buffer.from(key).toString('hex').slice(0, 200) },
    },
    acl: { value: 'private' },
    tags: { value: [['hard', 'yes']] },
  });
});

test.each(hard)('a key with %s is copied, linked to, listed with its version, and deleted alone', async (_, key) => {
  const { connection, bucket } = practice;
  await copyObject(connection, { source: { bucket, key }, bucket, key: 'copy' });
  expect(await practice.read('copy')).toEqual(Buffer.from(key));
  await deleteObjects(connection, bucket, [{ key: 'link' }]);
  await putSymlink(connection, { bucket, key: 'link', target: key });
  expect((await readProperties(connection, { bucket, key: 'link' })).symlinkTarget).toEqual({ ok: true, value: key });
  expect(await practice.read('link')).toEqual(Buffer.from(key));
  const { versions } = await listVersions(connection, bucket, { prefix: key });
  expect(versions.filter((version) => version.key === key)).toHaveLength(1);
  expect(await deleteObjects(connection, bucket, [{ key }])).toEqual({ failed: [], markers: [] });
  await expect(headObject(connection, { bucket, key })).rejects.toMatchObject({ failure: { status: 404 } });
});
