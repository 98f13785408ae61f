import type { LookupFunction } from 'node:net';
import { Agent } from 'undici';
import { CONNECT_TIMEOUT_MS, STALL_TIMEOUT_MS } from './timeouts.ts';

/** How to reach servers. */
export interface DispatcherOptions {
  /** Resolves names in place of the system (tests). */
  readonly lookup?: LookupFunction;
  /** Certificate authorities (PEM) in place of the built-in ones. */
  readonly ca?: string | readonly string[];
}

/** A pool of kept-alive connections to any number of servers. Close it when done. */
export function makeDispatcher(options: DispatcherOptions = {}): Agent {
  return new Agent(agentOptions(options));
}

/** The options of such a pool. */
export function agentOptions(options: DispatcherOptions = {}): Agent.Options {
  return {
    connect: {
      timeout: CONNECT_TIMEOUT_MS,
      ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
      ...(options.ca === undefined ? {} : { ca: typeof options.ca === 'string' ? options.ca : [...options.ca] }),
    },
    headersTimeout: STALL_TIMEOUT_MS,
    bodyTimeout: STALL_TIMEOUT_MS,
    // Pipelining would make one stalled download hold up the next request.
    pipelining: 1,
  };
}
