// What Waybill remembers of a bucket's custom domain is asked about again when the domain fails, and when it is old.
import { stat } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { DomainFinding } from '../../../main/accounts/bucket-ways.ts';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import { headObject, putObject } from '../../../main/oss/operations/objects.ts';
import type { BoundDomain } from '../../../main/practice/protocol/bound-domain.ts';
import { startRawServer } from '../../support/raw-server.ts';
import { testTls } from '../../support/tls/certificate.ts';
import { customDomain, objectUser, type PracticeRun, startPracticeRun } from './practice-server.ts';

const BUCKET = 'waybill-samples';
const HOST = 'oss-cn-hangzhou.aliyuncs.com';
/** The server's certificate is for this one, and not for other.example.com. */
const OTHER = 'other.aliyuncs.com';
const HOUR = 3_600_000;
const certificate = { status: 'Enabled', validFrom: Date.now() - HOUR, validUntil: Date.now() + HOUR } as const;
const bound: BoundDomain = { bucket: BUCKET, status: 'Enabled', certificate };

let run: PracticeRun;
let found: DomainFinding[];
let id: string;

const list = () => run.accounts.run(id, BUCKET, (connection) => listObjects(connection, BUCKET, { maxKeys: 1 }));
const used = () => run.accounts.get(id).ways?.[BUCKET]?.domain;
const asked = () => run.requests.filter((request) => request.endsWith('?cname')).length;
const wayOf = (domain: string, checkedAt = Date.now()) => ({
  ...{ domain: run.hostUrl(domain), region: 'cn-hangzhou', isHostRefused: false, checkedAt },
});

/** Uses a domain that OSS lists now, and forgets all that only memory holds. */
async function remember(domain: string, checkedAt?: number): Promise<void> {
  await run.accounts.setWay(id, BUCKET, wayOf(domain, checkedAt));
  run.accounts.clearCaches();
  await run.accounts.buckets(id);
  run.requests.length = 0;
  found.length = 0;
}

beforeEach(async () => {
  found = [];
  run = await startPracticeRun({ tls: testTls, onFound: (_, finding) => found.push(finding) });
  ({ id } = await run.accounts.add(run.draft({ endpoint: run.hostUrl(HOST) })));
});

afterEach(() => run.close());

describe('a domain that was unbound', () => {
  test('makes way for another one that OSS lists, in the call that fails', async () => {
    run.server.restrictions.publicEndpoint = true;
    await list();
    expect(used()).toBe(run.hostUrl(customDomain));
    run.server.customDomains.delete(customDomain);
    run.server.customDomains.set(OTHER, bound);
    found.length = 0;
    expect((await list()).objects).toHaveLength(1);
    expect(found).toMatchObject([{ lost: customDomain, way: { domain: run.hostUrl(OTHER), isHostRefused: true } }]);
    expect(used()).toBe(run.hostUrl(OTHER));
  });

  test('makes way for OSS’s own host where that isn’t refused', async () => {
    await remember(customDomain);
    run.server.customDomains.clear();
    expect((await list()).objects).toHaveLength(1);
    expect(found).toMatchObject([{ lost: customDomain, way: { domain: null, isHostRefused: false } }]);
    expect(used()).toBeNull();
  });

  test('leaves nothing where OSS’s own host is refused, and that is reported once', async () => {
    run.server.restrictions.publicEndpoint = true;
    await list();
    run.server.customDomains.clear();
    found.length = 0;
    const refused = { failure: { cause: 'needs-custom-domain' } };
    await expect(list()).rejects.toMatchObject(refused);
    await expect(list()).rejects.toMatchObject(refused);
    expect(found).toMatchObject([{ lost: customDomain, way: { domain: null, isHostRefused: true } }]);
  });

  test('counts as gone where its name no longer resolves, or its certificate is for another name', async () => {
    for (const domain of ['gone.example.net', 'other.example.com']) {
      await remember(domain);
      expect((await list()).objects).toHaveLength(1);
      expect(found).toMatchObject([{ lost: domain }]);
    }
  });

  test('is asked about once for all calls that fail at the same time', async () => {
    await remember(customDomain);
    run.server.customDomains.clear();
    const connection = await run.accounts.connection(id, BUCKET);
    const calls = Array.from({ length: 20 }, () => listObjects(connection, BUCKET, { maxKeys: 1 }));
    expect((await Promise.all(calls)).every(({ objects }) => objects.length === 1)).toBe(true);
    expect(asked()).toBe(1);
    expect(found).toHaveLength(1);
  });

  test('takes along an upload that failed there', async () => {
    await remember(customDomain);
    run.server.customDomains.clear();
    const path = import.meta.filename;
    const { size: sizeBytes, mtimeMs: modifiedAt } = await stat(path);
    const file = { sizeBytes, modifiedAt };
    const body = { kind: 'file-slice', fd: null, path, start: 0, sizeBytes, file } as const;
    let sentBytes = 0;
    const onSent = (bytes: number): void => void (sentBytes += bytes);
    const object = { bucket: BUCKET, key: 'new.txt' };
    await run.accounts.run(id, BUCKET, (open) => putObject(open, { ...object, body, sizeBytes, onSent }));
    expect(sentBytes).toBe(sizeBytes);
    const head = await run.accounts.run(id, BUCKET, (open) => headObject(open, object));
    expect(head.sizeBytes).toBe(sizeBytes);
  });
});

test('a domain where something else answers with success is left if OSS no longer lists it', async () => {
  const parked = await startRawServer((socket) => {
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 20\r\nConnection: close\r\n\r\n<html>Parked</html>\n');
  });
  onTestFinished(() => parked.close());
  await run.accounts.setWay(id, BUCKET, { ...wayOf(customDomain), domain: parked.origin });
  expect((await list()).objects).toHaveLength(1);
  expect(parked.connections()).toBe(1);
  expect(found).toMatchObject([{ lost: '127.0.0.1', way: { domain: null } }]);
});

describe('a domain that OSS goes on listing', () => {
  test('stays, and OSS is asked once, however often it fails', async () => {
    run.server.customDomains.set('other.example.com', bound);
    await remember('other.example.com');
    await expect(list()).rejects.toMatchObject({ failure: { kind: 'network', reason: 'tls' } });
    await expect(list()).rejects.toMatchObject({ failure: { kind: 'network', reason: 'tls' } });
    expect(asked()).toBe(1);
    expect(used()).toBe(run.hostUrl('other.example.com'));
    expect(found).toEqual([]);
  });

  test.each([
    ['a broken connection', { kind: 'reset', at: 'before-headers' }],
    ['a busy server', { kind: 'error', status: 503, code: 'ServiceUnavailable' }],
    ['a missing object', { kind: 'error', status: 404, code: 'NoSuchKey' }],
  ] as const)('isn’t doubted because of %s', async (_, effect) => {
    await remember(customDomain);
    run.server.faults.add({ match: { operation: 'ListObjects' }, effect });
    await expect(list()).rejects.toBeDefined();
    expect(asked()).toBe(0);
  });

  test('stays where OSS can’t be asked', async () => {
    await remember('gone.example.net');
    run.server.faults.add({ match: { operation: 'ListCname' }, effect: { kind: 'reset', at: 'before-headers' } });
    await expect(list()).rejects.toMatchObject({ failure: { kind: 'network', reason: 'dns' } });
    expect(used()).toBe(run.hostUrl('gone.example.net'));
  });

  test('stays for a key that can’t list domains', async () => {
    const { accessKeyId, accessKeySecret } = objectUser;
    const user = { accessKeyId, accessKeySecret, endpoint: run.hostUrl(HOST) };
    ({ id } = await run.accounts.add(run.draft({ ...user, startPath: { bucket: BUCKET, prefix: '' } })));
    await run.accounts.setWay(id, BUCKET, wayOf('gone.example.net', 0));
    const heading = run.accounts.run(id, BUCKET, (open) => headObject(open, { bucket: BUCKET, key: 'none' }));
    await expect(heading).rejects.toMatchObject({ failure: { kind: 'network', reason: 'dns' } });
    expect(used()).toBe(run.hostUrl('gone.example.net'));
  });
});

describe('a memory of a domain', () => {
  test('that is old is confirmed by OSS before it is used, and then stays young', async () => {
    await remember(customDomain, Date.now() - 13 * HOUR);
    await list();
    expect(asked()).toBe(1);
    expect(run.accounts.get(id).ways?.[BUCKET]?.checkedAt).toBeGreaterThan(Date.now() - HOUR);
    run.accounts.clearCaches();
    await list();
    expect(asked()).toBe(1);
    expect(found).toEqual([]);
  });

  test('that is old sends nothing to a domain that OSS no longer lists', async () => {
    const stranger = await startRawServer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
    onTestFinished(() => stranger.close());
    await run.accounts.setWay(id, BUCKET, { ...wayOf(customDomain, 0), domain: stranger.origin });
    expect((await list()).objects).toHaveLength(1);
    expect(stranger.connections()).toBe(0);
  });

  test('that is young isn’t asked about', async () => {
    await remember(customDomain, Date.now() - 11 * HOUR);
    await list();
    expect(asked()).toBe(0);
  });
});

test('OSS’s own host counts as refused until it serves a data call', async () => {
  run.server.customDomains.clear();
  run.server.restrictions.publicEndpoint = true;
  await expect(list()).rejects.toMatchObject({ failure: { cause: 'needs-custom-domain' } });
  const isRefused = async () => (await run.accounts.connection(id, BUCKET)).isPublicHostRefused;
  expect(await isRefused()).toBe(true);
  await run.accounts.access(id).customDomains(BUCKET);
  expect(await isRefused()).toBe(true);
  run.server.restrictions.publicEndpoint = false;
  await list();
  expect(await isRefused()).toBe(false);
  expect(run.accounts.get(id).ways?.[BUCKET]).toMatchObject({ domain: null, isHostRefused: false });
});
