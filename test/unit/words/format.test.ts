import { describe, expect, test, vi } from 'vitest';
import {
  followRegion,
  formatBytes,
  formatCount,
  formatDate,
  formatExact,
  formatLength,
  formatList,
  formatMoment,
  formatPercent,
  formatRelative,
  formatSpeed,
  titleCase,
} from '../../../main/words/format.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const now = new Date(2026, 10, 24, 18, 31).getTime();

describe('sizes', () => {
  test.each([
    [0, '0 B'],
    [1023, '1,023 B'],
    [1024, '1 KB'],
    [1536, '1.5 KB'],
    [5 * 1024 ** 3, '5 GB'],
  ])('%d bytes are %s', (sizeBytes, text) => {
    expect(formatBytes(sizeBytes, 'en')).toBe(text);
  });

  test('a speed has whole bytes at least', () => {
    expect(formatSpeed(0.4, 'en')).toBe('0 B/s');
    expect(formatSpeed(3.25 * 1024 ** 2, 'en')).toBe('3.2 MB/s');
  });

  test('thousands are told apart', () => {
    expect(formatCount(12_000, 'en')).toBe('12,000');
  });
});

describe('moments', () => {
  test('of this year have no year', () => {
    expect(formatMoment(now + 59 * minute, 'en', now)).toBe('Tue 24 Nov, 19:30');
    expect(formatMoment(now + 59 * minute, 'zh-CN', now)).toBe('11月24日周二 19:30');
  });

  test('of another year have one', () => {
    expect(formatMoment(new Date(2027, 0, 2, 8, 5).getTime(), 'en', now)).toBe('Sat, 2 Jan 2027, 08:05');
  });

  test('midnight is 00:00, not 24:00', () => {
    expect(formatMoment(new Date(2026, 10, 25).getTime(), 'en', now)).toContain('00:00');
    expect(formatMoment(new Date(2026, 10, 25).getTime(), 'zh-CN', now)).toContain('00:00');
  });

  test('on hovering have seconds and the time zone', () => {
    expect(formatExact(now, 'en')).toMatch(/^Tuesday,? 24 November 2026 at 18:31:00 \S+/);
  });

  test('follow an English system, and no other', () => {
    followRegion('en-US');
    expect(formatMoment(now + 59 * minute, 'en', now)).toMatch(/^Tue, Nov 24, 7:30\sPM$/);
    expect(formatDate(now, 'en')).toBe('Nov 24, 2026');
    expect(formatMoment(now + 59 * minute, 'zh-CN', now)).toBe('11月24日周二 19:30');
    followRegion('de-DE');
    expect(formatMoment(now + 59 * minute, 'en', now)).toBe('Tue 24 Nov, 19:30');
  });

  test('a date is written day first in English', () => {
    expect(formatDate(now, 'en')).toBe('24 Nov 2026');
  });
});

describe('how long ago', () => {
  test.each([
    [10 * second, 'just now'],
    [5 * minute + 59 * second, '5 min. ago'],
    [3 * hour, '3 hr. ago'],
    [day + hour, 'yesterday'],
    [3 * day, '3 days ago'],
    [30 * day, '25 Oct 2026'],
    [-2 * hour, 'in 2 hr.'],
  ])('%d ms is %s', (ago, text) => {
    expect(formatRelative(now - ago, now, 'en')).toBe(text);
  });
});

test('days ago are days of the calendar', () => {
  const night = new Date(2026, 10, 25, 1, 0).getTime();
  expect(formatRelative(new Date(2026, 10, 23, 19, 0).getTime(), night, 'en')).toBe('2 days ago');
  expect(formatRelative(new Date(2026, 10, 24, 0, 30).getTime(), night, 'en')).toBe('yesterday');
  expect(formatRelative(new Date(2026, 10, 27, 23, 0).getTime(), night, 'en')).toBe('in 2 days');
});

describe('lengths of time', () => {
  test.each([
    [0, '0 sec'],
    [45 * second, '45 sec'],
    [9 * minute + 5 * second, '9 min 5 sec'],
    [59 * minute + 20 * second, '59 min'],
    [hour, '1 hr'],
    [hour - 2 * second, '1 hr'],
    [7 * day - minute, '7 days'],
    [day - 5 * second, '1 day'],
    [2 * hour + 5 * minute, '2 hr 5 min'],
    [7 * day, '7 days'],
    [2 * day + 3 * hour + 10 * minute, '2 days 3 hr'],
    [-5 * second, '0 sec'],
  ])('%d ms is %s', (length, text) => {
    expect(formatLength(length, 'en')).toBe(text);
  });

  test('are Chinese in Chinese', () => {
    expect(formatLength(2 * hour + 5 * minute, 'zh-CN')).toBe('2 小时 5 分钟');
    expect(formatRelative(now - 5 * minute, now, 'zh-CN')).toBe('5 分钟前');
  });
});

test('a share is written in percent', () => {
  expect(formatPercent(0.5, 'en')).toBe('50%');
});

test('names are listed as the language lists them', () => {
  expect(formatList(['a', 'b', 'c'], 'en')).toBe('a, b, and c');
  expect(formatList(['a', 'b', 'c'], 'zh-CN')).toBe('a、b和c');
});

test('formatters are created once for each language', () => {
  const write = () => {
    formatMoment(0, 'en');
    formatExact(0, 'en');
    formatLength(90_000, 'en');
    formatRelative(0, 90_000, 'en');
  };
  write();
  const created = [vi.spyOn(Intl, 'DateTimeFormat'), vi.spyOn(Intl, 'NumberFormat'), vi.spyOn(Intl, 'ListFormat')];
  write();
  expect(created.map((constructor) => constructor.mock.calls.length)).toEqual([0, 0, 0]);
  vi.restoreAllMocks();
});

test('titles of macOS have capitals, but for the small words inside them', () => {
  expect(titleCase('Go to address')).toBe('Go to Address');
  expect(titleCase('Open link…')).toBe('Open Link…');
  expect(titleCase('锁定 Waybill')).toBe('锁定 Waybill');
});
