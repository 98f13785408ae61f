import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OSS from 'ali-oss';
import { type PracticeServer, startPractice } from '../../../main/practice/server.ts';
import { canary } from '../../support/canaries.ts';
import { test as base } from './app.ts';

interface Key {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** What ali-oss can do and its types do not tell. */
interface Untold {
  signatureUrlV4(
    method: 'GET' | 'PUT',
    expires: number,
    request: { headers?: Record<string, string>; queries?: Record<string, string> },
    key: string,
    additionalHeaders?: readonly string[],
  ): Promise<string>;
}

/** A client of the server that is not ours: somebody else's program. */
export function aliOss(server: Key & { endpoint: string }, bucket: string, version: 'v1' | 'v4' = 'v4'): OSS & Untold {
  return new OSS({
    accessKeyId: server.accessKeyId,
    accessKeySecret: server.accessKeySecret,
    region: 'oss-cn-hangzhou',
    authorizationV4: version === 'v4',
    bucket,
    // It puts a bucket into the path for a host name with sldEnable; for an IP address it sends a made-up Host.
    endpoint: server.endpoint.replace('127.0.0.1', 'localhost'),
    sldEnable: true,
  } as OSS.Options);
}

/** `server` is an OSS of this test's own, with the sample buckets, that no account of the app knows yet. */
export const test = base.extend<{ server: PracticeServer }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright insists on a destructured first argument.
  server: async ({}, use) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'waybill-practice-'));
    const server = await startPractice({ dataDir });
    canary('the secret of the account', server.accessKeySecret);
    await use(server);
    await server.close();
    await rm(dataDir, { recursive: true });
  },
});

export { expect } from './app.ts';
