import { formatLength } from './format.ts';
import type { Translator } from './translator.ts';

/**
 * Says that a link expires by another clock than this computer's. `clockOffsetMs` is server time minus local time;
 * undefined where both agree: null.
 */
export function clockText(clockOffsetMs: number | undefined, { text, locale }: Translator): string | null {
  if (clockOffsetMs === undefined) return null;
  const length = formatLength(Math.abs(clockOffsetMs), locale);
  return text(clockOffsetMs < 0 ? 'share.clock-ahead' : 'share.clock-behind', { length });
}
