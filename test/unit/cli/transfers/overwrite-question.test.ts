import { expect, test } from 'vitest';
import { readAnswer } from '../../../../main/cli/transfers/overwrite-question.ts';

test.each([
  ['s', 'skip', false],
  [' r ', 'replace', false],
  ['K', 'keep-both', true],
  ['i', 'skip-same', false],
  ['n all', 'replace-older', true],
  ['Skip', 'skip', false],
  ['replace ALL', 'replace', true],
])('%j means %s, for all: %s', (line, choice, applyToAll) => {
  expect(readAnswer(line)).toEqual({ choice, applyToAll });
});

test.each(['', ' ', '?', 'x', 'all', 'skip some', 'constructor', 'rs'])('%j is no answer', (line) => {
  expect(readAnswer(line)).toBe(null);
});
