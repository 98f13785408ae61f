import { ANONYMOUS, type Identity } from './identity.ts';
import { invalidArgument } from '../protocol/refusal.ts';
import type { SignedRequest, VerifyContext } from './signed-request.ts';
import { verifyV1Header, verifyV1Url } from './verify-v1.ts';
import { verifyV4Header, verifyV4Url } from './verify-v4.ts';

/** Which signature format a request has. */
export interface SignedBy {
  readonly version: 'v1' | 'v4';
  readonly place: 'header' | 'url' | 'form';
}

/**
 * The signature format of a request, null without a signature.
 * @throws Refusal `InvalidArgument` for an Authorization header in no format
 */
export function signatureOf({ headers, target }: Pick<SignedRequest, 'headers' | 'target'>): SignedBy | null {
  const authorization = headers['authorization'];
  const { query } = target;
  if (authorization !== undefined) {
    if (authorization.startsWith('OSS4-HMAC-SHA256 ')) return { version: 'v4', place: 'header' };
    if (authorization.startsWith('OSS ')) return { version: 'v1', place: 'header' };
    throw invalidArgument('The authorization header is invalid.', {
      name: 'Authorization',
      value: authorization.split(' ')[0] ?? '',
      ec: '0002-00000061',
    });
  }
  if (query.has('x-oss-signature-version')) return { version: 'v4', place: 'url' };
  if (query.has('OSSAccessKeyId') || query.has('Signature')) return { version: 'v1', place: 'url' };
  return null;
}

/**
 * Verifies the signature of a request.
 * @returns the caller, ANONYMOUS without a signature
 * @throws Refusal with the code and EC of the first failed check
 */
export function verify(request: SignedRequest, context: VerifyContext, signedBy = signatureOf(request)): Identity {
  if (signedBy === null) return ANONYMOUS;
  const authorization = request.headers['authorization'] ?? '';
  if (signedBy.version === 'v4') {
    return signedBy.place === 'url' ? verifyV4Url(request, context) : verifyV4Header(request, authorization, context);
  }
  return signedBy.place === 'url' ? verifyV1Url(request, context) : verifyV1Header(request, authorization, context);
}
