import { makeCrc64 } from '../shared/crc64/crc64.ts';

/** Where the bytes of a download go. */
export interface Sink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Throws away what was written: it comes again from the start. */
  restart(): Promise<void>;
}

/** Why there is no file. `code` is OSS's. */
export type FetchTrouble =
  | { readonly kind: 'network' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly code: string };

/** A download that failed. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  readonly trouble: FetchTrouble;

  constructor(trouble: FetchTrouble) {
    super(trouble.kind);
    this.trouble = trouble;
  }
}

/** What was received. */
export interface Received {
  readonly bytes: number;
  /** Of the bytes, unsigned decimal. */
  readonly crc64: string;
  /** What the server says of the whole file; null where the bucket's CORS rules don't show it. */
  readonly servedCrc64: string | null;
  /** Bytes that were sent: others than received if the file is stored compressed. Null if unknown. */
  readonly sentBytes: number | null;
}

interface FetchOptions {
  readonly signal: AbortSignal;
  /** Gets the bytes received so far. */
  readonly onBytes: (bytes: number) => void;
  /** Gets the time of each answer, if it can be read. */
  readonly onDate: (date: string | null) => void;
  /** Waits this many milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
}

/** How often a lost connection is taken up again without any progress. */
const MAX_RETRIES = 4;

/** Longest error reply that is read, in characters. */
const MAX_ERROR_LENGTH = 10_000;

/**
 * Streams a file into a sink; a lost connection is taken up where it broke. No header is sent that needs a preflight.
 * Throws FetchError, what the sink throws, and the signal's reason.
 */
export async function fetchFile(url: string, sink: Sink, options: FetchOptions): Promise<Received> {
  const { signal, wait } = options;
  const download = new Download(url, sink, options);
  let retries = 0;
  for (;;) {
    const before = download.bytes;
    const received = await download.proceed().catch(ignoreNetwork(signal));
    if (received !== null) return received;
    retries = download.bytes > before ? 1 : retries + 1;
    if (retries > MAX_RETRIES) throw new FetchError({ kind: 'network' });
    await wait(1000 * 2 ** (retries - 1));
    signal.throwIfAborted();
  }
}

/** How far a file has come. */
class Download {
  readonly #url: string;
  readonly #sink: Sink;
  readonly #options: FetchOptions;
  #crc64 = makeCrc64();
  #sentBytes: number | null = null;
  bytes = 0;

  constructor(url: string, sink: Sink, options: FetchOptions) {
    this.#url = url;
    this.#sink = sink;
    this.#options = options;
  }

  /** Reads the rest of the file; null if the server is busy. Throws a TypeError if the connection is lost. */
  async proceed(): Promise<Received | null> {
    const response = await open(this.#url, this.bytes, this.#options);
    if (response === null) return null;
    if (response.status !== 206) await this.#restart(lengthOf(response));
    const reader = response.body?.getReader();
    for (;;) {
      const piece = await reader?.read();
      if (piece === undefined || piece.done) break;
      // A failure of the disk must not pass for one of the network.
      await this.#sink.write(piece.value).catch(asDiskError);
      this.#crc64.add(piece.value);
      this.bytes += piece.value.length;
      this.#options.onBytes(this.bytes);
    }
    // A part of a file comes with the checksum of the whole.
    const servedCrc64 = response.headers.get('x-oss-hash-crc64ecma');
    return { bytes: this.bytes, crc64: this.#crc64.digest(), servedCrc64, sentBytes: this.#sentBytes };
  }

  async #restart(sentBytes: number | null): Promise<void> {
    if (this.bytes > 0) await this.#sink.restart().catch(asDiskError);
    [this.#crc64, this.bytes, this.#sentBytes] = [makeCrc64(), 0, sentBytes];
  }
}

function asDiskError(cause: unknown): never {
  throw new Error('disk', { cause });
}

/** Asks for a file from a byte on. A server that is busy counts as a lost connection. */
async function open(url: string, from: number, { signal, onDate }: FetchOptions): Promise<Response | null> {
  const headers: Record<string, string> = from === 0 ? {} : { range: `bytes=${from}-` };
  const response = await fetch(url, { headers, signal, cache: 'no-store', credentials: 'omit' });
  onDate(response.headers.get('date'));
  if (response.ok) return response;
  if (response.status >= 500 || response.status === 429) return null;
  throw new FetchError(troubleOf(response.status, (await response.text()).slice(0, MAX_ERROR_LENGTH)));
}

/** What an error reply of OSS means. */
export function troubleOf(status: number, body: string): FetchTrouble {
  const code = /<Code>(\w{1,64})<\/Code>/.exec(body)?.[1] ?? String(status);
  if (/expired/i.test(/<Message>([^<]*)<\/Message>/.exec(body)?.[1] ?? '') || code === 'SecurityTokenExpired') {
    return { kind: 'expired' };
  }
  return code === 'NoSuchKey' || code === 'NoSuchVersion' ? { kind: 'gone' } : { kind: 'refused', code };
}

/** Fetch reports a lost connection, and an answer that CORS hides, as a TypeError; everything else is passed on. */
function ignoreNetwork(signal: AbortSignal): (error: unknown) => null {
  return (error) => {
    signal.throwIfAborted();
    if (error instanceof TypeError) return null;
    throw error;
  };
}

function lengthOf({ headers }: Response): number | null {
  const length = headers.get('content-length');
  return length === null ? null : Number(length);
}
