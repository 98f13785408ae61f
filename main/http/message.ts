import type { Readable } from 'node:stream';

/** A slice of a local file as a request body: whoever sends it reads it, this thread or another. */
export interface FileSlice {
  readonly kind: 'file-slice';
  /** File descriptors are shared by all threads of the process. Null: the reader opens the file itself. */
  readonly fd: number | null;
  readonly path: string;
  readonly start: number;
  readonly sizeBytes: number;
  /** Expected state of the whole file, checked when it is opened and again before the last bytes leave. */
  readonly file: { readonly sizeBytes: number; readonly modifiedAt: number };
}

/** A request body. A function creates a fresh stream each time, so that the request can be signed and sent again. */
export type RequestBody = Uint8Array | Readable | (() => Readable) | FileSlice;

/** Returns whether a body is a slice of a file. */
export function isFileSlice(body: RequestBody | undefined): body is FileSlice {
  return body !== undefined && 'kind' in body;
}

/** A request as it goes out, signed. */
export interface OutgoingRequest {
  /** `https://host:port` */
  readonly origin: string;
  /** With the query, percent-encoded. */
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Longest wait for the head of the reply, in milliseconds. Default: 30 s. */
  readonly answerTimeoutMs?: number | undefined;
  /** Called with the number of bytes of a file slice each time some were read to be sent. */
  readonly onSent?: ((bytes: number) => void) | undefined;
  /**
   * What the reply's body is. `text`: a few kilobytes that say something. `stream`: object data, subject to the
   * bandwidth limit. `file`: object data for storeBody(), which whoever receives the bytes carries out.
   */
  readonly expects?: 'text' | 'stream' | 'file' | undefined;
}

/** A reply whose status and headers are not checked yet. */
export interface Reply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** May be destroyed unread, without a listener for its error. */
  readonly body: Readable;
  /** CRC-64 of the file slice that was sent, in unsigned decimal; null without one, or if it wasn't sent to its end. */
  readonly sentCrc64: string | null;
}
