import { WaybillError } from '../failure.ts';

/**
 * Whom a statement of a bucket policy is about.
 * - `account`: an Alibaba Cloud account or a RAM user, which their UIDs don't tell apart.
 * - `role`: every session of a RAM role; `session`: one of them.
 * - `pattern`: several at once, by wildcards.
 * - `other`: nothing that OSS documents, such as the ARNs of RAM: OSS finds nobody by that.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/oss-bucket-policy/
 */
export type Principal =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'account'; readonly uid: string }
  | { readonly kind: 'role'; readonly uid: string; readonly role: string }
  | { readonly kind: 'session'; readonly uid: string; readonly role: string; readonly session: string }
  | { readonly kind: 'pattern'; readonly text: string }
  | { readonly kind: 'other'; readonly text: string };

const UID = /^[1-9]\d{3,31}$/;
/** Wider than SESSION_PRINCIPAL, since anyone may have written it. Roles and sessions tell upper and lower case apart. */
const SESSION = /^arn:sts::([1-9]\d{3,31}):assumed-role\/([\w.@-]{1,64})\/([\w.@=-]{1,64}|\*)$/;
/** As RAM names a role, and as STS names a session of it in its answer. */
const RAM_ROLE = /^acs:ram::([1-9]\d{3,31}):role\/([\w.@-]{1,64})(?:\/([\w.@=-]{1,64}))?$/;

/** Reads one principal of a statement. */
export function readPrincipal(text: string): Principal {
  if (text === '*') return { kind: 'everyone' };
  if (UID.test(text)) return { kind: 'account', uid: text };
  const [, uid, role, session] = SESSION.exec(text) ?? [];
  if (uid !== undefined && role !== undefined && session !== undefined) {
    return session === '*' ? { kind: 'role', uid, role } : { kind: 'session', uid, role, session };
  }
  return { kind: /[*?]/.test(text) ? 'pattern' : 'other', text };
}

/** How a statement names a principal. */
export function writtenPrincipal(principal: Principal): string {
  switch (principal.kind) {
    case 'everyone':
      return '*';
    case 'account':
      return principal.uid;
    case 'role':
      return `arn:sts::${principal.uid}:assumed-role/${principal.role}/*`;
    case 'session':
      return `arn:sts::${principal.uid}:assumed-role/${principal.role}/${principal.session}`;
    case 'pattern':
    case 'other':
      return principal.text;
    default:
      return principal satisfies never;
  }
}

/**
 * Reads whom a person names: `everyone`, the UID of an account or a RAM user, or the ARN of a role or of a session, as RAM
 * or as policies write it. Patterns aren't taken: they'd name others unseen.
 * @throws WaybillError `input` `access-who`
 */
export function parsePrincipal(text: string): Principal {
  const written = text.trim();
  if (written === 'everyone') return { kind: 'everyone' };
  const [, uid, role, session] = RAM_ROLE.exec(written) ?? [];
  if (uid !== undefined && role !== undefined) {
    return session === undefined ? { kind: 'role', uid, role } : { kind: 'session', uid, role, session };
  }
  const principal = readPrincipal(written);
  if (principal.kind === 'everyone' || principal.kind === 'pattern' || principal.kind === 'other') {
    throw new WaybillError({ kind: 'input', field: 'who', rule: 'access-who' });
  }
  return principal;
}
