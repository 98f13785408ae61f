import { expect, test } from 'vitest';
import { failureSchema } from '../../../../main/transfers/tasks/failure-schema.ts';

test.each([
  [{ status: 404, code: 'NoSuchBucket' }, 'no-such-bucket'],
  [{ status: 503, code: 'ServiceUnavailable' }, 'busy'],
  [{ status: 409, code: 'FileAlreadyExists' }, 'exists'],
  [{ status: 403, code: 'AccessDenied', endpoint: 'oss-cn-beijing.aliyuncs.com' }, 'wrong-endpoint'],
  [{ status: 412, code: 'ChangedSinceCopied' }, 'changed-since-copied'],
  [{ status: 412, code: 'ChangedSinceShared' }, 'changed-since-shared'],
  [{ status: 200, code: 'MalformedReply' }, 'malformed'],
  [{ status: 400, code: 'SomethingElse' }, 'other'],
  [{ status: 403, code: 'SignatureDoesNotMatch' }, 'other'],
])('an answer of OSS that a journal holds without a cause gets it: %j', (answer, cause) => {
  const saved = { kind: 'oss', message: 'm', ...answer };
  expect(failureSchema.parse(saved)).toEqual({ ...saved, cause });
});

test.each([
  ['expired-token', 'token-expired'],
  ['invalid-key', 'wrong-key'],
  ['denied', 'denied-by-policy'],
  ['refused', 'link-mismatch'],
  ['malformed', 'damaged'],
  ['foreign', 'damaged'],
  ['expired', 'expired'],
])('what a link was called %s for in earlier journals is %s', (reason, cause) => {
  expect(failureSchema.parse({ kind: 'link', reason })).toEqual({ kind: 'link', cause });
});

test.each([
  { kind: 'oss', message: 'm' },
  { kind: 'credentials' },
  { kind: 'link', cause: 'busy' },
  { kind: 'oss', status: 404, code: 'NoSuchKey', message: 'm', cause: 'locked' },
  { kind: 'file', reason: 'full', path: '/x', space: { neededBytes: -1, freeBytes: 0 } },
  null,
])('%j is no failure', (saved) => {
  expect(failureSchema.safeParse(saved).success).toBe(false);
});

test('a refusal keeps the cause that it has, or the name that it had', () => {
  const saved = { kind: 'oss', status: 404, code: 'NoSuchBucket', message: 'm', cause: 'other' };
  expect(failureSchema.parse(saved)).toEqual(saved);
  expect(failureSchema.parse({ kind: 'credentials', reason: 'denied' })).toEqual({
    kind: 'credentials',
    cause: 'denied-by-policy',
  });
});
