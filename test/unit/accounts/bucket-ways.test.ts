import { expect, test } from 'vitest';
import { BucketWays, type DomainFinding } from '../../../main/accounts/bucket-ways.ts';
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
  { domain, server = `https://${host}` }: { readonly domain: string; readonly server?: string },
  answer: () => Promise<readonly CustomDomain[]>,
) {
  const [asked, found]: [{ count: number }, DomainFinding[]] = [{ count: 0 }, []];
  const endpoint = parseEndpoint(server);
  const ways = new BucketWays({
    known: { [bucket]: { domain, region: 'cn-hangzhou', isHostRefused: false, checkedAt: Date.now() - 13 * hour } },
    placeOf: () => ({ endpoint, region: 'cn-hangzhou' }),
    listDomains: () => {
      asked.count += 1;
      return answer();
    },
    choose: () => null,
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
  let resolve: (domains: readonly CustomDomain[]) => void = () => undefined;
  const promise = new Promise<readonly CustomDomain[]>((settle) => (resolve = settle));
  const { ways, at } = waysWith({ domain: 'https://files.example.com' }, () => promise);
  await ways.refresh(bucket);
  expect(at.endpoint.host).toBe('files.example.com');
  resolve([]);
  await expect.poll(() => at.endpoint.host).toBe(host);
});
