import { expect, test } from 'vitest';
import { formatAddress, parseAddress, parseObjectAddress } from '../../../main/cli/arguments/address.ts';
import { UsageError } from '../../../main/cli/arguments/command.ts';
import { failureMessage } from '../../../main/cli/terminal/failure-message.ts';
import { readNumber, readPairs } from '../../../main/cli/arguments/options.ts';
import { escapeControls } from '../../../main/words/controls.ts';
import { t } from '../../support/words.ts';

test.each([
  'oss://bucket/',
  'oss://bucket/a b',
  'oss://bucket/a%20b',
  'oss://bucket/a//../?x#y',
  'oss://bucket/line\nbreak',
])('nothing in %j is decoded', (text) => {
  expect(formatAddress(parseAddress(text))).toBe(text);
});

test('a bucket alone is an address, but names no object', () => {
  expect(parseAddress('oss://bucket')).toEqual({ bucket: 'bucket', key: '' });
  expect(() => parseObjectAddress('oss://bucket')).toThrow(UsageError);
  for (const text of ['bucket/key', 's3://bucket/key', 'oss:///key', ''])
    expect(() => parseAddress(text)).toThrow(UsageError);
});

test('a header keeps the colons of its value, a parameter its blanks', () => {
  expect(readPairs(['X-Time: 12:30', 'a:'], ':', '--header')).toEqual({ 'X-Time': '12:30', a: '' });
  expect(readPairs(['a= b=c'], '=', '--query')).toEqual({ a: ' b=c' });
  expect(() => readPairs(['nothing'], ':', '--header')).toThrow(UsageError);
});

test.each(['', '-1', '1.5', '1e3', '99', 'x'])('%j is no number from 0 to 98', (text) => {
  expect(() => readNumber(text, '--n', 0, 98)).toThrow(UsageError);
});

test('codes of OSS are named after the words', () => {
  const words = failureMessage({
    kind: 'oss',
    cause: 'no-such-bucket',
    status: 404,
    code: 'NoSuchBucket',
    message: 'The specified bucket does not exist.',
    ec: '0015-00000101',
    requestId: '5C3D',
  });
  expect(words).toBe(
    `${t('failure.sentences', { title: t('failure.cause.no-such-bucket.title'), next: t('cli.next.cause.no-such-bucket') })}\n${t('failure.cause.other.next', { message: 'The specified bucket does not exist.' })}\nCode: NoSuchBucket  EC: 0015-00000101  RequestId: 5C3D`,
  );
});

test('a bucket in another region is found through the endpoint that OSS names', () => {
  const endpoint = 'oss-cn-beijing.aliyuncs.com';
  expect(
    failureMessage({ kind: 'oss', cause: 'wrong-endpoint', status: 403, code: 'AccessDenied', message: '', endpoint }),
  ).toContain(`--endpoint ${endpoint}`);
});

test('what a server says cannot move the cursor of a terminal', () => {
  expect(escapeControls('a\u001b[2Jb\n\u202ec')).toBe('a\\u001b[2Jb\\u000a\\u202ec');
  const message = 'x\u001b[31m';
  expect(failureMessage({ kind: 'oss', cause: 'other', status: 400, code: 'X', message })).not.toContain('\u001b');
});
