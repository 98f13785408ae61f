import { type Endpoint, endpointOfRegion, type EndpointType, parseEndpoint, regionOfHost } from '../oss/endpoint.ts';
import type { Account } from './account.ts';

/** The endpoint for a request, and the region for its signature. */
export interface Place {
  readonly endpoint: Endpoint;
  readonly region: string;
}

type AccountEndpoint = Pick<Account, 'endpoint' | 'region' | 'cname'>;

/** The region in the endpoint's host name, else the one that the user chose. */
export function regionOf({ endpoint, region, cname }: AccountEndpoint): string {
  return regionOfHost(parseEndpoint(endpoint, { cname }).host) ?? region;
}

/**
 * For requests without a bucket. Acceleration endpoints don't support ListBuckets, so the region's public one is used.
 */
export function servicePlace(account: AccountEndpoint): Place {
  const endpoint = parseEndpoint(account.endpoint, { cname: account.cname });
  const region = regionOf(account);
  return { endpoint: typeOf(endpoint) === 'accelerate' ? inRegion(endpoint, region, 'public') : endpoint, region };
}

/** For a bucket in `bucketRegion` (null: the account's), with the same type of endpoint as the account's own. */
export function bucketPlace(account: AccountEndpoint, bucketRegion: string | null): Place {
  const endpoint = parseEndpoint(account.endpoint, { cname: account.cname });
  const region = bucketRegion ?? regionOf(account);
  const type = typeOf(endpoint);
  // A custom domain or server has no counterpart in other regions, and acceleration has one endpoint for all.
  if (type === null || type === 'accelerate') return { endpoint, region };
  return { endpoint: inRegion(endpoint, region, type), region };
}

/**
 * The region of the endpoint that OSS names when a bucket is in another region. Null for hosts outside OSS: a server
 * must not be able to redirect signed requests anywhere it likes.
 */
export function regionOfEndpoint(endpoint: string): string | null {
  return regionOfHost(parseEndpoint(endpoint).host);
}

/** Null for anything but an endpoint of OSS itself. */
function typeOf({ host, addressing }: Endpoint): EndpointType | null {
  if (addressing !== 'virtual' || !host.endsWith('.aliyuncs.com')) return null;
  if (host.startsWith('oss-accelerate')) return 'accelerate';
  if (host.endsWith('-internal.aliyuncs.com')) return 'internal';
  if (host.endsWith('.oss.aliyuncs.com')) return 'dualstack';
  return regionOfHost(host) === null ? null : 'public';
}

/** The endpoint of the same type in another region, with the same protocol and port. */
function inRegion({ protocol, port }: Endpoint, region: string, type: EndpointType): Endpoint {
  return { ...parseEndpoint(endpointOfRegion(region, type)), protocol, port };
}
