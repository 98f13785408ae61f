import type { AccessKey, ServerClock } from '../../oss/connection.ts';

/**
 * Credentials that sign, and when they expire: Unix milliseconds by the server's clock; null for a long-lived
 * AccessKey; `unknown` for a security token without a known expiry.
 */
export interface Session {
  readonly accessKey: AccessKey;
  readonly validUntil: number | null | 'unknown';
}

/** A source of signing credentials. */
export interface Credentials {
  /**
   * A session that is valid now and, if it can be renewed, for the next `validForMs` milliseconds or as long as the
   * role allows.
   * @throws WaybillError `credentials` or `keychain`
   */
  session(validForMs?: number): Promise<Session>;
  /** Discards a session that the server refused as expired. False: it can't be renewed without the user. */
  renew(): boolean;
}

/**
 * An AccessKey pair, or a pasted pair with a security token. Loaded once, on first use; a failed load is tried again.
 */
export function fixedCredentials(load: () => Promise<AccessKey>, tokenValidUntil: number | null): Credentials {
  let loaded: Promise<AccessKey> | null = null;
  return {
    async session() {
      loaded ??= load().catch((error: unknown) => {
        loaded = null;
        throw error;
      });
      const accessKey = await loaded;
      return { accessKey, validUntil: accessKey.securityToken === null ? null : (tokenValidUntil ?? 'unknown') };
    },
    renew: () => false,
  };
}

/** A session issued by STS. */
export interface RoleSession extends Session {
  readonly validUntil: number;
}

/** A session as AssumeRole answered it. */
export interface AssumedSession extends RoleSession {
  /** How STS names the session (`AssumedRoleUser.Arn`); null where the answer doesn't say. */
  readonly arn: string | null;
}

/** Where sessions come from, one after the other. */
export interface Renewal {
  readonly obtain: () => Promise<Session>;
  /** How long new sessions are valid; 0 where asking for another one doesn't make it last longer. */
  readonly durationMs: number | (() => number);
  readonly clock: ServerClock;
  /** 0 to 1, the jitter of renewals. Default: Math.random. */
  readonly random?: (() => number) | undefined;
  /** Whether there is another session than the current one, which is valid still. Default: never. */
  readonly isOutdated?: () => Promise<boolean>;
}

/** Renew when this fraction of a session's life is left, so that it doesn't expire under running requests. */
const RENEWAL_FRACTION = 1 / 5;

/** Renew up to this fraction earlier, so that many clients of one role don't call STS at the same moment. */
const JITTER_FRACTION = 1 / 20;

/** Wait after a failed renewal, while the current session is still valid. */
const RETRY_AFTER_MS = 20_000;

/** Don't call AssumeRole (rate-limited) to gain less than this. */
const MIN_GAIN_MS = 60_000;

/** How long a session is used whose expiry nobody knows. */
const UNKNOWN_LIFE_MS = 5 * 60_000;

/** Sessions of any source: one at a time, renewed before it expires. */
export function renewingCredentials(renewal: Renewal): Credentials {
  return new RenewingCredentials(renewal);
}

/** A session, and until when it is used, in Unix milliseconds. */
interface Obtained {
  readonly session: Session;
  readonly usableUntil: number;
}

class RenewingCredentials implements Credentials {
  readonly #renewal: Renewal;
  readonly #random: () => number;
  #current: Obtained | null = null;
  #pending: Promise<Session> | null = null;
  #renewAheadMs = 0;
  #failedAt = -Infinity;

  constructor(renewal: Renewal) {
    this.#renewal = renewal;
    this.#random = renewal.random ?? Math.random;
  }

  async session(validForMs = 0): Promise<Session> {
    const isOutdated = this.#current !== null && (await this.#renewal.isOutdated?.()) === true;
    const current = this.#valid();
    if (current !== null && !this.#isDue(current, isOutdated ? Infinity : validForMs)) return current.session;
    try {
      return await this.#obtainOnce();
    } catch (error) {
      if (current !== null) return current.session;
      throw error;
    }
  }

  /** The current session while it is valid. */
  #valid(): Obtained | null {
    const isValid = this.#current !== null && this.#current.usableUntil > this.#renewal.clock.now();
    return isValid ? this.#current : null;
  }

  /** Whether to obtain another session: this one expires too soon, and the last attempt didn't fail just now. */
  #isDue({ usableUntil }: Obtained, wantedMs: number): boolean {
    const { durationMs: given, clock } = this.#renewal;
    const durationMs = typeof given === 'number' ? given : given();
    const failedMsAgo = clock.now() - this.#failedAt;
    if (failedMsAgo >= 0 && failedMsAgo < RETRY_AFTER_MS) return false;
    const wanted = wantedMs === Infinity ? wantedMs : Math.min(wantedMs, durationMs) - MIN_GAIN_MS;
    return usableUntil - clock.now() < Math.max(this.#renewAheadMs, wanted);
  }

  renew(): boolean {
    this.#current = null;
    return true;
  }

  /** Concurrent callers share one call. */
  #obtainOnce(): Promise<Session> {
    this.#pending ??= this.#obtain().finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  async #obtain(): Promise<Session> {
    const { obtain, clock } = this.#renewal;
    try {
      const session = await obtain();
      const now = clock.now();
      const usableUntil = typeof session.validUntil === 'number' ? session.validUntil : now + UNKNOWN_LIFE_MS;
      this.#renewAheadMs = (usableUntil - now) * (RENEWAL_FRACTION + this.#random() * JITTER_FRACTION);
      this.#failedAt = -Infinity;
      this.#current = { session, usableUntil };
      return session;
    } catch (error) {
      this.#failedAt = clock.now();
      throw error;
    }
  }
}
