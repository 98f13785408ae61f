import { languages, type Locale } from './locales.ts';

type LengthUnit = 'day' | 'hour' | 'minute' | 'second';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** The tag for English dates, where the system's language is an English one. */
let englishDates: string | null = null;

/**
 * Writes English dates as the system's own English does, such as "Nov 24, 7:30 PM". With another system language, or
 * before this is called, they are "24 Nov, 19:30". `systemLocale` is a BCP 47 tag.
 */
export function followRegion(systemLocale: string): void {
  englishDates = /^en-[A-Z]{2}$/.test(systemLocale) ? systemLocale : null;
}

/** Keeps one formatter for each language: creating one takes a hundred times as long as using it. */
function remembered<F>(create: (locale: Locale) => F): (locale: Locale) => F {
  const known = new Map<Locale, F>();
  return (locale) => {
    const formatter = known.get(locale) ?? create(locale);
    known.set(locale, formatter);
    return formatter;
  };
}

function rememberedDates(options: Intl.DateTimeFormatOptions): (locale: Locale) => Intl.DateTimeFormat {
  const known = new Map<string, Intl.DateTimeFormat>();
  return (locale) => {
    const region = locale === 'en' ? englishDates : null;
    const tag = region ?? languages[locale].dates;
    // Two digits of the hour and no AM: what the languages' own tags are for.
    const clock = region === null ? ({ hour: '2-digit', hourCycle: 'h23' } as const) : {};
    const formatter =
      known.get(tag) ?? new Intl.DateTimeFormat(tag, 'hour' in options ? { ...options, ...clock } : options);
    known.set(tag, formatter);
    return formatter;
  };
}

const rememberedLengths = (unit: LengthUnit) =>
  remembered((locale) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }));

const timesOfDay = rememberedDates({ hour: '2-digit', minute: '2-digit' });

const momentParts: Intl.DateTimeFormatOptions = {
  ...{ weekday: 'short', day: 'numeric', month: 'short' },
  ...{ hour: 'numeric', minute: '2-digit' },
};
const moments = rememberedDates(momentParts);
const momentsWithYear = rememberedDates({ ...momentParts, year: 'numeric' });
const seconds = rememberedDates({ ...momentParts, second: '2-digit' });
const secondsWithYear = rememberedDates({ ...momentParts, second: '2-digit', year: 'numeric' });
const exactMoments = rememberedDates({ dateStyle: 'full', timeStyle: 'long' });
const dates = rememberedDates({ day: 'numeric', month: 'short', year: 'numeric' });
const relativeMoments = remembered(
  (locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }),
);

const amounts = remembered(
  (locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 1, roundingMode: 'trunc' }),
);
const counts = remembered((locale) => new Intl.NumberFormat(locale));
const percents = remembered((locale) => new Intl.NumberFormat(locale, { style: 'percent' }));
const lists = remembered((locale) => new Intl.ListFormat(locale));
const choices = remembered((locale) => new Intl.ListFormat(locale, { type: 'disjunction' }));
const unitLists = remembered((locale) => new Intl.ListFormat(locale, { type: 'unit', style: 'narrow' }));
const lengths: Readonly<Record<LengthUnit, (locale: Locale) => Intl.NumberFormat>> = {
  day: rememberedLengths('day'),
  hour: rememberedLengths('hour'),
  minute: rememberedLengths('minute'),
  second: rememberedLengths('second'),
};

/** Each 1,024 of the one before, written as Windows and OSS's console write them. */
const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** A size, where 1 KB is 1,024 bytes and what exceeds one decimal is cut off: 1,536 is "1.5 KB". */
export function formatBytes(sizeBytes: number, locale: Locale): string {
  let amount = sizeBytes;
  let unit = 0;
  for (; amount >= 1024 && unit < units.length - 1; unit += 1) amount /= 1024;
  return `${amounts(locale).format(amount)} ${units[unit]}`;
}

/** A speed: "3.2 MB/s". */
export function formatSpeed(bytesPerSecond: number, locale: Locale): string {
  return `${formatBytes(Math.round(bytesPerSecond), locale)}/s`;
}

/** A count with its thousands apart: "12,000". */
export function formatCount(count: number, locale: Locale): string {
  return counts(locale).format(count);
}

/** A share of one: 0.5 is "50%". */
export function formatPercent(share: number, locale: Locale): string {
  return percents(locale).format(share);
}

/** Names in a row: "a, b, and c". */
export function formatList(names: Iterable<string>, locale: Locale): string {
  return lists(locale).format(names);
}

/** Names to choose one of: `a, b, or c`. */
export function formatChoice(names: Iterable<string>, locale: Locale): string {
  return choices(locale).format(names);
}

/** A moment as a person says it: "Tue 24 Nov, 19:30"; the year only where it isn't this one. */
export function formatMoment(moment: number, locale: Locale, now = Date.now()): string {
  const isThisYear = new Date(moment).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? moments : momentsWithYear)(locale).format(moment);
}

/** Like formatMoment, but to the second: for moments that may be close to each other. */
export function formatSecond(moment: number, locale: Locale, now = Date.now()): string {
  const isThisYear = new Date(moment).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? seconds : secondsWithYear)(locale).format(moment);
}

/** A moment to the second with its time zone, for hovering over a shorter one. */
export function formatExact(moment: number, locale: Locale): string {
  return exactMoments(locale).format(moment);
}

/** When something happened: "5 min ago", "yesterday", and the date once that says more. */
export function formatRelative(moment: number, now: number, locale: Locale): string {
  const ago = now - moment;
  const relative = relativeMoments(locale);
  const say = (count: number, unit: Intl.RelativeTimeFormatUnit) => spaced(relative.format(count, unit), locale);
  if (Math.abs(ago) < minute) return languages[locale].messages['common.just-now'];
  if (Math.abs(ago) < hour) return say(-Math.trunc(ago / minute), 'minute');
  if (Math.abs(ago) < day) return say(-Math.trunc(ago / hour), 'hour');
  const days = dayOf(now) - dayOf(moment);
  return Math.abs(days) < 7 ? say(-days, 'day') : formatDate(moment, locale);
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

/**
 * A length of time in its two largest units, to the nearest: "59 min", "2 hr 5 min", "3 days". An hour of which a second
 * has passed is still "1 hr".
 */
export function formatLength(milliseconds: number, locale: Locale): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const step = seconds >= 86_400 ? 3600 : seconds >= 600 ? 60 : 1;
  const parts = lengthParts(Math.round(seconds / step) * step);
  return spaced(unitLists(locale).format(parts.map(([count, unit]) => lengths[unit](locale).format(count))), locale);
}

/** A time of day, by its minute: 0 to 1439. */
export function formatTimeOfDay(minute: number, locale: Locale): string {
  return timesOfDay(locale).format(new Date(2000, 0, 1, 0, minute));
}

/** Chinese with a space between digits and words, as all its texts are written: "2 小时 5 分钟". */
function spaced(text: string, locale: Locale): string {
  if (locale !== 'zh-CN') return text;
  return text.replace(/(\d)(?=\p{Script=Han})/gu, '$1 ').replace(/(\p{Script=Han})(?=\d)/gu, '$1 ');
}

type LengthPart = readonly [count: number, unit: LengthUnit];

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

/** English in title case, as macOS writes its menus; a language without capitals stays as it is. */
export function titleCase(text: string): string {
  return text.replace(/(^|\s)(?!(?:a|an|and|in|of|or|the|to)\b)[a-z]/g, (start) => start.toUpperCase());
}
