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

/** How to obtain sessions of a role: with which key, and for how long. */
export interface RoleSource {
  readonly base: Credentials;
  readonly assume: (accessKey: AccessKey) => Promise<RoleSession>;
  readonly durationMs: number;
  readonly clock: ServerClock;
  /** 0 to 1, the jitter of renewals. Default: Math.random. */
  readonly random?: () => number;
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

/** Renew when this fraction of a session's life is left, so that it doesn't expire under running requests. */
const RENEWAL_FRACTION = 1 / 5;

/** Renew up to this fraction earlier, so that many clients of one role don't call STS at the same moment. */
const JITTER_FRACTION = 1 / 20;

/** Wait after a failed renewal, while the current session is still valid. */
const RETRY_AFTER_MS = 20_000;

/** Don't call AssumeRole (rate-limited) to gain less than this. */
const MIN_GAIN_MS = 60_000;

/** The sessions of a role: one at a time, renewed before it expires. */
export function roleCredentials(source: RoleSource): Credentials {
  return new RoleCredentials(source);
}

class RoleCredentials implements Credentials {
  readonly #source: RoleSource;
  readonly #random: () => number;
  #current: RoleSession | null = null;
  #pending: Promise<RoleSession> | null = null;
  #renewAheadMs = 0;
  #failedAt = -Infinity;

  constructor(source: RoleSource) {
    this.#source = source;
    this.#random = source.random ?? Math.random;
  }

  async session(validForMs = 0): Promise<RoleSession> {
    const current = this.#current;
    const now = this.#source.clock.now();
    const leftMs = current === null ? 0 : current.validUntil - now;
    const wantedMs = Math.max(this.#renewAheadMs, Math.min(validForMs, this.#source.durationMs) - MIN_GAIN_MS);
    if (current !== null && leftMs > 0) {
      const failedMsAgo = now - this.#failedAt;
      if (leftMs >= wantedMs || (failedMsAgo >= 0 && failedMsAgo < RETRY_AFTER_MS)) return current;
    }
    try {
      return await this.#assumeOnce();
    } catch (error) {
      if (current !== null && leftMs > 0) return current;
      throw error;
    }
  }

  renew(): boolean {
    this.#current = null;
    return true;
  }

  /** Concurrent callers share one AssumeRole call. */
  #assumeOnce(): Promise<RoleSession> {
    this.#pending ??= this.#assume().finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  async #assume(): Promise<RoleSession> {
    const { base, assume, clock } = this.#source;
    try {
      const { accessKey } = await base.session();
      const session = await assume(accessKey);
      const lifeMs = session.validUntil - clock.now();
      this.#renewAheadMs = lifeMs * (RENEWAL_FRACTION + this.#random() * JITTER_FRACTION);
      this.#failedAt = -Infinity;
      this.#current = session;
      return session;
    } catch (error) {
      this.#failedAt = clock.now();
      throw error;
    }
  }
}
