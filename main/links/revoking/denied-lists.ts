import { isDeepStrictEqual } from 'node:util';
import { resourceOf } from '../../accounts/sts/policy.ts';
import { toFailure, WaybillError } from '../../failure.ts';
import { MAX_BUCKET_POLICY } from '../../oss/limits.ts';
import { endIn, endOfStatement, sessionStatement, tokenStatement } from './our-statements.ts';
import { type Statement, statementsOf, withoutStatements, withStatements } from './policy-text.ts';

/*
 * Statements that deny many signers at once: a policy has room for some 250 of them, but not for as many statements.
 *
 * Each statement ends by itself (DateLessThan on acs:CurrentTime). That is safe for a Deny: if OSS read the condition in
 * another way, the statement wouldn't count, which the probe of the link shows; and once it no longer counts, what it denied
 * has expired a quarter of an hour ago. So anybody's leftovers are harmless, and each Waybill can tell them from the rest
 * without a record. Signers that end within the same hour share a statement, which goes as a whole: no list is ever left
 * empty, which OSS would read as everyone. Where the policy is full, statements are joined, and end with their last signer.
 */

/** Signers to deny everything in a bucket. */
interface DeniedNames {
  readonly bucket: string;
  readonly kind: ListKind;
  readonly names: readonly string[];
}

type ListKind = 'session' | 'token';

interface DeniedList {
  readonly kind: ListKind;
  readonly names: readonly string[];
  /** In UTC, so that these texts are in the order of time. */
  readonly end: string;
}

const HOUR_MS = 3_600_000;

/**
 * A policy that denies signers until a while after their end; the same text where it does already.
 * @throws WaybillError `input` as withStatements(); `denied-signer` for a name that could hit more than one signer
 */
export function addToLists(
  policy: string | null,
  denied: DeniedNames & { readonly validUntil: number },
): string | null {
  const { bucket, kind, names, validUntil } = denied;
  const end = endOfStatement(validUntil, HOUR_MS);
  const lists = listsIn(policy, bucket);
  const missing = names.filter((name) => !lists.some((list) => isListed(list, { kind, name, end })));
  if (missing.length === 0) return policy;
  const open = lists.find((list) => list.kind === kind && list.end === end && hasRoom(bucket, list, missing));
  const added: DeniedList = { kind, names: [...(open?.names ?? []), ...missing], end };
  try {
    return replaced(policy, bucket, { gone: open === undefined ? [] : [open], added: [added] });
  } catch (error) {
    if (!isFull(error)) throw error;
    return replaced(policy, bucket, { gone: lists, added: joined(bucket, [...lists, { kind, names: missing, end }]) });
  }
}

/** Whether a policy denies signers until a while after their end. @throws WaybillError `input` `bucket-policy-unreadable` */
export function isInLists(
  policy: string | null,
  { bucket, kind, names, validUntil }: DeniedNames & { readonly validUntil: number },
): boolean {
  const lists = listsIn(policy, bucket);
  const end = endOfStatement(validUntil, HOUR_MS);
  return names.every((name) => lists.some((list) => isListed(list, { kind, name, end })));
}

/** A policy that denies these signers no longer; statements without any go. @throws WaybillError `input` as withStatements() */
export function removeFromLists(policy: string | null, { bucket, kind, names }: DeniedNames): string | null {
  const gone = listsIn(policy, bucket).filter(
    (list) => list.kind === kind && list.names.some((name) => names.includes(name)),
  );
  const left = gone.map((list) => ({ ...list, names: list.names.filter((name) => !names.includes(name)) }));
  return replaced(policy, bucket, { gone, added: left.filter((list) => list.names.length > 0) });
}

function isListed(
  list: DeniedList,
  { kind, name, end }: { readonly kind: ListKind; readonly name: string; readonly end: string },
): boolean {
  return list.kind === kind && list.end >= end && list.names.includes(name);
}

function replaced(
  policy: string | null,
  bucket: string,
  { gone, added }: { readonly gone: readonly DeniedList[]; readonly added: readonly DeniedList[] },
): string | null {
  const old = gone.map((list) => statementOf(bucket, list));
  const kept = withoutStatements(policy, (statement) => old.some((one) => isDeepStrictEqual(one, statement)));
  return withStatements(
    kept,
    added.map((list) => checked(statementOf(bucket, list))),
  );
}

/** As few statements as possible, in the order of their ends, so that the first ones still go early. */
function joined(bucket: string, lists: readonly DeniedList[]): readonly DeniedList[] {
  const result: DeniedList[] = [];
  for (const kind of ['session', 'token'] as const) {
    const ends = new Map<string, string>();
    for (const list of lists.filter((one) => one.kind === kind)) {
      for (const name of list.names) if (list.end > (ends.get(name) ?? '')) ends.set(name, list.end);
    }
    const ordered = [...ends].sort(([, one], [, other]) => (one < other ? -1 : one > other ? 1 : 0));
    let current: DeniedList | null = null;
    for (const [name, end] of ordered) {
      if (current !== null && hasRoom(bucket, current, [name]))
        current = { kind, names: [...current.names, name], end };
      else {
        if (current !== null) result.push(current);
        current = { kind, names: [name], end };
      }
    }
    if (current !== null) result.push(current);
  }
  return result;
}

function statementOf(bucket: string, { kind, names, end }: DeniedList): Statement {
  const until = { DateLessThan: { 'acs:CurrentTime': [end] } };
  return {
    Effect: 'Deny',
    Action: ['oss:*'],
    Principal: kind === 'session' ? names : ['*'],
    Resource: resourcesOf(bucket),
    Condition: kind === 'session' ? until : { StringEquals: { 'acs:AccessId': names }, ...until },
  };
}

function checked(statement: Statement): Statement {
  if (sessionStatement.safeParse(statement).success || tokenStatement.safeParse(statement).success) return statement;
  throw new WaybillError({ kind: 'input', field: 'accessKeyId', rule: 'denied-signer' });
}

/** Waybill's lists for a bucket. What differs from them in anything, such as in the bucket, is somebody else's. */
function listsIn(policy: string | null, bucket: string): readonly DeniedList[] {
  return statementsOf(policy)
    .filter(({ Resource }) => isDeepStrictEqual(Resource, resourcesOf(bucket)))
    .flatMap((statement): DeniedList[] => {
      const session = sessionStatement.safeParse(statement).data;
      if (session !== undefined) return [{ kind: 'session', names: session.Principal, end: endIn(session) }];
      const token = tokenStatement.safeParse(statement).data;
      if (token === undefined) return [];
      return [{ kind: 'token', names: token.Condition.StringEquals['acs:AccessId'], end: endIn(token) }];
    });
}

function resourcesOf(bucket: string): readonly string[] {
  return [resourceOf(bucket, null), resourceOf(bucket, '*')];
}

function hasRoom(bucket: string, list: DeniedList, names: readonly string[]): boolean {
  const statement = statementOf(bucket, { ...list, names: [...list.names, ...names] });
  return Buffer.byteLength(JSON.stringify(statement)) <= MAX_BUCKET_POLICY.statementBytes;
}

function isFull(error: unknown): boolean {
  const failure = toFailure(error);
  return failure.kind === 'input' && failure.rule === 'bucket-policy-full';
}
