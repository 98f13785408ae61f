import type { LookupFunction } from 'node:net';
import { Agent } from 'undici';
import { CONNECT_TIMEOUT_MS, STALL_TIMEOUT_MS } from './timeouts.ts';
import { trustOption } from './trust.ts';

/** How to reach servers. */
export interface DispatcherOptions {
  /** Resolves names in place of the system (tests). */
  readonly lookup?: LookupFunction;
  /** Certificate authorities (PEM) in place of those that are trusted. */
  readonly ca?: string | readonly string[];
  /** Longest silence in either direction, in milliseconds; 30 s unless said. */
  readonly stallTimeoutMs?: number;
}

/** Result of a connection test. */
export interface NetworkTest {
  readonly host: string;
  /** The proxy in use, `http://host:port`; null for a direct connection. */
  readonly proxy: string | null;
  readonly milliseconds: number;
}

/** A pool of kept-alive connections to any number of servers. Close it when done. */
export function makeDispatcher(options: DispatcherOptions = {}): Agent {
  return new Agent({ ...agentOptions(options), connect: connectOptions(options) });
}

/** The options of such a pool, apart from those of its connections. */
export function agentOptions({ stallTimeoutMs = STALL_TIMEOUT_MS }: DispatcherOptions = {}): Agent.Options {
  return {
    headersTimeout: stallTimeoutMs,
    bodyTimeout: stallTimeoutMs,
    // Pipelining would make one stalled download hold up the next request.
    pipelining: 1,
  };
}

/** The options of its connections; they trust what the thread trusts at this moment. */
export function connectOptions({ lookup, ca }: DispatcherOptions = {}): {
  readonly timeout: number;
  readonly lookup?: LookupFunction;
  readonly ca?: string | string[];
} {
  const own = ca === undefined ? trustOption() : { ca: typeof ca === 'string' ? ca : [...ca] };
  return { timeout: CONNECT_TIMEOUT_MS, ...(lookup === undefined ? {} : { lookup }), ...own };
}
