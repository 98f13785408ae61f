import { WaybillError } from '../failure.ts';
import type { AccessKey } from '../oss/connection.ts';

/** What the parts of a key are called where a person set them: fields of a form, or environment variables. */
export type KeyNames = { readonly [P in keyof AccessKey]: string };

const fields: KeyNames = {
  accessKeyId: 'accessKeyId',
  accessKeySecret: 'accessKeySecret',
  securityToken: 'securityToken',
};

/**
 * Refuses credentials that can't work, before anything is signed with them: characters that no header can carry, such
 * as a zero-width space from a web page, and a temporary AccessKey ID without its token.
 * @throws WaybillError `input` credential-character with the character, or token-missing, naming the field
 */
export function checkAccessKey(key: AccessKey, names = fields): void {
  for (const part of ['accessKeyId', 'accessKeySecret', 'securityToken'] as const) {
    const character = /[^\x21-\x7e]/u.exec(key[part] ?? '')?.[0];
    if (character !== undefined) {
      throw new WaybillError({
        kind: 'input',
        field: names[part],
        rule: 'credential-character',
        limit: codeOf(character),
      });
    }
  }
  if (!key.accessKeyId.startsWith('STS.') || key.securityToken !== null) return;
  throw new WaybillError({ kind: 'input', field: names.securityToken, rule: 'token-missing' });
}

/** `U+200B`: most of these characters can't be seen. */
function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
