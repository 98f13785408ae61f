import { expect, test } from 'vitest';
import { type LimitHours, limitsAt } from '../../main/limit-hours.ts';

const usual = { uploadBytesPerSecond: 5, downloadBytesPerSecond: null };
const other = { uploadBytesPerSecond: 1, downloadBytesPerSecond: 2 };
const hours = (from: number, to: number, days: LimitHours['days'] = 'every'): LimitHours => ({
  ...{ days, fromMinute: from * 60, toMinute: to * 60 },
  ...other,
});

/** 2026-11-27 is a Friday. */
const at = (day: number, hour: number, minute = 0): Date => new Date(2026, 10, day, hour, minute);
const isOther = (limitHours: LimitHours | null, moment: Date): boolean =>
  limitsAt({ ...usual, limitHours }, moment).uploadBytesPerSecond === other.uploadBytesPerSecond;

test('without hours the usual limits are in force', () => {
  expect(limitsAt({ ...usual, limitHours: null }, at(27, 12))).toEqual(usual);
});

test('hours begin with their first minute, and end before their last', () => {
  const day = hours(9, 18);
  const moments = [at(27, 8, 59), at(27, 9), at(27, 17, 59), at(27, 18)];
  expect(moments.map((moment) => isOther(day, moment))).toEqual([false, true, true, false]);
  expect(limitsAt({ ...usual, limitHours: day }, at(27, 12))).toMatchObject(other);
});

test('hours over midnight end on the next day, also after a Friday', () => {
  const night = hours(22, 6, 'weekdays');
  const moments = [at(27, 23), at(28, 5, 59), at(28, 6), at(28, 23), at(29, 23), at(30, 5), at(30, 22)];
  expect(moments.map((moment) => isOther(night, moment))).toEqual([true, true, false, false, false, false, true]);
});

test('hours that end when they begin are the whole day', () => {
  expect([at(27, 0), at(27, 12), at(28, 12)].map((moment) => isOther(hours(8, 8, 'weekdays'), moment))).toEqual([
    true,
    true,
    false,
  ]);
});
