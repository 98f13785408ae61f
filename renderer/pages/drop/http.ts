// One request, by XMLHttpRequest: fetch reports no progress of what is sent.

/** An answer, or none: status 0 for a network error and for an answer that the browser doesn't show (CORS). */
export interface Reply {
  readonly status: number;
  readonly body: string;
  /** Bytes of the body that left the browser, as far as it reports. */
  readonly sentBytes: number;
  /** The browser sent the body once more by itself, as far as its progress shows: the first may have arrived. */
  readonly isResent: boolean;
  /** Null where the bucket's CORS rule doesn't expose them. */
  readonly crc64: string | null;
  readonly etag: string | null;
  readonly ossRequestId: string | null;
  /** The server's clock, in Unix milliseconds. */
  readonly date: number | null;
}

/** What is sent. */
export interface Outgoing {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: FormData | Blob | null;
  readonly signal: AbortSignal;
  /** Bytes that left the browser; it may go back, when the browser sends again by itself. */
  readonly onProgress?: (sentBytes: number) => void;
}

/** A connection that takes nothing for this long is lost. */
const stalledMs = 60_000;

/** The answer to a body that has left: OSS may have to write it first, or to join thousands of parts. */
const answeredMs = 600_000;

/**
 * Sends a request. Resolves for every end but that of `signal`, for which it rejects with its reason.
 *
 * A body is watched from before its first byte. That makes CORS all or nothing: without a rule the preflight fails and
 * nothing is stored. A request without listeners is stored by the server, while the page learns of an error alone.
 */
export function send({ method, url, headers = {}, body, signal, onProgress }: Outgoing): Promise<Reply> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    let sentBytes = 0;
    let isResent = false;
    let timer = 0;
    const watch = (ms: number): void => {
      clearTimeout(timer);
      timer = window.setTimeout(() => request.abort(), ms);
    };
    const abort = (): void => request.abort();
    if (body !== null) {
      request.upload.addEventListener('progress', ({ loaded }) => {
        watch(stalledMs);
        isResent ||= loaded < sentBytes;
        sentBytes = loaded;
        onProgress?.(loaded);
      });
      request.upload.addEventListener('load', () => watch(answeredMs));
    }
    request.addEventListener('loadend', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve({ ...replyOf(request), sentBytes, isResent });
    });
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    signal.addEventListener('abort', abort);
    watch(stalledMs);
    request.send(body);
  });
}

function replyOf(request: XMLHttpRequest): Omit<Reply, 'sentBytes' | 'isResent'> {
  // Asking for a header that isn't exposed writes an error to the console.
  const headers = new Map(
    request
      .getAllResponseHeaders()
      .split('\r\n')
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const header = (name: string): string | null => headers.get(name) ?? null;
  const date = Date.parse(header('date') ?? '');
  return {
    status: request.status,
    body: request.responseText,
    crc64: header('x-oss-hash-crc64ecma'),
    etag: header('etag'),
    ossRequestId: header('x-oss-request-id') ?? field(request.responseText, 'RequestId'),
    date: Number.isNaN(date) ? null : date,
  };
}

/** A field of OSS's XML. Names and codes hold no markup. */
export function field(xml: string, name: string): string | null {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? null;
}
