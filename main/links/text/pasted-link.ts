import { percentDecode } from '../../oss/canonical.ts';
import { type SplitUrl, parseSignedUrl, type UrlReading } from '../../oss/signing/signed-url-parts.ts';

/** What had to be repaired in a pasted text before it could be read as a link. */
export type LinkRepair =
  'plus' | 'entities' | 'line-breaks' | 'brackets' | 'punctuation' | 'quotes' | 'double-encoding';

/** What a pasted text turned out to be. */
export type LinkReading =
  | (Extract<UrlReading, { kind: 'link' }> & { readonly repaired: readonly LinkRepair[] })
  | Exclude<UrlReading, { kind: 'link' }>
  | { readonly kind: 'not-a-link' };

/**
 * Reads a signed URL from pasted text, whatever mail, chat or spreadsheets did to it. The text is read in several ways,
 * from the most to the least literal, and the first that yields a complete link wins.
 */
export function readSignedUrl(text: string): LinkReading {
  let best: LinkReading = { kind: 'not-a-link' };
  for (const { url, repaired } of pastedUrls(text)) {
    const reading = parseSignedUrl(url);
    if (reading.kind === 'link') return { ...reading, repaired };
    if (best.kind === 'not-a-link' || (best.kind === 'foreign' && reading.kind !== 'foreign')) best = reading;
  }
  return best;
}

/** One way to read a pasted text as a URL, and the repairs that it takes. */
interface PastedUrl {
  readonly url: SplitUrl;
  readonly repaired: readonly LinkRepair[];
}

interface Attempt {
  readonly text: string;
  readonly repaired: readonly LinkRepair[];
}

/** The URLs that a pasted text may hold, the most likely one first. */
function pastedUrls(pasted: string): readonly PastedUrl[] {
  const plain = escapeBlanks(unescapeEntities(unwrap(pasted.replace(invisible, ''))));
  const starts = [...plain.text.matchAll(startPattern)].map(({ index }) => index).slice(0, MAX_STARTS);
  return starts
    .flatMap((start) => joinedAndCut(plain, start, nextAfterBlank(plain.text, starts, start)))
    .flatMap(withAndWithoutTail)
    .flatMap(({ text, repaired }) => {
      const raw = cutUrl(text);
      if (raw === null) return [];
      const query = escapePlus(raw.query);
      const url = { ...raw, path: escapeIllegal(raw.path), query: escapeIllegal(query) };
      return withoutDoubleEncoding({
        url,
        repaired: query === raw.query ? repaired : [...new Set([...repaired, 'plus' as const])],
      });
    });
}

/** Most addresses tried in one text: bounds the work for a text of nothing but addresses. */
const MAX_STARTS = 100;

/** Longest URL, in characters: room for a key of 1,023 bytes, a token and a note, each encoded twice. */
const MAX_LENGTH = 65_536;

/** Unwraps a URL that is encoded as a whole inside another, as link trackers write it: `…?url=https%3A%2F%2F…`. */
function unwrap(text: string): Attempt {
  const wrapped = /https?%3A%2F%2F[^\s"'<>&]+/i.exec(text)?.[0];
  if (wrapped === undefined) return { text, repaired: [] };
  const inner = percentDecode(wrapped);
  return inner === null ? { text, repaired: [] } : { text: inner, repaired: ['double-encoding'] };
}

/** The URL as it is, then with one of two layers of encoding removed: `%252F` becomes `%2F`. */
function withoutDoubleEncoding(found: PastedUrl): PastedUrl[] {
  const once = (text: string): string => text.replace(/%25(?=[0-9a-f]{2})/gi, '%');
  const query = escapePlus(once(found.url.query));
  if (query === found.url.query) return [found];
  const path = once(found.url.path);
  const repaired = [...found.repaired, 'double-encoding' as const];
  const both = { url: { ...found.url, path, query }, repaired };
  const queryOnly = { url: { ...found.url, query }, repaired };
  return path === found.url.path ? [found, queryOnly] : [found, both, queryOnly];
}

/** Restores a `+` of a signature or token that was decoded to a space, where the context leaves no other reading. */
function escapeBlanks({ text, repaired }: Attempt): Attempt {
  const whole = text
    .replace(/(?<=[?&]Signature=)(?:[A-Za-z0-9+/ ]|%2B|%2F){27}(?==|%3D)/gi, (signature) =>
      signature.replaceAll(' ', '%2B'),
    )
    .replace(/(?<=[?&](?:x-oss-)?security-token=)[A-Za-z0-9+/=% ]{16,}(?=&)/g, (token) => token.replaceAll(' ', '%2B'));
  return { text: whole, repaired: whole === text ? repaired : [...repaired, 'plus'] };
}

/** Zero-width characters that chat programs insert, and lone surrogates, which have no UTF-8. */
const invisible = /[\u200b-\u200d\u2060\ufeff]|\p{Surrogate}/gu;

const startPattern = /https?:\/\/|(?<![a-z0-9./-])[a-z0-9][a-z0-9.-]*\.aliyuncs\.com\//gi;

/**
 * The text from the start of a URL: first with lines joined that a mail program wrapped, then up to the first break.
 */
function joinedAndCut({ text: pasted, repaired: before }: Attempt, start: number, end: number): Attempt[] {
  const opened = pasted.slice(0, start).trimEnd().slice(-1);
  const wrapper: readonly LinkRepair[] = !(opened in closings)
    ? []
    : '<([{'.includes(opened)
      ? ['brackets']
      : ['quotes'];
  const repaired = [...before, ...wrapper];
  // Split first, then trim: a single pattern for both backtracks for minutes over 100,000 spaces.
  const [first = '', ...more] = pasted
    .slice(start, Math.min(end, start + MAX_LENGTH))
    .split(/[\r\n]+/)
    .map((line) => line.trim());
  let joined = first;
  for (const line of more) {
    // A line with spaces, or in another script, is the sender's next sentence.
    if (line === '') continue;
    if (!/^[!-~]+$/.test(line) || line.search(startPattern) !== -1) break;
    joined += line;
  }
  const cut = (text: string): string => text.slice(0, lastIndexOrAll(text, closings[opened] ?? '\n'));
  const upToBreak = { text: cut(first), repaired };
  return joined === first ? [upToBreak] : [{ text: cut(joined), repaired: [...repaired, 'line-breaks'] }, upToBreak];
}

/** Where the next address begins. One without whitespace before it is part of the current address. */
function nextAfterBlank(text: string, starts: readonly number[], start: number): number {
  return starts.find((other) => other > start && /\s/.test(text.charAt(other - 1))) ?? text.length;
}

/** The closing character for each opening one that may stand before a URL. */
const closings: Readonly<Record<string, string>> = {
  ...{ '<': '>', '(': ')', '[': ']', '{': '}' },
  ...{ '"': '"', "'": "'", '“': '”', '‘': '’', '`': '`', '「': '」', '《': '》' },
};

function lastIndexOrAll(text: string, closing: string): number {
  const index = text.lastIndexOf(closing);
  return index === -1 ? text.length : index;
}

/** Undoes the escapes of HTML and JSON source text: `&amp;`, `\u0026`. */
function unescapeEntities({ text, repaired }: Attempt): Attempt {
  const plain = text
    .replace(/&amp;|&#38;|&#x26;|\\u0026/gi, '&')
    .replace(/&#39;|&#x27;|&apos;/gi, "'")
    .replace(/&quot;|&#34;/gi, '"')
    .replace(/&lt;/gi, '<')
    .replace(/&gt;/gi, '>')
    .replaceAll('\\/', '/');
  return { text: plain, repaired: plain === text ? repaired : [...repaired, 'entities'] };
}

/**
 * The URL with and without trailing punctuation. Spaces may belong to a path that was pasted decoded, never to a query.
 */
function withAndWithoutTail({ text, repaired }: Attempt): Attempt[] {
  const question = text.indexOf('?');
  const found =
    question === -1 ? text.search(/[\s<>"]/) : indexFrom(text, /[\s<>"`，。；：！？、）】」』》”’]/, question + 1);
  const whole = found === -1 ? text : text.slice(0, found);
  const sentence = whole.replace(/[.,;:!?…]+$/, '');
  const bare = whole.replace(/[.,;:!?…)\]}>'"*_]+$/, '');
  return [...new Set([sentence, bare])].map((candidate) => {
    const isTrimmed = candidate !== whole || /^[，。；：！？、]/.test(text.slice(whole.length));
    return { text: candidate, repaired: isTrimmed ? [...repaired, 'punctuation'] : repaired };
  });
}

function indexFrom(text: string, pattern: RegExp, from: number): number {
  const index = text.slice(from).search(pattern);
  return index === -1 ? -1 : index + from;
}

function cutUrl(text: string): SplitUrl | null {
  const withScheme = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  const match = /^(https?):\/\/([^/?#\s@\\]+)(\/[^?]*)?(?:\?([^#]*))?(?:#(.*))?/is.exec(withScheme);
  if (match === null) return null;
  const [, protocol = 'https', authority = '', path = '/', query = '', fragment = ''] = match;
  return {
    ...{ protocol: protocol.toLowerCase(), authority, query, fragment },
    path: query === '' ? path.replace(/#.*$/s, '') : path,
  };
}

/** Encodes a bare `+` in a signature or token: neither holds a space, but OSS would read it as one. */
function escapePlus(query: string): string {
  return query.replace(/(^|&)(Signature|security-token|x-oss-security-token)=([^&]*)/g, (pair: string) =>
    pair.replace(/\+|%20/g, '%2B'),
  );
}

/** Percent-encodes characters that a URL can't hold; leaves existing escapes alone. */
function escapeIllegal(text: string): string {
  return text.replace(/[^!$&-;=?-Z_a-z~%]+/gu, (run) => encodeURIComponent(run));
}
