import type { Extent } from './key-range.ts';
import { compareUtf8 } from './utf8-order.ts';

/**
 * The first and last name of a page; null without names, `unordered` if keys or common prefixes aren't sorted. A key may
 * repeat: it has versions.
 */
export function extentOf(keys: readonly string[], prefixes: readonly string[]): Extent | null | 'unordered' {
  if (!isSorted(keys) || !isSorted(prefixes)) return 'unordered';
  const first = outer(keys[0], prefixes[0], -1);
  const last = outer(keys.at(-1), prefixes.at(-1), 1);
  return first === undefined || last === undefined ? null : { first, last };
}

/** Whether a name belongs to the range that ends with `end`. */
export function isUpTo(name: string, end: string): boolean {
  return compareUtf8(name, end) <= 0;
}

function isSorted(names: readonly string[]): boolean {
  return names.every((name, at) => at === 0 || compareUtf8(names[at - 1] ?? '', name) <= 0);
}

/** The lower (-1) or the higher (1) of two names. */
function outer(one: string | undefined, other: string | undefined, sign: 1 | -1): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.sign(compareUtf8(one, other)) === sign ? one : other;
}
