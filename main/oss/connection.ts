import type { Dispatcher } from 'undici';
import type { Endpoint } from './endpoint.ts';

/** What signs a request. `securityToken` is set for temporary credentials. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string | null;
}

/** OSS4-HMAC-SHA256, or HMAC-SHA1 for old buckets and links. */
export type SignVersion = 'v4' | 'v1';

/** All that an operation needs to reach one server as one identity. */
export interface Connection {
  readonly endpoint: Endpoint;
  /** The plain id, `cn-hangzhou`. V1 does not use it. */
  readonly region: string;
  readonly signVersion: SignVersion;
  /** Asked at each request: whoever provides it caches and refreshes. */
  readonly accessKey: () => Promise<AccessKey>;
  readonly dispatcher: Dispatcher;
  /** Shared by all connections to one server. */
  readonly clock: ServerClock;
}

/** The server's time, in Unix milliseconds, as far as its answers have told it: a wrong local clock must not fail. */
export class ServerClock {
  readonly #localNow: () => number;
  #offsetMs = 0;

  constructor(localNow: () => number = Date.now) {
    this.#localNow = localNow;
  }

  now(): number {
    return this.#localNow() + this.#offsetMs;
  }

  /** Takes `serverDate` (Unix milliseconds, from a Date header just received) as the present. */
  sync(serverDate: number): void {
    this.#offsetMs = serverDate - this.#localNow();
  }

  /** Server time minus local time, in milliseconds. */
  get offsetMs(): number {
    return this.#offsetMs;
  }
}
