import type { Failure } from '../failure.ts';
/**
 * What one transfer's byte work needs and reports: an abort signal, its share of connections, and progress callbacks.
 */
export interface ByteWatch {
  readonly signal: AbortSignal;
  /** Limit of concurrent requests. It may change while the transfer runs. */
  readonly connections: () => number;
  /** Bytes transferred since the last call; negative when a broken part starts over. */
  onBytes(count: number): void;
  /** Bytes that an earlier attempt transferred, and that count without being transferred again. */
  onKept(count: number): void;
  /** Reports the total size in bytes; null if the server doesn't send it. */
  onSize(sizeBytes: number | null): void;
  onVerifying(): void;
}

/** Result of a successful transfer: how it was verified, and the version created or read. */
export interface Outcome {
  readonly verified: 'crc64' | 'length' | 'unconfirmed';
  readonly versionId: string | null;
  /** The upload is stored, but its callback failed. */
  readonly callback?: Failure;
}

/** Concurrent requests of one large transfer by default. */
export const USUAL_CONNECTIONS = 4;

/** Files up to this size, in bytes, take one PUT: one round trip instead of the three of a multipart upload. */
export const SIMPLE_UPLOAD_BYTES = 8 * 1024 ** 2;
