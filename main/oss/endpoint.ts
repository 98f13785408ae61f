import { WaybillError } from '../failure.ts';
import { isAddress, readAuthority } from '../http/authority.ts';
import { encodeKeyPath } from './canonical.ts';

/**
 * Where a URL names the bucket: in the host, in the path (IP addresses), or nowhere (a custom domain is one bucket).
 */
type Addressing = 'virtual' | 'path' | 'cname';

/** A server, without a bucket. `host` has no port; `port` is null for the protocol's default. */
export interface Endpoint {
  readonly protocol: 'https' | 'http';
  readonly host: string;
  readonly port: number | null;
  readonly addressing: Addressing;
}

/** The kinds of endpoints that a region has. `accelerate` is one endpoint for all regions. */
export type EndpointType = 'public' | 'internal' | 'accelerate' | 'dualstack';

/** The URL of a request, in parts. `path` is percent-encoded and must be sent as is: `new URL()` would rewrite it. */
export interface BucketUrl {
  readonly origin: string;
  readonly path: string;
  /** As in the Host header: with the port unless it is the protocol's default. */
  readonly host: string;
}

/**
 * Parses an endpoint as a user types it: `oss-cn-hangzhou.aliyuncs.com`, `https://…`, `http://127.0.0.1:1234`. The
 * protocol defaults to https. With an IP address or localhost the bucket goes into the path, as in the official SDKs.
 * @throws WaybillError `input` for anything but an optional protocol, a host and an optional port
 */
export function parseEndpoint(text: string, options: { readonly cname?: boolean } = {}): Endpoint {
  const [, scheme = 'https', written = ''] = /^(?:(https?):\/\/)?([^/]*)\/?$/i.exec(text.trim()) ?? [];
  const authority = readAuthority(written);
  if (authority === null) {
    const rule = readAuthority(written.replace(/:\d*$/, '')) === null ? 'endpoint-format' : 'endpoint-port';
    throw new WaybillError({ kind: 'input', field: 'endpoint', rule });
  }
  const { host, port } = authority;
  const protocol = scheme.toLowerCase() === 'http' ? 'http' : 'https';
  const addressing = options.cname === true ? 'cname' : isPathHost(host) ? 'path' : 'virtual';
  return { protocol, host, port: port === (protocol === 'https' ? 443 : 80) ? null : port, addressing };
}

/** Whether URLs on this host name the bucket in the path: an IP address, or localhost. */
export function isPathHost(host: string): boolean {
  return host === 'localhost' || isAddress(host);
}

/** Labels in the place of a region ID, in hosts that serve many regions. */
const WITHOUT_REGION: ReadonlySet<string> = new Set(['accelerate', 'accelerate-overseas', 'data-acc', 'cloudbox']);

/**
 * The region ID in an OSS host name, with or without a bucket; null for acceleration endpoints and custom domains.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/regions-and-endpoints
 */
export function regionOfHost(host: string): string | null {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  const dualStack = /(?:^|\.)([a-z0-9-]+)\.oss\.aliyuncs\.com$/.exec(name)?.[1];
  if (dualStack !== undefined) return dualStack;
  const label = /(?:^|\.)oss-([a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com$/.exec(name)?.[1];
  return label === undefined || WITHOUT_REGION.has(label) ? null : label;
}

/** A region's endpoint of the given type, with https. Acceleration endpoints ignore the region. */
export function endpointOfRegion(region: string, type: EndpointType): string {
  switch (type) {
    case 'public':
      return `https://oss-${region}.aliyuncs.com`;
    case 'internal':
      return `https://oss-${region}-internal.aliyuncs.com`;
    case 'accelerate':
      return 'https://oss-accelerate.aliyuncs.com';
    case 'dualstack':
      return `https://${region}.oss.aliyuncs.com`;
    default:
      return type satisfies never;
  }
}

/** The endpoint as text that parseEndpoint() reads. */
export function formatEndpoint(endpoint: Endpoint): string {
  return `${endpoint.protocol}://${hostWithPort(endpoint.host, endpoint.port)}`;
}

/** Origin, path and Host for a request to the service (no bucket), a bucket (no key) or an object. */
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
