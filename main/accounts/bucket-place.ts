import { type Endpoint, endpointOfRegion, type EndpointType, parseEndpoint, regionOfHost } from '../oss/endpoint.ts';
import type { Account } from './account.ts';

/** Where requests go, and the region their signature names. */
export interface Place {
  readonly endpoint: Endpoint;
  readonly region: string;
}

type Where = Pick<Account, 'endpoint' | 'region' | 'cname'>;

/** The region that the endpoint's host names, else the one that the person chose. */
export function regionOf({ endpoint, region, cname }: Where): string {
  return regionOfHost(parseEndpoint(endpoint, { cname }).host) ?? region;
}

/** Where requests without a bucket go: acceleration does not answer ListBuckets. */
export function servicePlace(account: Where): Place {
  const endpoint = parseEndpoint(account.endpoint, { cname: account.cname });
  const region = regionOf(account);
  return { endpoint: networkOf(endpoint) === 'accelerate' ? moved(endpoint, region, 'public') : endpoint, region };
}

/** Where a bucket of `region` is reached, on the network of the account's own endpoint; null: the account's region. */
export function bucketPlace(account: Where, bucketRegion: string | null): Place {
  const endpoint = parseEndpoint(account.endpoint, { cname: account.cname });
  const region = bucketRegion ?? regionOf(account);
  const network = networkOf(endpoint);
  // A custom domain or server is the only way there, and acceleration has one name for all regions.
  if (network === null || network === 'accelerate') return { endpoint, region };
  return { endpoint: moved(endpoint, region, network), region };
}

/**
 * The region behind the endpoint that OSS names when a bucket was asked for at another one; null for a host that is not
 * OSS's, since a server must not send signed requests to wherever it likes.
 */
export function regionOfEndpoint(endpoint: string): string | null {
  return regionOfHost(parseEndpoint(endpoint).host);
}

function networkOf({ host, addressing }: Endpoint): EndpointType | null {
  if (addressing !== 'virtual' || !host.endsWith('.aliyuncs.com')) return null;
  if (host.startsWith('oss-accelerate')) return 'accelerate';
  if (host.endsWith('-internal.aliyuncs.com')) return 'internal';
  if (host.endsWith('.oss.aliyuncs.com')) return 'dualstack';
  return regionOfHost(host) === null ? null : 'public';
}

function moved({ protocol, port }: Endpoint, region: string, network: EndpointType): Endpoint {
  return { ...parseEndpoint(endpointOfRegion(region, network)), protocol, port };
}
