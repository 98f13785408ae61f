import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { assumeRole } from '../../../main/accounts/sts/sts.ts';
import { type Connection, ServerClock } from '../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { listBuckets } from '../../../main/oss/operations/buckets.ts';
import { trust } from '../../../main/http/trust.ts';
import { type PracticeServer, startPractice } from '../../../main/practice/server.ts';
import { Authorities } from '../../../main/shell/network/authorities.ts';
import { TransferAgent } from '../../../main/http/threads/transfer-agent.ts';
import { uploadFile } from '../../../main/transfers/upload/upload.ts';
import { testTls } from '../../support/tls/certificate.ts';
import { makeBucket, makeWatch, noise } from '../transfers/practice-bucket.ts';
import { startProxy, startSocks } from './proxy-server.ts';

const caFile = join(import.meta.dirname, '../../support/tls/ca.crt');
const untrusted = { failure: { kind: 'network', reason: 'tls' } };
let folder: string;
let server: PracticeServer;
let agent: TransferAgent;
let connection: Connection;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-trust-'));
  server = await startPractice({ dataDir: join(folder, '.practice'), seed: false, tls: testTls });
  agent = new TransferAgent();
  const { accessKeyId, accessKeySecret, region } = server;
  connection = {
    endpoint: parseEndpoint(server.endpoint),
    region,
    signVersion: 'v4',
    accessKey: () => Promise.resolve({ accessKeyId, accessKeySecret, securityToken: null }),
    dispatcher: agent,
    clock: new ServerClock(),
  };
});
afterEach(() => trust(null));
afterAll(async () => {
  await agent.destroy();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function addTestCa(): Promise<Authorities> {
  const authorities = await Authorities.open(join(folder, `${crypto.randomUUID()}.pem`));
  await authorities.add(caFile);
  agent.reroute(null);
  return authorities;
}

function assume() {
  const { accessKeyId, accessKeySecret, roleArn, stsEndpoint } = server;
  return assumeRole({
    accessKey: { accessKeyId, accessKeySecret, securityToken: null },
    stsEndpoint: `https://${stsEndpoint}`,
    clock: new ServerClock(),
    dispatcher: agent,
    roleArn,
    sessionName: 'waybill',
    durationSeconds: 900,
  });
}

test('requests, files and STS trust an authority from the moment it was added until it is removed', async () => {
  await expect(listBuckets(connection)).rejects.toMatchObject(untrusted);
  await expect(assume()).rejects.toMatchObject(untrusted);
  const authorities = await addTestCa();
  await listBuckets(connection);
  expect((await assume()).accessKey.securityToken).not.toBeNull();
  await makeBucket(connection, 'trusted-files');
  const path = join(folder, 'file.bin');
  await writeFile(path, noise(9 * 1024 ** 2));
  const job = { connection, bucket: 'trusted-files', key: 'a', path, existing: 'replace', checkpoint: null } as const;
  expect(await uploadFile(job, makeWatch().upload)).toMatchObject({ verified: 'crc64' });

  await authorities.remove(authorities.list()[0]?.fingerprint ?? '');
  agent.reroute(null);
  await expect(listBuckets(connection)).rejects.toMatchObject(untrusted);
  await expect(uploadFile(job, makeWatch().upload)).rejects.toMatchObject(untrusted);
  await expect(assume()).rejects.toMatchObject(untrusted);
});

test('the server behind a proxy is verified by the same authorities', async () => {
  const proxy = await startProxy();
  agent.reroute(() => ({ url: proxy.url, credentials: null }));
  await expect(listBuckets(connection)).rejects.toMatchObject(untrusted);
  await addTestCa();
  agent.reroute(() => ({ url: proxy.url, credentials: null }));
  await listBuckets(connection);
  expect(proxy.requests).toEqual(Array(2).fill(`tunnel ${server.stsEndpoint}`));
  agent.reroute(null);
  await proxy.close();
});

test('so it is behind a SOCKS 5 proxy', async () => {
  const credentials = { user: 'wei', password: 'word' };
  const proxy = await startSocks(credentials.user, credentials.password);
  onTestFinished(() => proxy.close());
  agent.reroute(() => ({ url: proxy.url, credentials }));
  await expect(listBuckets(connection)).rejects.toMatchObject(untrusted);
  await addTestCa();
  agent.reroute(() => ({ url: proxy.url, credentials }));
  await listBuckets(connection);
  agent.reroute(null);
});

test('what was added is there at the next start, once, and shown by name, fingerprint and end', async () => {
  const path = join(folder, 'kept.pem');
  const first = await Authorities.open(path);
  await first.add(caFile);
  await first.add(caFile);
  const again = await Authorities.open(path);
  expect(again.list()).toEqual([
    {
      name: 'Waybill test CA (never trust)',
      fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/) as string,
      validUntil: expect.any(Number) as number,
    },
  ]);
  agent.reroute(null);
  await listBuckets(connection);
});

test('two changes in one moment both count', async () => {
  const path = join(folder, 'moment.pem');
  const authorities = await Authorities.open(path);
  await authorities.add(caFile);
  const [first] = authorities.list();
  // The second one must not bring back what the first removes.
  await Promise.all([authorities.remove(first?.fingerprint ?? ''), authorities.remove('another')]);
  expect(authorities.list()).toEqual([]);
  expect((await Authorities.open(path)).list()).toEqual([]);
});

test('a file without a certificate, with a broken one or with a key alone adds nothing', async () => {
  const authorities = await Authorities.open(join(folder, 'none.pem'));
  const bad = join(folder, 'bad.pem');
  const broken = (await readFile(caFile, 'utf8')).replace(/\n[A-Za-z0-9+/]{20}/, '\nAAAAAAAAAAAAAAAAAAAA');
  for (const text of ['', 'no certificate', testTls.key, broken]) {
    await writeFile(bad, text);
    await expect(authorities.add(bad)).rejects.toMatchObject({ failure: { kind: 'input', rule: 'no-certificate' } });
  }
  await expect(authorities.add(join(folder, 'missing.pem'))).rejects.toMatchObject({ failure: { kind: 'file' } });
  expect(authorities.list()).toEqual([]);
});

test('of a damaged file of authorities, the intact ones count; it is kept aside and told', async () => {
  const path = join(folder, 'damaged.pem');
  const pem = await readFile(caFile, 'utf8');
  await writeFile(path, `${pem}${pem.replace(/\n[A-Za-z0-9+/]{20}/, '\nAAAAAAAAAAAAAAAAAAAA')}`);
  const damaged = await Authorities.open(path);
  expect(damaged.list()).toHaveLength(1);
  expect(damaged.troubles).toMatchObject([{ kind: 'damaged', path }]);
  const again = await Authorities.open(path);
  expect(again.list()).toHaveLength(1);
  expect(again.troubles).toEqual([]);
});

test.each([
  ['empty', ''],
  ['zeros', '\0'.repeat(2000)],
  ['cut in its only certificate', '-----BEGIN CERTIFICATE-----\nMIIB'],
])('a file of authorities that is %s counts as none, and that is told', async (name, text) => {
  const path = join(folder, `${name}.pem`);
  await writeFile(path, text);
  const damaged = await Authorities.open(path);
  expect(damaged.list()).toEqual([]);
  expect(damaged.troubles).toMatchObject([{ kind: 'damaged', path }]);
  expect((await Authorities.open(path)).troubles).toEqual([]);
});

test('a file whose last authority was removed is in order', async () => {
  const path = join(folder, 'removed.pem');
  const authorities = await Authorities.open(path);
  await authorities.add(caFile);
  for (const { fingerprint } of authorities.list()) await authorities.remove(fingerprint);
  const again = await Authorities.open(path);
  expect([again.list(), again.troubles]).toEqual([[], []]);
});
