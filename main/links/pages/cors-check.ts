import type { Dispatcher } from 'undici';
import type { Failure } from '../../failure.ts';
import { isDenied, toFailure } from '../../failure.ts';
import { failureOfRequest } from '../../oss/exchange/errors.ts';
import type { OssError } from '../../oss/exchange/oss-error.ts';
import { probe, type Probe, type ProbeReply } from '../../oss/exchange/probe.ts';
import type { CorsConfiguration } from '../../oss/operations/cors.ts';
import { own } from '../../own.ts';
import { isPageRule, matchingRule } from './cors-rule.ts';

/**
 * Whether a bucket lets a page of another origin in.
 * - `shadowed`: Waybill's rule is there, but the one with `number` (from 1) matches first and hides the headers.
 * - `not-exposed`: the rule that matches hides headers, without which a page can't compare what it sent.
 * - `not-reached`: the bucket didn't answer, or refused for another reason.
 * - `may-not-read`: it doesn't fit, and OSS denies reading the rules, so that the reason can't be told.
 */
export type CorsCheck =
  | { readonly kind: 'fits' }
  | { readonly kind: 'no-rule' }
  | { readonly kind: 'shadowed'; readonly number: number; readonly hidden: readonly string[] }
  | { readonly kind: 'not-exposed'; readonly hidden: readonly string[] }
  | { readonly kind: 'not-reached'; readonly failure: Failure }
  | { readonly kind: 'may-not-read'; readonly hidden: readonly string[] };

/** A method that pages use. */
export type PageMethod = 'POST' | 'PUT' | 'GET' | 'HEAD';

/** The page to check for. */
export interface PageAccess {
  /** Where the page sends its requests: the address of the bucket, as written into the page. */
  readonly url: string;
  readonly methods: readonly PageMethod[];
  readonly dispatcher: Dispatcher;
  /** Reads the bucket's rules. Asked only where the answers alone don't say what is wrong. */
  readonly rules: () => Promise<CorsConfiguration | null>;
  readonly signal?: AbortSignal | undefined;
}

/** What pages read from replies: the time, checksums to compare, and the request to name when something fails. */
const NEEDED = ['Date', 'ETag', 'x-oss-hash-crc64ecma', 'x-oss-request-id'] as const;
/** The origin of a page that was opened from a disk. */
const ORIGIN = 'null';
const BOUNDARY = 'waybill-cors-check';

/**
 * Asks the bucket as a page would: the preflight, then the request itself with a signature that can't be valid, so that
 * nothing is stored. A browser hides either reply from the page unless it allows the origin.
 */
export async function checkPageCors(access: PageAccess): Promise<CorsCheck> {
  for (const method of access.methods) {
    const found = await checkMethod(access, method);
    if (found.kind !== 'fits') return found;
  }
  return { kind: 'fits' };
}

async function checkMethod(access: PageAccess, method: PageMethod): Promise<CorsCheck> {
  const { url, dispatcher, signal } = access;
  try {
    const asked = { origin: ORIGIN, 'access-control-request-method': method };
    const preflight = await probe({ url, method: 'OPTIONS', headers: asked, signal }, dispatcher);
    if (preflight.error !== null) return refusedPreflight(preflight.error);
    if (!letsIn(preflight) || !listOf(preflight, 'access-control-allow-methods').includes(method.toLowerCase()))
      return { kind: 'no-rule' };
    const reply = await probe({ ...badRequest(url, method), signal }, dispatcher);
    if (reply.error !== null && !isRefusal(reply)) return { kind: 'not-reached', failure: failureOf(reply.error) };
    const exposed = letsIn(reply) ? listOf(reply, 'access-control-expose-headers') : null;
    return await explain(access, method, exposed);
  } catch (error) {
    return { kind: 'not-reached', failure: toFailure(error) };
  }
}

/** OSS answers AccessForbidden where no rule matches. Anything else isn't about CORS. */
function refusedPreflight(error: OssError): CorsCheck {
  if (error.status === 403 && error.code === 'AccessForbidden') return { kind: 'no-rule' };
  return { kind: 'not-reached', failure: failureOf(error) };
}

function failureOf(error: OssError): Failure {
  return failureOfRequest(error, { through: 'link', isTokenMissing: false });
}

/** Whether the bucket refused the wrong signature, as it should; a server in trouble says nothing about rules. */
function isRefusal({ status }: ProbeReply): boolean {
  return status >= 400 && status < 500;
}

/** Judges by the headers that the reply exposed; null if it named none, although the preflight let the page in. */
async function explain(access: PageAccess, method: PageMethod, exposed: readonly string[] | null): Promise<CorsCheck> {
  const hidden = exposed === null ? [...NEEDED] : hiddenOf(exposed);
  if (hidden.length === 0) return { kind: 'fits' };
  let cors: CorsConfiguration | null;
  try {
    cors = await access.rules();
  } catch (error) {
    const failure = toFailure(error);
    return isDenied(failure) ? { kind: 'may-not-read', hidden } : { kind: 'not-reached', failure };
  }
  const index = cors === null ? -1 : matchingRule(cors, { origin: ORIGIN, method });
  const rule = cors?.rules[index];
  if (cors === null || rule === undefined) return { kind: 'no-rule' };
  // A refusal may come without CORS headers; then the rule alone says what pages see of a success.
  const missing = exposed === null ? hiddenOf(rule.exposeHeaders) : hidden;
  if (missing.length === 0) return { kind: 'fits' };
  const isShadowed = cors.rules.some((other, at) => at > index && isPageRule(other));
  return isShadowed
    ? { kind: 'shadowed', number: index + 1, hidden: missing }
    : { kind: 'not-exposed', hidden: missing };
}

function hiddenOf(exposed: readonly string[]): readonly string[] {
  const lower = exposed.map((name) => name.toLowerCase());
  return lower.includes('*') ? [] : NEEDED.filter((name) => !lower.includes(name.toLowerCase()));
}

function letsIn({ headers }: ProbeReply): boolean {
  return ['*', ORIGIN].includes(headers['access-control-allow-origin'] ?? '');
}

function listOf({ headers }: ProbeReply, name: string): readonly string[] {
  return (own(headers, name) ?? '').split(',').map((one) => one.trim().toLowerCase());
}

/** A request that OSS refuses whatever the rights: the key doesn't exist, and policy and signature ended long ago. */
function badRequest(url: string, method: PageMethod): Probe {
  const headers = { origin: ORIGIN };
  if (method !== 'POST') {
    const query = 'Expires=946684800&OSSAccessKeyId=waybill-cors-check&Signature=none';
    return { url: `${url}?${query}`, method, headers };
  }
  const policy = Buffer.from('{"expiration":"2000-01-01T00:00:00.000Z","conditions":[]}').toString('base64');
  const fields = { key: BOUNDARY, OSSAccessKeyId: BOUNDARY, policy, Signature: 'none' };
  const parts = Object.entries(fields).map(([name, value]) => `name="${name}"\r\n\r\n${value}`);
  parts.push(`name="file"; filename="x"\r\n\r\n`);
  const body = parts.map((part) => `--${BOUNDARY}\r\nContent-Disposition: form-data; ${part}\r\n`).join('');
  return {
    ...{ url, method },
    headers: { ...headers, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: Buffer.from(`${body}--${BOUNDARY}--\r\n`),
  };
}
