import type { Connection } from '../../oss/connection.ts';
import { bucketUrl } from '../../oss/endpoint.ts';
import { listCustomDomains } from '../../oss/operations/custom-domains.ts';
import { bucketOfHost, readOssHost } from '../../oss/oss-host.ts';
import type { GivenLink } from './given-links.ts';

/** Where a link is to lead; `known` is a host that is noted as one of the bucket's. */
interface ExpectedPlace {
  readonly connection: Connection;
  readonly bucket: string;
  readonly known: string | null;
  readonly signal: AbortSignal;
}

/**
 * Whether a link leads to its bucket: to the connection's endpoint, to one of OSS's own hosts of the bucket, to a host that
 * is known to be one of the bucket's, or to one of its custom domains, which OSS is asked for. Anybody can write a URL: what
 * answers elsewhere says nothing about the bucket, and must not be asked for a stranger.
 */
export async function leadsToBucket({ url, parts }: GivenLink, expected: ExpectedPlace): Promise<boolean> {
  const { connection, bucket, known, signal } = expected;
  const { endpoint } = connection;
  const { origin } = bucketUrl(endpoint, bucket, null);
  const isNamed = parts.bucket === bucket || (parts.bucket === null && endpoint.addressing === 'cname');
  if (isNamed && originOf(url) === origin.toLowerCase()) return true;
  // Anyone on the way could answer to a request that isn't encrypted.
  if (!url.toLowerCase().startsWith('https:') && endpoint.protocol === 'https') return false;
  if (known !== null && parts.host === known) return true;
  const service = readOssHost(parts.host);
  if (service !== null) return service.kind === 'region' && bucketOfHost(service) === bucket;
  if (parts.bucket !== null) return false;
  const domains = await listCustomDomains(connection, bucket, signal).catch(() => []);
  return domains.some(({ name, isEnabled }) => isEnabled && name === parts.host);
}

function originOf(url: string): string {
  return /^https?:\/\/[^/?#]+/i.exec(url)?.[0].toLowerCase() ?? '';
}
