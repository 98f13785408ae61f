import { formatLength, formatMoment } from './format.ts';
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

/**
 * When a link expires and how far this computer's clock is off, in one message; null where the clocks agree. Times are
 * Unix milliseconds: `validUntil` by the server's clock, `now` by this computer's.
 */
export function untilByServerText(
  validity: {
    readonly validUntil: number;
    readonly sessionEndUnknown: boolean;
    readonly clockOffsetMs?: number | undefined;
  },
  now: number,
  { text, locale }: Translator,
): string | null {
  const { validUntil, sessionEndUnknown, clockOffsetMs } = validity;
  if (clockOffsetMs === undefined) return null;
  const clock = clockOffsetMs < 0 ? 'clock-ahead' : 'clock-behind';
  return text(sessionEndUnknown ? `browse.link-until.at-latest.${clock}` : `browse.link-until.${clock}`, {
    moment: formatMoment(validUntil, locale),
    length: formatLength(validUntil - now - clockOffsetMs, locale),
    offset: formatLength(Math.abs(clockOffsetMs), locale),
  });
}
