import { malformedReply } from '../failure.ts';

/** The head of an HTTP/1.1 answer. */
export interface ReplyHead {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Length of the body in bytes; null where only the body's own end tells. */
  readonly lengthBytes: number | null;
  /** Whether another request may follow on the connection. */
  readonly isKeepAlive: boolean;
}

/**
 * Reads a head, without the empty line that ends it.
 * @throws WaybillError `oss` MalformedReply for what is no HTTP
 */
export function parseReplyHead(text: string): ReplyHead {
  const [first = '', ...lines] = text.split('\r\n');
  const [, version, status] = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(first) ?? [];
  if (status === undefined) throw malformedReply(0, 'the answer is no HTTP');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    // A line that goes on with the one before begins with a blank: long forbidden, and a way to smuggle.
    if (colon < 1 || /\s/.test(line.slice(0, colon))) throw malformedReply(Number(status), 'a header that is none');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return {
    status: Number(status),
    headers,
    lengthBytes: lengthOf(Number(status), headers),
    isKeepAlive: version === '1' && !/\bclose\b/i.test(headers['connection'] ?? ''),
  };
}

function lengthOf(status: number, headers: Readonly<Record<string, string>>): number | null {
  if (status === 204 || status === 304) return 0;
  const length = headers['content-length'] ?? '';
  return headers['transfer-encoding'] === undefined && /^\d{1,15}$/.test(length) ? Number(length) : null;
}
