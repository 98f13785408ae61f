import { beforeEach, describe, expect, test } from 'vitest';
import { PageBugs } from '../../../main/shell/page-bugs.ts';

let recorded: [logId: string, text: string][] = [];
let now = 0;

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
    const logId = makeBugs().report('TypeError: x is null');
    expect(logId).toMatch(/^[0-9a-f]{8}$/);
    expect(recorded).toEqual([[logId, 'TypeError: x is null']]);
  });

  test('that repeats within a minute is recorded once, under one ID', () => {
    const bugs = makeBugs();
    const first = bugs.report('again');
    now = 59_000;
    expect(bugs.report('again')).toBe(first);
    expect(recorded).toHaveLength(1);
    now = 60_000;
    expect(bugs.report('again')).not.toBe(first);
    expect(recorded).toHaveLength(2);
  });

  test('is not recorded where ten others were in the same minute', () => {
    const bugs = makeBugs();
    for (let index = 0; index < 1000; index += 1) bugs.report(`error ${index}`);
    expect(recorded).toHaveLength(10);
    expect(bugs.report('one more')).toBeNull();
    now = 60_000;
    expect(bugs.report('one more')).not.toBeNull();
    expect(recorded).toHaveLength(11);
  });
});
