/** Longest wait for a connection, in milliseconds. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** Longest silence in either direction, in milliseconds. */
export const STALL_TIMEOUT_MS = 30_000;
