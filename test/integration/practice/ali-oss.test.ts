import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OSS from 'ali-oss';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PracticeServer, startPractice } from '../../../main/practice/server.ts';

let server: PracticeServer;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'practice-'));
  server = await startPractice({ dataDir });
});

afterAll(async () => {
  await server.close();
  await rm(dataDir, { recursive: true });
});

function connect(options: { bucket?: string; v4: boolean }): OSS {
  return new OSS({
    accessKeyId: server.accessKeyId,
    accessKeySecret: server.accessKeySecret,
    endpoint: server.endpoint,
    region: 'oss-cn-hangzhou',
    authorizationV4: options.v4,
    ...(options.bucket === undefined ? {} : { bucket: options.bucket }),
  } as OSS.Options);
}

describe.each([
  ['V1', false],
  ['V4', true],
])('ali-oss with signature %s', (_, v4) => {
  const bucket = v4 ? 'made-with-v4' : 'made-with-v1';
  let client: OSS;

  beforeAll(async () => {
    await connect({ v4 }).putBucket(bucket);
    client = connect({ bucket, v4 });
  });

  test('sees the sample buckets', async () => {
    const { buckets } = (await connect({ v4 }).listBuckets({})) as unknown as { buckets: { name: string }[] };
    expect(buckets.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['waybill-inbox', 'waybill-samples', bucket]),
    );
  });

  test.each(['plain.txt', 'a b+c%d#e?f&g.txt', '引号"\'.txt', '🚢/é.txt', 'a//b', 'tab\there', 'x&amp;<y>'])(
    'puts, heads, gets and lists %j',
    async (key) => {
      const content = randomBytes(2000);
      await client.put(key, content);
      const head = await client.head(key);
      expect(head.res.headers).toMatchObject({ 'content-length': '2000' });
      const got = await client.get(key);
      expect(got.content).toEqual(content);
      const listed = await client.listV2({ prefix: key, 'max-keys': '1' }, {});
      expect(listed.objects.map(({ name }) => name)).toEqual([key]);
      const listedV1 = await client.list({ prefix: key, 'max-keys': 1 }, {});
      expect(listedV1.objects.map(({ name }) => name)).toEqual([key]);
    },
  );
});
