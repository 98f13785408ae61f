import { isLoopback } from '../../http/authority.ts';
import { percentDecode } from '../../oss/canonical.ts';
import { receivedName } from '../making/content-disposition.ts';
import { atOnce, givingWay } from '../text/giving-way.ts';
import { listedSizes } from '../text/listed-sizes.ts';
import type { LinkMethod } from '../text/link-note.ts';
import type { PastedAddress, PastedLinks } from '../text/pasted-link.ts';
import { inspectReading } from './inspect.ts';
import type { ReceivedLink } from './link-card.ts';
import { type ManifestDownload, manifestDownloads } from './manifest-downloads.ts';

type Reading = PastedAddress['reading'];

/** One address of a pasted list, read without sending anything. */
export type ListedAddress = {
  /** The name of its file. */
  readonly path: string;
  /** As the text says it, if it does. */
  readonly sizeBytes: number | null;
  readonly host: string;
  /** Sent unencrypted to another computer, so that others can read it on the way. */
  readonly exposed: boolean;
  /** Whether it can be downloaded. */
  readonly isDownload: boolean;
} & (
  | (Pick<ReceivedLink, 'kind' | 'validFrom' | 'validUntil' | 'state' | 'temporary'> & {
      /** What it is for, as far as it says so. Only the sender's note names HEAD and DELETE. */
      readonly method: LinkMethod | null;
    })
  | Pick<Extract<Reading, { readonly kind: 'damaged' }>, 'kind' | 'reason'>
  | { readonly kind: 'unsupported' }
  /** Beside links, a file that nobody signed may be a picture of the mail: it is downloaded only if it is asked for. */
  | { readonly kind: 'public-file'; readonly besideLinks: boolean }
);

type ListedLink = Extract<ListedAddress, { readonly kind: 'link' }>;

/** Several links that were pasted at once. */
export interface PastedList {
  readonly addresses: readonly ListedAddress[];
  /** What was read, at the place of its address. The URLs are secret. */
  readonly readings: readonly Reading[];
  /** At the place of its address; null for one that isn't for downloading. */
  readonly downloads: readonly (ManifestDownload | null)[];
}

/**
 * The list that a text is, if it holds at least one whole link and other links, whole or not, or no whole link and several
 * addresses of objects that may be public; null for any other text. `now` is in Unix milliseconds.
 */
export function pastedListOf(text: string, found: PastedLinks, now: number): PastedList | null {
  return atOnce(listing(text, found, now));
}

/** Like pastedListOf(), for texts that may hold very many: it gives way to other work. */
export function longPastedListOf(text: string, found: PastedLinks, now: number): Promise<PastedList | null> {
  return givingWay(listing(text, found, now));
}

function* listing(text: string, found: PastedLinks, now: number): Generator<void, PastedList | null> {
  const listed = listedIn(found);
  const publicFiles = listed.filter(({ reading }) => reading.kind === 'unsigned').length;
  // Next to one link, an unsigned address is a picture of the mail, say.
  if ((found.links.length > 0 ? listed.length - publicFiles : publicFiles) < 2) return null;
  const context = { sizes: listedSizes(text), hasLinks: found.links.length > 0, now };
  const readings = listed.map(({ reading }) => reading);
  const addresses: ListedAddress[] = [];
  for (const address of listed) {
    addresses.push(addressOf(address, context));
    yield;
  }
  return { addresses, readings, downloads: downloadsOf(readings, addresses) };
}

function listedIn({ links, addresses }: PastedLinks): readonly PastedAddress[] {
  const whole = new Set(links.map(({ url }) => withoutQuery(url)));
  return addresses.filter(({ reading, written }) => {
    if (reading.kind === 'link') return true;
    if (reading.kind === 'unsigned' && reading.parts === null) return false;
    // The words of a link may be its own address, cut short.
    return !whole.has(withoutQuery(written));
  });
}

function addressOf(
  { reading, written }: PastedAddress,
  { sizes, hasLinks, now }: { sizes: ReadonlyMap<string, number>; hasLinks: boolean; now: number },
): ListedAddress {
  const { card } = inspectReading(reading, now);
  const sizeBytes = 'url' in reading ? (sizes.get(reading.url) ?? null) : null;
  if (card.kind === 'link') return { ...linkAddress(card), sizeBytes };
  const common = { ...addressAsWritten(written), sizeBytes };
  if (reading.kind === 'damaged') return { ...common, kind: 'damaged', reason: reading.reason, isDownload: false };
  if (reading.kind === 'unsigned') {
    return { ...common, kind: 'public-file', isDownload: true, besideLinks: hasLinks };
  }
  return { ...common, kind: 'unsupported', isDownload: false };
}

function linkAddress(card: ReceivedLink): Omit<ListedLink, 'sizeBytes'> {
  const { kind, fileName, host, exposed, validFrom, validUntil, state, temporary } = card;
  const method = methodOf(card);
  return {
    ...{ kind, path: fileName, host, exposed, validFrom, validUntil, state, temporary, method },
    isDownload: method === 'GET' || method === null,
  };
}

function methodOf({ note, direction }: ReceivedLink): LinkMethod | null {
  if (note !== null) return note.method;
  if (direction === 'upload') return 'PUT';
  return direction === 'download' ? 'GET' : null;
}

/** What an address says that isn't a whole link. */
function addressAsWritten(written: string): Pick<ListedAddress, 'path' | 'host' | 'exposed'> {
  const [, scheme = '', host = '', path = ''] = /^(?:(https?):\/\/)?([^/?#]*)([^?#]*)/i.exec(written) ?? [];
  const exposed = scheme.toLowerCase() === 'http' && !isLoopback(host);
  return { path: receivedName(null, percentDecode(path) ?? path), host, exposed };
}

function downloadsOf(readings: readonly Reading[], addresses: readonly ListedAddress[]): PastedList['downloads'] {
  const objects = addresses.flatMap(({ isDownload, path }, place) => {
    const reading = readings[place];
    if (!isDownload || reading === undefined || !('parts' in reading) || reading.parts === null) return [];
    // The object may have been replaced since the list was written: its size is only shown.
    return [{ path, url: reading.url, parts: reading.parts, sizeBytes: null, crc64: null }];
  });
  const downloads = manifestDownloads(objects).values();
  return addresses.map(({ isDownload }) => (isDownload ? (downloads.next().value ?? null) : null));
}

function withoutQuery(url: string): string {
  return url.split(/[?#]/, 1)[0] ?? '';
}
