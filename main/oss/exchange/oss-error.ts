/**
 * The parts of an error reply that Waybill uses. OSS also echoes the string to sign, the signature and the AccessKey
 * ID; those are never copied, because errors are logged and shown.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/error-responses
 */
export interface OssError {
  readonly status: number;
  readonly code: string;
  /** The answer has no code: this one is made of its status. */
  readonly isCodeGuessed?: true;
  readonly message: string;
  readonly requestId?: string;
  readonly ec?: string;
  readonly endpoint?: string;
  readonly resource?: string;
  /** The RAM action that was denied, if OSS names it. */
  readonly action?: string;
  /** The server's time in Unix milliseconds, from its Date header. */
  readonly serverTime?: number;
  /** From Retry-After, in milliseconds. */
  readonly retryAfterMs?: number;
  /** When the signed URL expired, in Unix milliseconds. */
  readonly expires?: number;
  /** The requested version, or the current one, is a delete marker. */
  readonly deleteMarker?: true;
}
