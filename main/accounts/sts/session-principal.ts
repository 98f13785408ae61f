import { randomInt } from 'node:crypto';
import { WaybillError } from '../../failure.ts';

/**
 * A session as Waybill names it in a bucket's policy, and no wider: whatever matches is denied. What others wrote there is read by
 * readPrincipal().
 */
export const SESSION_PRINCIPAL = /^arn:sts::\d{1,20}:assumed-role\/[\w.-]{1,64}\/[\w.@-]{2,64}$/;

/**
 * How a bucket policy names a session, from the ARN in which STS answers: `acs:ram::ID:role/ROLE/SESSION` or
 * `acs:sts::ID:assumed-role/ROLE/SESSION`, neither of which is valid there. Names of roles and sessions are case-sensitive.
 * @throws WaybillError `input` `session-arn` for anything else, such as a name with a wildcard
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 */
export function principalOf(arn: string): string {
  const [, account = '', role = '', session = ''] =
    /^(?:acs:(?:ram|sts)|arn:sts)::(\d+):(?:role|assumed-role)\/([^/]+)\/([^/]+)$/i.exec(arn) ?? [];
  const principal = `arn:sts::${account}:assumed-role/${role}/${session}`;
  if (!SESSION_PRINCIPAL.test(principal))
    throw new WaybillError({ kind: 'input', field: 'roleArn', rule: 'session-arn' });
  return principal;
}

/**
 * All ways in which a bucket policy may have to name a session. ARNs of roles are written in small letters, whatever the
 * role is called, while policies tell letters apart: where the answer of STS and the ARN that was asked for differ, both
 * are denied.
 * @param answered `AssumedRoleUser.Arn`; null where the answer has none
 * @throws WaybillError as principalOf(); also where they differ in more than upper and lower case
 */
export function principalsOf(
  answered: string | null,
  asked: { readonly roleArn: string; readonly sessionName: string },
): readonly string[] {
  const byAsked = principalOf(`${asked.roleArn}/${asked.sessionName}`);
  // An answer about somebody else's session would have that one denied.
  const isOther = answered !== null && principalOf(answered).toLowerCase() !== byAsked.toLowerCase();
  if (isOther) throw new WaybillError({ kind: 'input', field: 'roleArn', rule: 'session-arn' });
  return [...new Set([...(answered === null ? [] : [principalOf(answered)]), byAsked])];
}

/** A name for a session that no other one has. Short, since a bucket's policy has room for some 15,000 characters of names. */
export function newSessionName(): string {
  return `wb-${randomInt(36 ** 8)
    .toString(36)
    .padStart(8, '0')}`;
}
