import { WaybillError } from '../failure.ts';
import type { DocumentChange } from '../links/revoking/bucket-document.ts';
import { namedRefusal } from '../links/revoking/deny-and-try.ts';
import { findList, rewriteElements } from '../links/revoking/json-list.ts';
import { rewriteStatements, type Statement, unreadablePolicy } from '../links/revoking/policy-text.ts';
import type { Connection } from '../oss/connection.ts';
import { type AccessRule, isWithin, ruleId } from './access-rule.ts';
import type { PolicyParts } from './give-access.ts';

/** A rule of a policy, or one of the principals in it as it is written; null: all of them. */
export interface TakenAway {
  readonly id: string;
  readonly principal: string | null;
}

/**
 * What to take away so that a principal has no access below a prefix: where it is named in rules about nothing else. Rules
 * about more than the prefix, and those for everyone, aren't among them: they are for others, or for other places, too.
 */
export function accessToTake(rules: readonly AccessRule[], principal: string, prefix: string): readonly TakenAway[] {
  return rules.flatMap((rule) => {
    const isMine = rule.kind === 'read' && rule.effect === 'allow' && rule.who.some(({ text }) => text === principal);
    return isMine && isWithin(rule, prefix) ? [{ id: rule.id, principal }] : [];
  });
}

/**
 * A policy without a rule, or without one of its principals: the rule goes with the last of them, since an empty list means
 * everyone. Rules that say the same go together. The rest stays byte for byte.
 * @returns the same text where there is no such rule; null where no rule is left
 * @throws WaybillError `input` `bucket-policy-unreadable`
 */
export function withoutAccess(policy: string | null, taken: readonly TakenAway[]): string | null {
  return rewriteStatements(policy, (statement, text) => {
    const mine = taken.filter(({ id }) => id === ruleId(statement));
    if (mine.length === 0) return text;
    if (mine.some(({ principal }) => principal === null)) return null;
    return withoutPrincipals(
      statement,
      text,
      mine.map(({ principal }) => principal),
    );
  });
}

function withoutPrincipals({ Principal }: Statement, text: string, gone: readonly (string | null)[]): string | null {
  const isGone = (one: unknown): boolean => typeof one === 'string' && gone.includes(one);
  if (!Array.isArray(Principal)) return isGone(Principal) ? null : text;
  if (!Principal.some(isGone)) return text;
  if (Principal.every(isGone)) return null;
  const list = findList(text, 'Principal');
  // Two lists by one name: which of them counts, only OSS knows.
  if (list === null || list.elements.length !== Principal.length) throw unreadablePolicy();
  const written = list.elements.map(({ start, end }, index) =>
    isGone(Principal[index]) ? null : text.slice(start, end),
  );
  return rewriteElements(text, list.elements, written);
}

/**
 * Takes rules or principals out of the bucket's policy.
 * @throws WaybillError what changing the policy throws; `input` `access-gone` where nothing of it is there
 */
export async function takeAccess(
  connection: Connection,
  bucket: string,
  taken: readonly TakenAway[],
  { editor, signal }: PolicyParts,
): Promise<DocumentChange<string>> {
  const change = await editor
    .change(connection, bucket, (policy) => withoutAccess(policy, taken), signal)
    .catch((error: unknown) => {
      throw namedRefusal(error);
    });
  if (!change.isWritten) throw new WaybillError({ kind: 'input', field: 'id', rule: 'access-gone' });
  return change;
}
