import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { testTls } from '../../support/tls/certificate.ts';
import { type Client, type TestServer, connect, send, start, xmlText } from './client.ts';

const BUCKET = 'mainland-bucket';
let server: TestServer;
/** On OSS's own host of the region, and on the bucket's domain. */
let onHost: Client;
let onDomain: Client;

beforeAll(async () => {
  server = await start({ seed: false, tls: testTls, customDomains: { 'files.example.com': BUCKET } });
  onHost = connect(server, { bucket: BUCKET, addressing: 'sub-domain' });
  onDomain = connect(server, { bucket: BUCKET, addressing: 'custom domain' });
  await onHost.putBucket(BUCKET);
  await onHost.put('k', Buffer.from('content'));
});

afterAll(() => server.stop());

afterEach(() => {
  server.restrictions.publicEndpoint = false;
});

describe('an account that opened OSS after March 2025', () => {
  const refused = {
    status: 400,
    code: 'PublicEndpointForbidden',
    message: 'Not allowed using the OSS public endpoint, please use CNAME instead.',
  };

  test.each([
    ['a listing', () => onHost.listV2({ 'max-keys': 1 }, {})],
    ['a listing of versions', () => onHost.getBucketVersions({ 'max-keys': 1 })],
    ['a listing of incomplete uploads', () => onHost.listUploads({ 'max-uploads': 1 })],
    ['an upload', () => onHost.put('k', Buffer.from('other'))],
    ['a download', () => onHost.get('k')],
    ['a deletion of many', () => onHost.deleteMulti(['k'])],
  ])('is refused %s on the public host', async (_, call) => {
    server.restrictions.publicEndpoint = true;
    await expect(call()).rejects.toMatchObject(refused);
    server.restrictions.publicEndpoint = false;
    expect((await onHost.get('k')).content).toEqual(Buffer.from('content'));
  });

  test('still manages the bucket there', async () => {
    server.restrictions.publicEndpoint = true;
    expect((await onHost.listBuckets({})).buckets.map(({ name }) => name)).toEqual([BUCKET]);
    expect((await onHost.getBucketInfo(BUCKET)).bucket).toMatchObject({ Location: 'oss-cn-hangzhou' });
    expect(await onHost.getBucketACL(BUCKET)).toMatchObject({ acl: 'private' });
    await onHost.getBucketLocation(BUCKET);
    await onHost.getBucketVersioning(BUCKET);
  });

  test('reads and writes through the bucket’s domain', async () => {
    server.restrictions.publicEndpoint = true;
    await onDomain.put('through-domain', Buffer.from('content'));
    expect((await onDomain.get('through-domain')).content).toEqual(Buffer.from('content'));
  });

  test.each([
    ['cn-hangzhou', 'oss-cn-hangzhou.aliyuncs.com', 400],
    ['cn-hangzhou', 'oss-cn-hangzhou-internal.aliyuncs.com', 200],
    ['cn-hangzhou', 'oss-accelerate.aliyuncs.com', 200],
    ['cn-hongkong', 'oss-cn-hongkong.aliyuncs.com', 200],
  ])('of %s is answered on %s with %d', async (region, host, status) => {
    const plain = await start({ seed: false, region });
    const client = connect(plain, { bucket: BUCKET, region });
    await client.putBucket(BUCKET);
    await client.put('k', Buffer.from('content'));
    plain.restrictions.publicEndpoint = true;
    const { search } = new URL(await client.signatureUrlV4('GET', 60, {}, 'k'));
    const answer = await send(`${plain.endpoint}/k${search}`, { headers: { host: `${BUCKET}.${host}` } });
    expect(answer.status).toBe(status);
    await plain.stop();
  });
});

describe('the custom domains of a bucket', () => {
  const ask = async () => {
    const answer = await send(await onHost.signatureUrlV4('GET', 60, { queries: { cname: null } }));
    return answer.text;
  };

  test('are listed with their certificate', async () => {
    const xml = await ask();
    expect(xmlText(xml, 'Bucket')).toBe(BUCKET);
    expect(xmlText(xml, 'Domain')).toBe('files.example.com');
    expect(xml).toMatch(/<Status>Enabled<\/Status>\s*<Certificate>\s*<Type>CAS<\/Type>/);
    expect(xml).toMatch(/<ValidEndDate>[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT<\/ValidEndDate>/);
  });

  test('are changed while the server runs, and a disabled one serves nothing', async () => {
    const bound = server.customDomains.get('files.example.com');
    server.customDomains.set('files.example.com', {
      bucket: BUCKET,
      status: 'Disabled',
      isPurged: true,
      certificate: null,
    });
    const xml = await ask();
    expect(xmlText(xml, 'Status')).toBe('Disabled');
    expect(xmlText(xml, 'IsPurged')).toBe('true');
    expect(xml).not.toContain('Certificate');
    const port = server.endpoint.split(':').at(-1) ?? '';
    const answer = await send(`https://files.example.com:${port}/k`);
    expect(xmlText(answer.text, 'Code')).toBe('NoSuchBucket');
    if (bound !== undefined) server.customDomains.set('files.example.com', bound);
  });
});
