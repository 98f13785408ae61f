import type { Account, AccountDraft } from '../../accounts/account.ts';
import { hasSameSigner } from '../../accounts/draft.ts';
import { cdnServer } from '../../links/cdn/cdn-link.ts';
import { stsEndpointFor } from '../../accounts/sts/sts-endpoint.ts';
import { endpointOfRegion, formatEndpoint, parseEndpoint, parseServer } from '../../oss/endpoint.ts';
import { checkBucket } from '../../oss/names.ts';
import { regions } from '../../oss/regions.ts';
import type { ProxySettings } from '../../settings.ts';
import type { Translate } from '../../words/translator.ts';
import type { Consent } from './consent.ts';

/** A server that takes the place of another; `from` is null if there was none. */
export interface NewServer {
  readonly from: string | null;
  readonly to: string;
}

type Servers = Pick<AccountDraft, 'endpoint' | 'cname' | 'stsEndpoint'>;

/** OSS itself, where an AccessKey belongs: a change to one of its regions isn't asked about. */
const ossServers: ReadonlySet<string> = new Set(
  regions.flatMap(({ id }) =>
    (['public', 'internal', 'accelerate', 'dualstack'] as const).map((type) => endpointOfRegion(id, type)),
  ),
);

const stsItself = 'https://sts.aliyuncs.com';

/** STS itself: the hosts that Waybill chooses for a region. A pattern would let buckets pass that are named like one. */
const stsServers: ReadonlySet<string> = new Set(
  regions.flatMap(({ id }) =>
    (['public', 'internal'] as const).map((type) =>
      stsEndpointFor({ endpoint: parseEndpoint(endpointOfRegion(id, type)), region: id }),
    ),
  ),
);

/**
 * The servers that a new or changed account would lead secrets to: OSS and STS. A draft with a secret of its own is no
 * exception when it changes an account, since a person may replace that later, without a look at the server. A new
 * account's own key is the page's to send anywhere; credentials of a source are not.
 * @throws WaybillError `input` for an invalid endpoint
 */
export function newServersOf(before: Account | null, draft: AccountDraft): readonly NewServer[] {
  if (before === null && draft.kind === 'key') return [];
  const isTrusted = before !== null && (draft.kind === 'key' || hasSameSigner(before, draft));
  const [old, changed] = [isTrusted ? serversOf(before) : [], serversOf(draft)];
  return changed
    .map((to, index) => ({ from: old[index] ?? null, to }))
    .filter(({ from, to }) => from !== to && !ossServers.has(to) && !stsServers.has(to));
}

/** The proxy or PAC script that new settings lead all requests to; null if they name no other than before. */
export function newProxyOf(before: ProxySettings, after: ProxySettings): NewServer | null {
  const [from, to] = [routeOf(before), routeOf(after)];
  return to === null || to === from ? null : { from, to };
}

/** Asks before an account's secret is led to other servers. @throws WaybillError `cancelled` if the person doesn't agree */
export async function confirmServers(consent: Consent, text: Translate, servers: readonly NewServer[]): Promise<void> {
  for (const { from, to } of servers) {
    const [newServer, oldServer] = [to, from ?? ''];
    await consent.require({
      message: text('consent.server', { newServer }),
      detail: text(from === null ? 'consent.server.detail.first' : 'consent.server.detail', { newServer, oldServer }),
      proceed: text('consent.server.do'),
    });
  }
}

/** Asks before requests go through another proxy. @throws WaybillError `cancelled` if the person doesn't agree */
export async function confirmProxy(consent: Consent, text: Translate, { from, to }: NewServer): Promise<void> {
  await consent.require({
    message: text('consent.proxy', { newProxy: to }),
    detail: from === null ? text('consent.proxy.detail.first') : text('consent.proxy.detail', { oldProxy: from }),
    proceed: text('consent.proxy.do'),
  });
}

/**
 * Asks before signed requests go to a custom domain without encryption.
 * @throws WaybillError `cancelled` if the person doesn't agree
 */
export async function confirmHttp(consent: Consent, text: Translate, domain: string): Promise<void> {
  await consent.require({
    message: text('bucket.domain.http', { domain }),
    detail: text('consent.http.detail'),
    proceed: text('bucket.domain.http.do'),
  });
}

/** Asks before links of a bucket lead to another CDN domain. @throws WaybillError `cancelled` */
export type ConfirmCdn = (bucket: string, domain: string) => Promise<void>;

/**
 * Asks before links of a bucket lead to another CDN domain: its server receives all that is needed to use them.
 * @throws WaybillError `cancelled` if the person doesn't agree; `input` for what can't be such a domain
 */
export async function confirmCdn(
  consent: Consent,
  text: Translate,
  { bucket, domain }: { readonly bucket: string; readonly domain: string },
): Promise<void> {
  checkBucket(bucket);
  const newServer = formatEndpoint(cdnServer(domain));
  await consent.require({
    message: text('consent.cdn', { bucket, newServer }),
    detail: text('consent.cdn.detail'),
    proceed: text('consent.cdn.do'),
  });
}

function serversOf({ endpoint, cname, stsEndpoint }: Servers): readonly [oss: string, sts: string] {
  // Without an endpoint of its own, an account uses STS itself in its region.
  const sts = stsEndpoint === null || stsEndpoint === '' ? stsItself : stsEndpoint;
  return [formatEndpoint(parseEndpoint(endpoint, { cname })), formatEndpoint(parseServer(sts))];
}

/** Null: what the system says, or no proxy; neither is named by the page. */
function routeOf({ mode, url, pacUrl }: ProxySettings): string | null {
  if (mode === 'manual' && url !== null) return sentForm(url).replace(/\/$/, '');
  return mode === 'pac' && pacUrl !== null ? sentForm(pacUrl) : null;
}

/** Host names in ASCII, so that no letters look like others. */
function sentForm(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}
