import { readAuthority } from '../../http/authority.ts';
import { percentDecode } from '../../oss/canonical.ts';
import type { ObjectUrlParts, SplitUrl } from '../../oss/signing/signed-url-parts.ts';

/** The types of URL authentication. */
export const cdnTypes = ['A', 'B', 'C', 'F'] as const;

/** The names of parameters that the documents show: others can be set, and can't be told from any other parameters. */
export const usualNames = {
  C: { sign: 'KEY1', time: 'KEY2' },
  F: { sign: 'sign', time: 'time' },
} as const;

/** The first time that a link may have, in Unix seconds: times have ten digits. */
export const FIRST_CDN_TIME = 1_000_000_000;

/**
 * A link that has the form of a CDN's URL authentication. Whether its hash is right only the CDN knows, and other CDNs use
 * some of the forms too.
 */
export interface CdnUrl {
  readonly kind: 'cdn';
  readonly host: string;
  readonly type: (typeof cdnTypes)[number];
  /** The time in it, in Unix milliseconds. It ends after the validity that is set at the CDN, which it doesn't tell. */
  readonly signedAt: number;
  /** As it was written, without its fragment. It is a secret. */
  readonly url: string;
  readonly parts: ObjectUrlParts;
}

interface Found {
  readonly type: CdnUrl['type'];
  /** Unix seconds. */
  readonly time: number;
  /** The path of the file, percent-encoded. */
  readonly path: string;
}

const HASH = /^[0-9a-f]{32}$/;

/**
 * Reads a link of a CDN by its form; null for any other address.
 * @see https://help.aliyun.com/zh/cdn/user-guide/type-a-signing, type-b-signing, type-c-signing,
 *   authentication-method-f-description
 */
export function readCdnUrl({ protocol, authority, path, query }: SplitUrl): CdnUrl | null {
  const host = authority.toLowerCase();
  const pairs = query.split('&').map((pair) => pair.split('=', 2) as [string, string?]);
  const found = inQuery(path, pairs) ?? inPath(path);
  const key = found === null ? null : percentDecode(found.path.slice(1));
  if (found === null || key === null || key === '' || readAuthority(host) === null) return null;
  return {
    ...{ kind: 'cdn', host, type: found.type, signedAt: found.time * 1000 },
    url: `${protocol}://${authority}${path}${query === '' ? '' : `?${query}`}`,
    parts: { bucket: null, key, host, versionId: null, params: [] },
  };
}

type Pairs = readonly (readonly [name: string, value?: string])[];

function inQuery(path: string, pairs: Pairs): Found | null {
  const time = timeOfA(valueOf(pairs, 'auth_key'));
  if (time !== null) return { type: 'A', time, path };
  return named('C', path, pairs) ?? (pairs.length === 2 ? named('F', path, pairs) : null);
}

function valueOf(pairs: Pairs, name: string): string {
  return pairs.find(([other]) => other === name)?.[1] ?? '';
}

/** Unix seconds of `timestamp-rand-uid-md5hash`; null for anything else. */
function timeOfA(text: string): number | null {
  const [time = '', , , hash = '', ...more] = text.split('-');
  return /^\d{10}$/.test(time) && HASH.test(hash) && more.length === 0 ? Number(time) : null;
}

/** Type F takes no other parameters than these. */
function named(type: 'C' | 'F', path: string, pairs: Pairs): Found | null {
  const names = usualNames[type];
  const time = timeOf(valueOf(pairs, names.time));
  return time !== null && HASH.test(valueOf(pairs, names.sign)) ? { type, time, path } : null;
}

function inPath(path: string): Found | null {
  const [, first = '', second = '', rest = ''] = /^\/([^/]+)\/([^/]+)(\/.+)$/s.exec(path) ?? [];
  const minutes = minutesOf(first);
  if (minutes !== null && HASH.test(second)) return { type: 'B', time: minutes, path: rest };
  const seconds = second.length === 8 ? timeOf(second) : null;
  return HASH.test(first) && seconds !== null ? { type: 'C', time: seconds, path: rest } : null;
}

/** Unix seconds of eight hexadecimal or ten decimal digits; null for anything else, and before 2001. */
function timeOf(text: string): number | null {
  const seconds = /^[0-9a-f]{8}$/i.test(text) ? parseInt(text, 16) : /^\d{10}$/.test(text) ? Number(text) : 0;
  return seconds >= FIRST_CDN_TIME ? seconds : null;
}

/** Unix seconds of `YYYYMMDDHHMM` at UTC+8; null for anything else. */
function minutesOf(text: string): number | null {
  const [, year, month, day, hour, minute] = /^(20\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  if (year === undefined) return null;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00+08:00`);
  return Number.isNaN(time) ? null : time / 1000;
}
