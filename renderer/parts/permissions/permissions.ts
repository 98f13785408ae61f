import type { Permission } from '../../../main/contract/contract.ts';

/** What can be allowed, in the order of the checkboxes. */
export const rights: readonly Permission[] = ['read', 'list', 'write', 'delete', 'acl'];

/** True if the text looks like an IP address or a subnet; main checks it strictly. */
export function isSourceIp(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const isV6 = address.includes(':');
  if (bits !== undefined && Number(bits) > (isV6 ? 128 : 32)) return false;
  if (isV6) return /^[0-9a-f:.]{2,45}$/i.test(address);
  const octets = address.split('.');
  return octets.length === 4 && octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) <= 255);
}
