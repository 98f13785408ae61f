import type { BatchLink } from '../making/link-batch.ts';
import type { LinkListHead } from '../making/link-list.ts';

/** What a share page says besides what a share manifest does. */
export interface SharePageHead extends LinkListHead {
  /** The folder's name; null for a selection. */
  readonly title: string | null;
  /** When the session that signed the links expires is unknown, so they may expire earlier. */
  readonly endsEarlier: boolean;
}

/** Shorter texts aren't worth a place of their own. */
const MIN_SHARED = 12;

/**
 * Writes the share manifest of a page, one object a line. receiving/share-manifest.ts describes the format; `modifiedAt`
 * (Unix milliseconds) and `thumbnail` are for the page alone.
 */
export function* pageManifest(head: SharePageHead, links: readonly BatchLink[]): Generator<string> {
  const { bucket, base, madeAt, validUntil, title, endsEarlier } = head;
  const texts = [...new Set([...sharedTexts(links.map(({ url }) => url)), ...sharedTexts(thumbnailsOf(links))])];
  const first = {
    ...{ waybill: 'share', version: 2, madeAt: isoTime(madeAt), validUntil: isoTime(validUntil), bucket },
    ...{ title, endsEarlier, texts },
  };
  let separator = `${JSON.stringify(first).slice(0, -1)},"objects":[\n`;
  for (const { key, sizeBytes, crc64, versionId, modifiedAt, url, thumbnail } of links) {
    const path = key.startsWith(base) ? key.slice(base.length) : key;
    const pieces = { url: piecesOf(url, texts), thumbnail: thumbnail === null ? null : piecesOf(thumbnail, texts) };
    yield separator + JSON.stringify({ path, sizeBytes, modifiedAt, crc64, versionId, ...pieces });
    separator = ',\n';
  }
  yield separator === ',\n' ? '\n]}' : `${separator}]}`;
}

function thumbnailsOf(links: readonly BatchLink[]): readonly string[] {
  return links.flatMap(({ thumbnail }) => (thumbnail === null ? [] : [thumbnail]));
}

/** The texts that the first and the last URL have in common, each a run of fields with what stands between them. */
function sharedTexts(urls: readonly string[]): readonly string[] {
  const [first, last] = [urls[0], urls.at(-1)];
  // One alone has nothing in common with another.
  if (first === undefined || last === undefined || urls.length < 2) return [];
  const fields = new Set(fieldsOf(last));
  const runs = [''];
  for (const field of fieldsOf(first)) {
    if (fields.has(field)) runs.push((runs.pop() ?? '') + field);
    else runs.push('');
  }
  return runs.filter((run) => run.length >= MIN_SHARED);
}

/** Segments of the path, names and values of the query, each with what separates it from the next. */
function fieldsOf(url: string): readonly string[] {
  return url.match(/[^/?&=]*[/?&=]*/g) ?? [];
}

/** A URL in pieces: joined, with each number standing for the text at that place, they are the URL again. */
function piecesOf(url: string, texts: readonly string[]): readonly (string | number)[] {
  let pieces: readonly (string | number)[] = [url];
  texts.forEach((text, place) => {
    pieces = pieces.flatMap((piece) => (typeof piece === 'string' ? split(piece, text, place) : [piece]));
  });
  return pieces;
}

function split(piece: string, text: string, place: number): readonly (string | number)[] {
  const at = piece.indexOf(text);
  if (at === -1) return [piece];
  return [piece.slice(0, at), place, piece.slice(at + text.length)].filter((part) => part !== '');
}

function isoTime(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
