/** Bandwidth limits in bytes per second; null: unlimited. */
export interface SpeedLimits {
  readonly uploadBytesPerSecond: number | null;
  readonly downloadBytesPerSecond: number | null;
}

/** Limits for certain hours. They begin and end at a minute of the local day, 0 to 1439. */
export interface LimitHours extends SpeedLimits {
  readonly days: 'every' | 'weekdays';
  readonly fromMinute: number;
  /** Before `fromMinute`: on the next day. The same: all day. */
  readonly toMinute: number;
}

/** The limits in force at this moment, by local time. Hours that begin on a weekday count up to their end. */
export function limitsAt(
  {
    limitHours,
    uploadBytesPerSecond,
    downloadBytesPerSecond,
  }: SpeedLimits & { readonly limitHours: LimitHours | null },
  at: Date,
): SpeedLimits {
  const usual = { uploadBytesPerSecond, downloadBytesPerSecond };
  return limitHours !== null && isWithin(limitHours, at) ? limitHours : usual;
}

function isWithin({ days, fromMinute, toMinute }: LimitHours, at: Date): boolean {
  const minute = at.getHours() * 60 + at.getMinutes();
  const endsNextDay = toMinute <= fromMinute;
  const beganYesterday = endsNextDay && minute < toMinute;
  const isInHours = endsNextDay ? minute >= fromMinute || beganYesterday : minute >= fromMinute && minute < toMinute;
  const day = (at.getDay() + (beganYesterday ? 6 : 0)) % 7;
  return isInHours && (days === 'every' || (day >= 1 && day <= 5));
}
