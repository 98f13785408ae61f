// Sizes, times and lengths as the reader's language writes them; sizes as OSS's console does: 1 KB is 1,024 bytes.

const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** A size such as "1.25 GB" or "118 MB". */
export function sizeText(bytes: number, language: string): string {
  // 1,023.9 KB would be 1,024 KB.
  let power = 0;
  for (let left = bytes; left >= 1023.5 && power < units.length - 1; left /= 1024) power += 1;
  const value = bytes / 1024 ** power;
  const maximumFractionDigits = power === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits }).format(value)} ${units[power] ?? 'TB'}`;
}

/** A number as the language groups its digits. */
export function numberText(value: number, language: string): string {
  return new Intl.NumberFormat(language).format(value);
}

/** A moment for people: weekday, day and time, with the year where it is another one than `now`'s. */
export function momentText(moment: number, language: string, now = Date.now()): string {
  const isThisYear = new Date(moment).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    ...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(moment);
}

const lengths = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** A length in its largest unit, or in two where the second still matters: "2 hr 5 min", "6 days", "40 sec". */
export function lengthText(ms: number, language: string): string {
  const first = lengths.findIndex(([, unitMs]) => ms >= unitMs);
  const [unit, unitMs] = lengths[first] ?? lengths[3];
  const part = (value: number, unit: string): string =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
  const count = Math.floor(ms / unitMs);
  const next = lengths[first + 1];
  const rest = next === undefined || unit === 'minute' || count >= 10 ? 0 : Math.floor((ms % unitMs) / next[1]);
  return rest === 0 || next === undefined
    ? part(Math.max(0, count), unit)
    : `${part(count, unit)} ${part(rest, next[0])}`;
}
