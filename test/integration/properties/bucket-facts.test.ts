import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../../main/oss/connection.ts';
import { send } from '../../../main/oss/exchange/request.ts';
import { createBucket } from '../../../main/oss/operations/bucket-settings.ts';
import { getBucketStat } from '../../../main/oss/operations/bucket-stat.ts';
import { getBucketLifecycle } from '../../../main/oss/operations/lifecycle.ts';
import { initiateMultipartUpload, uploadPart } from '../../../main/oss/operations/multipart.ts';
import { putObject } from '../../../main/oss/operations/objects.ts';
import { readBucketFacts, readBucketRules } from '../../../main/properties/bucket-facts.ts';
import { objectUser, type PracticeRun, startPracticeRun } from '../accounts/practice-server.ts';
import { connect } from '../practice/client.ts';

const bucket = 'facts-here';
let run: PracticeRun;
let owner: Connection;

beforeAll(async () => {
  run = await startPracticeRun();
  owner = await connectionOf({});
  await createBucket(owner, bucket, { storageClass: 'IA', acl: 'private' });
});
afterAll(() => run.close());

async function connectionOf(fields: Parameters<PracticeRun['draft']>[0]): Promise<Connection> {
  const { id } = await run.accounts.add(run.draft({ remember: false, ...fields }));
  return run.accounts.access(id).connectionIn('cn-hangzhou');
}

const putRules = async (xml: string) => {
  const body = Buffer.from(`<LifecycleConfiguration>${xml}</LifecycleConfiguration>`);
  const headers = { 'content-type': 'application/xml' };
  const { body: reply } = await send(owner, { method: 'PUT', bucket, params: { lifecycle: null }, headers, body });
  reply.destroy();
};

test('a bucket says what it is and what it holds', async () => {
  await putObject(owner, { bucket, key: 'a', body: Buffer.from('12345'), sizeBytes: 5 });
  const headers = { 'x-oss-storage-class': 'Standard' };
  await putObject(owner, { bucket, key: 'b', body: Buffer.from('123'), sizeBytes: 3, headers });
  const uploadId = await initiateMultipartUpload(owner, { bucket, key: 'c' });
  await uploadPart(owner, { bucket, key: 'c', uploadId, partNumber: 1, body: Buffer.alloc(7), sizeBytes: 7 });
  const { info, stat } = await readBucketFacts(owner, bucket);
  expect(info).toMatchObject({
    ok: true,
    value: { region: 'cn-hangzhou', storageClass: 'IA', redundancy: 'LRS', acl: 'private', isPublicBlocked: false },
  });
  expect(stat).toEqual({
    ok: true,
    value: {
      ...{ sizeBytes: 8, objectCount: 2, deleteMarkerCount: 0, uploadCount: 1, partBytes: 7 },
      countedAt: expect.any(Number) as number,
      classes: [
        { storageClass: 'Standard', sizeBytes: 3, objectCount: 1 },
        // Five bytes, billed as 64 KB.
        { storageClass: 'IA', sizeBytes: 5, objectCount: 1 },
      ],
    },
  });
});

test('each part that a key may not ask has its reason', async () => {
  const visitor = await connectionOf({
    accessKeyId: objectUser.accessKeyId,
    accessKeySecret: objectUser.accessKeySecret,
    startPath: { bucket: 'waybill-samples', prefix: '' },
  });
  const { info, stat } = await readBucketFacts(visitor, bucket);
  const { cors, lifecycle } = await readBucketRules(visitor, bucket);
  for (const part of [info, stat, cors, lifecycle]) {
    expect(part).toMatchObject({ ok: false, failure: { kind: 'credentials', cause: 'denied-by-policy' } });
  }
});

test('a bucket without rules has none', async () => {
  expect(await readBucketRules(owner, bucket)).toEqual({
    cors: { ok: true, value: [] },
    lifecycle: { ok: true, value: [] },
  });
});

test('lifecycle rules are read with what they do, when and where', async () => {
  await putRules(`
    <Rule><ID>parts</ID><Status>Enabled</Status><AbortMultipartUpload><Days>7</Days></AbortMultipartUpload></Rule>
    <Rule><ID>logs</ID><Prefix>logs/</Prefix><Status>Disabled</Status><Tag><Key>k</Key><Value>v</Value></Tag>
      <Expiration><CreatedBeforeDate>2026-01-01T00:00:00.000Z</CreatedBeforeDate></Expiration>
      <Transition><Days>30</Days><StorageClass>IA</StorageClass><IsAccessTime>true</IsAccessTime></Transition>
      <NoncurrentVersionExpiration><NoncurrentDays>9</NoncurrentDays></NoncurrentVersionExpiration>
      <NoncurrentVersionTransition><NoncurrentDays>3</NoncurrentDays><StorageClass>Archive</StorageClass>
      </NoncurrentVersionTransition></Rule>
    <Rule><ID>markers</ID><Prefix>old/</Prefix><Status>Enabled</Status>
      <Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration></Rule>`);
  expect(await getBucketLifecycle(owner, bucket)).toEqual([
    {
      ...{ id: 'parts', isEnabled: true, prefix: '', isNarrowed: false },
      actions: [{ kind: 'abort-uploads', when: { kind: 'days', days: 7 } }],
    },
    {
      ...{ id: 'logs', isEnabled: false, prefix: 'logs/', isNarrowed: true },
      actions: [
        { kind: 'expire', when: { kind: 'before', moment: Date.UTC(2026, 0, 1) } },
        { kind: 'move', when: { kind: 'days-unread', days: 30 }, storageClass: 'IA' },
        { kind: 'expire-old', when: { kind: 'days', days: 9 } },
        { kind: 'move-old', when: { kind: 'days', days: 3 }, storageClass: 'Archive' },
      ],
    },
    {
      ...{ id: 'markers', isEnabled: true, prefix: 'old/', isNarrowed: false },
      actions: [{ kind: 'remove-markers' }],
    },
  ]);
});

test('rules that another client put are read as it meant them, and removed by it', async () => {
  const ali = connect(run.server, { bucket, addressing: 'path' });
  await ali.putBucketLifecycle(bucket, [
    { id: 'theirs', prefix: 'tmp/', status: 'Enabled', days: 3 },
    { id: 'parts', prefix: 'in/', status: 'Enabled', abortMultipartUpload: { days: 1 } },
  ] as never);
  expect((await ali.getBucketLifecycle(bucket)).rules).toHaveLength(2);
  expect((await getBucketLifecycle(owner, bucket)).map(({ id, prefix, actions }) => [id, prefix, actions])).toEqual([
    ['theirs', 'tmp/', [{ kind: 'expire', when: { kind: 'days', days: 3 } }]],
    ['parts', 'in/', [{ kind: 'abort-uploads', when: { kind: 'days', days: 1 } }]],
  ]);
  await ali.deleteBucketLifecycle(bucket);
  expect(await getBucketLifecycle(owner, bucket)).toEqual([]);
});

test.each([
  ['no action', '<Rule><Status>Enabled</Status></Rule>'],
  ['no status', '<Rule><Expiration><Days>3</Days></Expiration></Rule>'],
  ['no day', '<Rule><Status>Enabled</Status><Expiration><Days>0</Days></Expiration></Rule>'],
  [
    'two times',
    '<Rule><Status>Enabled</Status><Expiration><Days>3</Days><CreatedBeforeDate>2026-01-01T00:00:00.000Z</CreatedBeforeDate></Expiration></Rule>',
  ],
  ['no rule', ''],
])('the practice server refuses a lifecycle with %s', async (_, xml) => {
  await expect(putRules(xml)).rejects.toMatchObject({ failure: { code: 'MalformedXML' } });
});

test('delete markers are counted apart from files and versions', async () => {
  const stat = await getBucketStat(owner, 'waybill-versions');
  expect(Math.abs((stat.countedAt ?? 0) - Date.now())).toBeLessThan(60_000);
  expect(stat.deleteMarkerCount).toBeGreaterThan(0);
  expect(stat.objectCount).toBeGreaterThan(0);
});
