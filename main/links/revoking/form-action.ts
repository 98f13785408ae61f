import type { Connection } from '../../oss/connection.ts';
import { bucketUrl } from '../../oss/endpoint.ts';
import { bucketOfHost, readOssHost } from '../../oss/oss-host.ts';

/**
 * Whether a form is sent to its bucket, as far as the connection knows where that is: to its endpoint, which may be a custom
 * domain or this computer, or to one of OSS's own hosts for the bucket in the same region. A file names any address: what
 * answers elsewhere says nothing about the bucket, and must not be asked for a stranger.
 */
export function isActionOf(
  { endpoint, region }: Pick<Connection, 'endpoint' | 'region'>,
  bucket: string,
  action: string,
): boolean {
  const { origin, path } = bucketUrl(endpoint, bucket, null);
  if (action === origin + path) return true;
  const [, protocol = '', host = ''] = /^(https?):\/\/([a-z0-9.-]+)\/$/.exec(action) ?? [];
  if (protocol !== 'https' && protocol !== endpoint.protocol) return false;
  const found = readOssHost(host);
  if (found?.kind !== 'region' || bucketOfHost(found) !== bucket) return false;
  // V1 needs no region, and acceleration has none.
  return found.region === null || region.trim() === '' || found.region === region;
}
