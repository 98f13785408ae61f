import { WaybillError } from '../../failure.ts';
import { checkKey } from '../../oss/names.ts';

/** Slots for files below a prefix, numbered or named. */
export type UploadSlots = { readonly count: number } | { readonly names: readonly string[] };

/** The most slots of one request. */
export const MAX_SLOTS = 10_000;

/** How much of a name is quoted in a message. */
const MAX_QUOTED = 80;

/**
 * The names of the slots, in order. A name may contain folders, but can't lead out of the prefix.
 * @throws WaybillError `input` with field `slots`, and as limit the range or the rejected name
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
  // A backslash as well: it separates folders on a Windows disk that the file is downloaded to.
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
  const shown = limit === undefined ? {} : { limit: limit.slice(0, MAX_QUOTED) };
  return new WaybillError({ kind: 'input', field: 'slots', rule, ...shown }, { cause });
}
