import type { Session } from '../../accounts/sts/credentials.ts';
import { WaybillError } from '../../failure.ts';
import type { SignVersion } from '../../oss/connection.ts';
import { MAX_V4_EXPIRES_SECONDS } from '../../oss/limits.ts';
import type { LinkLifetime } from './link-options.ts';
import type { LinkValidity } from './shared-link.ts';

/** What a link's end depends on. Times are Unix milliseconds by the server's clock. */
export interface LinkTerms {
  readonly now: number;
  readonly expiresSeconds: number;
  readonly sessionValidUntil: Session['validUntil'];
  readonly signVersion: SignVersion;
}

/** A session that was made for the link ends these few seconds before it, since it was there first. */
const SAME_END_MS = 10_000;

/**
 * When a link really ends: the shorter validity wins. A URL signed with temporary credentials dies with them, so it is
 * signed until then, and whoever reads it sees the true end.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/how-to-obtain-the-url-of-a-single-object-or-the-urls-of-multiple-objects
 */
export function effectiveEnd({ now, expiresSeconds, sessionValidUntil, signVersion }: LinkTerms): LinkValidity {
  const allowedSeconds = signVersion === 'v4' ? Math.min(expiresSeconds, MAX_V4_EXPIRES_SECONDS) : expiresSeconds;
  // A signature holds whole seconds.
  const urlEnd = Math.floor(now / 1000) * 1000 + allowedSeconds * 1000;
  const sessionEndUnknown = sessionValidUntil === 'unknown';
  if (typeof sessionValidUntil === 'number' && sessionValidUntil < urlEnd) {
    const limitedBy = urlEnd - sessionValidUntil <= SAME_END_MS ? 'expiry' : 'session';
    return { validUntil: Math.floor(sessionValidUntil / 1000) * 1000, limitedBy, sessionEndUnknown };
  }
  return { validUntil: urlEnd, limitedBy: allowedSeconds < expiresSeconds ? 'v4-limit' : 'expiry', sessionEndUnknown };
}

/** 20 years: further ahead nobody means it. */
const MAX_EXPIRES_SECONDS = 630_720_000;

/**
 * How long a link is to be valid, in whole seconds from `now` (Unix milliseconds by the server's clock, so that a moment
 * is that moment on the server too).
 * @throws WaybillError `input`
 */
export function lifetimeSeconds({ expiresSeconds, validUntil }: LinkLifetime, now: number): number {
  const field = validUntil === undefined ? 'expiresSeconds' : 'validUntil';
  const seconds = validUntil === undefined ? expiresSeconds : Math.floor(validUntil / 1000) - Math.floor(now / 1000);
  if (seconds !== undefined && Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_EXPIRES_SECONDS) {
    return seconds;
  }
  const rule = seconds === undefined ? 'expires-missing' : seconds > 1 ? 'expires-too-long' : 'expires-too-short';
  throw new WaybillError({ kind: 'input', field, rule, limit: `1…${MAX_EXPIRES_SECONDS}` });
}

/** How long the session of a link must last, in seconds: 0 where the lifetime is refused, which is told elsewhere. */
export function askedSeconds(lifetime: LinkLifetime, now: number): number {
  try {
    return lifetimeSeconds(lifetime, now);
  } catch {
    return 0;
  }
}
