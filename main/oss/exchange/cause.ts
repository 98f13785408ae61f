import type { Cause } from '../../causes.ts';
import type { AccessKey } from '../connection.ts';
import { isSignatureField } from '../signing/signed-url-parts.ts';
import type { OssError } from './oss-error.ts';

/** How the refused request was signed, as far as that changes what an answer means. */
export interface SignedBy {
  readonly through: 'account' | 'link';
  /** A temporary AccessKey ID without its security token. */
  readonly isTokenMissing: boolean;
  /** The link binds the addresses or networks that it works from. */
  readonly isRestricted?: boolean;
  /** Nobody signed it: it is the address of an object that may be public. */
  readonly isUnsigned?: boolean;
}

/** What an answer must match; every field that is given counts. */
interface Rule {
  readonly cause: Cause;
  readonly code?: readonly string[];
  readonly ec?: readonly string[];
  readonly message?: RegExp;
  readonly status?: readonly number[];
  readonly when?: (error: OssError, by: SignedBy) => boolean;
}

const denied = ['AccessDenied'];
const throughLink = (_error: OssError, by: SignedBy): boolean => by.through === 'link';

/** Whether OSS answered, rather than something on the way: each of its answers has a request ID. */
const isOfOss = ({ requestId }: OssError): boolean => requestId !== undefined;

/**
 * From an answer to its cause: the first rule that matches. ECs come first, because one code has many; codes that stand
 * for a status (see codeOfStatus) come last.
 * @see https://www.alibabacloud.com/help/en/oss/support/ec
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/how-to-troubleshoot-403
 */
const rules: readonly Rule[] = [
  { cause: 'redirected', when: ({ status }) => status >= 300 && status < 400 && status !== 304 },
  // 0002-00000069 with V1, 0002-00000236 with V4.
  { cause: 'expired', ec: ['0002-00000069', '0002-00000236'] },
  { cause: 'expired', code: denied, message: /request has expired/i },
  // @see https://www.alibabacloud.com/help/en/oss/support/0002-00000235
  { cause: 'not-yet-valid', ec: ['0002-00000235'] },
  { cause: 'clock-skew', code: ['RequestTimeTooSkewed'] },
  { cause: 'clock-skew', ec: ['0002-00000504'] },
  // @see https://www.alibabacloud.com/help/en/oss/support/0002-00000078
  { cause: 'header-missing', ec: ['0002-00000078'], when: throughLink },
  // @see https://www.alibabacloud.com/help/en/oss/user-guide/0002-00000080
  { cause: 'v1-refused', ec: ['0002-00000080'] },
  // In a header, in a URL, and in the policy of a form.
  { cause: 'wrong-region-signature', ec: ['0002-00000226', '0002-00000228', '0002-00000715'] },
  { cause: 'wrong-region-signature', code: ['InvalidArgument'], message: /signing region/i },
  // Not from the VPC that the link or a policy names.
  { cause: 'denied-by-source', ec: ['0002-00000603'] },
  { cause: 'public-access-blocked', ec: ['0016-00000901'] },
  { cause: 'public-access-blocked', code: denied, message: /put public \w+ (acl|policy) is not allowed/i },
  // @see https://www.alibabacloud.com/help/doc-detail/31836.htm
  { cause: 'needs-custom-domain', code: ['PublicEndpointForbidden'] },
  { cause: 'needs-custom-domain', ec: ['0048-00000401'] },
  { cause: 'apk-forbidden', code: ['ApkDownloadForbidden'] },
  { cause: 'apk-forbidden', ec: ['0048-00000203'] },
  { cause: 'account-disabled', ec: ['0003-00000801'] },
  { cause: 'account-disabled', code: ['UserDisable', 'BucketDisable', 'UbsmsInvalidBid', 'AbnormalBucketOwnerStatus'] },
  { cause: 'arrears', code: ['InDebt', 'InDebtOverdue'] },
  { cause: 'no-token', code: ['InvalidAccessKeyId'], when: (_error, by) => by.isTokenMissing },
  { cause: 'token-expired', code: ['SecurityTokenExpired'] },
  // Some expired temporary credentials are reported with this code.
  { cause: 'token-expired', code: ['InvalidAccessKeyId'], message: /expired/i },
  { cause: 'wrong-key', code: ['InvalidAccessKeyId'] },
  { cause: 'token-mismatch', code: ['InvalidSecurityToken', 'AccessKeyIdAndSecurityTokenNotMatch'] },
  { cause: 'link-mismatch', code: ['SignatureDoesNotMatch'], when: throughLink },
  { cause: 'wrong-secret', code: ['SignatureDoesNotMatch'] },
  // ECs of signature checks start with 0002.
  {
    cause: 'link-mismatch',
    code: ['InvalidArgument'],
    when: ({ ec }, by) => by.through === 'link' && ec?.startsWith('0002-') === true,
  },
  // A request to the wrong region gets AccessDenied too, with the right endpoint.
  { cause: 'wrong-endpoint', when: ({ endpoint }) => endpoint !== undefined },
  { cause: 'denied-by-referer', code: denied, message: /referer/i },
  { cause: 'not-public', code: denied, when: (_error, by) => by.isUnsigned === true },
  { cause: 'denied-by-source', code: denied, when: (_error, by) => by.isRestricted === true },
  { cause: 'denied-by-policy', code: denied },
  { cause: 'archived', code: ['InvalidObjectState'] },
  { cause: 'symlink-broken', code: ['SymlinkTargetNotExist'] },
  { cause: 'callback-failed', code: ['CallbackFailed'] },
  { cause: 'no-such-bucket', code: ['NoSuchBucket'] },
  { cause: 'no-such-version', code: ['NoSuchVersion'] },
  // The version is a delete marker.
  { cause: 'no-such-version', code: ['MethodNotAllowed'], when: ({ deleteMarker }) => deleteMarker === true },
  { cause: 'no-such-key', code: ['NoSuchKey'] },
  { cause: 'no-such-upload', code: ['NoSuchUpload'] },
  { cause: 'exists', code: ['FileAlreadyExists'] },
  { cause: 'immutable', code: ['FileImmutable'] },
  { cause: 'bad-tag', code: ['InvalidTag'] },
  { cause: 'bad-bucket-name', code: ['InvalidBucketName'] },
  { cause: 'bucket-exists', code: ['BucketAlreadyExists'] },
  { cause: 'bucket-not-empty', code: ['BucketNotEmpty'] },
  { cause: 'timeout', code: ['RequestTimeout'] },
  { cause: 'timeout', status: [408] },
  { cause: 'busy', status: [429, 503] },
  { cause: 'server-error', when: ({ status }) => status >= 500 && status !== 501 },
  { cause: 'no-such-key', code: ['NotFound'], when: isOfOss },
  { cause: 'denied-by-policy', code: ['Forbidden'], when: isOfOss },
  { cause: 'changed', code: ['PreconditionFailed'] },
  { cause: 'not-oss', when: (error) => error.isCodeGuessed === true && !isOfOss(error) },
];

/** The cause of a refusal. It claims no more than the answer says, or than follows from how the request was signed. */
export function causeOf(error: OssError, by: SignedBy): Cause {
  return rules.find((rule) => matches(rule, error, by))?.cause ?? 'other';
}

function matches(rule: Rule, error: OssError, by: SignedBy): boolean {
  const { code, ec, message, status, when } = rule;
  const checks = [
    code === undefined || code.includes(error.code),
    ec === undefined || ec.includes(error.ec ?? ''),
    message === undefined || message.test(error.message),
    status === undefined || status.includes(error.status),
    when === undefined || when(error, by),
  ];
  return checks.every(Boolean);
}

/** A temporary AccessKey ID starts with `STS.`, and is known to OSS only together with its token. */
export function signedByKey({ accessKeyId, securityToken }: AccessKey): SignedBy {
  return { through: 'account', isTokenMissing: accessKeyId.startsWith('STS.') && securityToken === null };
}

/** How a signed URL was signed, by its query alone. */
export function signedByLink(url: string): SignedBy {
  const params = new URLSearchParams(/\?([^#]*)/.exec(url)?.[1]);
  const names = [...params.keys()];
  const signer = params.get('OSSAccessKeyId') ?? params.get('x-oss-credential') ?? '';
  return {
    through: 'link',
    isTokenMissing: signer.startsWith('STS.') && !params.has('security-token') && !params.has('x-oss-security-token'),
    isRestricted: names.some((name) => name.startsWith('x-oss-ac-')),
    isUnsigned: !names.some(isSignatureField),
  };
}
