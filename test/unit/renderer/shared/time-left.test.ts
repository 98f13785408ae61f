import { expect, test } from 'vitest';
import { shareLeft, urgencyOf } from '../../../../renderer/shared/time/time-left.ts';

const hour = { from: 0, until: 3_600_000 };

test('the share that is left falls from one to nothing, and never exceeds one for a span that begins later', () => {
  expect(shareLeft(hour, 0)).toBe(1);
  expect(shareLeft(hour, 900_000)).toBe(0.75);
  expect(shareLeft(hour, 3_600_000)).toBe(0);
  expect(shareLeft(hour, 4_000_000)).toBe(0);
  expect(shareLeft(hour, -60_000)).toBe(1);
});

test('without a start nobody can say what share is left, but that it is over', () => {
  expect(shareLeft({ from: null, until: 10 }, 5)).toBeNull();
  expect(shareLeft({ from: 20, until: 10 }, 5)).toBeNull();
  expect(shareLeft({ from: null, until: 10 }, 10)).toBe(0);
  expect(urgencyOf({ from: null, until: 10 }, 5)).toBe('calm');
  expect(urgencyOf({ from: null, until: 10 }, 10)).toBe('over');
});

test('less than a fifth is soon, less than a twentieth is the last of it', () => {
  expect([0, 0.8, 0.81, 0.95, 0.96, 1].map((spent) => urgencyOf(hour, spent * 3_600_000))).toEqual([
    ...['calm', 'calm', 'soon', 'soon', 'last', 'over'],
  ]);
});
