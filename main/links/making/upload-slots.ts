import { WaybillError } from '../../failure.ts';
import { checkKey } from '../../oss/names.ts';

/** Places for files below a prefix: numbered, or with names of their own. */
export type UploadSlots = { readonly count: number } | { readonly names: readonly string[] };

/** Most slots of one request. */
export const MAX_SLOTS = 10_000;

/** How much of a name is repeated in what is said about it. */
const SHOWN_NAME = 80;

/**
 * The names of the slots, in their order. A name may hold folders below the prefix, and leads nowhere else.
 * @throws WaybillError `input` with field `slots`, and as limit the range or the name that is refused
 */
export function slotNames(slots: UploadSlots, prefix: string): readonly string[] {
  const count = 'count' in slots ? slots.count : slots.names.length;
  if (!Number.isInteger(count) || count < 1 || count > MAX_SLOTS) throw refused('slot-count', `1…${MAX_SLOTS}`);
  const names = 'names' in slots ? slots.names : numbered(count);
  const seen = new Set<string>();
  for (const name of names) {
    checkName(name, prefix);
    if (seen.has(name)) throw refused('slot-name-twice', name);
    seen.add(name);
  }
  return names;
}

function numbered(count: number): readonly string[] {
  const digits = String(count).length;
  return Array.from({ length: count }, (_, index) => String(index + 1).padStart(digits, '0'));
}

function checkName(name: string, prefix: string): void {
  if (name === '') throw refused('slot-name-empty');
  if (/\p{Cc}/u.test(name)) throw refused('slot-name-control', name.replace(/\p{Cc}/gu, '\ufffd'));
  // A backslash too: on the disk of whoever downloads it later, it may end a folder's name.
  if (name.split(/[/\\]/).some((part) => part === '' || part === '.' || part === '..')) {
    throw refused('slot-name-path', name);
  }
  try {
    checkKey(prefix + name);
  } catch (cause) {
    throw refused('slot-name-key', name, cause);
  }
}

function refused(rule: string, limit?: string, cause?: unknown): WaybillError {
  const shown = limit === undefined ? {} : { limit: limit.slice(0, SHOWN_NAME) };
  return new WaybillError({ kind: 'input', field: 'slots', rule, ...shown }, { cause });
}
