import { languages, type Locale } from './locales.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Making a formatter takes a hundred times as long as using one, and a list uses six a row. */
function remembered<F>(make: (locale: Locale) => F): (locale: Locale) => F {
  const made = new Map<Locale, F>();
  return (locale) => {
    const formatter = made.get(locale) ?? make(locale);
    made.set(locale, formatter);
    return formatter;
  };
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
const amounts = remembered(
  (locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 1, roundingMode: 'trunc' }),
);
const counts = remembered((locale) => new Intl.NumberFormat(locale));
const exactMoments = remembered(
  (locale) =>
    new Intl.DateTimeFormat(languages[locale].dates, { dateStyle: 'full', timeStyle: 'long', hourCycle: 'h23' }),
);
const relativeMoments = remembered(
  (locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }),
);
const dates = remembered(
  (locale) => new Intl.DateTimeFormat(languages[locale].dates, { day: 'numeric', month: 'short', year: 'numeric' }),
);

/** A size in binary units: 1,536 is "1.5 KiB". */
export function formatBytes(sizeBytes: number, locale: Locale): string {
  let amount = sizeBytes;
  let unit = 0;
  for (; amount >= 1024 && unit < units.length - 1; unit += 1) amount /= 1024;
  return `${amounts(locale).format(amount)} ${units[unit]}`;
}

/** A speed: "3.2 MiB/s". */
export function formatSpeed(bytesPerSecond: number, locale: Locale): string {
  return `${formatBytes(Math.round(bytesPerSecond), locale)}/s`;
}

/** A count with its thousands apart: "12,000". */
export function formatCount(count: number, locale: Locale): string {
  return counts(locale).format(count);
}

/** A moment as a person says it: "Tue 24 Nov, 19:30"; the year only where it isn't this one. */
export function formatMoment(moment: number, locale: Locale, now = Date.now()): string {
  const sameYear = new Date(moment).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(languages[locale].dates, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(moment);
}

/** A moment to the second with its time zone, for hovering over a shorter one. */
export function formatExact(moment: number, locale: Locale): string {
  return exactMoments(locale).format(moment);
}

/** When something happened: "5 min ago", "yesterday", and the date once that says more. */
export function formatRelative(moment: number, now: number, locale: Locale): string {
  const ago = now - moment;
  const relative = relativeMoments(locale);
  if (Math.abs(ago) < minute) return relative.format(0, 'second');
  if (Math.abs(ago) < hour) return relative.format(-Math.trunc(ago / minute), 'minute');
  if (Math.abs(ago) < day) return relative.format(-Math.trunc(ago / hour), 'hour');
  const days = dayOf(now) - dayOf(moment);
  return Math.abs(days) < 7 ? relative.format(-days, 'day') : formatDate(moment, locale);
}

/** Local days since 1970: yesterday is a date, not 24 hours. */
function dayOf(moment: number): number {
  const date = new Date(moment);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / day;
}

/** A calendar day: "24 Nov 2026". */
export function formatDate(moment: number, locale: Locale): string {
  return dates(locale).format(moment);
}

/** A length of time in its two largest units: "59 min", "2 hr 5 min", "3 days". */
export function formatLength(milliseconds: number, locale: Locale): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const parts = lengthParts(seconds).map(([count, unit]) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(count),
  );
  return parts.join(' ');
}

type LengthPart = readonly [count: number, unit: 'day' | 'hour' | 'minute' | 'second'];

function lengthParts(seconds: number): readonly LengthPart[] {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (days > 0) return nonZero([days, 'day'], [hours, 'hour']);
  if (hours > 0) return nonZero([hours, 'hour'], [minutes, 'minute']);
  if (minutes > 0) return nonZero([minutes, 'minute'], [minutes < 10 ? seconds % 60 : 0, 'second']);
  return [[seconds, 'second']];
}

function nonZero(first: LengthPart, second: LengthPart): readonly LengthPart[] {
  return second[0] === 0 ? [first] : [first, second];
}
