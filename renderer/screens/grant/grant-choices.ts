import type { GrantFormat, Permission } from '../../../main/contract/contract.ts';

/** What a grant may allow, in the order of the boxes. */
export const rights: readonly Permission[] = ['read', 'list', 'write', 'delete'];

/** `code`: encrypted with a passphrase, for another Waybill. */
export type HandoutFormat = GrantFormat | 'code';
export const handoutFormats: readonly HandoutFormat[] = ['env', 'json', 'oss2', 'ali-oss', 'ossutil', 'code'];

/** Sessions last 15 minutes to 12 hours; most roles allow no more than one hour. */
const shortestMinutes = 15;
const longestMinutes = 720;
export const usualMinutes = 60;
export const presetMinutes: readonly number[] = [shortestMinutes, 30, usualMinutes, 240, longestMinutes];

/** Characters of a passphrase at least. */
export const shortestPassphrase = 8;

/** How many names a grant takes at most, before the length of its policy is looked at. */
export const mostNames = 1000;

/** Whole minutes within the limits of a session, or null. */
export function readMinutes(text: string): number | null {
  const minutes = Number(text);
  const isAllowed = Number.isInteger(minutes) && minutes >= shortestMinutes && minutes <= longestMinutes;
  return text.trim() !== '' && isAllowed ? minutes : null;
}

/** The maximum as STS words it: `1hr`, `12hr`, `90min`, `3600s`; null for anything else. */
export function readLimitMinutes(limit: string): number | null {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*(s|min|hr|h)$/.exec(limit.trim()) ?? [];
  const minutes: Readonly<Record<string, number>> = { s: 1 / 60, min: 1, hr: 60, h: 60 };
  const each = minutes[unit];
  return each === undefined ? null : Math.floor(Number(count) * each);
}

/** Whether the text looks like an address or a range of them; main has the closer look. */
export function isSourceIp(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const isV6 = address.includes(':');
  if (bits !== undefined && Number(bits) > (isV6 ? 128 : 32)) return false;
  if (isV6) return /^[0-9a-f:.]{2,45}$/i.test(address);
  const octets = address.split('.');
  return octets.length === 4 && octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) <= 255);
}
