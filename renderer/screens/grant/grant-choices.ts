import type { GrantFormat, Permission } from '../../../main/contract/contract.ts';
import { own } from '../../../main/own.ts';
import { longestMinutes, shortestMinutes } from '../../lib/session-minutes.ts';

/** The permissions of a grant, in the order of the checkboxes. */
export const rights: readonly Permission[] = ['read', 'list', 'write', 'delete', 'acl'];

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

/** True if the text looks like an IP address or a subnet; main checks it strictly. */
export function isSourceIp(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const isV6 = address.includes(':');
  if (bits !== undefined && Number(bits) > (isV6 ? 128 : 32)) return false;
  if (isV6) return /^[0-9a-f:.]{2,45}$/i.test(address);
  const octets = address.split('.');
  return octets.length === 4 && octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) <= 255);
}
