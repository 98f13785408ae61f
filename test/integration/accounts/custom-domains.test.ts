import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DomainFinding } from '../../../main/accounts/bucket-ways.ts';
import { bucketDomains, useDomain } from '../../../main/accounts/custom-domains.ts';
import { formatEndpoint } from '../../../main/oss/endpoint.ts';
import { createBucket } from '../../../main/oss/operations/bucket-settings.ts';
import { getBucketVersioning } from '../../../main/oss/operations/buckets.ts';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import { headObject, putObject } from '../../../main/oss/operations/objects.ts';
import type { BoundDomain } from '../../../main/practice/protocol/bound-domain.ts';
import { testTls } from '../../support/tls/certificate.ts';
import { customDomain, objectUser, type PracticeRun, startPracticeRun } from './practice-server.ts';

/** Answers no question. */
const never = (domain: string): Promise<void> => Promise.reject(new Error(domain));
const BUCKET = 'waybill-samples';
const HOST = 'oss-cn-hangzhou.aliyuncs.com';
const DAY = 24 * 3_600_000;
const certificate = { status: 'Enabled', validFrom: Date.now() - DAY, validUntil: Date.now() + DAY } as const;
const bound = (changes: Partial<BoundDomain> = {}): BoundDomain => ({
  bucket: BUCKET,
  status: 'Enabled',
  certificate,
  ...changes,
});

let run: PracticeRun;
let found: DomainFinding[];

beforeEach(async () => {
  found = [];
  run = await startPracticeRun({ tls: testTls, onFound: (_, finding) => found.push(finding) });
  run.server.restrictions.publicEndpoint = true;
});

afterEach(() => run.close());

const draft = () => run.draft({ endpoint: run.hostUrl(HOST) });

async function addAccount(): Promise<string> {
  return (await run.accounts.add(draft())).id;
}

const list = (id: string) => run.accounts.run(id, BUCKET, (connection) => listObjects(connection, BUCKET));

describe('a bucket whose data calls OSS refuses on its own host', () => {
  test('is reached at its only domain at once, and that is reported', async () => {
    const id = await addAccount();
    expect((await list(id)).objects.length).toBeGreaterThan(0);
    const domain = run.hostUrl(customDomain);
    expect(formatEndpoint((await run.accounts.connection(id, BUCKET)).endpoint)).toBe(domain);
    expect(found).toMatchObject([
      {
        bucket: BUCKET,
        way: { domain, region: 'cn-hangzhou', isHostRefused: true },
        domains: [{ name: customDomain }],
      },
    ]);
  });

  test('is asked about once, however many calls are refused at the same time', async () => {
    const id = await addAccount();
    await run.accounts.buckets(id);
    const connection = await run.accounts.connection(id, BUCKET);
    await Promise.all(Array.from({ length: 20 }, () => listObjects(connection, BUCKET, { maxKeys: 1 })));
    expect(run.requests.filter((request) => request.endsWith('?cname'))).toHaveLength(1);
    expect(found).toHaveLength(1);
    run.requests.length = 0;
    await listObjects(connection, BUCKET, { maxKeys: 1 });
    expect(run.requests).toHaveLength(1);
  });

  test('takes an upload that was refused', async () => {
    const id = await addAccount();
    await run.accounts.buckets(id);
    const object = { bucket: BUCKET, key: 'new.txt' };
    const file = { ...object, body: Buffer.from('hello'), sizeBytes: 5 };
    await run.accounts.run(id, BUCKET, (connection) => putObject(connection, file));
    const head = await run.accounts.run(id, BUCKET, (connection) => headObject(connection, object));
    expect(head.sizeBytes).toBe(5);
  });

  test('is still managed on OSS’s own host', async () => {
    const id = await addAccount();
    await list(id);
    const access = run.accounts.access(id);
    expect(await access.manage(BUCKET, (connection) => getBucketVersioning(connection, BUCKET))).toBe('never');
    const { endpoint } = await access.manage(BUCKET, (connection) => Promise.resolve(connection));
    expect(endpoint.host).toBe(HOST);
  });

  test('is remembered with the account', async () => {
    const id = await addAccount();
    await list(id);
    run.accounts.clearCaches();
    run.requests.length = 0;
    await list(id);
    expect(run.requests).toHaveLength(1);
    await run.accounts.update(id, { ...draft(), name: 'Renamed', accessKeySecret: '' });
    expect(run.accounts.get(id).ways?.[BUCKET]).toMatchObject({ isHostRefused: true });
    const north = { endpoint: run.hostUrl('oss-cn-beijing.aliyuncs.com'), region: 'cn-beijing' };
    await run.accounts.update(id, { ...draft(), ...north });
    expect(run.accounts.get(id).ways).toBeUndefined();
  });

  test('in another region is signed for that region', async () => {
    run.server.restrictions.publicEndpoint = false;
    const id = await addAccount();
    const bucket = 'north-bucket';
    const settings = { storageClass: 'Standard', acl: 'private' } as const;
    await createBucket(run.accounts.access(id).connectionIn('cn-beijing'), bucket, settings);
    run.server.customDomains.set('north.aliyuncs.com', bound({ bucket }));
    run.server.restrictions.publicEndpoint = true;
    const page = await run.accounts.run(id, bucket, (connection) => listObjects(connection, bucket));
    expect(page.objects).toEqual([]);
    expect(found[0]?.way).toMatchObject({ region: 'cn-beijing', domain: run.hostUrl('north.aliyuncs.com') });
  });

  test.each([
    ['none', {}, 0],
    ['several', { 'files.example.com': bound(), 'other.example.com': bound() }, 2],
    ['one without a certificate', { 'files.example.com': bound({ certificate: null }) }, 1],
    [
      'one with an expired certificate',
      { 'files.example.com': bound({ certificate: { ...certificate, validUntil: 1 } }) },
      1,
    ],
    ['a disabled one', { 'files.example.com': bound({ status: 'Disabled' }) }, 0],
    ['one that OSS took away', { 'files.example.com': bound({ isPurged: true }) }, 0],
  ])('uses no domain without a question: %s', async (_, domains, offered) => {
    run.server.customDomains.clear();
    for (const [name, domain] of Object.entries(domains)) run.server.customDomains.set(name, domain);
    const id = await addAccount();
    await run.accounts.buckets(id);
    const refused = { failure: { code: 'PublicEndpointForbidden' } };
    await expect(list(id)).rejects.toMatchObject(refused);
    expect(found[0]?.way).toMatchObject({ domain: null, isHostRefused: true });
    expect(found[0]?.domains).toHaveLength(offered);
    run.requests.length = 0;
    await expect(list(id)).rejects.toMatchObject(refused);
    expect(run.requests).toHaveLength(1);
  });

  test('may belong to a key that can’t list domains', async () => {
    const { accessKeyId, accessKeySecret } = objectUser;
    const { id } = await run.accounts.add({ ...draft(), accessKeyId, accessKeySecret, remember: false });
    const heading = run.accounts.run(id, BUCKET, (open) => headObject(open, { bucket: BUCKET, key: 'none' }));
    const needed = { failure: { cause: 'needs-custom-domain', needs: 'oss:ListCname' } };
    await expect(heading).rejects.toMatchObject(needed);
    expect(found[0]?.domains).toMatchObject({ kind: 'credentials', cause: 'denied-by-policy' });
    run.requests.length = 0;
    await expect(
      run.accounts.run(id, BUCKET, (open) => headObject(open, { bucket: BUCKET, key: 'none' })),
    ).rejects.toMatchObject(needed);
    expect(run.requests).toHaveLength(1);
  });

  test.each([
    ['busy', { kind: 'error', status: 503, code: 'ServiceUnavailable' }, { kind: 'oss', cause: 'busy' }],
    ['cut off', { kind: 'truncate', afterBytes: 20 }, { kind: 'network', reason: 'reset' }],
  ] as const)('is asked about again at once where OSS was %s', async (_, effect, failure) => {
    const id = await addAccount();
    await run.accounts.buckets(id);
    const remove = run.server.faults.add({ match: { operation: 'ListCname' }, effect });
    await expect(list(id)).rejects.toMatchObject({ failure });
    expect(found).toEqual([]);
    remove();
    expect((await list(id)).objects.length).toBeGreaterThan(0);
  });
});

describe('the check of a new account', () => {
  test('makes one data call, and hands on the domain that it finds', async () => {
    run.server.customDomains.set('files.example.com', bound({ bucket: 'waybill-inbox' }));
    const findings = await run.accounts.check(draft());
    expect(findings).toMatchObject([{ bucket: 'waybill-inbox', way: { domain: run.hostUrl(customDomain) } }]);
    const { id, ways } = await run.accounts.add(draft(), findings);
    expect(ways?.['waybill-inbox']).toEqual(findings[0]?.way);
    expect(found).toEqual(findings);
    run.requests.length = 0;
    await run.accounts.run(id, 'waybill-inbox', (connection) => listObjects(connection, 'waybill-inbox'));
    expect(run.requests).toHaveLength(1);
  });

  test('passes for an account without a domain, which can still list its buckets', async () => {
    run.server.customDomains.clear();
    const findings = await run.accounts.check(draft());
    expect(findings).toMatchObject([{ domains: [], way: { domain: null, isHostRefused: true } }]);
  });
});

describe('a domain that was chosen among several', () => {
  let id: string;
  const used = () => run.accounts.get(id).ways?.[BUCKET]?.domain;
  const withStart = () => ({ ...draft(), startPath: { bucket: BUCKET, prefix: '' } });

  beforeEach(async () => {
    run.server.customDomains.set('other.example.com', bound());
    id = (await run.accounts.add(withStart())).id;
    await expect(list(id)).rejects.toMatchObject({ failure: { cause: 'needs-custom-domain' } });
    await useDomain(run.accounts, { accountId: id, bucket: BUCKET, name: customDomain, confirmHttp: never });
  });

  test('is used by the check of a change, and stays', async () => {
    const changed = { ...withStart(), name: 'Renamed', accessKeySecret: '' };
    await run.accounts.update(id, changed, await run.accounts.check(changed, id));
    expect(used()).toBe(run.hostUrl(customDomain));
  });

  test('stays with new credentials', async () => {
    const { accessKeyId, accessKeySecret } = run.server;
    await run.accounts.replaceCredentials(id, { accessKeyId, accessKeySecret, securityToken: null }, null);
    expect(used()).toBe(run.hostUrl(customDomain));
  });

  test('isn’t replaced by a finding without one', async () => {
    const way = { domain: null, region: 'cn-hangzhou', isHostRefused: true };
    const changed = { ...withStart(), accessKeySecret: '' };
    await run.accounts.update(id, changed, [{ bucket: BUCKET, way, domains: [], lost: null }]);
    expect(used()).toBe(run.hostUrl(customDomain));
  });

  test('goes with another key', async () => {
    const { accessKeyId, accessKeySecret } = objectUser;
    await run.accounts.update(id, { ...withStart(), accessKeyId, accessKeySecret });
    expect(used()).toBeUndefined();
  });
});

describe('the domain of a bucket', () => {
  test('is shown and changed', async () => {
    run.server.customDomains.set('plain.example.com', bound({ certificate: null }));
    const id = await addAccount();
    expect(await bucketDomains(run.accounts, id, BUCKET)).toEqual({
      server: run.hostUrl(HOST),
      isServerRefused: false,
      used: null,
      domains: [
        { name: customDomain, isEnabled: true, isSecure: true },
        { name: 'plain.example.com', isEnabled: true, isSecure: false },
      ],
    });
    const choice = { accountId: id, bucket: BUCKET, name: customDomain, confirmHttp: never };
    await useDomain(run.accounts, choice);
    expect((await bucketDomains(run.accounts, id, BUCKET)).used).toBe(run.hostUrl(customDomain));
    expect((await list(id)).objects.length).toBeGreaterThan(0);
    await useDomain(run.accounts, { ...choice, name: null });
    expect((await bucketDomains(run.accounts, id, BUCKET)).used).toBeNull();
  });

  test('without a certificate needs an answer first', async () => {
    run.server.customDomains.set('plain.example.com', bound({ certificate: null }));
    const id = await addAccount();
    const choice = { accountId: id, bucket: BUCKET, name: 'plain.example.com' };
    await expect(useDomain(run.accounts, { ...choice, confirmHttp: never })).rejects.toThrow('plain.example.com');
    expect(run.accounts.get(id).ways?.[BUCKET]?.domain ?? '').not.toMatch(/plain/);
    await useDomain(run.accounts, { ...choice, confirmHttp: () => Promise.resolve() });
    expect(run.accounts.get(id).ways?.[BUCKET]?.domain).toMatch(/^http:\/\/plain\.example\.com/);
  });

  test('is one that OSS lists for the bucket: nothing else is sent signed requests', async () => {
    const id = await addAccount();
    run.server.customDomains.set('other.example.com', bound({ bucket: 'waybill-inbox' }));
    for (const name of ['attacker.example.com', 'other.example.com']) {
      const using = useDomain(run.accounts, {
        accountId: id,
        bucket: BUCKET,
        name,
        confirmHttp: () => Promise.resolve(),
      });
      await expect(using).rejects.toMatchObject({ failure: { kind: 'input', rule: 'domain-unknown' } });
    }
  });
});
