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
  const attempts = [...joinedAndCut(pasted.replace(invisible, ''))].map(unescapeEntities);
  return attempts.flatMap(withAndWithoutTail).flatMap(({ text, repaired }) => {
    const raw = cutUrl(text);
    if (raw === null) return [];
    const query = escapePlus(raw.query);
    const url = { ...raw, path: escapeIllegal(raw.path), query: escapeIllegal(query) };
    return [{ url, repaired: query === raw.query ? repaired : [...repaired, 'plus'] }];
  });
}

/** Zero-width characters that chats insert, and half characters that have no encoding. */
const invisible = /[\u200b-\u200d\u2060\ufeff]|\p{Surrogate}/gu;

const startPattern = /https?:\/\/|[a-z0-9][a-z0-9.-]*\.aliyuncs\.com\//i;

/** The text from where a URL begins: first with the lines that a mail program broke joined, then up to the first break. */
function* joinedAndCut(pasted: string): Generator<Attempt> {
  const start = startPattern.exec(pasted);
  if (start === null) return;
  const before = pasted.slice(0, start.index).trimEnd();
  const opened = before.slice(-1);
  const bracket: readonly LinkRepair[] =
    opened !== '' && '<([{'.includes(opened)
      ? ['brackets']
      : opened !== '' && '"\'“‘`'.includes(opened)
        ? ['quotes']
        : [];
  const [first = '', ...more] = pasted.slice(start.index).split(/\s*[\r\n]+\s*/);
  let joined = first;
  for (const line of more) {
    // A line with blanks in it, or in another script, is the sender's next sentence.
    if (line === '' || !/^[!-~]+$/.test(line) || startPattern.test(line)) break;
    joined += line;
  }
  const closing = { '<': '>', '(': ')', '[': ']', '{': '}', '"': '"', "'": "'", '“': '”', '‘': '’', '`': '`' }[opened];
  const cut = (text: string): string => (closing === undefined ? text : text.slice(0, lastIndexOrAll(text, closing)));
  if (joined !== first) yield { text: cut(joined), repaired: [...bracket, 'line-breaks'] };
  yield { text: cut(first), repaired: bracket };
}

function lastIndexOrAll(text: string, closing: string): number {
  const index = text.lastIndexOf(closing);
  return index === -1 ? text.length : index;
}

/** An HTML or JSON source writes `&` as `&amp;` or `\u0026`. */
function unescapeEntities({ text, repaired }: Attempt): Attempt {
  const plain = text
    .replace(/&amp;|&#38;|&#x26;|\\u0026/gi, '&')
    .replace(/&#39;|&#x27;|&apos;/gi, "'")
    .replaceAll('\\/', '/');
  return plain === text ? { text, repaired } : { text: plain, repaired: [...repaired, 'entities'] };
}

/** Blanks are part of a path that was pasted decoded, never of a query. */
function withAndWithoutTail({ text, repaired }: Attempt): Attempt[] {
  const question = text.indexOf('?');
  const end =
    question === -1 ? text.search(/[\s<>"]/) : indexFrom(text, /[\s<>"`，。；：！？、）】」』》”’]/, question + 1);
  const whole = end === -1 ? text : text.slice(0, end);
  const sentence = whole.replace(/[.,;:!?…]+$/, '');
  const bare = whole.replace(/[.,;:!?…)\]}>'"*_]+$/, '');
  return [sentence, bare]
    .filter((candidate, index, all) => all.indexOf(candidate) === index)
    .map((candidate) => {
      const trimmed = candidate.length < text.trimEnd().length;
      const known = repaired.includes('punctuation') || !trimmed;
      return { text: candidate, repaired: known ? repaired : [...repaired, 'punctuation'] };
    });
}

function indexFrom(text: string, pattern: RegExp, from: number): number {
  const index = text.slice(from).search(pattern);
  return index === -1 ? -1 : index + from;
}

function cutUrl(text: string): RawUrl | null {
  const withScheme = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  const match = /^(https?):\/\/([^/?#\s@\\]+)(\/[^?]*)?(?:\?([^#]*))?/i.exec(withScheme);
  if (match === null) return null;
  const [, protocol = 'https', authority = '', path = '/', query = ''] = match;
  return { protocol: protocol.toLowerCase(), authority, path: query === '' ? path.replace(/#.*$/s, '') : path, query };
}

/** In a signature and in a token a bare `+` is meant, though OSS would read it as a space. */
function escapePlus(query: string): string {
  return query.replace(/(^|&)(Signature|security-token|x-oss-security-token)=([^&]*)/g, (pair: string) =>
    pair.replaceAll('+', '%2B'),
  );
}

/** Percent-encodes what must not stand in a URL, and leaves what is encoded already. */
function escapeIllegal(text: string): string {
  return text.replace(/[^!$&-;=?-Z_a-z~%]+/gu, (run) => encodeURIComponent(run));
}
