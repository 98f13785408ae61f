import { withoutLiveSecrets } from './live-secrets.ts';

/** An Authorization header, also of a proxy: everything up to the end of the line or of the string. */
const authorization = /(authorization\\*["']?\s{0,3}(?:=>|[:=])\s{0,3}\\*["']?)[^"'\\\r\n]+/gi;

/** Credentials of HTTP's schemes, wherever they stand. */
const scheme = /\b(OSS4-HMAC-SHA256|ACS3-HMAC-SHA256|Basic|Bearer)(\s+)[^\s"']{8,}/g;

/** User name and password in a URL, such as that of a proxy. */
const userInfo = /(:\/\/)[^\s/?#"'<>]*@/g;

/** What names of secrets end in: `accessKeySecret`, `x-oss-security-token`, `OSS_SESSION_TOKEN`, `SecurityToken>`. */
const name = String.raw`(?:secret|token|signature|password|passphrase|passwd|credential|OSSAccessKeyId|auth_key|cdn_?key)`;

/** Between a name and its value: in headers, queries (also percent-encoded, twice), objects and XML. */
const separator = String.raw`\\*["']?\s{0,3}(?:=>|[:=>]|%(?:25){0,2}3[ad])\s{0,3}`;

/** A value in quotes, which may be those of JSON inside JSON. */
const quoted = String.raw`"(?:[^"\\]|\\.)*"|\\+"[^"\\]*\\+"|'[^'\r\n]*'(?=[\s,;)}\]]|$)`;

/** A value without quotes: up to a blank, the next parameter or tag, or a quote that ends something. */
const bare = String.raw`(?:(?!%(?:25){0,2}26)(?:[^\s&<>"'\\]|["'\\](?![\s,;:)}\]"'\\]|$)))+`;

const named = new RegExp(`(${name}${separator})(?:${quoted}|${bare})`, 'gim');

/** The hash in a link of a CDN, which may stand under any name, or in the path next to the time. */
const cdnHash = /([?&][\w-]+=|\/\d{12}\/|\/(?=[0-9a-f]{32}\/[0-9A-Fa-f]{8}\/))[0-9a-f]{32}(?![\w-])/g;

/**
 * Replaces secrets with `[redacted]`: those that are in memory now, literally, and whatever stands where a secret would:
 * after its name in a URL, a header, JSON, XML or an environment, in an Authorization header, or before the host of a URL.
 */
export function redact(text: string): string {
  return withoutLiveSecrets(text)
    .replace(authorization, '$1[redacted]')
    .replace(scheme, '$1$2[redacted]')
    .replace(userInfo, '$1[redacted]@')
    .replace(named, '$1[redacted]')
    .replace(cdnHash, '$1[redacted]');
}
