const secretParam = /((?:x-oss-)?(?:signature|security-token)|x-oss-credential|OSSAccessKeyId)=([^&\s"']+)/gi;
const authorization = /(authorization["']?\s*[:=]\s*["']?)(?:OSS4-HMAC-SHA256|OSS|ACS3-HMAC-SHA256)\s[^"'\n]*/gi;
const secretField =
  /((?:accessKey|access_key_|AccessKey)?(?:Secret|securityToken|security_token)["']?\s*[:=]\s*["']?)[^\s"',}&]+/gi;

/**
 * The text with signatures, security tokens and AccessKey secrets taken out: in URLs, in Authorization headers, and in
 * anything written as `name: value`.
 */
export function redact(text: string): string {
  return text
    .replace(authorization, '$1[redacted]')
    .replace(secretParam, '$1=[redacted]')
    .replace(secretField, '$1[redacted]');
}
