import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { WaybillError } from '../failure.ts';
import type { Params } from './canonical.ts';
import type { Connection } from './connection.ts';

/** Headers of a reply, names in lower case. */
export type OssHeaders = Readonly<Record<string, string>>;

/** A body. A function makes a fresh stream, so that the request can be signed and sent again. */
export type RequestBody = Uint8Array | Readable | (() => Readable);

/** One request to a service (no bucket), a bucket (no key) or an object. */
export interface OssRequest {
  readonly method: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly params?: Params;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** Length of a stream in bytes: needed with one, since OSS wants a Content-Length. */
  readonly contentLength?: number;
  readonly signal?: AbortSignal | undefined;
  /** How long OSS may take to begin its answer, in milliseconds; 30 s unless said. */
  readonly answerTimeoutMs?: number;
}

/** What came back, always a success (2xx). `body` must be consumed or destroyed. */
export interface OssReply {
  readonly status: number;
  readonly headers: OssHeaders;
  readonly body: Readable;
}

/** One request through a signed URL: method, headers and body, all else is in the URL. */
export type UnsignedRequest = Pick<
  OssRequest,
  'method' | 'headers' | 'body' | 'contentLength' | 'signal' | 'answerTimeoutMs'
>;

/** Signs and sends. @throws WaybillError for any reply that is no success and for a broken network */
export function send(connection: Connection, request: OssRequest): Promise<OssReply> {
  return Promise.reject(new WaybillError({ kind: 'bug', logId: `${connection.region}${request.method}` }));
}

/** Sends through a signed URL. @throws WaybillError `link` where the link is the reason */
export function sendUnsigned(url: string, request: UnsignedRequest, dispatcher: Dispatcher): Promise<OssReply> {
  void dispatcher;
  return Promise.reject(new WaybillError({ kind: 'bug', logId: `${url}${request.method}` }));
}

/** The WaybillError of an error of undici or Node (network, cancelled); an error it doesn't know comes back as it is. */
export function networkFailure(error: unknown, host: string): Error {
  void host;
  return error as Error;
}
