import { type Failure, WaybillError } from '../../failure.ts';
import { networkFailure } from '../../oss/exchange/request.ts';

interface ClientError {
  readonly code: string;
  readonly statusCode: number;
  readonly message: string;
  readonly requestId?: string;
}

function isClientError(error: unknown): error is ClientError {
  return error instanceof Error && 'statusCode' in error && 'code' in error && typeof error.statusCode === 'number';
}

/**
 * What an error of the official client means. The error itself is not kept: it repeats the request and, for a wrong
 * signature, what was signed.
 */
export function stsError(error: unknown, host: string): Error {
  if (!isClientError(error)) return noAnswer(error, host);
  const { code, statusCode: status } = error;
  const requestId = error.requestId === undefined ? {} : { requestId: error.requestId };
  if (status >= 500 || code.includes('Throttling')) {
    return new WaybillError({ kind: 'oss', status, code, message: 'STS could not answer.', ...requestId });
  }
  const refused = refusedInput(code, error.message);
  if (refused !== null) return new WaybillError(refused);
  const reason = reasonOf(code);
  const message = reason === 'role-refused' ? { message: sentenceOf(error.message) } : {};
  return new WaybillError({ kind: 'credentials', reason, code, ...requestId, ...message });
}

function noAnswer(error: unknown, host: string): Error {
  const failure = networkFailure(error, host);
  if (failure instanceof WaybillError) return failure;
  return new WaybillError({ kind: 'oss', status: 0, code: 'MalformedReply', message: 'The answer is not one of STS.' });
}

/** Where what was asked for is the problem, not the role: a person can put that right at once. */
function refusedInput(code: string, message: string): Extract<Failure, { kind: 'input' }> | null {
  if (code === 'InvalidParameter.DurationSeconds') {
    // "The Min/Max value of DurationSeconds is 15min/1hr." names the maximum of this role.
    const limit = /15min\/([\w.]+?)\.?(?:\s|$)/.exec(sentenceOf(message))?.[1];
    return {
      kind: 'input',
      field: 'durationSeconds',
      rule: 'session-too-long',
      ...(limit === undefined ? {} : { limit }),
    };
  }
  if (code === 'InvalidParameter.PolicyGrammar') return { kind: 'input', field: 'policy', rule: 'policy-refused' };
  if (code === 'InvalidParameter.PolicySize')
    return { kind: 'input', field: 'policy', rule: 'policy-too-long', limit: '2048' };
  if (code === 'InvalidParameter.RoleArn') return { kind: 'input', field: 'roleArn', rule: 'role-arn' };
  if (code === 'InvalidParameter.RoleSessionName') return { kind: 'input', field: 'sessionName', rule: 'session-name' };
  return null;
}

function reasonOf(code: string) {
  if (code.startsWith('InvalidTimeStamp')) return 'clock-skew';
  if (code.startsWith('InvalidAccessKeyId')) return 'invalid-key';
  if (code.startsWith('SignatureDoesNotMatch') || code === 'IncompleteSignature') return 'wrong-secret';
  if (code.startsWith('InvalidSecurityToken')) return 'expired-token';
  return 'role-refused';
}

/** The client wraps STS's sentence: "NoPermission: code: 403, … request id: …". */
function sentenceOf(message: string): string {
  return message.replace(/^(?:[\w.]+: )?code: \d+, /, '').replace(/ request id: \S*$/, '');
}
