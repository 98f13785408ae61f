/** What the byte work of one transfer tells while it runs. */
export interface ByteWatch {
  readonly signal: AbortSignal;
  /** Requests that may run at the same time. */
  readonly connections: number;
  /** Bytes that came through, negative where a broken part begins anew. */
  onBytes(count: number): void;
  /** The size became known, in bytes; null where nobody tells it. */
  onSize(sizeBytes: number | null): void;
  onVerifying(): void;
}

/** How a transfer ended well: by what it was verified, and which version it made or read. */
export interface Outcome {
  readonly verified: 'crc64' | 'length';
  readonly versionId: string | null;
}

/** Bytes that are read or written at once. */
export const BLOCK_BYTES = 1024 * 1024;

/** Requests of one large transfer that run at the same time, unless somebody says otherwise. */
export const USUAL_CONNECTIONS = 4;

/** A smaller file goes up in one request, which is one round trip instead of three. */
export const SIMPLE_UPLOAD_BYTES = 8 * 1024 ** 2;
