import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { formatEndpoint } from '../../../main/oss/endpoint.ts';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import { send } from '../../../main/oss/exchange/request.ts';
import { type PracticeRun, startPracticeRun } from './practice-server.ts';

let run: PracticeRun;

beforeAll(async () => {
  run = await startPracticeRun();
  const { id } = await run.accounts.add(
    run.draft({ endpoint: run.hostUrl('oss-cn-beijing.aliyuncs.com'), region: 'cn-beijing', remember: false }),
  );
  const connection = await run.accounts.connection(id);
  for (const bucket of ['north-1', 'north-2', 'north-3']) {
    const reply = await send(connection, { method: 'PUT', bucket });
    reply.body.resume();
  }
});

beforeEach(() => {
  run.requests.length = 0;
});

afterAll(() => run.close());

async function addAt(host: string): Promise<string> {
  const draft = run.draft({ endpoint: run.hostUrl(host), region: 'cn-hangzhou', remember: false });
  return (await run.accounts.add(draft)).id;
}

describe('a bucket of another region than the account’s endpoint', () => {
  test('is reached at its own, learned from OSS’s answer and remembered', async () => {
    const id = await addAt('oss-cn-hangzhou.aliyuncs.com');
    const list = () => run.accounts.run(id, 'north-1', (connection) => listObjects(connection, 'north-1'));
    expect((await list()).objects).toEqual([]);
    const connection = await run.accounts.connection(id, 'north-1');
    expect(formatEndpoint(connection.endpoint)).toBe(run.hostUrl('oss-cn-beijing.aliyuncs.com'));
    expect(connection.region).toBe('cn-beijing');
    run.requests.length = 0;
    await list();
    expect(run.requests).toHaveLength(1);
  });

  test('is reached at once when the list of buckets told the region', async () => {
    const id = await addAt('oss-cn-hangzhou.aliyuncs.com');
    await run.accounts.buckets(id);
    run.requests.length = 0;
    const connection = await run.accounts.connection(id, 'north-2');
    expect(connection.region).toBe('cn-beijing');
    expect(run.requests).toEqual([]);
  });

  test.each([
    ['oss-cn-hangzhou-internal.aliyuncs.com', 'oss-cn-beijing.aliyuncs.com'],
    ['cn-hangzhou.oss.aliyuncs.com', 'cn-beijing.oss.aliyuncs.com'],
  ])('is reached from %s at %s', async (host, expected) => {
    const id = await addAt(host);
    const { endpoint } = await run.accounts.connection(id, 'north-3');
    expect(endpoint.host).toBe(expected);
    const page = await run.accounts.run(id, 'north-3', (connection) => listObjects(connection, 'north-3'));
    expect(page.objects).toEqual([]);
  });

  test('through acceleration keeps that endpoint and signs for its own region', async () => {
    const id = await addAt('oss-accelerate.aliyuncs.com');
    const buckets = await run.accounts.buckets(id);
    expect(buckets.map(({ name }) => name)).toContain('north-1');
    const connection = await run.accounts.connection(id, 'north-1');
    expect(connection).toMatchObject({ region: 'cn-beijing', endpoint: { host: 'oss-accelerate.aliyuncs.com' } });
    expect((await listObjects(connection, 'north-1')).objects).toEqual([]);
  });

  test('may be where the check starts', async () => {
    const endpoint = run.hostUrl('oss-cn-hangzhou.aliyuncs.com');
    await run.accounts.check(run.draft({ endpoint, startPath: { bucket: 'north-1', prefix: '' } }));
    expect(run.accounts.list().every((account) => account.startPath === null)).toBe(true);
  });
});

test('all buckets are listed, over as many pages as it takes', async () => {
  const id = await addAt('oss-cn-hangzhou.aliyuncs.com');
  const connection = await run.accounts.connection(id);
  const names = Array.from({ length: 120 }, (_, index) => `many-${String(index).padStart(3, '0')}`);
  for (const bucket of names) (await send(connection, { method: 'PUT', bucket })).body.resume();
  const listed = (await run.accounts.buckets(id)).map(({ name }) => name);
  expect(listed).toEqual(expect.arrayContaining(names));
  expect(new Set(listed).size).toBe(listed.length);
});

test('a bucket that does not exist is told as that', async () => {
  const id = await addAt('oss-cn-hangzhou.aliyuncs.com');
  const listing = run.accounts.run(id, 'nowhere-1', (connection) => listObjects(connection, 'nowhere-1'));
  await expect(listing).rejects.toMatchObject({ failure: { kind: 'oss', code: 'NoSuchBucket' } });
});
