import type { LinkRepair, RawUrl } from './signed-url-parts.ts';

/** One way to read a pasted text as a URL, and what had to be mended for it. */
export interface PastedUrl {
  readonly url: RawUrl;
  readonly repaired: readonly LinkRepair[];
}

interface Attempt {
  readonly text: string;
  readonly repaired: readonly LinkRepair[];
}

/** The URLs that a pasted text may hold, the most likely one first; none when there is no URL in it. */
export function pastedUrls(pasted: string): readonly PastedUrl[] {
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

/** Nobody looks for a link among more addresses than these. */
const MAX_STARTS = 100;

/** A key of 1,023 bytes, a token and a note, each encoded twice, are shorter. */
const MAX_LENGTH = 65_536;

/** A URL that was encoded as a whole, as programs do that send it through one of their own: `…?url=https%3A%2F%2F…`. */
function unwrap(text: string): Attempt {
  const wrapped = /https?%3A%2F%2F[^\s"'<>&]+/i.exec(text)?.[0];
  if (wrapped === undefined) return { text, repaired: [] };
  try {
    return { text: decodeURIComponent(wrapped), repaired: ['double-encoding'] };
  } catch {
    return { text, repaired: [] };
  }
}

/** As it is first, then with one of two layers of encoding taken off: `%252F` is `%2F`. */
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

/** A `+` of a signature or a token that somebody decoded to a blank, where the rest shows that it must be one. */
function escapeBlanks({ text, repaired }: Attempt): Attempt {
  const whole = text
    .replace(/(?<=[?&]Signature=)(?:[A-Za-z0-9+/ ]|%2B|%2F){27}(?==|%3D)/gi, (signature) =>
      signature.replaceAll(' ', '%2B'),
    )
    .replace(/(?<=[?&](?:x-oss-)?security-token=)[A-Za-z0-9+/=% ]{16,}(?=&)/g, (token) => token.replaceAll(' ', '%2B'));
  return { text: whole, repaired: whole === text ? repaired : [...repaired, 'plus'] };
}

/** Zero-width characters that chats insert, and half characters that have no encoding. */
const invisible = /[\u200b-\u200d\u2060\ufeff]|\p{Surrogate}/gu;

const startPattern = /https?:\/\/|(?<![a-z0-9./-])[a-z0-9][a-z0-9.-]*\.aliyuncs\.com\//gi;

/** The text from where a URL begins: first with the lines that a mail program broke joined, then up to the first break. */
function joinedAndCut({ text: pasted, repaired: before }: Attempt, start: number, end: number): Attempt[] {
  const opened = pasted.slice(0, start).trimEnd().slice(-1);
  const wrapper: readonly LinkRepair[] = !(opened in closings)
    ? []
    : '<([{'.includes(opened)
      ? ['brackets']
      : ['quotes'];
  const repaired = [...before, ...wrapper];
  // Trimmed after the split: one pattern for both takes minutes over a hundred thousand blanks.
  const [first = '', ...more] = pasted
    .slice(start, Math.min(end, start + MAX_LENGTH))
    .split(/[\r\n]+/)
    .map((line) => line.trim());
  let joined = first;
  for (const line of more) {
    // A line with blanks in it, or in another script, is the sender's next sentence.
    if (line === '') continue;
    if (!/^[!-~]+$/.test(line) || line.search(startPattern) !== -1) break;
    joined += line;
  }
  const cut = (text: string): string => text.slice(0, lastIndexOrAll(text, closings[opened] ?? '\n'));
  const upToBreak = { text: cut(first), repaired };
  return joined === first ? [upToBreak] : [{ text: cut(joined), repaired: [...repaired, 'line-breaks'] }, upToBreak];
}

/** Where the next address begins; one without a blank before it is part of this one. */
function nextAfterBlank(text: string, starts: readonly number[], start: number): number {
  return starts.find((other) => other > start && /\s/.test(text.charAt(other - 1))) ?? text.length;
}

/** What ends a URL that stands between a pair. */
const closings: Readonly<Record<string, string>> = {
  ...{ '<': '>', '(': ')', '[': ']', '{': '}' },
  ...{ '"': '"', "'": "'", '“': '”', '‘': '’', '`': '`', '「': '」', '《': '》' },
};

function lastIndexOrAll(text: string, closing: string): number {
  const index = text.lastIndexOf(closing);
  return index === -1 ? text.length : index;
}

/** An HTML or JSON source writes `&` as `&amp;` or `\u0026`. */
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

/** Blanks are part of a path that was pasted decoded, never of a query. */
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

function cutUrl(text: string): RawUrl | null {
  const withScheme = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  const match = /^(https?):\/\/([^/?#\s@\\]+)(\/[^?]*)?(?:\?([^#]*))?(?:#(.*))?/is.exec(withScheme);
  if (match === null) return null;
  const [, protocol = 'https', authority = '', path = '/', query = '', fragment = ''] = match;
  return {
    ...{ protocol: protocol.toLowerCase(), authority, query, fragment },
    path: query === '' ? path.replace(/#.*$/s, '') : path,
  };
}

/** In a signature and in a token a bare `+` is meant, though OSS would read it as a space; neither holds a space. */
function escapePlus(query: string): string {
  return query.replace(/(^|&)(Signature|security-token|x-oss-security-token)=([^&]*)/g, (pair: string) =>
    pair.replace(/\+|%20/g, '%2B'),
  );
}

/** Percent-encodes what must not stand in a URL, and leaves what is encoded already. */
function escapeIllegal(text: string): string {
  return text.replace(/[^!$&-;=?-Z_a-z~%]+/gu, (run) => encodeURIComponent(run));
}
