import { isIP } from 'node:net';
import { WaybillError } from '../failure.ts';
import { encodeKeyPath } from './canonical.ts';

/** Where the bucket goes: before the host, into the path (IP addresses), or nowhere (the bucket's own domain). */
type Addressing = 'virtual' | 'path' | 'cname';

/** A server, without bucket. `host` has no port; `port` is null for the protocol's own. */
export interface Endpoint {
  readonly protocol: 'https' | 'http';
  readonly host: string;
  readonly port: number | null;
  readonly addressing: Addressing;
}

/** Which of a region's endpoints. */
export type EndpointType = 'public' | 'internal' | 'accelerate' | 'dualstack';

/** Where a request goes. `path` is percent-encoded and must reach the wire as it is: `new URL()` would rewrite it. */
export interface BucketUrl {
  readonly origin: string;
  readonly path: string;
  /** As in the Host header: with the port where it is not the protocol's own. */
  readonly host: string;
}

const hostPattern = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;
const endpointPattern = /^(?:(https?):\/\/)?(\[[0-9a-f:.]+\]|[^:/?#@\s]+)(?::(\d{1,5}))?\/?$/i;

/**
 * The endpoint that a person wrote: `oss-cn-hangzhou.aliyuncs.com`, `https://…`, `http://127.0.0.1:1234`.
 * https unless http:// is written. An IP address (or localhost) puts the bucket into the path, as the official SDKs do.
 * @throws WaybillError `input` for anything else than a protocol, a host and a port
 */
export function parseEndpoint(text: string, options: { readonly cname?: boolean } = {}): Endpoint {
  const match = endpointPattern.exec(text.trim());
  const [, scheme = 'https', written = '', portText] = match ?? [];
  const host = written.toLowerCase().replace(/\.$/, '');
  if (!isHost(host)) throw new WaybillError({ kind: 'input', field: 'endpoint', rule: 'endpoint-format' });
  const protocol = scheme.toLowerCase() === 'http' ? 'http' : 'https';
  const addressing = options.cname === true ? 'cname' : isPathHost(host) ? 'path' : 'virtual';
  return { protocol, host, port: parsePort(portText, protocol === 'https' ? 443 : 80), addressing };
}

function parsePort(text: string | undefined, usual: number): number | null {
  if (text === undefined) return null;
  const port = Number(text);
  if (port < 1 || port > 65_535) throw new WaybillError({ kind: 'input', field: 'endpoint', rule: 'endpoint-port' });
  return port === usual ? null : port;
}

function isHost(host: string): boolean {
  return host.startsWith('[') ? isIP(host.slice(1, -1)) === 6 : hostPattern.test(host);
}

/** Whether a server of this name finds the bucket in the path: an IP address, or this machine. */
export function isPathHost(host: string): boolean {
  return host === 'localhost' || isIP(host.replace(/^\[|\]$/g, '')) !== 0;
}

/** What stands where a region's id would, in hosts that serve many regions. */
const WITHOUT_REGION: ReadonlySet<string> = new Set(['accelerate', 'accelerate-overseas', 'data-acc', 'cloudbox']);

/**
 * The plain region id that an OSS host names, bucket or not before it; null for accelerate and custom domains.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/regions-and-endpoints
 */
export function regionOfHost(host: string): string | null {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  const dualStack = /(?:^|\.)([a-z0-9-]+)\.oss\.aliyuncs\.com$/.exec(name)?.[1];
  if (dualStack !== undefined) return dualStack;
  const label = /(?:^|\.)oss-([a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com$/.exec(name)?.[1];
  return label === undefined || WITHOUT_REGION.has(label) ? null : label;
}

/** The endpoint (https) of a region on one of its networks; acceleration has one endpoint for all regions. */
export function endpointOfRegion(region: string, network: EndpointType): string {
  switch (network) {
    case 'public':
      return `https://oss-${region}.aliyuncs.com`;
    case 'internal':
      return `https://oss-${region}-internal.aliyuncs.com`;
    case 'accelerate':
      return 'https://oss-accelerate.aliyuncs.com';
    case 'dualstack':
      return `https://${region}.oss.aliyuncs.com`;
    default:
      return network satisfies never;
  }
}

/** The endpoint as text, in the form that parseEndpoint() reads. */
export function formatEndpoint(endpoint: Endpoint): string {
  return `${endpoint.protocol}://${hostWithPort(endpoint.host, endpoint.port)}`;
}

/** Origin, path and Host of a service (no bucket), a bucket (no key) or an object. */
export function bucketUrl(endpoint: Endpoint, bucket: string | null, key: string | null): BucketUrl {
  const inHost = endpoint.addressing === 'virtual' && bucket !== null;
  const host = hostWithPort(inHost ? `${bucket}.${endpoint.host}` : endpoint.host, endpoint.port);
  const keyPath = key === null ? '' : encodeKeyPath(key);
  const path = endpoint.addressing === 'path' && bucket !== null ? `/${bucket}/${keyPath}` : `/${keyPath}`;
  return { origin: `${endpoint.protocol}://${host}`, path, host };
}

function hostWithPort(host: string, port: number | null): string {
  return port === null ? host : `${host}:${port}`;
}
