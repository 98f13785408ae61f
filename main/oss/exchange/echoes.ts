import { percentDecode } from '../canonical.ts';
import type { AccessKey } from '../connection.ts';

/** What a request is authorised with, which no reply may bring back into a failure, a list or the journal. */
export type RequestSecrets = readonly string[];

/** Stands for a secret in a text. */
const REDACTED = '[redacted]';

/** Shortest part of a longer secret that is replaced: fewer characters help nobody, and stand in other words too. */
const PART_LENGTH = 16;

/** Shortest secret that is replaced in an error; a server that sends less gives nothing away. */
const SHORTEST = 4;

const secretParams = new Set(['x-oss-signature', 'Signature', 'x-oss-security-token', 'security-token']);

/** The secrets in a request as it is sent: signature and security token, from its headers and its query. */
export function secretsOfRequest(
  path: string,
  headers: Readonly<Record<string, string>>,
  key: AccessKey | null = null,
): RequestSecrets {
  const authorization = headers['authorization'] ?? '';
  const signature = /(?:Signature=|^OSS [^:]*:)([^,\s]+)/.exec(authorization)?.[1];
  const params = (path.split('?')[1] ?? '').split('&').flatMap((pair) => {
    const [name = '', value = ''] = pair.split('=');
    return secretParams.has(name) ? [percentDecode(value) ?? value] : [];
  });
  return formsOf([authorization, signature, headers['x-oss-security-token'], key?.accessKeySecret, ...params]);
}

/** Each secret percent-encoded and as it is, in the order in which they are to be replaced. */
export function formsOf(secrets: readonly (string | null | undefined)[]): RequestSecrets {
  const found = secrets.filter((secret) => typeof secret === 'string' && secret.length >= SHORTEST);
  return [...new Set((found as string[]).flatMap((secret) => [encodeURIComponent(secret), secret]))];
}

/**
 * Whether a successful reply holds one of the secrets whole. Only one of 16 characters counts: `test`, the secret of many
 * a server in a laboratory, is part of names too. Fast enough for megabytes.
 */
export function repeatsSecret(text: string, secrets: RequestSecrets): boolean {
  return secrets.some((secret) => secret.length >= PART_LENGTH && text.includes(secret));
}

/**
 * Replaces the secrets in a text, whole or in parts of 16 characters and more, since a server may break what it echoes
 * into lines. An Authorization header is replaced as a whole only: in parts, it says nothing without its signature.
 */
export function withoutSecrets(text: string, secrets: RequestSecrets): string {
  return secrets.reduce((clean, secret) => {
    const whole = clean.replaceAll(secret, REDACTED);
    return / |%20/.test(secret) ? whole : withoutParts(whole, secret);
  }, text);
}

function withoutParts(text: string, secret: string): string {
  if (secret.length <= PART_LENGTH || text.length < PART_LENGTH) return text;
  const parts = new Set<string>();
  for (let at = 0; at + PART_LENGTH <= secret.length; at += 1) parts.add(secret.slice(at, at + PART_LENGTH));
  let clean = '';
  let kept = 0;
  let end = 0;
  for (let at = 0; at + PART_LENGTH <= text.length; at += 1) {
    if (!parts.has(text.slice(at, at + PART_LENGTH))) continue;
    if (at > end || end === 0) clean += text.slice(kept, at) + REDACTED;
    end = at + PART_LENGTH;
    kept = end;
  }
  return clean + text.slice(kept);
}
