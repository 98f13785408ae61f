import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { BucketWays, type BucketWaysParts, type DomainFinding } from '../../../main/accounts/bucket-ways.ts';
import { WaybillError } from '../../../main/failure.ts';
import { type Connection, ServerClock } from '../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import type { CustomDomain } from '../../../main/oss/operations/custom-domains.ts';
import { makeDispatcher } from '../../../main/http/dispatcher.ts';

const bucket = 'my-bucket';
const host = 'oss-cn-hangzhou.aliyuncs.com';
const hour = 3_600_000;

/** The ways of a bucket that uses `domain`, and what OSS is asked for. */
function waysWith(
  {
    domain,
    server = `https://${host}`,
    isHostRefused = false,
    choose = () => null,
  }: {
    readonly domain: string;
    readonly server?: string;
    readonly isHostRefused?: boolean;
    readonly choose?: BucketWaysParts['choose'];
  },
  answer: () => Promise<readonly CustomDomain[]>,
) {
  const [asked, found]: [{ count: number }, DomainFinding[]] = [{ count: 0 }, []];
  const endpoint = parseEndpoint(server);
  const ways = new BucketWays({
    known: { [bucket]: { domain, region: 'cn-hangzhou', isHostRefused, checkedAt: Date.now() - 13 * hour } },
    placeOf: () => ({ endpoint, region: 'cn-hangzhou' }),
    listDomains: () => {
      asked.count += 1;
      return answer();
    },
    choose,
    onFound: (finding) => found.push(finding),
  });
  const connection: Connection = {
    ...{ endpoint, region: 'cn-hangzhou', signVersion: 'v4', dispatcher: makeDispatcher(), clock: new ServerClock() },
    accessKey: () => Promise.reject(new WaybillError({ kind: 'credentials', cause: 'missing' })),
  };
  return { ways, asked, found, at: ways.lead(connection, bucket) };
}

const none = (): Promise<readonly CustomDomain[]> => Promise.resolve([]);

test('a domain with encryption is not left on the word of a reply without', async () => {
  const { ways, at, asked } = waysWith({ domain: 'https://files.example.com', server: `http://${host}` }, none);
  await ways.refresh(bucket);
  expect(await at.recheckDomain?.(at.endpoint)).toBe(false);
  expect([at.endpoint.protocol, at.endpoint.host, asked.count]).toEqual(['https', 'files.example.com', 0]);
});

test.each([
  ['without encryption, on the word of a reply without', 'http://files.example.com', `http://${host}`],
  ['on the word of an encrypted reply', 'https://files.example.com', `https://${host}`],
])('a domain is left %s', async (_, domain, server) => {
  const { ways, at } = waysWith({ domain, server }, none);
  await ways.refresh(bucket);
  expect(at.endpoint.host).toBe(host);
});

test('OSS that cannot be asked about an old domain is not asked again for half an hour, nor by the next command', async () => {
  const fails = () => Promise.reject(new WaybillError({ kind: 'network', reason: 'timeout', host }));
  const { ways, asked, found, at } = waysWith({ domain: 'https://files.example.com' }, fails);
  await ways.refresh(bucket);
  await ways.refresh(bucket);
  expect([asked.count, at.endpoint.host]).toEqual([1, 'files.example.com']);
  const age = Date.now() - (found.at(-1)?.way.checkedAt ?? 0);
  expect(found).toHaveLength(1);
  expect(age).toBeGreaterThan(11 * hour);
  expect(age).toBeLessThan(12 * hour);
});

test('a domain is used after a moment where OSS does not answer, and its late answer counts', async () => {
  const { promise, resolve } = later<readonly CustomDomain[]>();
  const { ways, at } = waysWith({ domain: 'https://files.example.com' }, () => promise);
  await ways.refresh(bucket);
  expect(at.endpoint.host).toBe('files.example.com');
  resolve([]);
  await expect.poll(() => at.endpoint.host).toBe(host);
});

const named = (name: string): CustomDomain => ({ name, isEnabled: true, isSecure: true });

test.each([
  ['another domain', named('other.example.com'), 'other.example.com'],
  ['OSS’s own host', null, host],
])('%s that was chosen while OSS did not answer stays, whatever the late answer is', async (_, chosen, expected) => {
  for (const late of [[named('files.example.com'), named('other.example.com')], [named('other.example.com')], null]) {
    const { promise, resolve, reject } = later<readonly CustomDomain[]>();
    const { ways, at, found } = waysWith({ domain: 'https://files.example.com' }, () => promise);
    const refreshed = ways.refresh(bucket);
    ways.use(bucket, chosen);
    if (late === null) reject(new WaybillError({ kind: 'network', reason: 'timeout', host }));
    else resolve(late);
    await refreshed;
    expect([at.endpoint.host, found.length]).toEqual([expected, 0]);
  }
});

test('a person has as long as it takes to choose, and requests wait for that', async () => {
  const { promise: choice, resolve: choose } = later<CustomDomain>();
  const answer = () => Promise.resolve([named('a.example.com'), named('b.example.com')]);
  const parts = { domain: 'https://files.example.com', isHostRefused: true, choose: () => choice };
  const { ways, at } = waysWith(parts, answer);
  let isRefreshed = false;
  const refreshed = ways.refresh(bucket).then(() => (isRefreshed = true));
  await delay(3_200);
  const search = at.findCustomDomain?.();
  await delay(100);
  expect(isRefreshed).toBe(false);
  choose(named('b.example.com'));
  await refreshed;
  expect([await search, at.endpoint.host]).toEqual(['found', 'b.example.com']);
});

function later<T>() {
  let [resolve, reject]: [(value: T) => void, (error: Error) => void] = [() => undefined, () => undefined];
  const promise = new Promise<T>((settle, fail) => ([resolve, reject] = [settle, fail]));
  return { promise, resolve, reject };
}
