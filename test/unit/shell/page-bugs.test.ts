import { beforeEach, describe, expect, test } from 'vitest';
import { PageBugs } from '../../../main/shell/page-bugs.ts';

let recorded: [logId: string, text: string][] = [];
let now = 0;
const page = {};

beforeEach(() => {
  recorded = [];
  now = 0;
});

function makeBugs(): PageBugs {
  return new PageBugs(
    (logId, text) => recorded.push([logId, text]),
    () => now,
  );
}

describe('an error of a page', () => {
  test('is recorded under the ID that the page is told', () => {
    const logId = makeBugs().report(page, 'TypeError: x is null');
    expect(logId).toMatch(/^[0-9a-f]{8}$/);
    expect(recorded).toEqual([[logId, 'page: TypeError: x is null']]);
  });

  test('that repeats within a minute is recorded once, under one ID', () => {
    const bugs = makeBugs();
    const first = bugs.report(page, 'again');
    now = 59_000;
    expect(bugs.report(page, 'again')).toBe(first);
    expect(recorded).toHaveLength(1);
    now = 60_000;
    expect(bugs.report(page, 'again')).not.toBe(first);
    expect(recorded).toHaveLength(2);
  });

  test('is not recorded where ten others were in the same minute', () => {
    const bugs = makeBugs();
    for (let index = 0; index < 1000; index += 1) bugs.report(page, `error ${index}`);
    expect(recorded).toHaveLength(10);
    expect(bugs.report(page, 'one more')).toBeNull();
    now = 60_000;
    expect(bugs.report(page, 'one more')).not.toBeNull();
    expect(recorded).toHaveLength(11);
  });

  test('of another window is recorded nevertheless', () => {
    const bugs = makeBugs();
    for (let index = 0; index < 20; index += 1) bugs.report(page, `error ${index}`);
    expect(bugs.report({}, 'one of another')).not.toBeNull();
    expect(recorded).toHaveLength(11);
  });

  test('is not recorded beyond 500 a day, however many windows there are', () => {
    const bugs = makeBugs();
    for (let index = 0; index < 1000; index += 1) bugs.report({}, `error ${index}`);
    expect(recorded).toHaveLength(500);
    now = 24 * 3_600_000;
    expect(bugs.report(page, 'the next day')).not.toBeNull();
  });

  test.each(['\n', '\r\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029'])(
    'begins no line of its own in the log, whatever ends its lines (%j)',
    (end) => {
      makeBugs().report(page, `x${end}[2026-11-29 21:00:00.000] [error] abcd1234 \u001b[2Kforged`);
      expect(recorded[0]?.[1]).toBe('page: x\n  [2026-11-29 21:00:00.000] [error] abcd1234  [2Kforged');
    },
  );
});
