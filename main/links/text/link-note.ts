import { z } from 'zod';

/** The methods of links. */
export const linkMethods = ['GET', 'HEAD', 'PUT', 'DELETE'] as const;
/** GET and HEAD read an object, PUT writes it, DELETE removes it. */
export type LinkMethod = (typeof linkMethods)[number];

/**
 * The method and headers that a URL was signed for, which the URL itself doesn't contain. The note is its fragment:
 * `#waybill=` and base64url of JSON, which no client sends to a server.
 */
export interface LinkNote {
  readonly method: LinkMethod;
  /** Exactly what must be sent. Names in lowercase. */
  readonly headers: Readonly<Record<string, string>>;
}

const MARK = 'waybill=';
/** Enough for 8 KB of metadata, OSS's maximum. */
const MAX_LENGTH = 16_384;
const MAX_HEADERS = 64;

/**
 * Headers that describe an object or that OSS defines. A note comes from a stranger and must not make the receiver send
 * cookies, credentials or another Host.
 */
const headerName =
  /^(?:content-(?:type|md5|disposition|encoding|language)|cache-control|expires|accept-encoding|x-oss-(?!security-token$|date$|copy-source)[a-z0-9-]{1,120})$/;

const schema = z.object({
  v: z.literal(1),
  m: z.enum(linkMethods),
  h: z.record(z.string().regex(headerName), z.string().regex(/^[ -~]*$/)).optional(),
});

/** Appends a note to a URL. */
export function withNote(url: string, { method, headers }: LinkNote): string {
  const names = Object.keys(headers);
  const json = JSON.stringify({ v: 1, m: method, ...(names.length === 0 ? {} : { h: headers }) });
  return `${url}#${MARK}${Buffer.from(json).toString('base64url')}`;
}

/** Reads the note in a fragment: null if there is none, `unreadable` if damaged or with a forbidden header. */
export function readNote(fragment: string): LinkNote | 'unreadable' | null {
  if (!fragment.startsWith(MARK)) return null;
  const encoded = fragment.slice(MARK.length);
  if (encoded.length > MAX_LENGTH || !/^[A-Za-z0-9_-]+$/.test(encoded)) return 'unreadable';
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
  } catch {
    return 'unreadable';
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) return 'unreadable';
  const headers = parsed.data.h ?? {};
  return Object.keys(headers).length > MAX_HEADERS ? 'unreadable' : { method: parsed.data.m, headers };
}
