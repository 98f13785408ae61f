import { isLoopback } from '../../http/authority.ts';
import { MAX_V4_EXPIRES_SECONDS } from '../../oss/limits.ts';
import type { ObjectUrlParts } from '../../oss/signing/signed-url-parts.ts';
import { readOssHost } from '../../oss/oss-host.ts';
import type { CdnUrl } from '../text/cdn-url.ts';
import { type LinkReading, type NoLink, readSignedUrl } from '../text/pasted-link.ts';
import { receivedName } from '../making/content-disposition.ts';
import { isPackageForbidden } from '../making/link-host.ts';
import type { CdnFile, LinkTrouble, PublicFile, ReceivedLink, UnusableText } from './link-card.ts';
import { directionOf } from './link-direction.ts';
import { readNote } from '../text/link-note.ts';

/** What a pasted text is. `url` is set for a signed OSS URL only, repaired if needed. */
export interface Inspection {
  readonly card: ReceivedLink | CdnFile | UnusableText;
  readonly url: string | null;
}

/** Reads a pasted text. Sends nothing. `now` is in Unix milliseconds. */
export function inspect(text: string, now: number): Inspection {
  return inspectReading(readSignedUrl(text), now);
}

/** Explains a text that was read. `now` is in Unix milliseconds. */
export function inspectReading(reading: LinkReading, now: number): Inspection {
  if (reading.kind === 'cdn') return { card: cdnFileOf(reading, null), url: null };
  if (reading.kind !== 'link') return { card: unusable(reading), url: null };
  return { card: cardOf(reading, now), url: reading.url };
}

function unusable(reading: Exclude<NoLink, { readonly kind: 'cdn' }>): UnusableText {
  switch (reading.kind) {
    case 'damaged':
    case 'not-a-link':
      return reading;
    case 'foreign': {
      const { kind, host, service } = reading;
      return { kind, linkId: crypto.randomUUID(), host, service };
    }
    case 'unsupported':
    case 'unsigned':
      return { kind: reading.kind, linkId: crypto.randomUUID(), host: reading.host };
    default:
      return reading satisfies never;
  }
}

/** Explains an address of an object that nobody signed. */
export function publicFileOf(url: string, { bucket, key, host, versionId }: ObjectUrlParts): PublicFile {
  const exposed = !url.startsWith('https:') && !isLoopback(host);
  return {
    kind: 'public-file',
    linkId: crypto.randomUUID(),
    ...{ bucket, key, fileName: receivedName(null, key), host, exposed, versionId },
  };
}

/** Explains a link of a CDN. `validitySeconds` as it is set there; null if that isn't known. */
export function cdnFileOf({ url, type, signedAt, parts }: CdnUrl, validitySeconds: number | null): CdnFile {
  return { ...publicFileOf(url, parts), kind: 'cdn-link', type, signedAt, validitySeconds };
}

type LinkFound = Extract<LinkReading, { kind: 'link' }>;

function cardOf({ url, fragment, parts, repaired }: LinkFound, now: number): ReceivedLink {
  const { signVersion, bucket, key, host, region, versionId, temporary, signedAt, validUntil } = parts;
  const disposition = parts.params.find(([name]) => name === 'response-content-disposition')?.[1] ?? '';
  const note = readNote(fragment);
  const card = {
    kind: 'link' as const,
    linkId: crypto.randomUUID(),
    signVersion,
    bucket,
    key,
    fileName: receivedName(disposition, key),
    host,
    secure: url.startsWith('https:'),
    exposed: !url.startsWith('https:') && !isLoopback(host),
    region,
    versionId,
    signedBy: masked(parts.accessKeyId),
    temporary,
    validFrom: signedAt,
    validUntil,
    state: stateOf(now, signedAt, validUntil),
    repaired,
    boundHeaders: parts.additionalHeaders,
    boundParams: parts.params,
    note: note === 'unreadable' ? null : note,
    noteUnreadable: note === 'unreadable',
  };
  return { ...card, direction: directionOf(card), troubles: troublesOf(card) };
}

function troublesOf(link: Omit<ReceivedLink, 'troubles' | 'direction'>): readonly LinkTrouble[] {
  const { note, state, host, validFrom, validUntil } = link;
  const isBound = (name: string): boolean => link.boundParams.some(([param]) => param.startsWith(name));
  const headers = [...link.boundHeaders.filter((name) => name !== 'host'), ...Object.keys(note?.headers ?? {})];
  const found: readonly (readonly [LinkTrouble, boolean])[] = [
    ['expired', state === 'expired'],
    ['not-yet-valid', state === 'not-yet-valid'],
    ['too-long', validFrom !== null && validUntil - validFrom > MAX_V4_EXPIRES_SECONDS * 1000],
    ['version-on-put', note?.method === 'PUT' && link.versionId !== null],
    ['may-end-early', link.temporary],
    ['restricted', isBound('x-oss-ac-')],
    ['internal-only', readOssHost(host)?.reach === 'internal'],
    [
      'apk-forbidden',
      (note?.method ?? 'GET') === 'GET' && isPackageForbidden({ host, addressing: 'virtual' }, link.key),
    ],
    ['needs-headers', headers.length > 0],
    ['not-encrypted', !link.secure],
    ['v1', link.signVersion === 'v1'],
  ];
  return found.flatMap(([trouble, applies]) => (applies ? [trouble] : []));
}

/** How far a V4 link's start may lie ahead of the server's clock. @see https://www.alibabacloud.com/help/en/oss/developer-reference/add-signatures-to-urls */
const EARLY_MS = 15 * 60_000;

function stateOf(now: number, validFrom: number | null, validUntil: number): ReceivedLink['state'] {
  if (now >= validUntil) return 'expired';
  return validFrom !== null && now < validFrom - EARLY_MS ? 'not-yet-valid' : 'valid';
}

/** Enough to recognise a key of one's own. */
function masked(accessKeyId: string): string {
  if (accessKeyId.length <= 8) return `${accessKeyId.slice(0, Math.floor(accessKeyId.length / 4))}…`;
  return `${accessKeyId.slice(0, 4)}…${accessKeyId.slice(-4)}`;
}
