import type { GrantFormat } from '../../../main/contract/contract.ts';
import { own } from '../../../main/own.ts';
import { longestMinutes, shortestMinutes } from '../../parts/role-session.ts';

/** `code`: encrypted with a passphrase, for another Waybill. */
export type HandoutFormat = GrantFormat | 'code';
export const handoutFormats: readonly HandoutFormat[] = ['env', 'json', 'oss2', 'ali-oss', 'ossutil', 'code'];

export const usualMinutes = 60;
export const presetMinutes: readonly number[] = [shortestMinutes, 30, usualMinutes, 240, longestMinutes];

/** The maximum number of keys and prefixes in a grant. Its policy may reach its length limit first. */
export const mostNames = 1000;

/** The maximum in the format of STS: `1hr`, `12hr`, `90min`, `3600s`; null for anything else. */
export function readLimitMinutes(limit: string): number | null {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*(s|min|hr|h)$/.exec(limit.trim()) ?? [];
  const minutes: Readonly<Record<string, number>> = { s: 1 / 60, min: 1, hr: 60, h: 60 };
  const each = own(minutes, unit);
  return each === undefined ? null : Math.floor(Number(count) * each);
}
