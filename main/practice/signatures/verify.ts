import { ANONYMOUS, type Identity } from './identity.ts';
import { invalidArgument } from '../protocol/refusal.ts';
import type { SignedRequest, VerifyContext } from './signed-request.ts';
import { verifyV1Header, verifyV1Url } from './verify-v1.ts';
import { verifyV4Header, verifyV4Url } from './verify-v4.ts';

/**
 * Verifies the signature of a request, in any of the four formats.
 * @returns the caller, ANONYMOUS without a signature
 * @throws Refusal with the code and EC of the first failed check
 */
export function verify(request: SignedRequest, context: VerifyContext): Identity {
  const authorization = request.headers['authorization'];
  const { query } = request.target;
  if (authorization !== undefined) {
    if (authorization.startsWith('OSS4-HMAC-SHA256 ')) return verifyV4Header(request, authorization, context);
    if (authorization.startsWith('OSS ')) return verifyV1Header(request, authorization, context);
    throw invalidArgument('The authorization header is invalid.', {
      name: 'Authorization',
      value: authorization.split(' ')[0] ?? '',
      ec: '0002-00000061',
    });
  }
  if (query.has('x-oss-signature-version')) return verifyV4Url(request, context);
  if (query.has('OSSAccessKeyId') || query.has('Signature')) return verifyV1Url(request, context);
  return ANONYMOUS;
}
