import { formatSpeed } from '../../../main/words/format.ts';
import type { Messages } from '../../lib/messages.svelte.ts';

const MiB = 1024 ** 2;
const speeds: readonly number[] = [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100].map((speed) => speed * MiB);

/** Bandwidth limits to choose from, in bytes per second, with the chosen one among them; null: unlimited. */
export function speedOptions(
  chosen: number | null,
  { text, locale }: Messages,
): { readonly value: string; readonly label: string }[] {
  const all = new Set([...speeds, ...(chosen === null ? [] : [chosen])]);
  return [
    { value: 'none', label: text('settings.limit.none') },
    ...[...all].sort((a, b) => a - b).map((speed) => ({ value: String(speed), label: formatSpeed(speed, locale) })),
  ];
}

/** The option of a limit. */
export function valueOf(limit: number | null): string {
  return limit === null ? 'none' : String(limit);
}

/** The limit of an option. */
export function limitOf(value: string): number | null {
  return value === 'none' ? null : Number(value);
}
