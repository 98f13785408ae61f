import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { assumeRole } from '../../../main/accounts/sts/sts.ts';
import { toFailure } from '../../../main/failure.ts';
import { ServerClock } from '../../../main/oss/connection.ts';
import { listObjects } from '../../../main/oss/operations/listing.ts';
import type { ProxyCredentials } from '../../../main/http/proxy.ts';
import { trust } from '../../../main/http/trust.ts';
import { TransferAgent } from '../../../main/http/threads/transfer-agent.ts';
import { downloadObject } from '../../../main/transfers/download/download.ts';
import { accountSource } from '../../../main/transfers/download/object-source.ts';
import { uploadFile } from '../../../main/transfers/upload/upload.ts';
import { testCa } from '../../support/tls/certificate.ts';
import { builtCli, runProgram } from '../cli/bundle.ts';
import {
  digest,
  digestOf,
  makePracticeBucket,
  makeWatch,
  noise,
  type PracticeBucket,
} from '../transfers/practice-bucket.ts';
import { type ProxyServer, startProxy, startSocks } from './proxy-server.ts';
import { t } from '../../support/words.ts';

const MiB = 1024 ** 2;
let practice: PracticeBucket;
let agent: TransferAgent;

beforeAll(async () => {
  practice = await makePracticeBucket();
});
beforeEach(() => {
  agent = new TransferAgent();
});
afterEach(async () => {
  trust(null);
  await agent.destroy();
});
afterAll(() => practice.close());

function connectThrough(proxy: ProxyServer | string, credentials: ProxyCredentials | null = null) {
  agent.reroute(() => ({ url: typeof proxy === 'string' ? proxy : proxy.url, credentials }));
  return { ...practice.connection, dispatcher: agent };
}

function serverAddress(): string {
  return practice.server.stsEndpoint;
}

test('requests go through the proxy, those over http without a tunnel', async () => {
  const proxy = await startProxy();
  await practice.put('listed.txt', 'x');
  const page = await listObjects(connectThrough(proxy), practice.bucket, { prefix: 'listed' });
  expect(page.objects.map(({ key }) => key)).toEqual(['listed.txt']);
  expect(proxy.requests).toEqual([`forward ${serverAddress()}`]);
  await proxy.close();
});

test('files go through the proxy too, and arrive as they were', async () => {
  const proxy = await startProxy();
  const connection = connectThrough(proxy);
  const bytes = noise(20 * MiB);
  const path = await practice.file('through.bin', bytes);
  const { bucket } = practice;
  const up = { connection, bucket, key: 'through', path, existing: 'replace', checkpoint: null } as const;
  expect(await uploadFile(up, makeWatch().upload)).toMatchObject({ verified: 'crc64' });
  expect(digest(await practice.read('through'))).toBe(digest(bytes));
  const before = proxy.requests.length;
  expect(before).toBeGreaterThan(2);
  const back = join(practice.folder, 'back.bin');
  const source = accountSource(connection, { bucket, key: 'through' });
  await downloadObject({ source, target: back, replace: true, checkpoint: null }, makeWatch().download);
  expect(await digestOf(back)).toBe(digest(bytes));
  expect(proxy.requests.length).toBeGreaterThan(before);
  await proxy.close();
});

test('a proxy with a password lets in who knows it, and who does not learns why', async () => {
  const proxy = await startProxy('wei:right word');
  const right = connectThrough(proxy, { user: 'wei', password: 'right word' });
  await listObjects(right, practice.bucket, {});
  expect(proxy.requests).toHaveLength(1);
  for (const credentials of [null, { user: 'wei', password: 'wrong' }]) {
    const refused = listObjects(connectThrough(proxy, credentials), practice.bucket, {});
    await expect(refused).rejects.toMatchObject({ failure: { kind: 'network', reason: 'proxy-password' } });
  }
  await proxy.close();
});

test('a proxy that is not there fails as a proxy, is named, and is told about', async () => {
  const proxy = await startProxy();
  await proxy.close();
  let lost = 0;
  agent.reroute(() => ({ url: proxy.url, credentials: null, onUnreachable: () => (lost += 1) }));
  const refused = listObjects({ ...practice.connection, dispatcher: agent }, practice.bucket, {});
  const failure = await refused.then(() => null, toFailure);
  expect(failure).toEqual({ kind: 'network', reason: 'proxy', host: new URL(proxy.url).host });
  expect(lost).toBe(1);
});

test('a change of the proxy counts for the next request', async () => {
  const [first, second] = await Promise.all([startProxy(), startProxy()]);
  const connection = connectThrough(first);
  await listObjects(connection, practice.bucket, {});
  await listObjects(connectThrough(second), practice.bucket, {});
  agent.reroute(null);
  await listObjects(connection, practice.bucket, {});
  expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
  await Promise.all([first.close(), second.close()]);
});

test('requests and files go through a SOCKS 5 proxy; who knows no password is not let in', async () => {
  const proxy = await startSocks('wei', 'right word');
  onTestFinished(() => proxy.close());
  const connection = connectThrough(proxy.url, { user: 'wei', password: 'right word' });
  await listObjects(connection, practice.bucket, {});
  const bytes = noise(12 * MiB);
  const path = await practice.file('socks.bin', bytes);
  const { bucket } = practice;
  const up = { connection, bucket, key: 'socks', path, existing: 'replace', checkpoint: null } as const;
  expect(await uploadFile(up, makeWatch().upload)).toMatchObject({ verified: 'crc64' });
  expect(digest(await practice.read('socks'))).toBe(digest(bytes));
  for (const credentials of [null, { user: 'wei', password: 'wrong' }]) {
    const refused = listObjects(connectThrough(proxy.url, credentials), bucket, {});
    await expect(refused).rejects.toMatchObject({ failure: { kind: 'network', reason: 'proxy-password' } });
  }
  await proxy.close();
  const gone = listObjects(connection, bucket, {});
  await expect(gone).rejects.toMatchObject({ failure: { kind: 'network', reason: 'proxy' } });
});

test('a proxy is spoken to over TLS, if its certificate is trusted', async () => {
  const proxy = await startProxy('wei:word', 'https');
  const connection = connectThrough(proxy, { user: 'wei', password: 'word' });
  const refused = listObjects(connection, practice.bucket, {});
  await expect(refused).rejects.toMatchObject({ failure: { kind: 'network', reason: 'proxy' } });
  trust([testCa]);
  agent.reroute(null);
  await listObjects(connectThrough(proxy, { user: 'wei', password: 'word' }), practice.bucket, {});
  expect(proxy.requests).toEqual([`tunnel ${serverAddress()}`]);
  await proxy.close();
});

test('the official STS client goes through the proxy as well, and names its refusal', async () => {
  const proxy = await startProxy('wei:word');
  const { accessKeyId, accessKeySecret, roleArn, stsEndpoint } = practice.server;
  const assume = (credentials: ProxyCredentials) =>
    assumeRole({
      accessKey: { accessKeyId, accessKeySecret, securityToken: null },
      stsEndpoint: `http://${stsEndpoint}`,
      clock: new ServerClock(),
      dispatcher: connectThrough(proxy, credentials).dispatcher,
      roleArn,
      sessionName: 'waybill',
      durationSeconds: 900,
    });
  expect((await assume({ user: 'wei', password: 'word' })).accessKey.securityToken).not.toBeNull();
  expect(proxy.requests).toEqual([`forward ${stsEndpoint}`]);
  await expect(assume({ user: 'wei', password: 'other' })).rejects.toMatchObject({
    failure: { kind: 'network', reason: 'proxy-password' },
  });
  await proxy.close();
});

test('the command line goes by http_proxy and NO_PROXY', async () => {
  const [proxy, cli] = await Promise.all([startProxy('wei:w:rd'), builtCli()]);
  const { endpoint, region, accessKeyId, accessKeySecret } = practice.server;
  const account = { OSS_ENDPOINT: endpoint, OSS_REGION: region, OSS_ACCESS_KEY_ID: accessKeyId };
  const env = { ...account, OSS_ACCESS_KEY_SECRET: accessKeySecret };
  const ls = (more: Record<string, string>) => runProgram(cli.path, ['ls', 'oss://'], { env: { ...env, ...more } });
  const url = new URL(proxy.url);
  expect(await ls({ http_proxy: `http://wei:w%3Ard@${url.host}` })).toMatchObject({ code: 0, stderr: '' });
  expect(proxy.requests).toHaveLength(1);
  expect((await ls({ http_proxy: proxy.url })).stderr).toContain(t('failure.network.proxy-password.title'));
  expect((await ls({ http_proxy: proxy.url, NO_PROXY: '127.0.0.1' })).code).toBe(0);
  expect((await ls({ http_proxy: 'socks4://127.0.0.1:1' })).stderr).toContain(t('failure.network.proxy.title'));
  expect(proxy.requests).toHaveLength(1);
  await proxy.close();
});
