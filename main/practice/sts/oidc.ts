import type { PracticeRole } from '../signatures/key-ring.ts';
import type { Query } from '../protocol/query.ts';
import { stsError } from '../signatures/verify-sts.ts';

/**
 * Checks the token of AssumeRoleWithOIDC as STS does, but for its signature: the practice server has no provider to ask
 * for keys.
 * @throws Refusal with STS error codes
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-errorcodes
 */
export function checkToken(parameters: Query, trusted: PracticeRole['provider'], nowMs: number): void {
  if (trusted === undefined || parameters.get('OIDCProviderArn') !== trusted.arn) {
    throw stsError(401, 'AuthenticationFail.NoPermission', 'No such OIDC Provider registered.');
  }
  const { aud, exp } = claimsOf(parameters.get('OIDCToken') ?? '');
  if (aud !== trusted.audience) throw failed('AudienceNotMatch', 'Invalid audience.');
  if (typeof exp !== 'number' || exp * 1000 <= nowMs) throw failed('Expired', 'This JsonWebToken is expired.');
}

function claimsOf(token: string): { readonly aud?: unknown; readonly exp?: unknown } {
  const parts = token.split('.');
  if (parts.length !== 3) {
    throw failed('Invalid', "The number of Jwt field should be divided into 3 parts with '.' .");
  }
  try {
    return JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8')) as object;
  } catch {
    throw failed('Invalid', 'The Jwt content is invalid that cannot be recognized.');
  }
}

function failed(code: string, message: string): Error {
  return stsError(401, `AuthenticationFail.OIDCToken.${code}`, message);
}
