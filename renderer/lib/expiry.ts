/** When a link expires, as chosen: a preset, a length, or a moment. */
export type ExpiryChoice =
  | { readonly by: 'preset'; readonly seconds: number }
  | { readonly by: 'length'; readonly count: string; readonly unit: LengthUnit }
  | { readonly by: 'moment'; /** Local time as toLocalInput() writes it. */ readonly local: string };

export type LengthUnit = 'minutes' | 'hours' | 'days';

export type ExpiryProblem = 'not-a-number' | 'too-long' | 'not-a-moment' | 'past';

/** A form with an expiry. */
export interface ExpiryForm {
  readonly options: { readonly expiry: ExpiryChoice };
  readonly expiryProblem: ExpiryProblem | null;
  set(patch: { readonly expiry: ExpiryChoice }): void;
}

export const presetSeconds = [900, 3600, 86_400, 259_200, 604_800] as const;

/** The contract's own limit: 20 years. */
const longestSeconds = 630_720_000;

const unitSeconds: Record<LengthUnit, number> = { minutes: 60, hours: 3600, days: 86_400 };

/** The choice for a length: a preset if one fits, otherwise the largest unit that divides it. */
export function toExpiryChoice(seconds: number): ExpiryChoice {
  if (presetSeconds.some((preset) => preset === seconds)) return { by: 'preset', seconds };
  const unit = (['days', 'hours'] as const).find((candidate) => seconds % unitSeconds[candidate] === 0) ?? 'minutes';
  return { by: 'length', count: String(Math.max(1, Math.round(seconds / unitSeconds[unit]))), unit };
}

/** The length of a choice in whole seconds from now, or its problem. */
export function readExpiry(choice: ExpiryChoice, now: number): number | ExpiryProblem {
  switch (choice.by) {
    case 'preset':
      return choice.seconds;
    case 'length': {
      const seconds = Math.round(Number(choice.count) * unitSeconds[choice.unit]);
      if (choice.count.trim() === '' || !(seconds >= 1) || seconds === Infinity) return 'not-a-number';
      return seconds > longestSeconds ? 'too-long' : seconds;
    }
    case 'moment': {
      const moment = momentOf(choice.local);
      if (Number.isNaN(moment)) return 'not-a-moment';
      // Rounded up: main rounds "now" down to the second, and the link shouldn't expire a minute early.
      const seconds = Math.ceil((moment - now) / 1000);
      if (seconds > longestSeconds) return 'too-long';
      return seconds < 1 ? 'past' : seconds;
    }
    default:
      return choice satisfies never;
  }
}

/** A moment as 2026-11-29T13:51: local time to the minute, no zone. */
export function toLocalInput(moment: number): string {
  const zoneMilliseconds = new Date(moment).getTimezoneOffset() * 60_000;
  return new Date(moment - zoneMilliseconds).toISOString().slice(0, 16);
}

/** What was typed into a field for a moment, in the format of toLocalInput() if it is one; otherwise unchanged. */
export function readLocalMoment(typed: string): string {
  const match = /^\s*(\d{4})-(\d\d?)-(\d\d?)[T\s]+(\d\d?):(\d\d)\s*$/.exec(typed);
  if (match === null) return typed;
  const [, year = '', month = '', day = '', hour = '', minute = ''] = match;
  const two = (digits: string) => digits.padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}`;
}

/** What toLocalInput() writes as Unix milliseconds; NaN for any other text. V8 would read half a date, such as "2026-1". */
export function momentOf(local: string): number {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(local) ? new Date(local).getTime() : NaN;
}
