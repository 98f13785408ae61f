import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { putObject } from '../../../main/oss/operations/objects.ts';
import { type ChangeOutcome, type ChangeScope, changeMany } from '../../../main/properties/change-many.ts';
import type { ObjectChange } from '../../../main/properties/object-change.ts';
import { inParallel } from '../../../main/transfers/parallel.ts';
import { type Client, connect } from '../practice/client.ts';
import { makePracticeBucket, type PracticeBucket } from '../transfers/practice-bucket.ts';

let practice: PracticeBucket;
let ali: Client;

beforeAll(async () => {
  practice = await makePracticeBucket();
  ali = connect(practice.server, { bucket: practice.bucket });
});
beforeEach(() => practice.server.faults.clear());
afterAll(() => practice.close());

async function putMany(keys: readonly string[], headers: Record<string, string> = {}): Promise<void> {
  const body = Buffer.from('x');
  const { connection, bucket } = practice;
  await inParallel(
    keys,
    () => 8,
    new AbortController().signal,
    async (key) => {
      await putObject(connection, { bucket, key, body, sizeBytes: 1, headers });
    },
  );
}

const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}${at}`);

function run(
  scope: Partial<ChangeScope>,
  change: ObjectChange,
  {
    signal = new AbortController().signal,
    onProgress = (): void => undefined,
  }: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<ChangeOutcome> {
  const whole = { bucket: practice.bucket, keys: [], prefixes: [], versionId: null, ...scope };
  return changeMany({ connection: practice.connection, signal, onProgress }, whole, change);
}

test('all below a prefix is changed, over several pages, and a second time there is nothing to do', async () => {
  await putMany(numbered('many/', 1200));
  await practice.put('many/folder/', '');
  const seen: number[] = [];
  const outcome = await run(
    { prefixes: ['many/'] },
    { tags: { only: true, values: [['a', 'b']] } },
    {
      onProgress: (done) => void seen.push(done),
    },
  );
  expect(outcome).toEqual({ changed: 1200, unchanged: 0, failed: [], stopped: null });
  expect(seen.at(-1)).toBe(1200);
  expect((await ali.getObjectTagging('many/1199')).tag).toEqual({ a: 'b' });
  const again = await run({ prefixes: ['many/'] }, { tags: { only: true, values: [['a', 'b']] } });
  expect(again).toMatchObject({ changed: 0, unchanged: 1200 });
});

test('one that fails does not stop the others, and is named with its reason', async () => {
  await putMany(['part/a', 'part/b', 'part/c']);
  practice.server.faults.add({
    match: { operation: 'PutObjectAcl', key: 'part/b' },
    effect: { kind: 'error', status: 403, code: 'AccessDenied' },
  });
  const outcome = await run({ keys: ['part/a', 'part/b', 'part/c', 'part/not-there'] }, { acl: 'private' });
  expect(outcome).toMatchObject({ changed: 2, unchanged: 0, stopped: null });
  expect(outcome.failed.map(({ key }) => key).sort()).toEqual(['part/b', 'part/not-there']);
  expect(outcome.failed.find(({ key }) => key === 'part/b')).toMatchObject({
    failure: { cause: 'denied-by-policy', needs: 'oss:PutObjectAcl' },
  });
});

test('restoring a mixed selection concerns the archived ones only', async () => {
  await putMany(['mixed/warm']);
  await putMany(['mixed/cold-1', 'mixed/cold-2'], { 'x-oss-storage-class': 'Archive' });
  const outcome = await run({ prefixes: ['mixed/'] }, { restore: { days: 2, tier: 'Standard' } });
  expect(outcome).toEqual({ changed: 2, unchanged: 1, failed: [], stopped: null });
});

test('credentials that are no good end it at once', async () => {
  await putMany(numbered('stop/', 50));
  practice.server.faults.add({ effect: { kind: 'error', status: 403, code: 'InvalidAccessKeyId' } });
  const outcome = await run({ keys: numbered('stop/', 50) }, { acl: 'private' });
  expect(outcome).toMatchObject({ changed: 0, failed: [], stopped: { kind: 'credentials', cause: 'wrong-key' } });
});

test('cancelled halfway it tells how far it came', async () => {
  await putMany(numbered('halfway/', 60));
  const stop = new AbortController();
  const outcome = await run(
    { prefixes: ['halfway/'] },
    { acl: 'private' },
    {
      signal: stop.signal,
      onProgress: (done) => {
        if (done >= 20) stop.abort();
      },
    },
  );
  expect(outcome.stopped).toEqual({ kind: 'cancelled' });
  expect(outcome.changed).toBeGreaterThanOrEqual(20);
  expect(outcome.changed).toBeLessThan(60);
});

test.each<[string, ObjectChange, string]>([
  ['an empty change', {}, 'required'],
  ['a header with a line break', { headers: { 'cache-control': 'a\r\nx: y' } }, 'not-ascii'],
  ['an Expires that is no date', { headers: { expires: 'tomorrow' } }, 'http-date'],
  ['metadata with a strange name', { meta: { only: true, values: { 'a b': '1' } } }, 'meta-name'],
  ['8 KB of metadata and more', { meta: { only: true, values: { a: 'x'.repeat(8192) } } }, 'meta-too-large'],
  ['a tag with a character that OSS does not take', { tags: { only: true, values: [['50%', '']] } }, 'tag-character'],
  ['a tag of 129 characters', { tags: { only: true, values: [['x'.repeat(129), '']] } }, 'tag-name'],
  ['a value of 257 characters', { tags: { only: true, values: [['a', 'x'.repeat(257)]] } }, 'tag-value'],
  [
    'a tag twice',
    {
      tags: {
        only: true,
        values: [
          ['a', '1'],
          ['a', '2'],
        ],
      },
    },
    'tag-twice',
  ],
])('%s is refused before anything is sent', async (_, change, rule) => {
  await expect(run({ keys: ['a'] }, change)).rejects.toMatchObject({ failure: { kind: 'input', rule } });
});
