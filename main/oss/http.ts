import type { LookupFunction } from 'node:net';
import { Agent } from 'undici';

/** How to reach servers. */
export interface DispatcherOptions {
  /** Resolves names in place of the system (tests). */
  readonly lookup?: LookupFunction;
  /** Certificate authorities (PEM) in place of the built-in ones. */
  readonly ca?: string | readonly string[];
}

/** Longest wait for a connection, in milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Longest silence in either direction, in milliseconds. */
const STALL_TIMEOUT_MS = 30_000;

/** A pool of kept-alive connections to any number of servers. Close it when done. */
export function makeDispatcher(options: DispatcherOptions = {}): Agent {
  return new Agent({
    connect: {
      timeout: CONNECT_TIMEOUT_MS,
      ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
      ...(options.ca === undefined ? {} : { ca: typeof options.ca === 'string' ? options.ca : [...options.ca] }),
    },
    headersTimeout: STALL_TIMEOUT_MS,
    bodyTimeout: STALL_TIMEOUT_MS,
    // Pipelining would make one stalled download hold up the next request.
    pipelining: 1,
  });
}
