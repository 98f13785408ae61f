import { isIP } from 'node:net';
import type { BoundDomains } from './bound-domain.ts';
import { decodePercent } from './percent.ts';
import { type Query, parseQuery } from './query.ts';
import { Refusal } from './refusal.ts';
import { regionOfDualStack, regionOfLabel } from './region-hosts.ts';

/** The host names that the practice server serves. */
export interface Domains {
  /** Region of the server's own IP address and of `baseDomains`. */
  readonly region: string;
  readonly customDomains: BoundDomains;
  /** Additional endpoints: `bucket.<base domain>` addresses a bucket. */
  readonly baseDomains: readonly string[];
}

/** The target of a request, parsed from its Host header and raw URL. */
export interface Target {
  /** Lower case, without port. */
  readonly host: string;
  /** `second-level`: the bucket is in the path of an OSS endpoint, which OSS rejects. */
  readonly addressing: 'path' | 'second-level' | 'virtual' | 'custom-domain';
  /** Region of the endpoint; null if the host has none (custom domain, acceleration). */
  readonly endpointRegion: string | null;
  /** Null at service level. */
  readonly bucket: string | null;
  /** The exact key, null at bucket level. */
  readonly key: string | null;
  readonly query: Query;
}

type Place = Pick<Target, 'addressing' | 'endpointRegion'> & { readonly bucket: string | null };

/**
 * Parses bucket, key and query. Keeps `.` and `..` segments, which are valid in keys; `%2F` and `/` are equivalent.
 * @param url the request target as received
 */
export function parseTarget(url: string, hostHeader: string, domains: Domains): Target {
  const host = hostHeader.toLowerCase().replace(/:\d+$/, '');
  const mark = url.indexOf('?');
  const query = parseQuery(mark < 0 ? '' : url.slice(mark + 1));
  const path = decodePercent((mark < 0 ? url : url.slice(0, mark)).replace(/^https?:\/\/[^/]*/, '').replace(/^\//, ''));
  if (path === null) {
    throw new Refusal(400, { code: 'InvalidObjectName', message: 'The specified object is not valid.' });
  }
  const place = parseHost(host, domains);
  if (place.bucket !== null) return { ...place, host, key: path === '' ? null : path, query };
  const slash = path.indexOf('/');
  const bucket = slash < 0 ? path : path.slice(0, slash);
  const key = slash < 0 ? '' : path.slice(slash + 1);
  return { ...place, host, bucket: bucket === '' ? null : bucket, key: key === '' ? null : key, query };
}

/** Hosts of OSS, and how each says its region; null: all regions. */
const ENDPOINTS: readonly { readonly pattern: RegExp; readonly region: ((label: string) => string | null) | null }[] = [
  { pattern: /^(?:([a-z0-9-]+)\.)?oss-accelerate(?:-overseas)?\.aliyuncs\.com$/, region: null },
  { pattern: /^(?:([a-z0-9-]+)\.)?oss-([a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com$/, region: regionOfLabel },
  { pattern: /^(?:([a-z0-9-]+)\.)?([a-z0-9-]+)\.oss\.aliyuncs\.com$/, region: regionOfDualStack },
];

function parseHost(host: string, domains: Domains): Place {
  const custom = domains.customDomains.get(host);
  if (custom?.status === 'Enabled') {
    return { addressing: 'custom-domain', endpointRegion: null, bucket: custom.bucket };
  }
  const own = parseOwnHost(host);
  if (own !== null) return own;
  for (const base of domains.baseDomains) {
    if (host === base) return endpoint(undefined, domains.region);
    if (host.endsWith(`.${base}`)) return endpoint(host.slice(0, -base.length - 1), domains.region);
  }
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0 || host === 'localhost') {
    return { addressing: 'path', endpointRegion: domains.region, bucket: null };
  }
  // An unknown domain: its name is never a valid bucket name, so the reply is NoSuchBucket.
  return { addressing: 'custom-domain', endpointRegion: null, bucket: host };
}

function parseOwnHost(host: string): Place | null {
  for (const { pattern, region } of ENDPOINTS) {
    const found = pattern.exec(host);
    const named = found && region ? region(found[2] ?? '') : null;
    if (found && (region === null || named !== null)) return endpoint(found[1], named);
  }
  return null;
}

function endpoint(bucket: string | undefined, endpointRegion: string | null): Place {
  return bucket === undefined
    ? { addressing: 'second-level', endpointRegion, bucket: null }
    : { addressing: 'virtual', endpointRegion, bucket };
}
