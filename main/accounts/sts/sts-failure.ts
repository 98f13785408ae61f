import type { SignerCause } from '../../causes.ts';
import { type Failure, WaybillError } from '../../failure.ts';
import { networkFailure } from '../../oss/exchange/network-failure.ts';

/** An error of the official client. */
interface ClientError {
  readonly code: string;
  readonly statusCode: number;
  readonly message: string;
  readonly requestId?: string;
}

function isClientError(error: unknown): error is ClientError {
  if (!(error instanceof Error) || !('statusCode' in error) || !('code' in error)) return false;
  return typeof error.statusCode === 'number' && typeof error.code === 'string';
}

/** Codes and IDs of the form that STS gives them; a server may send anything. */
const codePattern = /^[\w.-]{1,64}$/;

/** Longest message that is kept, in characters. */
const MAX_MESSAGE = 1000;

/**
 * Classifies an error of the official client. The error itself is dropped, also as a cause: it contains the request
 * and, for a wrong signature, the text that was signed.
 */
export function stsError(error: unknown, host: string): Error {
  if (!isClientError(error)) return noReplyError(error, host);
  const { statusCode: status } = error;
  const code = codePattern.test(error.code) ? error.code : `Http${status}`;
  const { requestId: id = '' } = error;
  const requestId = codePattern.test(id) ? { requestId: id } : {};
  if (status >= 500 || code.includes('Throttling')) {
    const cause = status >= 500 ? 'server-error' : 'busy';
    return new WaybillError({ kind: 'oss', cause, status, code, message: 'STS is unavailable.', ...requestId });
  }
  const refused = refusedInput(code, error.message);
  if (refused !== null) return new WaybillError(refused);
  const cause = causeOf(code);
  // Only this message is safe: that of a wrong signature holds the text that was signed.
  const message = cause === 'role-refused' ? { message: stsMessage(error.message) } : {};
  return new WaybillError({ kind: 'credentials', cause, code, ...requestId, ...message });
}

/** The error of a call without a valid reply. */
function noReplyError(error: unknown, host: string): Error {
  const failure = networkFailure(error, host);
  if (failure instanceof WaybillError) return failure;
  return new WaybillError({
    kind: 'oss',
    cause: 'malformed',
    status: 0,
    code: 'MalformedReply',
    message: 'The reply is not from STS.',
  });
}

/** The request itself was invalid, not the role: the user can correct the named field. Null for other errors. */
function refusedInput(code: string, message: string): Extract<Failure, { kind: 'input' }> | null {
  if (code === 'InvalidParameter.DurationSeconds') {
    // "The Min/Max value of DurationSeconds is 15min/1hr." contains the maximum of this role.
    const limit = /15min\/([\w.]+?)\.?(?:\s|$)/.exec(stsMessage(message))?.[1];
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

/** @see https://api.alibabacloud.com/document/Sts/2015-04-01/errorCode */
function causeOf(code: string): SignerCause {
  if (code.startsWith('InvalidTimeStamp')) return 'clock-skew';
  if (code.startsWith('InvalidAccessKeyId')) return 'wrong-key';
  if (code.startsWith('SignatureDoesNotMatch') || code === 'IncompleteSignature') return 'wrong-secret';
  if (code === 'InvalidSecurityToken.Expired') return 'token-expired';
  if (code.startsWith('InvalidSecurityToken')) return 'token-mismatch';
  return 'role-refused';
}

/** STS's own message, which the client wraps: "NoPermission: code: 403, … request id: …". */
function stsMessage(message: string): string {
  return message
    .replace(/^(?:[\w.]+: )?code: \d+, /, '')
    .replace(/ request id: \S*$/, '')
    .slice(0, MAX_MESSAGE);
}
