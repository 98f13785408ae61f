import { expect, test } from 'vitest';
import { stsError } from '../../../../main/accounts/sts/sts-failure.ts';
import { toFailure } from '../../../../main/failure.ts';

/** An error as the official client throws it. */
function clientError(code: string, message: string, statusCode = 400): Error {
  const wrapped = `${code}: code: ${statusCode}, ${message} request id: 1C3A-55`;
  return Object.assign(new Error(wrapped), { code, statusCode, requestId: '1C3A-55' });
}

const failureOf = (error: unknown) => toFailure(stsError(error, 'sts.example.com'));

test.each([
  ['InvalidParameter.PolicyGrammar', { field: 'policy', rule: 'policy-refused' }],
  ['InvalidParameter.PolicySize', { field: 'policy', rule: 'policy-too-long', limit: '2048' }],
  ['InvalidParameter.RoleArn', { field: 'roleArn', rule: 'role-arn' }],
  ['InvalidParameter.RoleSessionName', { field: 'sessionName', rule: 'session-name' }],
])('%s is a field that can be corrected', (code, fields) => {
  expect(failureOf(clientError(code, 'The parameter is wrong.'))).toEqual({ kind: 'input', ...fields });
});

test.each([
  ['The Min/Max value of DurationSeconds is 15min/1hr.', { limit: '1hr' }],
  ['The Min/Max value of DurationSeconds is 15min/12hr', { limit: '12hr' }],
  ['The duration is wrong.', {}],
])('a session that is too long is told with what the role allows: %s', (message, limit) => {
  const failure = failureOf(clientError('InvalidParameter.DurationSeconds', message));
  expect(failure).toEqual({ kind: 'input', field: 'durationSeconds', rule: 'session-too-long', ...limit });
});

test.each([
  ['InvalidTimeStamp.Expired', 'clock-skew'],
  ['InvalidAccessKeyId.NotFound', 'wrong-key'],
  ['SignatureDoesNotMatch', 'wrong-secret'],
  ['IncompleteSignature', 'wrong-secret'],
  ['InvalidSecurityToken.Expired', 'token-expired'],
  ['InvalidSecurityToken.MismatchWithAccessKey', 'token-mismatch'],
])('%s is a matter of credentials: %s', (code, cause) => {
  const failure = failureOf(clientError(code, 'a message that may hold what was signed', 403));
  expect(failure).toEqual({ kind: 'credentials', cause, code, requestId: '1C3A-55' });
});

test('of a role that is refused, the words of STS are kept', () => {
  expect(failureOf(clientError('NoPermission', 'You are not authorized to do this action.', 403))).toEqual({
    kind: 'credentials',
    cause: 'role-refused',
    code: 'NoPermission',
    message: 'You are not authorized to do this action.',
    requestId: '1C3A-55',
  });
});

test.each([
  ['ServiceUnavailable', 503],
  ['InternalError', 500],
  ['Throttling.User', 400],
])('%s with status %i passes', (code, status) => {
  expect(failureOf(clientError(code, 'Try later.', status))).toMatchObject({ kind: 'oss', status, code });
});

test('what is no answer of STS is malformed; a failed connection is told with its host', () => {
  expect(failureOf(new Error('Unexpected token <'))).toMatchObject({ kind: 'oss', status: 0, code: 'MalformedReply' });
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  expect(failureOf(refused)).toMatchObject({ kind: 'network', reason: 'refused', host: 'sts.example.com' });
});
