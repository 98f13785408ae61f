import { WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { type Endpoint, hostOfRegion, isPublicHost, parseEndpoint } from '../../oss/endpoint.ts';
import { readOssHost } from '../../oss/oss-host.ts';
import { isLoopback } from '../../http/authority.ts';
import type { LinkOptions } from './link-options.ts';
import type { LinkParts } from './link-parts.ts';

/**
 * The endpoint of a link. Chosen before signing, since the signature covers the host.
 * @throws WaybillError `input` for an invalid domain, and for a type of host that the region doesn't have
 */
export function linkEndpoint(connection: Pick<Connection, 'endpoint' | 'region'>, host: LinkOptions['host']): Endpoint {
  if (host === undefined) return connection.endpoint;
  if (typeof host === 'object') return parseEndpoint(host.domain, { cname: true });
  const name = hostOfRegion(connection.region, host);
  if (name === null) throw new WaybillError({ kind: 'input', field: 'host', rule: 'host-not-in-region' });
  return parseEndpoint(name);
}

/**
 * Why a link that can be signed may still not work as expected.
 * - `http`: the transfer isn't encrypted.
 * - `internal-only`: works only inside Alibaba Cloud's network in the region.
 * - `accelerate-needed`: transfer acceleration must be enabled for the bucket.
 * - `domain-needed`: the domain must be bound to the bucket.
 * - `public-host-refused`: OSS has refused this account's data calls on its own public hosts of mainland regions.
 * - `apk-forbidden`: OSS's own hosts refuse to serve .apk and .ipa files of newer buckets.
 * - `ac-unconfirmed-v4`: OSS documents x-oss-ac-* for V1 only.
 * - `v1-closed`: OSS rejects V1 for accounts created since March 2025 and buckets created since September 2025.
 * - `preview-needs-domain`: on OSS's own domains browsers download instead of displaying.
 * - `overwrite-with-versions`: a bucket with versioning ignores x-oss-forbid-overwrite.
 * - `no-content-type`: the upload must be sent without Content-Type, which many clients add on their own.
 * - `cannot-be-sent`: browsers and most clients rewrite a key of dots only.
 * - `deletes`: anyone with the link can delete the object.
 * - `cdn-query-open`: the CDN doesn't hash the parameters, so anyone can change them.
 * - `cdn-path-decoded`: the CDN hashes the decoded path, which it may read otherwise for unusual names.
 */
export type LinkWarning =
  | 'http'
  | 'internal-only'
  | 'accelerate-needed'
  | 'domain-needed'
  | 'public-host-refused'
  | 'apk-forbidden'
  | 'ac-unconfirmed-v4'
  | 'v1-closed'
  | 'preview-needs-domain'
  | 'overwrite-with-versions'
  | 'no-content-type'
  | 'cannot-be-sent'
  | 'deletes'
  | 'cdn-query-open'
  | 'cdn-path-decoded';

/** The link to check. */
export interface LinkToWarnOf {
  readonly endpoint: Endpoint;
  readonly connection: Pick<Connection, 'region' | 'isPublicHostRefused'>;
  readonly signVersion: Connection['signVersion'];
  readonly key: string;
  readonly parts: LinkParts;
  readonly options: Pick<LinkOptions, 'host' | 'open'>;
}

/** The warnings about a link, in the order of LinkWarning. */
export function linkWarnings({
  endpoint,
  connection,
  signVersion,
  key,
  parts,
  options,
}: LinkToWarnOf): readonly LinkWarning[] {
  const { host: name, addressing, protocol } = endpoint;
  const isRestricted = Object.keys(parts.params).some((param) => param.startsWith('x-oss-ac-'));
  const found = addressing === 'virtual' ? readOssHost(name) : null;
  const warnings: readonly (readonly [LinkWarning, boolean])[] = [
    ['http', protocol === 'http' && !isLoopback(name)],
    ['internal-only', found?.reach === 'internal'],
    ['accelerate-needed', found?.reach === 'accelerate'],
    ['domain-needed', typeof options.host === 'object'],
    ['public-host-refused', connection.isPublicHostRefused === true && isPublicHost(endpoint, connection.region)],
    ['apk-forbidden', parts.method === 'GET' && isPackageForbidden(endpoint, key)],
    ['ac-unconfirmed-v4', isRestricted && signVersion === 'v4'],
    ['v1-closed', signVersion === 'v1'],
    ['preview-needs-domain', options.open === 'preview' && found !== null],
    ['overwrite-with-versions', parts.headers['x-oss-forbid-overwrite'] === 'true'],
    ['no-content-type', parts.method === 'PUT' && parts.headers['content-type'] === undefined],
    ['cannot-be-sent', key === '.' || key === '..'],
    ['deletes', parts.method === 'DELETE'],
  ];
  return warnings.flatMap(([warning, applies]) => (applies ? [warning] : []));
}

/**
 * Whether OSS may refuse to serve the object as an app package. It does so on its own hosts, acceleration included, for
 * buckets that aren't old; the content type, which also counts, isn't known here.
 * @see https://www.alibabacloud.com/help/doc-detail/31836.htm
 */
export function isPackageForbidden({ host, addressing }: Pick<Endpoint, 'host' | 'addressing'>, key: string): boolean {
  const found = addressing === 'virtual' ? readOssHost(host) : null;
  return found !== null && found.reach !== 'internal' && /\.(apk|ipa)$/i.test(key);
}
