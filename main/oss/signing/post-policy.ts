import type { AccessKey, SignVersion } from '../connection.ts';
import { signTextV1 } from './sign-v1.ts';
import { ALGORITHM, credential, signTextV4, timestamp } from './sign-v4.ts';

/*
 * The policy of a form upload (PostObject): what a form may hold, and until when. Its Base64 is the text that is signed,
 * by the signing key of V4 (hex) or the secret itself in V1 (Base64).
 *
 * https://www.alibabacloud.com/help/en/oss/developer-reference/postobject
 * https://www.alibabacloud.com/help/en/oss/developer-reference/signature-version-4-recommend
 */

/**
 * A condition that a form has to meet; a record means equality. A field that is absent fails every condition but `not-in`.
 * @see https://www.alibabacloud.com/help/en/oss/support/0006-00000216
 */
export type PostCondition =
  | Readonly<Record<string, string>>
  | readonly ['eq' | 'starts-with', `$${string}`, string]
  | readonly ['in' | 'not-in', `$${string}`, readonly string[]]
  | readonly ['content-length-range', number, number];

/** A field of a form. Names of fields aren't case-sensitive, their order is: the file comes last. */
export type FormField = readonly [name: string, value: string];

/** Input of signPostPolicy(). */
export interface PostPolicyOptions {
  readonly bucket: string;
  /** Such as `cn-hangzhou`. V1 doesn't sign it. */
  readonly region: string;
  readonly signVersion: SignVersion;
  readonly accessKey: AccessKey;
  /** Unix milliseconds. OSS refuses a form of V4 7 days after this. */
  readonly signedAt: number;
  /** Unix milliseconds. */
  readonly validUntil: number;
  /** All conditions but those of the bucket and of the signature itself. */
  readonly conditions: readonly PostCondition[];
}

/** A signed policy. */
export interface SignedPolicy {
  /** The policy before Base64, which tests compare. It contains the security token. */
  readonly json: string;
  /** The fields that carry policy and signature. */
  readonly fields: readonly FormField[];
}

/**
 * Signs the policy of a form. OSS requires the fields of a V4 signature among the conditions (EC 0006-00000228); the
 * security token is one too, so that it can't be exchanged.
 */
export function signPostPolicy(options: PostPolicyOptions): SignedPolicy {
  const { bucket, accessKey, validUntil, conditions } = options;
  const token = accessKey.securityToken?.trim() ?? '';
  const tokenFields: readonly FormField[] = token === '' ? [] : [['x-oss-security-token', token]];
  const signatureFields = options.signVersion === 'v4' ? signatureFieldsV4(options) : [];
  const json = JSON.stringify({
    expiration: new Date(validUntil).toISOString(),
    conditions: [{ bucket }, ...[...signatureFields, ...tokenFields].map(equality), ...conditions],
  });
  const policy = Buffer.from(json).toString('base64');
  const signed: readonly FormField[] =
    options.signVersion === 'v4'
      ? [['policy', policy], ...signatureFields, ['x-oss-signature', signTextV4(policy, options)]]
      : [
          ['OSSAccessKeyId', accessKey.accessKeyId.trim()],
          ['policy', policy],
          ['Signature', signTextV1(policy, accessKey)],
        ];
  return { json, fields: [...signed, ...tokenFields] };
}

function signatureFieldsV4(options: PostPolicyOptions): readonly FormField[] {
  return [
    ['x-oss-signature-version', ALGORITHM],
    ['x-oss-credential', credential(options)],
    ['x-oss-date', timestamp(options.signedAt)],
  ];
}

function equality([name, value]: FormField): PostCondition {
  return { [name]: value };
}
