import { expect, test } from 'vitest';
import { WaybillError } from '../../../main/failure.ts';
import { checkBucket, checkKey } from '../../../main/oss/names.ts';

/** Field and rule of the failure; null if there is none. */
function ruleOf(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    if (!(error instanceof WaybillError) || error.failure.kind !== 'input') return 'another error';
    return `${error.failure.field}: ${error.failure.rule}`;
  }
}

test.each([
  ['', 'key-empty'],
  ['a'.repeat(1023), null],
  ['a'.repeat(1024), 'key-too-long'],
  ['你'.repeat(341), null],
  ['你'.repeat(341) + 'a', 'key-too-long'],
  ['/a', 'key-leading-slash'],
  ['\\a', 'key-leading-slash'],
  ['a/\\b', null],
  ['.', null],
  ['..', null],
  ['\ud83d', 'key-not-unicode'],
  ['🙂', null],
])('the key %j: %s', (key, rule) => {
  expect(ruleOf(() => checkKey(key))).toBe(rule === null ? null : `key: ${rule}`);
});

test.each(['abc', 'my-bucket-1', 'a'.repeat(63)])('%s is a bucket name', (bucket) => {
  expect(ruleOf(() => checkBucket(bucket))).toBeNull();
});

test.each(['', 'ab', 'A-bucket', '-abc', 'abc-', 'a.b', 'a/b', 'evil.example/', 'a'.repeat(64), 'a@b'])(
  '"%s" is no bucket name',
  (bucket) => {
    expect(ruleOf(() => checkBucket(bucket))).toBe('bucket: bucket-name');
  },
);
