import type { AccessKey, ServerClock } from '../../oss/connection.ts';

/**
 * What signs, and until when it can: Unix milliseconds by the server's clock; null for a long-lived AccessKey;
 * `unknown` for a security token whose end nobody told.
 */
export interface Session {
  readonly accessKey: AccessKey;
  readonly validUntil: number | null | 'unknown';
}

/** Where an account's signing key comes from. */
export interface Credentials {
  /**
   * A session that is valid now and, where it can be renewed, for as much of the next `validForMs` as the role allows.
   * @throws WaybillError `credentials` or `keychain`
   */
  session(validForMs?: number): Promise<Session>;
  /** Forgets a session that the server called expired. False: there is no other, ask the person. */
  renew(): boolean;
}

/** A pair, or a pair with a token that a person pasted. */
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

/** A role's sessions: how to get one, with which key, and how long each lasts. */
export interface RoleSource {
  readonly base: Credentials;
  readonly assume: (accessKey: AccessKey) => Promise<RoleSession>;
  readonly durationMs: number;
  readonly clock: ServerClock;
  /** From 0 to 1: how much sooner than needed this session is replaced. */
  readonly random?: () => number;
}

/** A session that STS gave. */
export interface RoleSession extends Session {
  readonly validUntil: number;
}

/** A session is replaced before the last fifth of its life begins, so that requests under way do not lose it. */
const LAST_PART = 1 / 5;

/** Up to this part of its life sooner, so that many clients of one role do not ask STS at the same moment. */
const JITTER_PART = 1 / 20;

/** After STS failed, a session that still serves is not tried to be replaced for so long. */
const RETRY_AFTER_MS = 20_000;

/** Less than this to gain is not worth another AssumeRole, which STS limits per second. */
const WORTHWHILE_MS = 60_000;

/** The sessions of a role: one at a time, renewed ahead of its end. */
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
    const wantedMs = Math.max(this.#renewAheadMs, Math.min(validForMs, this.#source.durationMs) - WORTHWHILE_MS);
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

  /** However many wait for it. */
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
      this.#renewAheadMs = lifeMs * (LAST_PART + this.#random() * JITTER_PART);
      this.#failedAt = -Infinity;
      this.#current = session;
      return session;
    } catch (error) {
      this.#failedAt = clock.now();
      throw error;
    }
  }
}
