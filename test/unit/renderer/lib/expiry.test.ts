import { describe, expect, test } from 'vitest';
import {
  momentOf,
  readExpiry,
  readLocalMoment,
  toExpiryChoice,
  toLocalInput,
} from '../../../../renderer/lib/expiry.ts';

const now = new Date(2026, 10, 24, 18, 30, 20).getTime();

describe('the expiry a person chooses', () => {
  test.each([
    [900, { by: 'preset', seconds: 900 }],
    [604_800, { by: 'preset', seconds: 604_800 }],
    [7200, { by: 'length', count: '2', unit: 'hours' }],
    [172_800, { by: 'length', count: '2', unit: 'days' }],
    [5400, { by: 'length', count: '90', unit: 'minutes' }],
    [30, { by: 'length', count: '1', unit: 'minutes' }],
  ] as const)('%i seconds of an account is shown as its preset or in the largest whole unit', (seconds, choice) => {
    expect(toExpiryChoice(seconds)).toEqual(choice);
  });

  test('a length is its count times its unit, fractions included', () => {
    expect(readExpiry({ by: 'length', count: '1.5', unit: 'hours' }, now)).toBe(5400);
  });

  test.each(['', ' ', 'two', '0', '-1', 'Infinity'])('"%s" is not a number of days', (count) => {
    expect(readExpiry({ by: 'length', count, unit: 'days' }, now)).toBe('not-a-number');
  });

  test('more than 20 years are too long, however they are chosen', () => {
    expect(readExpiry({ by: 'length', count: '999999', unit: 'hours' }, now)).toBe('too-long');
    expect(readExpiry({ by: 'moment', local: '2126-11-24T18:30' }, now)).toBe('too-long');
  });

  test('a moment counts from now, in local time', () => {
    expect(readExpiry({ by: 'moment', local: '2026-11-24T19:30' }, now)).toBe(59 * 60 + 40);
  });

  test('a moment keeps its minute: what is left of the second is given, not taken', () => {
    expect(readExpiry({ by: 'moment', local: '2026-11-24T19:30' }, now + 1)).toBe(59 * 60 + 40);
    expect(readExpiry({ by: 'moment', local: '2026-11-24T19:30' }, now + 999)).toBe(59 * 60 + 40);
  });

  test('a moment that has passed is told apart from one that is none', () => {
    expect(readExpiry({ by: 'moment', local: '2026-11-24T18:30' }, now)).toBe('past');
    expect(readExpiry({ by: 'moment', local: '' }, now)).toBe('not-a-moment');
  });

  test('what the moment field shows is read back as the same minute', () => {
    const local = toLocalInput(now);
    expect(local).toBe('2026-11-24T18:30');
    expect(new Date(local).getTime()).toBe(now - 20_000);
  });
});

test('a typed moment is read with a blank or a T, with one digit or two, and nothing else is', () => {
  for (const typed of ['2026-11-24 19:30', ' 2026-11-24T19:30', '2026-11-24   19:30 ']) {
    expect(readLocalMoment(typed)).toBe('2026-11-24T19:30');
  }
  expect(readLocalMoment('2026-1-4 9:05')).toBe('2026-01-04T09:05');
  expect(momentOf(readLocalMoment('2026-1'))).toBeNaN();
  expect(momentOf('2026-11-24T19:30')).toBe(new Date(2026, 10, 24, 19, 30).getTime());
});
