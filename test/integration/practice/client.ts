import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OSS from 'ali-oss';
import { type PracticeOptions, type PracticeServer, startPractice } from '../../../main/practice/server.ts';
import { testCa } from '../../support/tls/certificate.ts';

interface Replied {
  readonly res: { readonly headers: object };
}

/** What ali-oss can do and its types do not tell, or tell otherwise. */
interface Untold {
  signatureUrlV4(
    method: string,
    expires: number,
    request: { headers?: Record<string, string>; queries?: Record<string, string | number | null> },
    key?: string,
    additionalHeaders?: string[],
  ): Promise<string>;
  getBucketVersions(query: Record<string, string | number>): Promise<{
    objects: { name: string; versionId: string; isLatest: boolean; size: number }[];
    deleteMarker: { name: string; versionId: string; isLatest: boolean }[];
  }>;
  putBucketVersioning(bucket: string, status: 'Enabled' | 'Suspended'): Promise<Replied>;
  getBucketVersioning(bucket: string): Promise<{ versionStatus: string }>;
  getBucketInfo(bucket: string): Promise<{ bucket: Record<string, unknown> }>;
  getBucketLocation(bucket: string): Promise<{ location: string }>;
  putObjectTagging(key: string, tags: Record<string, string>): Promise<Replied>;
  getObjectTagging(key: string): Promise<{ tag: Record<string, string> }>;
  deleteObjectTagging(key: string): Promise<Replied>;
  getObjectMeta(key: string): Promise<Replied>;
  listBuckets(
    query: Record<string, string | number>,
  ): Promise<{ buckets: { name: string }[]; nextMarker: string | null }>;
  /** Parts have the names of the XML; one alone is not in an array. */
  listParts(key: string, uploadId: string): Promise<{ parts: Record<string, string> | Record<string, string>[] }>;
}

export type Client = Omit<OSS, keyof Untold> & Untold;

export interface TestServer extends PracticeServer {
  readonly dataDir: string;
  /** Ends the server and throws its folder away. */
  stop(): Promise<void>;
}

export async function start(options: Omit<PracticeOptions, 'dataDir'> = {}): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'practice-'));
  const server = await startPractice({ dataDir, onInternalError: console.error, ...options });
  return {
    ...server,
    dataDir,
    async stop() {
      await server.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

export type Addressing = 'path' | 'sub-domain' | 'custom domain';

/** Every name is this machine, as a client's own lookup option can have it. */
export const lookupHere: LookupFunction = (_host, options, callback) => {
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

const httpsAgent = new Agent({ ca: testCa, lookup: lookupHere });

export interface ConnectOptions {
  readonly bucket?: string;
  readonly v4?: boolean;
  readonly addressing?: Addressing;
  readonly region?: string;
  readonly key?: { readonly accessKeyId: string; readonly accessKeySecret: string; readonly securityToken?: string };
}

/** An ali-oss client of the server. */
export function connect(server: PracticeServer, options: ConnectOptions = {}): Client {
  const { bucket, v4 = true, addressing = 'path', region = 'cn-hangzhou', key = server } = options;
  const port = server.stsEndpoint.split(':')[1] ?? '';
  // ali-oss puts a bucket into the path for a host name with sldEnable; for an IP address it sends a made-up Host.
  const endpoints: Record<Addressing, object> = {
    path: { endpoint: server.endpoint.replace('127.0.0.1', 'localhost'), sldEnable: true },
    'sub-domain': { endpoint: `https://oss-${region}.aliyuncs.com:${port}` },
    'custom domain': { endpoint: `https://files.example.com:${port}`, cname: true },
  };
  return new OSS({
    accessKeyId: key.accessKeyId,
    accessKeySecret: key.accessKeySecret,
    region: `oss-${region}`,
    authorizationV4: v4,
    httpsAgent,
    ...('securityToken' in key
      ? {
          stsToken: key.securityToken,
          refreshSTSToken: () => Promise.reject(new Error('not asked for')),
          refreshSTSTokenInterval: 86_400_000,
        }
      : {}),
    ...(bucket === undefined ? {} : { bucket }),
    ...endpoints[addressing],
  } as unknown as OSS.Options) as unknown as Client;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

/** One request exactly as written: no path is normalised, no header added but Host. */
export async function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> {
  const [, scheme = '', host = '', path = '/'] = /^(https?):\/\/([^/]+)(.*)$/s.exec(url) ?? [];
  const { method = 'GET', headers = {}, body } = options;
  const [hostname, port] = host.split(':');
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const request = (scheme === 'https' ? httpsRequest : httpRequest)(
      { hostname, port, path, method, headers: { ...length, ...headers }, ca: testCa, lookup: lookupHere },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes, text: bytes.toString() });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** The text of an element, for XML this short. */
export function xmlText(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}
