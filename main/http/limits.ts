/*
 * How long Waybill waits for servers, and how much of what they send it takes, whoever they are: one table for both
 * transports. Without imports, so that the threads that move bytes load nothing else for it.
 */

/** Longest wait for a connection, TLS handshake included, in milliseconds. */
export const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Longest silence in either direction, in milliseconds; also the longest wait for a whole head, however it trickles, and
 * for interim replies after the first.
 */
export const STALL_TIMEOUT_MS = 30_000;

/** Longest head of a reply, and longest trailer of a chunked body, in bytes. Node's and undici's default. */
export const MAX_HEAD_BYTES = 16_384;

/** Most interim replies (1xx) to one request. OSS sends none; a gateway sends one or two. */
export const MAX_INTERIM_REPLIES = 16;

/** Longest text that a thread reads: errors, and replies to uploads. OSS sends a few hundred bytes. */
export const MAX_SMALL_TEXT_BYTES = 64 * 1024;

/** Most bytes per read or write of a socket or a file: system calls stay rare, at this much memory for each request. */
export const BLOCK_BYTES = 1024 * 1024;

/**
 * How long an idle connection is kept, in milliseconds. Servers close idle ones, so an old one would fail its next
 * request.
 */
export const IDLE_MS = 4_000;

/** Most proxies that are taken from one answer of a PAC script. */
export const MAX_PROXIES = 16;
