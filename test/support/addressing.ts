import { mkdtemp, rm } from 'node:fs/promises';
import type { LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PracticeServer } from '../../main/practice/server.ts';
import { startPractice } from '../../main/practice/server.ts';
import { ServerClock } from '../../main/oss/connection.ts';
import type { AccessKey, Connection, SignVersion } from '../../main/oss/connection.ts';
import type { Endpoint } from '../../main/oss/endpoint.ts';
import { parseEndpoint } from '../../main/oss/endpoint.ts';
import { makeDispatcher } from '../../main/http/dispatcher.ts';
import { send } from '../../main/oss/exchange/request.ts';
import { testCa, testTls } from './tls/certificate.ts';

/** A practice server to run the suite on, in one of the addressings. */
export interface Target {
  readonly name: string;
  readonly open: () => Promise<OpenTarget>;
}

/** A bucket with what is needed to reach it. */
export interface Site {
  readonly bucket: string;
  readonly endpoint: Endpoint;
}

export interface OpenTarget {
  readonly plain: Site;
  /** A bucket with versions. */
  readonly versioned: Site;
  /** All keys of the suite begin with it. */
  readonly prefix: string;
  readonly region: string;
  readonly accessKey: AccessKey;
  readonly practice: PracticeServer;
  connect(site: Site, changes?: Partial<Connection>): Connection;
  close(): Promise<void>;
}

const PLAIN = 'suite-bucket';
const VERSIONED = 'suite-versions';
const region = 'cn-hangzhou';

/** The three ways to address a bucket, each on a practice server of its own. */
export const practiceTargets: readonly Target[] = [
  {
    name: 'path style on an IP address over http',
    open: () => openPractice(false, (_bucket, port) => parseEndpoint(`http://127.0.0.1:${port}`)),
  },
  {
    name: 'bucket as sub-domain over https',
    open: () => openPractice(true, (_bucket, port) => parseEndpoint(`https://oss-${region}.aliyuncs.com:${port}`)),
  },
  {
    name: 'custom domain over https',
    open: () =>
      openPractice(true, (bucket, port) => {
        const domain = bucket === PLAIN ? 'files.example.com' : 'versions.aliyuncs.com';
        return parseEndpoint(`https://${domain}:${port}`, { cname: true });
      }),
  },
];

/** Every name is this machine: certificates and Host headers stay those of the name. */
export const lookupHere: LookupFunction = (_host, options, callback) => {
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

async function openPractice(tls: boolean, endpointOf: (bucket: string, port: number) => Endpoint): Promise<OpenTarget> {
  const dataDir = await mkdtemp(join(tmpdir(), 'waybill-oss-'));
  const practice = await startPractice({
    dataDir,
    seed: false,
    customDomains: { 'files.example.com': PLAIN, 'versions.aliyuncs.com': VERSIONED },
    ...(tls ? { tls: testTls } : {}),
  });
  const accessKey = { ...pickKey(practice), securityToken: null };
  const dispatcher = makeDispatcher({ lookup: lookupHere, ca: testCa });
  const connect = connector({ region, accessKey, dispatcher });
  const port = parseEndpoint(practice.endpoint).port ?? 0;
  await makeBuckets(connect({ bucket: PLAIN, endpoint: parseEndpoint(practice.endpoint) }));
  return {
    plain: { bucket: PLAIN, endpoint: endpointOf(PLAIN, port) },
    versioned: { bucket: VERSIONED, endpoint: endpointOf(VERSIONED, port) },
    prefix: 'suite/',
    region,
    accessKey,
    practice,
    connect,
    async close() {
      await dispatcher.close();
      await practice.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function pickKey({ accessKeyId, accessKeySecret }: PracticeServer): Omit<AccessKey, 'securityToken'> {
  return { accessKeyId, accessKeySecret };
}

function connector({
  accessKey,
  ...given
}: Pick<Connection, 'region' | 'dispatcher'> & { readonly accessKey: AccessKey }): OpenTarget['connect'] {
  return (site, changes = {}) => ({
    endpoint: site.endpoint,
    signVersion: 'v4' satisfies SignVersion,
    accessKey: () => Promise.resolve(accessKey),
    clock: new ServerClock(),
    ...given,
    ...changes,
  });
}

async function makeBuckets(connection: Connection): Promise<void> {
  for (const bucket of [PLAIN, VERSIONED]) (await send(connection, { method: 'PUT', bucket })).body.resume();
  const body = Buffer.from('<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>');
  const request = { method: 'PUT', bucket: VERSIONED, params: { versioning: null }, body };
  (await send(connection, request)).body.resume();
}
