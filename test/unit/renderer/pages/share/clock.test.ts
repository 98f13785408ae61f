import { expect, test } from 'vitest';
import { Clock } from '../../../../../renderer/pages/share/clock.ts';

const noon = Date.UTC(2026, 11, 1, 12);
const hour = 3_600_000;

test('a clock goes by the server once it knows its time', () => {
  const clock = new Clock(() => noon);
  expect([clock.now(), clock.isKnown]).toEqual([noon, false]);
  clock.learn('Tue, 01 Dec 2026 13:00:00 GMT');
  expect([clock.now(), clock.isKnown]).toEqual([noon + hour, true]);
  clock.learn('Tue, 01 Dec 2026 12:00:02 GMT');
  expect(clock.now()).toBe(noon);
});

test('a time that cannot be read changes nothing', () => {
  const clock = new Clock(() => noon);
  clock.learn('Tue, 01 Dec 2026 13:00:00 GMT');
  clock.learn(null);
  clock.learn('yesterday');
  expect(clock.now()).toBe(noon + hour);
});

test('a link that works shows a clock that is ahead', () => {
  const clock = new Clock(() => noon);
  clock.isBefore(noon - hour);
  expect(clock.now()).toBeLessThan(noon - hour);
  const right = new Clock(() => noon);
  right.isBefore(noon + hour);
  expect(right.now()).toBe(noon);
});
