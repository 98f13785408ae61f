// Lists of a server that never comes to an end: each fails, clearly, in bounded memory.
import { afterEach, expect, test } from 'vitest';
import { Access } from '../../../../main/accounts/access.ts';
import { fixedCredentials } from '../../../../main/accounts/sts/credentials.ts';
import { listObjectVersions } from '../../../../main/browsing/versions.ts';
import { type Connection, ServerClock } from '../../../../main/oss/connection.ts';
import { formatEndpoint } from '../../../../main/oss/endpoint.ts';
import { callbackErrorOf } from '../../../../main/oss/exchange/callback-error.ts';
import { send } from '../../../../main/oss/exchange/request.ts';
import { listCustomDomains } from '../../../../main/oss/operations/custom-domains.ts';
import { listObjects } from '../../../../main/oss/operations/listing.ts';
import { objectPages } from '../../../../main/oss/operations/ranges/object-pages.ts';
import { listParts } from '../../../../main/oss/operations/multipart.ts';
import { describeRegions } from '../../../../main/oss/operations/regions.ts';
import { closeServers, failureOf, makeServer } from '../scripted-server.ts';

afterEach(closeServers);

const bucket = 'my-bucket';
const malformed = { kind: 'oss', code: 'MalformedReply' };
const at = '2026-11-24T00:00:00.000Z';

/** A server that answers each request by its query, and how often it was asked. */
async function serve(answer: (query: URLSearchParams, count: number) => string) {
  const asked = { count: 0 };
  const connection = await makeServer((request, response) => {
    asked.count += 1;
    response.end(answer(new URL(request.url ?? '', 'http://x').searchParams, asked.count));
  });
  return { connection, asked };
}

const objectsPage = (keys: readonly string[], next: string): string =>
  `<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>${next}</NextContinuationToken>${keys
    .map((key) => `<Contents><Key>${key}</Key><Size>1</Size><LastModified>${at}</LastModified></Contents>`)
    .join('')}</ListBucketResult>`;

async function readAll(connection: Connection): Promise<number> {
  let pages = 0;
  for await (const page of objectPages(connection, bucket)) pages += page.objects.length > 0 ? 1 : 0;
  return pages;
}

test.each([
  ['A → B → A', ['a', 'b'], (count: number) => ['A', 'B'][count % 2] ?? ''],
  ['A → A', ['a'], () => 'A'],
  ['tokens that never repeat, to pages that do', ['a', 'b'], (count: number) => `token-${count}`],
])('a listing that leads in a circle (%s) is malformed', async (_what, keys, tokenOf) => {
  const { connection, asked } = await serve((_query, count) =>
    objectsPage([keys[(count - 1) % keys.length] ?? ''], tokenOf(count)),
  );
  expect(await failureOf(readAll(connection))).toMatchObject(malformed);
  expect(asked.count).toBeLessThanOrEqual(1002);
});

test('each page of a circle is refused by itself, whoever asks for it', async () => {
  const { connection } = await serve((query) => {
    const token = query.get('continuation-token');
    return objectsPage([token === 'A' ? 'b' : 'a'], token === 'A' ? 'B' : 'A');
  });
  const first = await listObjects(connection, bucket);
  const second = await listObjects(connection, bucket, { pageToken: first.nextPageToken ?? '' });
  const third = listObjects(connection, bucket, { pageToken: second.nextPageToken ?? '' });
  expect(await failureOf(third)).toMatchObject(malformed);
});

test('pages without a key, each with a new token, come to an end', async () => {
  const { connection, asked } = await serve((_query, count) => objectsPage([], `token-${count}`));
  expect(await failureOf(readAll(connection))).toMatchObject(malformed);
  expect(asked.count).toBe(1001);
});

test('an empty page now and then, and keys in the order of UTF-8, are a listing like any other', async () => {
  // U+FF21 comes before U+10000 in UTF-8, and behind it in UTF-16.
  const pages = [['a'], [], ['\uff21'], ['\u{10000}'], []];
  const { connection } = await serve((query) => {
    const startAfter = query.get('start-after');
    const behind = pages.findIndex(([key = '']) => Buffer.compare(Buffer.from(key), Buffer.from(startAfter ?? '')) > 0);
    const token = Number(query.get('continuation-token')?.replace('token-', '') ?? 0);
    const at = startAfter === null ? token : behind;
    const page = objectsPage(pages[at] ?? [], `token-${at + 1}`);
    return at + 1 < pages.length ? page : page.replace('<IsTruncated>true', '<IsTruncated>false');
  });
  expect(await readAll(connection)).toBe(3);
});

test('versions of one key that lead in a circle are malformed', async () => {
  const { connection, asked } = await serve((query) => {
    const next = query.get('version-id-marker') === 'v1' ? 'v2' : 'v1';
    return `<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker><NextVersionIdMarker>${next}</NextVersionIdMarker><Version><Key>k</Key><VersionId>${next}</VersionId><Size>1</Size><LastModified>${at}</LastModified></Version></ListVersionsResult>`;
  });
  expect(await failureOf(listObjectVersions(connection, bucket, 'k'))).toMatchObject(malformed);
  expect(asked.count).toBeLessThanOrEqual(1002);
});

test('a key may have a million versions: each page that is asked for is as long as OSS makes them', async () => {
  const pages = 900;
  const { connection, asked } = await serve((query, count) => {
    expect(query.get('max-keys')).toBe('1000');
    const more = count < pages ? '<IsTruncated>true</IsTruncated>' : '<IsTruncated>false</IsTruncated>';
    return `<ListVersionsResult>${more}<NextKeyMarker>k</NextKeyMarker><NextVersionIdMarker>v${count}</NextVersionIdMarker><Version><Key>k</Key><VersionId>v${count}</VersionId><Size>1</Size><LastModified>${at}</LastModified></Version></ListVersionsResult>`;
  });
  expect(await listObjectVersions(connection, bucket, 'k')).toHaveLength(pages);
  expect(asked.count).toBe(pages);
});

test('parts beyond the last that an upload can have are malformed', async () => {
  const { connection } = await serve(
    () =>
      '<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>10001</NextPartNumberMarker></ListPartsResult>',
  );
  const upload = { bucket, key: 'k', uploadId: 'u' };
  expect(await failureOf(listParts(connection, upload, { partNumberMarker: 10_000 }))).toMatchObject(malformed);
});

test('buckets without end are malformed', async () => {
  const page = (start: number): string => {
    const names = Array.from({ length: 20_000 }, (_, index) => `bucket-${String(start + index).padStart(9, '0')}`);
    const buckets = names.map(
      (name) =>
        `<Bucket><Name>${name}</Name><Location>oss-cn-hangzhou</Location><CreationDate>${at}</CreationDate></Bucket>`,
    );
    return `<ListAllMyBucketsResult><IsTruncated>true</IsTruncated><NextMarker>${names.at(-1) ?? ''}</NextMarker><Buckets>${buckets.join('')}</Buckets></ListAllMyBucketsResult>`;
  };
  const { connection, asked } = await serve((_query, count) => page(count * 20_000));
  const access = new Access({
    identity: {
      endpoint: formatEndpoint(connection.endpoint),
      ...{ region: 'cn-hangzhou', cname: false, signVersion: 'v4', startPath: null, role: null, stsEndpoint: null },
    },
    base: fixedCredentials(() => connection.accessKey(), null),
    dispatcher: connection.dispatcher,
    clock: new ServerClock(),
  });
  expect(await failureOf(access.buckets())).toMatchObject(malformed);
  expect(asked.count).toBe(6);
});

test.each<[string, string, string, (from: Connection) => Promise<object>]>([
  [
    'custom domains',
    'ListCnameResult',
    '<Cname><Domain>a.example</Domain></Cname>',
    (from) => listCustomDomains(from, bucket),
  ],
  [
    'regions',
    'RegionInfoList',
    '<RegionInfo><Region>oss-cn-hangzhou</Region></RegionInfo>',
    (from) => describeRegions(from),
  ],
])('%s by the thousand are malformed', async (_what, root, entry, list) => {
  const { connection } = await serve(() => `<${root}>${entry.repeat(1001)}</${root}>`);
  expect(await failureOf(list(connection))).toMatchObject(malformed);
});

test('an upload is over, although the server sends a body without end', async () => {
  let isOpen = true;
  const connection = await makeServer((_request, response) => {
    const more = (): void => {
      if (!response.destroyed) response.write('x'.repeat(16_384), () => setImmediate(more));
    };
    response.on('close', () => (isOpen = false));
    more();
  });
  const reply = await send(connection, { method: 'PUT', bucket, key: 'k' });
  expect(await callbackErrorOf(reply)).toBeNull();
  await expect.poll(() => isOpen).toBe(false);
});
