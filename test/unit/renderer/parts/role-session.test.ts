import { expect, test } from 'vitest';
import { readMinutes } from '../../../../renderer/parts/role-session.ts';

test.each([
  ['15', 15],
  [' 720 ', 720],
  ['14', null],
  ['721', null],
  ['20.5', null],
  ['', null],
  ['an hour', null],
])('a length of "%s" minutes is read as %s', (typed, minutes) => {
  expect(readMinutes(typed)).toBe(minutes);
});
