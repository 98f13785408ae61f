import type { Session } from '../../accounts/sts/credentials.ts';
import { WaybillError } from '../../failure.ts';
import type { SignVersion } from '../../oss/connection.ts';
import { MAX_V4_EXPIRES_SECONDS } from '../../oss/limits.ts';
import type { LinkLifetime } from './link-options.ts';

/** How long a link is valid, and what limits that. */
export interface LinkValidity {
  /** Unix milliseconds, by the server's clock: the requested expiry or the session's, whichever comes first. */
  readonly validUntil: number;
  /** The requested expiry, the session that signs the link, or the 7 days of Signature V4. */
  readonly limitedBy: 'expiry' | 'session' | 'v4-limit';
  /** The expiry of the signing session is unknown, so the link may expire earlier. */
  readonly sessionEndUnknown: boolean;
  /**
   * Server time minus local time in milliseconds, where the server has corrected the clock. By this computer's clock the
   * link expires that much before `validUntil`; after it where the offset is negative.
   */
  readonly clockOffsetMs?: number;
}

/** What the validity of a link depends on. Times are Unix milliseconds by the server's clock. */
export interface LinkTerms {
  readonly now: number;
  readonly expiresSeconds: number;
  readonly sessionValidUntil: Session['validUntil'];
  readonly signVersion: SignVersion;
  /** How far `now` is from the local clock. Default: 0. */
  readonly clockOffsetMs?: number;
}

/** Less than this isn't worth a word, in milliseconds. */
const MIN_OFFSET_MS = 60_000;

/** A session assumed for the link expires a few seconds before it, as it started earlier. Not worth reporting. */
const SAME_END_MS = 10_000;

/**
 * Works out when a link really expires. A URL signed with temporary credentials expires with them, so it is signed until
 * then, and its own text shows the true expiry.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/how-to-obtain-the-url-of-a-single-object-or-the-urls-of-multiple-objects
 */
export function linkValidity(terms: LinkTerms): LinkValidity {
  const { now, expiresSeconds, sessionValidUntil, signVersion, clockOffsetMs = 0 } = terms;
  const correction = Math.abs(clockOffsetMs) < MIN_OFFSET_MS ? {} : { clockOffsetMs };
  const allowedSeconds = signVersion === 'v4' ? Math.min(expiresSeconds, MAX_V4_EXPIRES_SECONDS) : expiresSeconds;
  // Signatures hold whole seconds.
  const urlEnd = Math.floor(now / 1000) * 1000 + allowedSeconds * 1000;
  const sessionEndUnknown = sessionValidUntil === 'unknown';
  if (typeof sessionValidUntil === 'number' && sessionValidUntil < urlEnd) {
    const limitedBy = urlEnd - sessionValidUntil <= SAME_END_MS ? 'expiry' : 'session';
    return { validUntil: Math.floor(sessionValidUntil / 1000) * 1000, limitedBy, sessionEndUnknown, ...correction };
  }
  const limitedBy = allowedSeconds < expiresSeconds ? 'v4-limit' : 'expiry';
  return { validUntil: urlEnd, limitedBy, sessionEndUnknown, ...correction };
}

/** The validity alone of what has one. */
export function validityOf({ validUntil, limitedBy, sessionEndUnknown, clockOffsetMs }: LinkValidity): LinkValidity {
  const correction = clockOffsetMs === undefined ? {} : { clockOffsetMs };
  return { validUntil, limitedBy, sessionEndUnknown, ...correction };
}

/** 20 years; anything longer is a typing mistake. */
const MAX_EXPIRES_SECONDS = 630_720_000;

/**
 * The requested lifetime of a link in whole seconds from `now`: Unix milliseconds by the server's clock, so that a wrong
 * local clock doesn't shift it.
 * @throws WaybillError `input` if it is missing, under a second or over 20 years
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

/** As lifetimeSeconds(), but 0 for a lifetime that is rejected: a plan reports that by itself. */
export function lifetimeSecondsOrZero(lifetime: LinkLifetime, now: number): number {
  try {
    return lifetimeSeconds(lifetime, now);
  } catch {
    return 0;
  }
}
