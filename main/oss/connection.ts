import type { Dispatcher } from 'undici';
import type { Endpoint } from './endpoint.ts';
import { MAX_CORRECTION_MS } from './limits.ts';

/** The credentials that sign a request. `securityToken` is null for a long-lived key. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string | null;
}

/** Signature version: V4 is OSS4-HMAC-SHA256, V1 is HMAC-SHA1. */
export type SignVersion = 'v4' | 'v1';

/** Everything an operation needs to talk to one endpoint as one identity. */
export interface Connection {
  /** Read for each request: it may change to a custom domain of the bucket. */
  readonly endpoint: Endpoint;
  /** The region ID without `oss-`, such as `cn-hangzhou`. V1 doesn't sign it. */
  readonly region: string;
  readonly signVersion: SignVersion;
  /** Called for every request, so implementations cache the key and refresh it before it expires. */
  readonly accessKey: () => Promise<AccessKey>;
  readonly dispatcher: Dispatcher;
  /** Shared by all connections to one server, so that one correction serves them all. */
  readonly clock: ServerClock;
  /** Whether OSS has refused data calls of these credentials on its own public hosts, so that links there fail too. */
  readonly isPublicHostRefused?: boolean;
  /**
   * Called when OSS refuses a data call on its own public host. Where it finds a custom domain of the bucket, `endpoint`
   * is that now, so that the request can be sent again. @throws WaybillError for a search that may succeed later
   */
  readonly findCustomDomain?: (() => Promise<DomainSearch>) | undefined;
  /**
   * Called when what answered at `asked`, a custom domain, doesn't seem to be OSS with this bucket. Returns whether
   * `endpoint` is another now, because OSS no longer lists that domain. @throws WaybillError for a choice that is needed
   */
  readonly recheckDomain?: ((asked: Endpoint) => Promise<boolean>) | undefined;
  /** Called when OSS's own public host has served a data call, which shows that it isn't refused there. */
  readonly onHostServed?: (() => void) | undefined;
}

/** How a search for a custom domain ended. `denied`: OSS doesn't list the domains for these credentials. */
export type DomainSearch = 'found' | 'none' | 'denied';

/** Estimated server time, so that a wrong local clock doesn't break signing. OSS accepts at most 15 minutes of skew. */
export class ServerClock {
  readonly #localNow: () => number;
  #offsetMs = 0;

  constructor(localNow: () => number = Date.now) {
    this.#localNow = localNow;
  }

  /** In Unix milliseconds. */
  now(): number {
    return this.#localNow() + this.#offsetMs;
  }

  /**
   * Adopts `serverDate` (Unix milliseconds, from a Date header just received) as the current time. Returns false, and
   * changes nothing, if it's more than a day off.
   */
  sync(serverDate: number): boolean {
    const offsetMs = serverDate - this.#localNow();
    if (Math.abs(offsetMs) > MAX_CORRECTION_MS) return false;
    this.#offsetMs = offsetMs;
    return true;
  }

  /** Server time minus local time, in milliseconds. */
  get offsetMs(): number {
    return this.#offsetMs;
  }
}
