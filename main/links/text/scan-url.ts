import { isSignatureField, type SplitUrl } from '../../oss/signing/signed-url-parts.ts';
import { own } from '../../own.ts';

/** A URL found in a text, cut where its own grammar ends. */
export interface ScannedUrl {
  readonly url: SplitUrl;
  /** Index behind its last character. */
  readonly end: number;
  /** A blank or a bare `+` of a signature or token was read as the `+` that it stands for. */
  readonly plus: boolean;
}

/** What stands around a URL. */
export interface Place {
  /** The character before it, which may be a bracket or a quote that encloses it; empty at the start of a text. */
  readonly opened: string;
  /** Nothing does: the text is one run of characters, so that its last one belongs to the URL too. */
  readonly isAlone: boolean;
}

/** Longest URL, in characters: room for a key of 1,023 bytes, a token and a note, each encoded twice. */
export const MAX_URL_LENGTH = 65_536;

const head =
  /(?:(https?):\/\/([\p{L}\p{N}._-]+(?::\d{1,5})?|\[[0-9a-f:.]+\](?::\d{1,5})?)|([a-z0-9.-]+\.aliyuncs\.com))(?![@:%\\[(\p{L}\p{N}_-])/iuy;

/** Letters of any script belong to a key, and so may a raw `#`; blanks, quotes and backslashes don't. */
const pathRun = /(?:\/[^?\s<>"\\\p{Cc}]*)?/uy;

/** Behind `?`, a URL holds these characters alone (RFC 3986, 3.4). */
const valueRun = /[A-Za-z0-9\-._~!$'()*+,;:@/?=%]*/y;
const nameRun = /[A-Za-z0-9\-._~!$'()*+,:@/?%]*/y;
const noteRun = /#waybill=[A-Za-z0-9_-]*/y;
const fragmentRun = /#[A-Za-z0-9\-._~!$'()*+,;:@/?=%&]*/y;

/** A character reference of HTML. No name of a parameter has a semicolon. */
const entity = /&(?:nbsp|quot|apos|lt|gt|amp|#\d{1,7}|#x[0-9a-f]{1,6});/iy;

/** Where each field of a signature ends: it has an alphabet, and mostly a length, of its own. */
const fieldRuns: Readonly<Record<string, RegExp>> = {
  Signature: /(?:[A-Za-z0-9+/ ]|%2[BbFf0]){27}(?:=|%3[Dd])/y,
  'x-oss-signature': /[0-9a-fA-F]{64}/y,
  Expires: /\d{1,12}/y,
  'x-oss-expires': /\d{1,10}/y,
  'x-oss-date': /\d{8}T\d{6}Z/y,
  'x-oss-credential': /[\w.~-]+(?:(?:\/|%2[Ff])[\w-]+){3}(?:\/|%2[Ff])aliyun_v4_request/y,
  'x-oss-signature-version': /OSS4-HMAC-SHA256|OSS2/y,
  OSSAccessKeyId: /[\w.-]*\w/y,
};

const tokenFields: ReadonlySet<string> = new Set(['security-token', 'x-oss-security-token']);
const tokenRun = /(?:[A-Za-z0-9+/ ]|%2[BbFf0]){1,24576}(?:=|%3[Dd]){0,2}/y;

/**
 * Reads the URL that begins at `at`. What follows it is no part of it: the last field of a signature ends where its
 * alphabet does, any other last value before the sentence's own punctuation. Null where no host begins.
 */
export function scanUrl(text: string, at: number, place: Place): ScannedUrl | null {
  const start = match(head, text, at);
  const authority = (start?.[2] ?? start?.[3])?.replace(/\.$/, '');
  if (start === null || authority === undefined) return null;
  const protocol = start[1]?.toLowerCase() ?? 'https';
  const pathAt = at + start[0].length;
  const path = closedPath(run(pathRun, text, pathAt), place.opened);
  const queryAt = pathAt + path.length;
  if (text.charAt(queryAt) !== '?') {
    const bare = withoutTail(path.replace(/[#，。；：！？、」』》】].*$/su, ''), place);
    const end = pathAt + bare.length;
    const fragment = withoutTail(run(fragmentRun, text, end), place);
    const url = { protocol, authority, path: escapedPath(bare), query: '', fragment: fragment.slice(1) };
    return { url, end: end + fragment.length, plus: false };
  }
  const { text: query, end, plus } = scanQuery(text, queryAt + 1, place);
  const fragment = run(noteRun, text, end) || withoutTail(run(fragmentRun, text, end), place);
  const url = { protocol, authority, path: escapedPath(path), query, fragment: fragment.slice(1) };
  return { url, end: end + fragment.length, plus };
}

interface Query {
  readonly text: string;
  readonly end: number;
  readonly plus: boolean;
}

/** Reads `name=value` pairs as long as `&` joins them. */
function scanQuery(text: string, from: number, place: Place): Query {
  const pairs: string[] = [];
  let plus = false;
  let at = from;
  for (;;) {
    const pair = scanPair(text, at, place);
    plus ||= pair.plus;
    if (pair.text !== '' || pair.isJoined) pairs.push(pair.text);
    if (!pair.isJoined) {
      // Any number of `&` at the end joins nothing.
      while (pairs.at(-1) === '') pairs.pop();
      return { text: pairs.join('&'), end: pair.end, plus };
    }
    at = pair.end + 1;
  }
}

/** Reads one pair. `isJoined`: another one follows. */
function scanPair(text: string, at: number, place: Place): Query & { readonly isJoined: boolean } {
  const name = run(nameRun, text, at);
  const valueAt = at + name.length + 1;
  const value = text.charAt(valueAt - 1) === '=' ? fieldValue(name, text, valueAt, place) : null;
  const written = value === null ? name : `${name}=${value}`;
  const end = at + written.length;
  const isJoined = text.charAt(end) === '&' && match(entity, text, end) === null;
  if (isSignatureField(name) && value !== null && value !== '') {
    const pair = `${name}=${withPlus(name, value)}`;
    return { text: pair, end, plus: pair !== written, isJoined };
  }
  if (isJoined || text.charAt(end) === '#') return { text: written, end, plus: false, isJoined };
  const kept = withoutTail(written, place);
  return { text: kept, end: at + kept.length, plus: false, isJoined };
}

/** The value at `at`: by the field's own alphabet where it fits, by that of any value otherwise. */
function fieldValue(name: string, text: string, at: number, { isAlone }: Place): string {
  if (!tokenFields.has(name)) return run(own(fieldRuns, name) ?? never, text, at) || run(valueRun, text, at);
  const any = run(valueRun, text, at);
  // No one promises that tokens stay base64: one that stands before another field is what it is.
  const isBetween = /^&[\w-]+=/.test(text.slice(at + any.length, at + any.length + 40)) && !/https?:/i.test(any);
  return isBetween || (isAlone && at + any.length === text.length) ? any : token(text, at) || any;
}

const never = /(?!)/y;

/**
 * A security token. A blank in it is a `+` that was decoded, unless its `+` are encoded, or it is whole at the blank:
 * tokens are base64, which comes in fours.
 */
function token(text: string, at: number): string {
  const found = run(tokenRun, text, at);
  const [first = ''] = found.split(' ', 1);
  if (first === found) return found;
  if (/%2b/i.test(found)) return first;
  const next = text.slice(at + found.length, at + found.length + 2);
  if (/^&[A-Za-z]/.test(next) || (/[^ ](?:=|%3D)$/i.test(found) && isInFours(found))) return found;
  let length = 0;
  for (const [index, { length: wordLength }] of plain(found).split(' ').entries()) {
    length += wordLength;
    if ((length + index) % 4 === 0) return found.split(' ', index + 1).join(' ');
  }
  return first;
}

function isInFours(base64: string): boolean {
  return plain(base64).length % 4 === 0;
}

/** One character for each encoded one. */
function plain(base64: string): string {
  return base64.replace(/%[0-9a-f]{2}/gi, '+');
}

/** Encodes the `+` of a signature or token, which holds no blank: OSS reads a bare `+` as one. */
function withPlus(name: string, value: string): string {
  return name === 'Signature' || tokenFields.has(name) ? value.replace(/\+| |%20/g, '%2B') : value;
}

const closings: Readonly<Record<string, string>> = {
  ...{ '<': '>', '(': ')', '[': ']', '{': '}' },
  ...{ '"': '"', "'": "'", '“': '”', '‘': '’', '`': '`', '「': '」', '《': '》', '（': '）', '【': '】' },
};

/** The character that ends what `opened` began; empty for any other character. */
export function closingOf(opened: string): string {
  return own(closings, opened) ?? '';
}

/** A path up to the quote that closes it: `'a','b'` are two, `'it's'` is one. */
function closedPath(path: string, opened: string): string {
  const closing = closingOf(opened);
  if (closing === '' || '([{<'.includes(opened)) return path;
  const end = path.search(new RegExp(`${closing}(?:[^\\p{L}\\p{N}]|$)`, 'u'));
  return end === -1 ? path : path.slice(0, end);
}

/** Text without the punctuation of the sentence around it. A bracket that was opened inside may be closed there. */
function withoutTail(text: string, { opened, isAlone }: Place): string {
  if (isAlone) return text;
  const closing = closingOf(opened);
  const closed = closing === '' || '([{<'.includes(opened) ? -1 : text.indexOf(closing);
  const whole = closed === -1 ? text : text.slice(0, closed);
  let excess = whole.split(')').length - whole.split('(').length;
  let end = whole.length;
  for (; end > 0; end -= 1) {
    const last = whole.charAt(end - 1);
    if (last === ')' && excess > 0) excess -= 1;
    else if (!/[.,;:!?'`|…，。；：！？、」』》”’】％%\]}>]/u.test(last) && !(last === opened && '*_~'.includes(last)))
      break;
  }
  return whole.slice(0, end);
}

/** Percent-encodes characters that a path can't hold; leaves existing escapes alone. */
function escapedPath(path: string): string {
  if (path === '') return '/';
  return path.replace(/[^!$&-;=?-Z_a-z~%]+/gu, (run) => encodeURIComponent(run));
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function run(pattern: RegExp, text: string, at: number): string {
  return match(pattern, text, at)?.[0] ?? '';
}
