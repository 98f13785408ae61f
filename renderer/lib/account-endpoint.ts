import type { Account } from '../../main/contract/contract.ts';
/** What the text of an endpoint field means for a person, before main has a closer look at it. */
export interface EndpointReading {
  /** http was written: whoever is on the way can read everything. */
  readonly insecure: boolean;
  /** The region that the host itself names. */
  readonly region: string | null;
}

/** https unless http:// is written. */
export function readEndpoint(text: string): EndpointReading {
  const host = text
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/[/:].*$/, '');
  const named = /^oss-((?:cn|us|na|ap|eu|me|rus)-[a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com$/.exec(host);
  const dualStack = /^([a-z]{2}-[a-z0-9-]+)\.oss\.aliyuncs\.com$/.exec(host);
  return { insecure: /^http:\/\//i.test(text.trim()), region: named?.[1] ?? dualStack?.[1] ?? null };
}

export function endpointOfRegion(region: string): string {
  return `https://oss-${region}.aliyuncs.com`;
}

/** Whether what is sent to the account's server can be read by nobody on the way: it is this computer, or speaks TLS. */
export function isPrivate({ origin, endpoint }: Pick<Account, 'origin' | 'endpoint'>): boolean {
  return origin === 'practice' || !readEndpoint(endpoint).insecure;
}
