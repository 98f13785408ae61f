import { withoutInvisible } from '../../invisible.ts';
import { parseSignedUrl, secretsOf, type UrlReading } from '../../oss/signing/signed-url-parts.ts';
import { type CdnUrl, readCdnUrl } from './cdn-url.ts';
import { atOnce, givingWay } from './giving-way.ts';
import { readNote } from './link-note.ts';
import { linkStarts } from './link-starts.ts';
import { type LinkRepair, repairs } from './link-repairs.ts';
import { closingOf, MAX_URL_LENGTH, type Place, type ScannedUrl, scanUrl } from './scan-url.ts';
import { unfold } from './unfold.ts';

/** A signed URL found in a text, with what had to be repaired before it could be read. */
export type PastedLink = Extract<UrlReading, { kind: 'link' }> & { readonly repaired: readonly LinkRepair[] };

/** What a pasted text turned out to be, where one link is expected: the first of several. */
export type LinkReading = PastedLink | NoLink;

/** A text without a whole link: the best of its addresses. */
export type NoLink = Exclude<UrlReading, { kind: 'link' }> | CdnUrl | { readonly kind: 'not-a-link' };

/** An address of OSS in a text: a whole link, or one that is damaged, unsigned or of another signature. */
export interface PastedAddress {
  readonly reading: PastedLink | Exclude<NoLink, { readonly kind: 'not-a-link' | 'foreign' | 'cdn' }>;
  /** As it stands in the text, up to the first blank. */
  readonly written: string;
}

/** Every signed URL in a text, in its order and each once; `otherwise` says what the text is if there is none. */
export interface PastedLinks {
  readonly links: readonly PastedLink[];
  /** The links and the other addresses of OSS, in the text's order. */
  readonly addresses: readonly PastedAddress[];
  readonly otherwise: NoLink;
}

/** Reads a signed URL from pasted text, whatever mail, chat or spreadsheets did to it. */
export function readSignedUrl(text: string): LinkReading {
  const { links, otherwise } = readSignedUrls(text);
  return links[0] ?? otherwise;
}

/**
 * Reads all signed URLs from pasted text. An address that is a whole link as it stands is read as it stands; only where
 * it isn't one, repairs are tried, the fewest first. The time taken grows with the length of the text, not faster.
 */
export function readSignedUrls(pasted: string): PastedLinks {
  return atOnce(readingSignedUrls(pasted));
}

/** Like readSignedUrls(), for texts that may hold very many: it gives way to other work. */
export function readManySignedUrls(pasted: string): Promise<PastedLinks> {
  return givingWay(readingSignedUrls(pasted));
}

function* readingSignedUrls(pasted: string): Generator<void, PastedLinks> {
  const text = withoutInvisible(pasted);
  const found = new Map<string, PastedAddress>();
  let otherwise: NoLink = { kind: 'not-a-link' };
  let readUpTo = 0;
  for (const { at, end } of linkStarts(text)) {
    if (at < readUpTo) continue;
    const { best, upTo } = readAt(text, at, end);
    if (best?.kind === 'link') readUpTo = upTo;
    else if (best !== null && rankOf(best) > rankOf(otherwise)) otherwise = best;
    if (best !== null) keep(found, best, text.slice(at, upTo));
    yield;
  }
  const addresses = [...found.values()];
  const links = addresses.flatMap(({ reading }) => (reading.kind === 'link' ? [reading] : []));
  return { links, addresses, otherwise };
}

/** Keeps each address of OSS once; of two equal links the one with a note. */
function keep(found: Map<string, PastedAddress>, reading: PastedLink | NoLink, written: string): void {
  if (reading.kind === 'foreign' || reading.kind === 'cdn' || reading.kind === 'not-a-link') return;
  const identity = reading.kind === 'link' ? identityOf(reading) : written;
  const before = found.get(identity)?.reading;
  const isBetter =
    before?.kind === 'link' && before.fragment === '' && reading.kind === 'link' && reading.fragment !== '';
  if (before === undefined || isBetter) found.set(identity, { reading, written });
}

/** A reading, and the index behind what it took of the text. */
interface ReadUrl {
  readonly best: PastedLink | NoLink | null;
  readonly upTo: number;
}

/** Reads the address at `at`. */
function readAt(text: string, at: number, regionEnd: number): ReadUrl {
  const opened = /\S$/u.exec(text.slice(Math.max(0, at - 1), at))?.[0] ?? '';
  const place = { opened, isAlone: at === 0 && !/\s/.test(text.trimEnd()) };
  const region = text.slice(at, Math.min(regionEnd, at + MAX_URL_LENGTH));
  const lineBefore =
    text
      .slice(Math.max(0, at - 1000), at)
      .split(/[\r\n]/)
      .at(-1) ?? '';
  const unfolded = unfold(region, lineBefore, opened);
  const literal = readAsIs(unfolded.text, place);
  if (literal?.best.kind === 'link' && !isNoteBroken(literal.best)) {
    const { best, scanned } = literal;
    const after = unfolded.text.slice(scanned.end);
    return {
      best: { ...best, repaired: [...unfolded.repaired, ...best.repaired, ...around(place, after)] },
      upTo: at + unfolded.indexOf(scanned.end),
    };
  }
  const repaired = /oss|aHR0c/i.test(region) ? repairedReading(unfolded, place) : null;
  const best = better(literal?.best ?? null, repaired);
  return { best, upTo: isOverLines(best) ? regionEnd : at + region.search(/\s|$/) };
}

function isOverLines(reading: PastedLink | NoLink | null): boolean {
  if (reading?.kind !== 'link') return false;
  return reading.repaired.some((name) => ['line-breaks', 'quoted-printable', 'quote-marks', 'blanks'].includes(name));
}

interface Literal {
  readonly best: PastedLink | NoLink;
  readonly scanned: ScannedUrl;
}

/** The address that a text begins with, without any repair but that of a `+`. */
function readAsIs(text: string, place: Place): Literal | null {
  const scanned = scanUrl(text, 0, place);
  if (scanned === null) return null;
  const reading = parseSignedUrl(scanned.url);
  if (reading.kind === 'damaged' && reading.reason === 'duplicate-fields') {
    // Two links without anything between them: the first ends where the second begins.
    const second = text.slice(0, scanned.end).search(/(?<=[^=/]|%3D)https?:\/\//i);
    if (second > 0) return readAsIs(text.slice(0, second), place);
  }
  if (reading.kind === 'foreign') return { best: readCdnUrl(scanned.url) ?? reading, scanned };
  if (reading.kind !== 'link') return { best: reading, scanned };
  if (carriesOssLink(scanned, reading)) {
    return { best: { kind: 'foreign', host: reading.parts.host, service: 'other', url: reading.url }, scanned };
  }
  return { best: { ...reading, repaired: scanned.plus ? ['plus'] : [] }, scanned };
}

/** Whether the path of another host holds an address of OSS, whose signature this then is. */
function carriesOssLink({ url }: ScannedUrl, { parts }: Extract<UrlReading, { kind: 'link' }>): boolean {
  return parts.bucket === null && /.https?:\/\/[^/]+\.aliyuncs\.com\//i.test(url.path);
}

/** Most repaired texts that are tried for one address, and most repairs of one text. */
const MAX_TRIED = 200;
const MAX_REPAIRS = 5;

/** The reading that takes the fewest repairs to be a link; the best other one where none is. */
function repairedReading(unfolded: Repaired, place: Place): PastedLink | NoLink | null {
  const tried = new Set([unfolded.text]);
  const queue: Repaired[] = [unfolded];
  let best: PastedLink | NoLink | null = null;
  for (const { text, repaired } of queue) {
    if (repaired.length >= MAX_REPAIRS) continue;
    for (const { name, undo } of repairs) {
      for (const undone of undo(text)) {
        if (tried.has(undone) || tried.size > MAX_TRIED) continue;
        tried.add(undone);
        const names = [...new Set([...repaired, name])];
        const literal = readAsIs(withoutInvisible(undone), place);
        const reading = literal === null ? null : withRepairs(literal, names, place, undone);
        if (reading?.kind === 'link' && !isNoteBroken(reading)) return reading;
        best = better(best, reading);
        queue.push({ text: undone, repaired: names });
      }
    }
  }
  return best;
}

interface Repaired {
  readonly text: string;
  readonly repaired: readonly LinkRepair[];
}

function withRepairs({ best, scanned }: Literal, names: readonly LinkRepair[], place: Place, text: string) {
  if (best.kind !== 'link') return best;
  return { ...best, repaired: [...names, ...best.repaired, ...around(place, text.slice(scanned.end))] };
}

/** What stood around a link and is no part of it. */
function around({ opened }: Place, after: string): readonly LinkRepair[] {
  const closing = closingOf(opened);
  if (closing !== '' && after.includes(closing))
    return ['<', '(', '[', '{'].includes(opened) ? ['brackets'] : ['quotes'];
  return /^[.,;:!?，。；：！？、]/.test(after) ? ['punctuation'] : [];
}

function isNoteBroken({ fragment }: PastedLink): boolean {
  return readNote(fragment) === 'unreadable';
}

/** How much a reading says: a whole link most, then one that is damaged the least. */
function rankOf(reading: PastedLink | NoLink): number {
  switch (reading.kind) {
    case 'link':
      return 20;
    case 'unsupported':
      return 15;
    case 'damaged':
      return 5 + damages.indexOf(reading.reason);
    case 'cdn':
      return 3;
    case 'unsigned':
      return 2;
    case 'foreign':
      return 1;
    case 'not-a-link':
      return 0;
    default:
      return reading satisfies never;
  }
}

/** Damages, from what says least about a link to what says most. */
const damages = [
  ...(['bad-host', 'bad-encoding', 'no-signature', 'no-id', 'no-expiry', 'cut-off', 'cut-token', 'no-key'] as const),
  'duplicate-fields' as const,
];

function better(one: PastedLink | NoLink | null, other: PastedLink | NoLink | null): PastedLink | NoLink | null {
  if (one === null) return other;
  return other !== null && rankOf(other) > rankOf(one) ? other : one;
}

/** What makes two links the same: neither how they are encoded, nor a note. */
function identityOf({ url, parts }: PastedLink): string {
  const { host, bucket, key, accessKeyId, validUntil, params } = parts;
  return JSON.stringify([host, bucket, key, accessKeyId, validUntil, params, secretsOf(url)]);
}
