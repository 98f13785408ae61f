import { createHash } from 'node:crypto';
import { encodeQuery, type ParamList, percentDecode } from '../../oss/canonical.ts';
import type { CdnAuth } from './cdn-auth.ts';

/** What a link of a CDN is made of. */
export interface CdnSigning {
  readonly auth: CdnAuth;
  /** The primary or the secondary key of the domain. */
  readonly privateKey: string;
  /** The path as it goes into the URL: percent-encoded, from its first slash. */
  readonly path: string;
  /** Other parameters, which no type hashes. Type F allows none. */
  readonly params: ParamList;
  /** The time in the link, in Unix seconds: the CDN accepts the link for its validity from then on. */
  readonly time: number;
  /** Any text without a hyphen, for type A. */
  readonly rand: string;
}

/**
 * The path and query of a link that a CDN accepts. The CDN computes MD5; Waybill has no choice.
 * @see https://help.aliyun.com/zh/cdn/user-guide/type-a-signing, type-b-signing, type-c-signing,
 *   authentication-method-f-description
 */
export function signCdnPath({ auth, privateKey, path, params, time, rand }: CdnSigning): string {
  switch (auth.type) {
    case 'A': {
      const stamp = `${time}-${rand}-0`;
      const hash = md5(`${path}-${stamp}-${privateKey}`);
      return withQuery(path, [...params, ['auth_key', `${stamp}-${hash}`]]);
    }
    case 'B': {
      const stamp = minuteText(time);
      return withQuery(`/${stamp}/${md5(privateKey + stamp + path)}${path}`, params);
    }
    case 'C': {
      const stamp = hexText(time);
      const hash = md5(privateKey + path + stamp);
      if (auth.names === null) return withQuery(`/${hash}/${stamp}${path}`, params);
      return withQuery(path, [...params, [auth.names.sign, hash], [auth.names.time, stamp]]);
    }
    case 'F': {
      const stamp = auth.time === 'hex' ? hexText(time) : String(time);
      const hashed = auth.path === 'encoded' ? path : (percentDecode(path) ?? path);
      const hash = md5(privateKey + hashed + stamp);
      return withQuery(path, [...params, [auth.names.sign, hash], [auth.names.time, stamp]]);
    }
    default:
      return auth satisfies never;
  }
}

/** The steps of the time in a link, in seconds: type B writes minutes. */
export function timeStep({ type }: Pick<CdnAuth, 'type'>): number {
  return type === 'B' ? 60 : 1;
}

function withQuery(path: string, params: ParamList): string {
  return params.length === 0 ? path : `${path}?${encodeQuery(params)}`;
}

/** In capitals, as in the documents; the CDN hashes the text as it stands in the URL. */
function hexText(seconds: number): string {
  return seconds.toString(16).toUpperCase();
}

const BEIJING_MS = 8 * 60 * 60 * 1000;

/** `YYYYMMDDHHMM` at UTC+8, wherever the CDN is. */
function minuteText(seconds: number): string {
  return new Date(seconds * 1000 + BEIJING_MS).toISOString().replace(/\D/g, '').slice(0, 12);
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
