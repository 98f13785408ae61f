import { WaybillError } from '../failure.ts';
import { type Endpoint, endpointOfRegion, parseEndpoint, regionOfHost } from '../oss/endpoint.ts';
import { readOssHost } from '../oss/oss-host.ts';
import { regionOfText, regions } from '../oss/regions.ts';

/** Where OSS is, as a person writes it. */
export interface WrittenPlace {
  /** Null: the region's public one. */
  readonly endpoint: string | null;
  /** Beats the region in the endpoint's host name, unless that is known to be another. */
  readonly region: string | null;
  /** A region for an endpoint that names none: a setting that other programs share. */
  readonly fallback?: string | null;
  readonly cname: boolean;
  /** Requests go to a custom domain besides, which doesn't tell the region either. */
  readonly isForDomain?: boolean;
  /** False for V1, which doesn't sign the region. */
  readonly signsRegion: boolean;
}

/** Any region for a request that none is known for: ListBuckets returns the buckets of all regions. */
const DEFAULT_REGION = 'cn-hangzhou';

/**
 * The endpoint and the region that V4 signs.
 * @throws WaybillError `input` with field `endpoint` or `region`, whichever is wrong or missing
 */
export function readPlace(written: WrittenPlace): { readonly endpoint: string; readonly region: string } {
  const endpoint = written.endpoint === null ? null : parseEndpoint(written.endpoint, { cname: written.cname });
  const region =
    chosenRegion(written, endpoint) ??
    (endpoint === null ? null : regionOfHost(endpoint.host)) ??
    checkedRegion(written.fallback ?? null, endpoint) ??
    assumedRegion(written, endpoint);
  return { endpoint: written.endpoint ?? endpointOfRegion(region, 'public'), region };
}

/** Servers other than OSS's own may have regions with any name. */
function checkedRegion(text: string | null, endpoint: Endpoint | null): string | null {
  if (text === null) return null;
  const isOss = endpoint === null || (endpoint.addressing !== 'cname' && readOssHost(endpoint.host) !== null);
  const region = regionOfText(text) ?? (!isOss && /^[\w-]{1,64}$/.test(text.trim()) ? text.trim() : null);
  if (region === null) throw new WaybillError({ kind: 'input', field: 'region', rule: 'region-format' });
  return region;
}

/**
 * Beats the region in the endpoint's host name where that is a guess; both can't be right where it is in the table. V1
 * works with either.
 * @throws WaybillError `input` region-contradicts
 */
function chosenRegion({ region: text, signsRegion }: WrittenPlace, endpoint: Endpoint | null): string | null {
  const region = checkedRegion(text, endpoint);
  const named = endpoint?.addressing === 'virtual' ? regionOfHost(endpoint.host) : null;
  const isContradiction =
    signsRegion && region !== null && named !== null && named !== region && regions.some(({ id }) => id === named);
  if (isContradiction) {
    throw new WaybillError({ kind: 'input', field: 'region', rule: 'region-contradicts', limit: named });
  }
  return region;
}

/** A domain doesn't tell the region, and a wrong one makes every signature wrong. */
function assumedRegion({ signsRegion, isForDomain = false }: WrittenPlace, endpoint: Endpoint | null): string {
  const isNeeded = endpoint === null ? isForDomain : endpoint.addressing !== 'path';
  if (!signsRegion || !isNeeded) return DEFAULT_REGION;
  throw new WaybillError({ kind: 'input', field: 'region', rule: 'region-missing' });
}
