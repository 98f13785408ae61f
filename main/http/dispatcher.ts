import type { LookupFunction } from 'node:net';
import { Agent } from 'undici';
import { CONNECT_TIMEOUT_MS, MAX_HEAD_BYTES, STALL_TIMEOUT_MS } from './limits.ts';
import { trustOption } from './trust.ts';

/** Options of makeDispatcher(). */
export interface DispatcherOptions {
  /** Replaces the system's name resolution, for tests. */
  readonly lookup?: LookupFunction;
  /** Certificate authorities (PEM) to trust instead of those set by trust(). */
  readonly ca?: string | readonly string[];
  /** Longest silence in either direction, in milliseconds. Default: 30 s. */
  readonly stallTimeoutMs?: number;
}

/** Result of a connection test. */
export interface NetworkTest {
  readonly host: string;
  /** The proxy in use, `http://host:port`; null for a direct connection. */
  readonly proxy: string | null;
  readonly milliseconds: number;
}

/** A pool of keep-alive connections to any number of servers. The caller must close it. */
export function makeDispatcher(options: DispatcherOptions = {}): Agent {
  return new Agent({ ...agentOptions(options), connect: connectOptions(options) });
}

/** Options of a pool, except for those of its connections. */
export function agentOptions({ stallTimeoutMs = STALL_TIMEOUT_MS }: DispatcherOptions = {}): Agent.Options {
  return {
    headersTimeout: stallTimeoutMs,
    bodyTimeout: stallTimeoutMs,
    maxHeaderSize: MAX_HEAD_BYTES,
    // No pipelining: a stalled download would hold up the next request.
    pipelining: 1,
  };
}

/** Options of a pool's connections. They trust the authorities set by trust() at the time of this call. */
export function connectOptions({ lookup, ca }: DispatcherOptions = {}): {
  readonly timeout: number;
  readonly rejectUnauthorized: true;
  readonly lookup?: LookupFunction;
  readonly ca?: string | string[];
} {
  const own = ca === undefined ? trustOption() : { ca: typeof ca === 'string' ? ca : [...ca] };
  // Said explicitly, because NODE_TLS_REJECT_UNAUTHORIZED=0 would turn verification off.
  return { timeout: CONNECT_TIMEOUT_MS, rejectUnauthorized: true, ...(lookup === undefined ? {} : { lookup }), ...own };
}
