import { timingSafeEqual } from 'node:crypto';
import type { KeySource } from './identity.ts';
import { Refusal, accessDenied } from '../protocol/refusal.ts';
import type { Target } from '../protocol/target.ts';

/** The parts of a request that its signature covers. */
export interface SignedRequest {
  readonly method: string;
  readonly target: Target;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The context that a signature is verified in. */
export interface VerifyContext {
  readonly keys: KeySource;
  /** The server's clock, Unix milliseconds. */
  readonly nowMs: number;
  /** Region that a V4 scope must name; null accepts any. */
  readonly region: string | null;
  /** `oss`, or `oss-cloudbox`. */
  readonly product: string;
}

/** Maximum clock skew of a request, in milliseconds. */
export const MAX_SKEW_MS = 15 * 60 * 1000;

/** Compares in constant time. */
export function isSame(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** 403 `SignatureDoesNotMatch`, which echoes the string that OSS signed. */
export function signatureDoesNotMatch(echo: Readonly<Record<string, string>>, ec = '0002-00000040'): Refusal {
  return new Refusal(403, {
    code: 'SignatureDoesNotMatch',
    message:
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    ec,
    extra: echo,
  });
}

/** 403 `RequestTimeTooSkewed`. */
export function requestTimeTooSkewed(requestMs: number, nowMs: number): Refusal {
  return new Refusal(403, {
    code: 'RequestTimeTooSkewed',
    message: 'The difference between the request time and the current time is too large.',
    ec: '0002-00000504',
    extra: {
      MaxAllowedSkewMilliseconds: String(MAX_SKEW_MS),
      RequestTime: new Date(requestMs).toISOString(),
      ServerTime: new Date(nowMs).toISOString(),
    },
  });
}

/** 403 `AccessDenied` for an expired signed URL. */
export function requestHasExpired(expiresMs: number, nowMs: number, ec: string): Refusal {
  return accessDenied('Request has expired.', ec, {
    Expires: new Date(expiresMs).toISOString(),
    ServerTime: new Date(nowMs).toISOString(),
  });
}

/** Space-separated hex of a text's bytes, as OSS prints next to the text. */
export function hexBytes(text: string): string {
  return Buffer.from(text)
    .toString('hex')
    .toUpperCase()
    .replace(/(..)(?=.)/g, '$1 ');
}

/** A signed text as OSS prints it. It was signed as bytes, one character each, as Node gives header values. */
export function printed(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
