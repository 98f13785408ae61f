const secretParam = /((?:x-oss-)?(?:signature|security-token)|x-oss-credential|OSSAccessKeyId)=([^&\s"']+)/gi;
const authorization = /(authorization["']?\s*[:=]\s*["']?)(?:OSS4-HMAC-SHA256|OSS|ACS3-HMAC-SHA256)\s[^"'\n]*/gi;
const secretField =
  /((?:accessKey|access_key_|AccessKey)?(?:Secret|securityToken|security_token)["']?\s*[:=]\s*["']?)[^\s"',}&]+/gi;

/**
 * Replaces signatures, security tokens and AccessKey secrets with `[redacted]`: in URLs, in Authorization headers and
 * in `name: value` pairs.
 */
export function redact(text: string): string {
  return text
    .replace(authorization, '$1[redacted]')
    .replace(secretParam, '$1=[redacted]')
    .replace(secretField, '$1[redacted]');
}
