import { Refusal } from '../protocol/refusal.ts';
import type { Target } from '../protocol/target.ts';
import type { Route } from '../routes.ts';

/** What OSS refuses whoever asks. Nothing at first; tests turn a switch while the server runs. */
export class Restrictions {
  /**
   * Refuses data calls on OSS's own public host of a mainland region, as for accounts that opened OSS since 2025-03-20.
   * @see https://www.alibabacloud.com/help/doc-detail/31836.htm
   */
  publicEndpoint = false;

  /** Checks a call on a bucket of `region`. @throws Refusal */
  check(route: Pick<Route, 'name' | 'level'>, target: Target, region: string): void {
    if (this.publicEndpoint && isDataCall(route) && isMainland(region) && isPublicHost(target)) {
      throw publicEndpointForbidden();
    }
  }
}

/** Calls on a bucket that read or change its objects; all others manage the bucket. */
const DATA_CALLS = new Set(['ListObjects', 'ListObjectVersions', 'ListMultipartUploads', 'DeleteMultipleObjects']);

function isDataCall({ name, level }: Pick<Route, 'name' | 'level'>): boolean {
  return level === 'object' || DATA_CALLS.has(name);
}

function isMainland(region: string): boolean {
  return region.startsWith('cn-') && region !== 'cn-hongkong';
}

/** The server's own address stands for a public host. Internal and acceleration hosts, and custom domains, don't. */
function isPublicHost({ addressing, host, endpointRegion }: Target): boolean {
  return addressing !== 'custom-domain' && endpointRegion !== null && !host.includes('-internal.');
}

function publicEndpointForbidden(): Refusal {
  return new Refusal(400, {
    code: 'PublicEndpointForbidden',
    message: 'Not allowed using the OSS public endpoint, please use CNAME instead.',
    ec: '0048-00000401',
  });
}
