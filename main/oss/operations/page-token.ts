import { z } from 'zod';
import { malformedReply } from '../../failure.ts';
import { MAX_IDLE_PAGES } from '../limits.ts';
import { compareUtf8 } from './ranges/utf8-order.ts';

/**
 * Where a page of a listing ended. OSS's token is opaque: a server that leads from token to token in a circle would be
 * asked for ever. The token that Waybill hands out also says how far the listing had come, so that each page can be
 * checked by itself, whoever asks for it.
 */
interface PageEnd {
  readonly token: string;
  /** The last key or common prefix so far, in the byte order of UTF-8. */
  readonly last: string;
  /** How many pages before brought the listing no further. */
  readonly idlePages: number;
}

const schema = z.tuple([z.string(), z.string(), z.int().min(0)]);

/** The token of the page that begins behind a name, which needn't exist. */
export function tokenBehind(name: string): string {
  return JSON.stringify(['', name, 0]);
}

/**
 * Reads a token of nextPageToken() or tokenBehind(), which has none of OSS's; text of another kind is a token as OSS wrote
 * it.
 */
export function readPageToken(pageToken: string): PageEnd {
  let json: unknown;
  try {
    json = JSON.parse(pageToken);
  } catch {
    json = null;
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) return { token: pageToken, last: '', idlePages: 0 };
  const [token, last, idlePages] = parsed.data;
  return { token, last, idlePages };
}

/** The start of a listing. */
const start: PageEnd = { token: '', last: '', idlePages: 0 };

/**
 * The token of the next page, after a page with these keys and prefixes. `before`: where the page before ended.
 * @throws WaybillError `oss` MalformedReply for a page that begins before the end of the one before it, and for too many
 *   that bring the listing no further
 */
export function nextPageToken(token: string, names: readonly string[], before: PageEnd | null): string {
  const from = before ?? start;
  const isBack = names.some((name) => compareUtf8(name, from.last) < 0);
  const last = names.reduce((end, name) => (compareUtf8(name, end) > 0 ? name : end), from.last);
  const idlePages = last === from.last ? from.idlePages + 1 : 0;
  if (token === from.token || isBack || idlePages > MAX_IDLE_PAGES) {
    throw malformedReply(200, "a truncated listing that doesn't advance");
  }
  return JSON.stringify([token, last, idlePages]);
}
