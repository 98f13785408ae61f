import { WaybillError } from '../failure.ts';
import { isAddress, readAuthority } from '../http/authority.ts';
import { encodeKeyPath } from './canonical.ts';
import { readOssHost } from './oss-host.ts';
import { regionOfId, regions } from './regions.ts';

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

/** A server of any kind: the protocol defaults to https, and `port` is null for the protocol's default. */
export type Server = Omit<Endpoint, 'addressing'>;

/**
 * Parses the address of a server: an optional protocol, a host and an optional port.
 * @throws WaybillError `input` for anything else
 */
export function parseServer(text: string): Server {
  const [, scheme = 'https', written = ''] = /^(?:(https?):\/\/)?([^/]*)\/*$/i.exec(text.trim()) ?? [];
  const authority = readAuthority(written);
  if (authority === null) {
    throw endpointError(readAuthority(written.replace(/:\d*$/, '')) === null ? 'endpoint-format' : 'endpoint-port');
  }
  const { host, port } = authority;
  const protocol = scheme.toLowerCase() === 'http' ? 'http' : 'https';
  return { protocol, host, port: port === (protocol === 'https' ? 443 : 80) ? null : port };
}

/**
 * Parses an endpoint as a person writes it: `oss-cn-hangzhou.aliyuncs.com`, `https://…`, `http://127.0.0.1:1234`, but
 * also `oss-cn-hangzhou`, `cn-hangzhou` and a bucket's own host, whose bucket doesn't count. With an IP address or
 * localhost the bucket goes into the path, as in the official SDKs.
 * @throws WaybillError `input` for anything else, for a CloudBox, and for a host of Alibaba Cloud that isn't OSS
 */
export function parseEndpoint(text: string, options: { readonly cname?: boolean } = {}): Endpoint {
  const server = parseServer(text);
  if (options.cname === true) return { ...server, addressing: 'cname' };
  if (isPathHost(server.host)) return { ...server, addressing: 'path' };
  return { ...server, host: endpointHost(server.host), addressing: 'virtual' };
}

function endpointHost(written: string): string {
  const host = written.includes('.') ? written : completed(written);
  const found = readOssHost(host);
  if (found === null && host.endsWith('.aliyuncs.com')) throw endpointError('endpoint-unknown');
  // OSS signs requests to a CloudBox with its ID and a product name of their own, and has no signed URLs for it.
  if (found?.kind === 'cloudbox') throw endpointError('endpoint-cloudbox');
  return found?.endpoint ?? host;
}

/** The host for `oss-cn-hangzhou` or `cn-hangzhou`; any other name may be a server in the local network. */
function completed(name: string): string {
  if (readOssHost(`${name}.aliyuncs.com`) !== null) return `${name}.aliyuncs.com`;
  return regions.some(({ id }) => id === name) ? publicHost(name) : name;
}

function endpointError(rule: string): WaybillError {
  return new WaybillError({ kind: 'input', field: 'endpoint', rule });
}

/** Whether URLs on this host name the bucket in the path: an IP address, or localhost. */
export function isPathHost(host: string): boolean {
  return host === 'localhost' || isAddress(host);
}

/** The region ID in an OSS host name, with or without a bucket; null for acceleration endpoints and custom domains. */
export function regionOfHost(host: string): string | null {
  return readOssHost(host)?.region ?? null;
}

/** Whether a region is in the Chinese mainland, where OSS refuses some accounts data calls on its public host. */
export function isMainland(region: string): boolean {
  return region === 'rg-china-mainland' || (region.startsWith('cn-') && region !== 'cn-hongkong');
}

/**
 * Whether an endpoint is OSS's own public one of a mainland region, where it refuses data calls of some accounts. A server
 * that isn't OSS's counts too: what it refused once, it refuses again.
 */
export function isPublicHost({ host, addressing }: Endpoint, region: string): boolean {
  if (addressing === 'cname' || !isMainland(region)) return false;
  const { reach } = readOssHost(host) ?? { reach: 'public' };
  return reach === 'public' || reach === 'dualstack';
}

/**
 * A region's host of the given type, without a bucket; null where it has none. Acceleration ignores the region.
 * @see https://help.aliyun.com/zh/oss/user-guide/regions-and-endpoints
 */
export function hostOfRegion(region: string, type: EndpointType): string | null {
  const { internal, dualStack } = regionOfId(region).labels;
  switch (type) {
    case 'public':
      return publicHost(region);
    case 'internal':
      return internal[0] === undefined ? null : `oss-${internal[0]}-internal.aliyuncs.com`;
    case 'accelerate':
      return 'oss-accelerate.aliyuncs.com';
    case 'dualstack':
      return dualStack[0] === undefined ? null : `${dualStack[0]}.oss.aliyuncs.com`;
    default:
      return type satisfies never;
  }
}

const hostTypes: readonly EndpointType[] = ['public', 'internal', 'accelerate', 'dualstack'];

/** The types of hosts that a region has. */
export function hostTypesOfRegion(region: string): readonly EndpointType[] {
  return hostTypes.filter((type) => hostOfRegion(region, type) !== null);
}

/** A region's endpoint of the given type, or its public one where it has none, with https. */
export function endpointOfRegion(region: string, type: EndpointType): string {
  return `https://${hostOfRegion(region, type) ?? publicHost(region)}`;
}

function publicHost(region: string): string {
  return `oss-${regionOfId(region).labels.public[0]}.aliyuncs.com`;
}

/** The endpoint as text that parseEndpoint() reads. */
export function formatEndpoint(endpoint: Server): string {
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
