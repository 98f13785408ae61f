import { expect, test } from 'vitest';
import { formatJson } from '../../../../../../renderer/screens/preview/text/json.ts';

const textOf = (json: string, isCut = false) =>
  formatJson(json, isCut)
    ?.map(({ text }) => text)
    .join('') ?? null;

test('values are indented, and nothing else changes', () => {
  expect(textOf('{"id":12345678901234567890,"a":[1.0,true,null],"b":{},"c":[],"a":"\\u0041 \\"{[,"}')).toBe(
    [
      '{',
      '  "id": 12345678901234567890,',
      '  "a": [',
      '    1.0,',
      '    true,',
      '    null',
      '  ],',
      '  "b": {},',
      '  "c": [],',
      '  "a": "\\u0041 \\"{[,"',
      '}',
    ].join('\n'),
  );
});

test('keys are told from strings, and numbers from words', () => {
  const kinds = formatJson('{"key":"value","n":-1.5e3,"t":true}', false)?.filter(({ kind }) => kind !== 'plain');
  expect(kinds?.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    'key "key"',
    'string "value"',
    'key "n"',
    'number -1.5e3',
    'key "t"',
    'word true',
  ]);
});

test('one value a line is JSON, too', () => {
  expect(textOf('{"a":1}\n{"b":2}\n')).toBe('{\n  "a": 1\n}\n{\n  "b": 2\n}');
});

test('what is cut off is formatted as far as it goes', () => {
  expect(textOf('{"a":["unfinish', true)).toBe('{\n  "a": [\n    "unfinish');
});

test.each(['{"a": oops}', 'plain text', '', '{"a":["unfinish'])('%o is not JSON', (text) => {
  expect(formatJson(text, false)).toBeNull();
});

test('a large text has no more coloured pieces than the window can hold', () => {
  const json = `[${'1,'.repeat(100_000)}1]`;
  expect(formatJson(json, false)?.length).toBeLessThan(25_000);
  expect(textOf(json)?.replaceAll(/\s/g, '')).toBe(json);
});
