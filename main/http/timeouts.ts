/*
 * Apart from dispatcher.ts, so that the threads that move bytes don't load undici for two numbers.
 */

/** Longest wait for a connection, TLS handshake included, in milliseconds. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** Longest silence in either direction, in milliseconds. */
export const STALL_TIMEOUT_MS = 30_000;
