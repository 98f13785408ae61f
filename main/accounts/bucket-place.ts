import { type Endpoint, endpointOfRegion, type EndpointType, parseEndpoint, regionOfHost } from '../oss/endpoint.ts';
import { readOssHost } from '../oss/oss-host.ts';
import { regionOfText } from '../oss/regions.ts';
import type { Account } from './account.ts';

/** The endpoint for a request, and the region for its signature. */
export interface Place {
  readonly endpoint: Endpoint;
  readonly region: string;
}

type AccountEndpoint = Pick<Account, 'endpoint' | 'region' | 'cname'>;

/** The region that the user chose, else the one in the endpoint's host name, else what is written. */
function regionOf({ endpoint, region, cname }: AccountEndpoint): string {
  const written = region.trim();
  return regionOfText(written) ?? regionOfHost(parseEndpoint(endpoint, { cname }).host) ?? written;
}

/** For requests without a bucket, and to create or delete one. */
export function servicePlace(account: AccountEndpoint, bucketRegion: string | null = null): Place {
  const place = bucketPlace(account, bucketRegion);
  return { ...place, endpoint: serviceEndpoint(place) };
}

/**
 * The endpoint for requests that acceleration doesn't serve: ListBuckets, PutBucket and DeleteBucket go to the region's
 * public one.
 * @see https://help.aliyun.com/zh/oss/user-guide/transfer-acceleration
 */
export function serviceEndpoint({ endpoint, region }: Place): Endpoint {
  return typeOf(endpoint) === 'accelerate' ? inRegion(endpoint, region, 'public') : endpoint;
}

/**
 * For a bucket in `bucketRegion` (null: the account's), with the same type of endpoint as the account's own. Internal
 * hosts are reached from their own region only, so that a bucket elsewhere is at its public host.
 */
export function bucketPlace(account: AccountEndpoint, bucketRegion: string | null): Place {
  const endpoint = parseEndpoint(account.endpoint, { cname: account.cname });
  const ownRegion = regionOf(account);
  const region = bucketRegion ?? ownRegion;
  const type = typeOf(endpoint);
  // A custom domain or server has no counterpart in other regions, and acceleration has one endpoint for all.
  if (type === null || type === 'accelerate' || region === ownRegion) return { endpoint, region };
  return { endpoint: inRegion(endpoint, region, type === 'internal' ? 'public' : type), region };
}

/** Null for anything but an endpoint of OSS itself. */
function typeOf({ host, addressing }: Endpoint): EndpointType | null {
  return addressing === 'virtual' ? (readOssHost(host)?.reach ?? null) : null;
}

/** The endpoint of the same type in another region, with the same protocol and port. */
function inRegion({ protocol, port }: Endpoint, region: string, type: EndpointType): Endpoint {
  return { ...parseEndpoint(endpointOfRegion(region, type)), protocol, port };
}
