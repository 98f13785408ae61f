import { z } from 'zod';
import { isLoopback } from '../../http/authority.ts';
import { WaybillError } from '../../failure.ts';
import { encodeKeyPath } from '../../oss/canonical.ts';
import { formatEndpoint, parseServer, type Server } from '../../oss/endpoint.ts';
import { readOssHost } from '../../oss/oss-host.ts';
import { checkKey } from '../../oss/names.ts';
import type { LinkWarning } from '../making/link-host.ts';
import { linkLifetimeSchema } from '../making/link-options.ts';
import { type InputFailure, orProblem } from '../making/link-rules.ts';
import { lifetimeSeconds, type LinkValidity } from '../making/validity.ts';
import { FIRST_CDN_TIME } from '../text/cdn-url.ts';
import type { CdnDomain } from './cdn-auth.ts';
import { signCdnPath, timeStep } from './sign-cdn.ts';

/** The options of a link through a CDN: no type authenticates more than the path and the time. */
export const cdnLinkFields = {
  expiresSeconds: linkLifetimeSchema.shape.expiresSeconds,
  validUntil: linkLifetimeSchema.shape.validUntil,
  /** Such as `image/resize,w_200`. */
  process: z.string().max(4096).optional(),
} as const;
/** The options of a link through a CDN. */
export type CdnLinkOptions = Readonly<z.infer<z.ZodObject<typeof cdnLinkFields>>>;

/** What a link of a CDN may be warned of. */
type CdnWarning = Extract<LinkWarning, 'http' | 'cdn-query-open' | 'cdn-path-decoded' | 'cannot-be-sent'>;

/** What a link of a CDN would be. */
export interface CdnPlan {
  readonly validity: LinkValidity | null;
  readonly problems: readonly InputFailure[];
  readonly warnings: readonly CdnWarning[];
}

/** A link of a CDN. */
export interface CdnLink extends LinkValidity {
  readonly url: string;
  /** The same address without the authentication, which the CDN must refuse. */
  readonly bareUrl: string;
  readonly warnings: readonly CdnWarning[];
}

/** One object of a domain, and the options of its link. `now`: Unix milliseconds. */
export interface CdnLinkRequest {
  readonly domain: CdnDomain;
  readonly key: string;
  readonly options: CdnLinkOptions;
  readonly now: number;
}

/** Checks the options of a link and reports all problems at once. */
export function planCdnLink(request: CdnLinkRequest): CdnPlan {
  const problems: InputFailure[] = [];
  orProblem(problems, () => checkKey(request.key));
  orProblem(problems, () => checkQuery(request));
  const server = orProblem(problems, () => cdnServer(request.domain.domain));
  const times = orProblem(problems, () => timesOf(request));
  return {
    validity: times === null ? null : validityUntil(times.validUntil),
    problems,
    warnings: server === null ? [] : warningsOf(request, server),
  };
}

/**
 * Signs a link with a key of the domain. Sends nothing.
 * @param rand any text without a hyphen; random, so that links of one second differ
 * @throws WaybillError `input` for an invalid key or lifetime, a host of OSS, and a query that type F refuses
 */
export function signCdnLink(
  request: CdnLinkRequest & { readonly privateKey: string },
  rand: string = crypto.randomUUID().replaceAll('-', ''),
): CdnLink {
  const { domain, key, options, privateKey } = request;
  checkKey(key);
  checkQuery(request);
  const server = cdnServer(domain.domain);
  const { time, validUntil } = timesOf(request);
  const params = options.process === undefined ? [] : [['x-oss-process', options.process] as const];
  const path = `/${encodeKeyPath(key)}`;
  const origin = formatEndpoint(server);
  return {
    ...validityUntil(validUntil),
    url: `${origin}${signCdnPath({ auth: domain.auth, privateKey, path, params, time, rand })}`,
    bareUrl: `${origin}${path}`,
    warnings: warningsOf(request, server),
  };
}

/**
 * Reads the domain of a CDN.
 * @throws WaybillError `input` for anything but a host, and for a host of OSS, which knows no links of a CDN
 */
export function cdnServer(domain: string): Server {
  const server = parseServer(domain);
  if (readOssHost(server.host) === null) return server;
  throw new WaybillError({ kind: 'input', field: 'domain', rule: 'cdn-oss-host' });
}

/** Type F refuses a URL with a question mark of its own. */
function checkQuery({ domain, options }: CdnLinkRequest): void {
  if (domain.auth.type !== 'F' || options.process === undefined) return;
  throw new WaybillError({ kind: 'input', field: 'x-oss-process', rule: 'cdn-no-query' });
}

/**
 * The CDN adds the validity of its own settings to the time in a link, so that time lies before the end, and may lie in the
 * past. In whole steps, and never later than asked for.
 */
function timesOf({ domain, options, now }: CdnLinkRequest): { readonly time: number; readonly validUntil: number } {
  const end = Math.floor(now / 1000) + lifetimeSeconds(options, now);
  const step = timeStep(domain.auth);
  const time = Math.floor((end - domain.validitySeconds) / step) * step;
  const validUntil = (time + domain.validitySeconds) * 1000;
  if (validUntil > now && time >= FIRST_CDN_TIME) return { time, validUntil };
  throw new WaybillError({ kind: 'input', field: 'expiresSeconds', rule: 'expires-too-short' });
}

function validityUntil(validUntil: number): LinkValidity {
  return { validUntil, limitedBy: 'expiry', sessionEndUnknown: false };
}

function warningsOf({ domain, key, options }: CdnLinkRequest, { protocol, host }: Server): readonly CdnWarning[] {
  const { auth } = domain;
  const found: readonly (readonly [CdnWarning, boolean])[] = [
    ['http', protocol === 'http' && !isLoopback(host)],
    ['cdn-query-open', options.process !== undefined && auth.type !== 'F'],
    ['cdn-path-decoded', auth.type === 'F' && auth.path === 'decoded' && encodeKeyPath(key) !== key],
    ['cannot-be-sent', key === '.' || key === '..'],
  ];
  return found.flatMap(([warning, applies]) => (applies ? [warning] : []));
}
