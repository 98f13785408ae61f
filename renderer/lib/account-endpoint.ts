import type { Account, Results } from '../../main/contract/contract.ts';

type Regions = Results['app.info']['regions'];

/** The meaning of an endpoint field's text, before main validates it. */
export interface EndpointReading {
  /** Uses http: anyone on the network path can read everything. */
  readonly insecure: boolean;
  /** The region in the host name. */
  readonly region: string | null;
}

/** Uses https unless http:// is typed. */
export function readEndpoint(text: string): EndpointReading {
  const host = text
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/[/:].*$/, '')
    .toLowerCase();
  const named = /^(?:[a-z0-9-]+\.)?oss-((?:cn|us|na|ap|eu|me|rg)-[a-z0-9-]+?)(?:-internal)?(?:\.aliyuncs\.com)?$/.exec(
    host,
  );
  const dualStack = /^(?:[a-z0-9-]+\.)?([a-z]{2}-[a-z0-9-]+)\.oss\.aliyuncs\.com$/.exec(host);
  return { insecure: /^http:\/\//i.test(text.trim()), region: named?.[1] ?? dualStack?.[1] ?? null };
}

/** The public endpoint of a region; those of the finance clouds aren't named by their ID. */
export function endpointOfRegion(region: string, regions: Regions): string {
  const label = regions.find(({ id }) => id === region)?.labels.public[0] ?? region;
  return `https://oss-${label}.aliyuncs.com`;
}

/** Whether nobody on the network path can read the traffic: the server is this computer, or uses TLS. */
export function isPrivate({ origin, endpoint }: Pick<Account, 'origin' | 'endpoint'>): boolean {
  return origin === 'practice' || !readEndpoint(endpoint).insecure;
}
