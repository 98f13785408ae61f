import { percentDecode } from '../../oss/canonical.ts';
import { withoutInvisible } from '../../invisible.ts';
import { own } from '../../own.ts';
import { unwrapGateway } from './gateways.ts';

/** What had to be repaired in a pasted text before it could be read as a link. */
export type LinkRepair =
  | 'plus'
  | 'blanks'
  | 'entities'
  | 'escapes'
  | 'full-width'
  | 'quoted-printable'
  | 'quote-marks'
  | 'line-breaks'
  | 'double-encoding'
  | 'gateway'
  | 'brackets'
  | 'punctuation'
  | 'quotes';

/** One kind of damage, and how to undo it. */
export interface Repair {
  readonly name: LinkRepair;
  /** The texts that `text` may have been, the most likely one first; none where there is nothing to undo. */
  readonly undo: (text: string) => readonly string[];
}

/** Every kind of damage that can be undone, the commonest first. Each text begins where the link does. */
export const repairs: readonly Repair[] = [
  { name: 'entities', undo: changed(withoutEntities) },
  { name: 'escapes', undo: changed(withoutEscapes) },
  { name: 'quoted-printable', undo: changed(withoutQuotedPrintable) },
  { name: 'full-width', undo: halfWidth },
  { name: 'quote-marks', undo: changed(withoutQuoteMarks) },
  { name: 'line-breaks', undo: joinedLines },
  { name: 'blanks', undo: changed(encodedBlanks) },
  { name: 'double-encoding', undo: decodedOnce },
  { name: 'gateway', undo: unwrapGateway },
];

function changed(undo: (text: string) => string): (text: string) => readonly string[] {
  return (text) => {
    const undone = undo(text);
    return undone === text ? [] : [undone];
  };
}

const namedEntities: Readonly<Record<string, string>> = {
  ...{ amp: '&', quot: '"', apos: "'", lt: '<', gt: '>', nbsp: '\u00a0', shy: '', equals: '=', num: '#' },
  ...{ percnt: '%', sol: '/', colon: ':', quest: '?', period: '.', lowbar: '_', plus: '+', commat: '@', comma: ',' },
};

/** HTML and XML: character references, also of references, and the places where a browser may break a word. */
function withoutEntities(text: string): string {
  let plain = text.replace(/<wbr ?\/?>/gi, '');
  for (let depth = 0; depth < 3; depth += 1) {
    const before = plain;
    plain = plain.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole: string, ...found: unknown[]) => {
      const [decimal, hex, name] = found as (string | undefined)[];
      if (name !== undefined) return own(namedEntities, name.toLowerCase()) ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return code > 0x10_ff_ff ? whole : withoutInvisible(String.fromCodePoint(code));
    });
    if (plain === before) break;
  }
  return plain;
}

/** JSON, JavaScript, shells, cmd, PowerShell, batch files, Markdown, TeX: a sign before another sign. */
function withoutEscapes(text: string): string {
  return text
    .replace(/(?<!\\)\\+(?:u00|x)([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\+(?=[^\p{L}\p{N}\s])/gu, '')
    .replace(/\^|`(?=[^\p{L}\p{N}\s])/gu, '')
    .replace(/%%(?=[0-9a-f]{2})/gi, '%');
}

/** @see RFC 2045, 6.7 */
function withoutQuotedPrintable(text: string): string {
  if (!/=3D|=[ \t]*[\r\n]/.test(text)) return text;
  const joined = text.replace(/=[ \t]{0,80}(?:\r\n|\r|\n)/g, '');
  return joined.replace(/(?:=[0-9A-F]{2})+/g, (bytes) =>
    Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'),
  );
}

/** Signs that an input method or a form made as wide as a Chinese character. */
function halfWidth(text: string): readonly string[] {
  if (!/[\uff01-\uff5e]/.test(text)) return [];
  const narrow = (part: string): string =>
    part.replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfe_e0));
  const question = text.search(/[?？]/);
  if (question === -1) return [];
  const path = text.slice(0, question);
  const scheme = path.replace(/^https?[:：][/／]{2}[^/／]*/i, narrow);
  const query = narrow(text.slice(question));
  const mostly = scheme.replace(/％(?=[0-9A-F]{2})/gi, '%').replaceAll('／', '/');
  return [...new Set([scheme + query, mostly + query])].filter((undone) => undone !== text);
}

/** `> ` and `| ` before each line, as mail programs quote. */
function withoutQuoteMarks(text: string): string {
  return text.replace(/([\r\n])[ \t]{0,80}(?:[>|] {0,3}){1,20}/g, '$1');
}

/** Most lines of one link that are tried one by one. */
const MAX_JOINED = 12;

/**
 * Lines that a mail program, a terminal or a PDF broke, joined: two of them, three, and so on, then all. A line with a
 * blank inside, or in another script, is the sender's next sentence.
 */
function joinedLines(text: string): readonly string[] {
  const lines = text.split(/\r\n|[\r\n\u2028\u2029\v\f]/);
  const first = lines[0]?.trimEnd() ?? '';
  const more: string[] = [];
  for (const line of lines.slice(1)) {
    const trimmed = line.trim();
    if (!/^[!-~]+$/.test(trimmed)) break;
    more.push(trimmed);
  }
  const counts = [...new Set([...Array(Math.min(more.length, MAX_JOINED)).keys(), more.length - 1])];
  return counts.flatMap((count) => (count < 0 ? [] : [first + more.slice(0, count + 1).join('')]));
}

/** Blanks and other raw characters of a path, and of the values before the last field of the signature, encoded. */
function encodedBlanks(text: string): string {
  const line = text.split(/[\r\n]/, 1)[0] ?? '';
  const question = line.search(/\?[\w-]+=/);
  if (question === -1) return text;
  const lastField = signatureStarts.reduce((last, name) => Math.max(last, line.lastIndexOf(name)), question);
  const encode = (part: string): string =>
    part.replace(/[^!-~]|["<>\\^`{|}]/gu, (character) => encodeURIComponent(character));
  return encode(line.slice(0, lastField)) + text.slice(lastField);
}

const signatureStarts: readonly string[] = [
  ...['&Signature=', '&OSSAccessKeyId=', '&Expires=', '&security-token='],
  ...['&x-oss-signature', '&x-oss-credential=', '&x-oss-date=', '&x-oss-expires=', '&x-oss-security-token='],
];

/** One of two layers of percent-encoding removed: of the whole, or of the query alone. */
function decodedOnce(text: string): readonly string[] {
  const whole = /^https?%(?:25)*3A[^\s"'<>&]+/i.exec(text)?.[0];
  if (whole !== undefined) {
    const decoded = percentDecode(whole);
    return decoded === null ? [] : [decoded];
  }
  const once = (part: string): string => part.replace(/%25(?=[0-9a-f]{2})/gi, '%');
  const question = text.indexOf('?');
  const queryOnly = text.slice(0, question + 1) + once(text.slice(question + 1));
  return [...new Set([once(text), queryOnly])].filter((undone) => undone !== text);
}
