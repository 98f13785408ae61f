import { field, type Reply } from './http.ts';

/** Why the page can send nothing more, whatever the file. */
export type Closing =
  | { readonly because: 'expired' }
  /** A bucket policy denies what the page was signed for. */
  | { readonly because: 'revoked' }
  /** OSS refuses the permission itself, such as a key that was deleted. */
  | { readonly because: 'refused'; readonly code: string; readonly ossRequestId: string | null };

/** What an answer calls for. */
export type Answer =
  | { readonly is: 'stored' }
  /** The key is taken: by an earlier attempt, or by somebody else. */
  | { readonly is: 'exists' }
  /** The upload in parts was completed, or aborted by its owner. */
  | { readonly is: 'gone' }
  | { readonly is: 'closed'; readonly closing: Closing }
  /** This file alone is refused. */
  | { readonly is: 'refused'; readonly code: string; readonly ossRequestId: string | null }
  /** Again later: the server is busy, or something on the way answers for it. */
  | { readonly is: 'busy' }
  | { readonly is: 'cut' };

/** Codes of OSS that hold for everything that the page would send. */
const closingCodes = new Set([
  'InvalidAccessKeyId',
  'InvalidSecurityToken',
  'NoSuchBucket',
  'SignatureDoesNotMatch',
  'UserDisable',
]);

/** OSS's error code for a refusal by a bucket policy. */
const deniedByBucketPolicy = '0003-00000101';

/** What an answer of OSS means. @see https://www.alibabacloud.com/help/en/oss/support/http-403-status-code */
export function classify(reply: Reply): Answer {
  const { status, ossRequestId } = reply;
  if (status === 0) return { is: 'cut' };
  const code = field(reply.body, 'Code') ?? String(status);
  if (code === 'FileAlreadyExists') return { is: 'exists' };
  if (code === 'NoSuchUpload') return { is: 'gone' };
  // OSS may report a failure to join parts after it has begun to answer.
  if (status < 300) return code === String(status) ? { is: 'stored' } : { is: 'busy' };
  if (status >= 500 || status === 429 || code === 'RequestTimeout') return { is: 'busy' };
  const closing = closingOf(reply, code);
  return closing === null ? { is: 'refused', code, ossRequestId } : { is: 'closed', closing };
}

function closingOf({ status, body, ossRequestId }: Reply, code: string): Closing | null {
  const isLate = status === 403 && /expired/i.test(field(body, 'Message') ?? '');
  if (code === 'SecurityTokenExpired' || isLate) return { because: 'expired' };
  if (field(body, 'EC') === deniedByBucketPolicy) return { because: 'revoked' };
  return closingCodes.has(code) ? { because: 'refused', code, ossRequestId } : null;
}
