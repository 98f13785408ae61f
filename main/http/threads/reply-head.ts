import { malformedReply } from '../../failure.ts';

/** The head of an HTTP/1.1 reply. */
export interface ReplyHead {
  readonly status: number;
  /** Names in lower case; repeated headers joined with commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** Length of the body in bytes; null if the body itself marks its end (chunked, or until the connection closes). */
  readonly lengthBytes: number | null;
  /** Whether the connection may be reused. */
  readonly isKeepAlive: boolean;
}

/**
 * Parses a head, without its final empty line (RFC 9112).
 * @throws WaybillError `oss` MalformedReply if it isn't HTTP/1.x
 */
export function parseReplyHead(text: string): ReplyHead {
  const [first = '', ...lines] = text.split('\r\n');
  const [, version, status] = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(first) ?? [];
  if (status === undefined) throw malformedReply(0, 'the reply is not HTTP');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    // Reject obsolete line folding (RFC 9112, 5.2); it enables response smuggling.
    if (colon < 1 || /\s/.test(line.slice(0, colon))) throw malformedReply(Number(status), 'a malformed header');
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
