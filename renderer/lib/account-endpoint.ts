import type { Account, Results } from '../../main/contract/contract.ts';

type Regions = Results['app.info']['regions'];

/** Whether an endpoint as it is typed uses http: anyone on the network path can read everything. */
export function isInsecure(endpoint: string): boolean {
  return /^http:\/\//i.test(endpoint.trim());
}

/** The public endpoint of a region; those of the finance clouds aren't named by their ID. */
export function endpointOfRegion(region: string, regions: Regions): string {
  const label = regions.find(({ id }) => id === region)?.labels.public[0] ?? region;
  return `https://oss-${label}.aliyuncs.com`;
}

/** Whether nobody on the network path can read the traffic: the server is this computer, or uses TLS. */
export function isPrivate({ origin, endpoint }: Pick<Account, 'origin' | 'endpoint'>): boolean {
  return origin === 'practice' || !isInsecure(endpoint);
}

/** Whether STS can know the account's credentials: they are Alibaba Cloud's, or the account names an STS server. */
export function hasSts({ kind, endpoint, stsEndpoint }: Pick<Account, 'kind' | 'endpoint' | 'stsEndpoint'>): boolean {
  return kind === 'sourced' || stsEndpoint !== null || /\.aliyuncs\.com(?::\d+)?\/?$/i.test(endpoint);
}
