import { isDeepStrictEqual } from 'node:util';
import { literalPattern, resourceOf } from '../../accounts/sts/policy.ts';
import { WaybillError } from '../../failure.ts';
import { addToLists, isInLists, removeFromLists } from './denied-lists.ts';
import { endIn, endOfStatement, isStale, objectStatement } from './our-statements.ts';
import { type Statement, statementsOf, withoutStatements, withStatements } from './policy-text.ts';

/**
 * What a bucket is to refuse although it was signed.
 * - `session`: everything that sessions of these names sign. Sessions that share a name are refused together.
 * - `token`: everything that one token signs, for a URL whose session isn't known. OSS applies a condition on `*` to the
 *   owner too, so this names nothing but whole AccessKey IDs of tokens.
 * - `object`: what a long-term AccessKey signs for one object. It hits the key's other requests for that object.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/oss-bucket-policy
 */
export type DeniedSigner =
  | { readonly kind: 'session'; readonly principals: readonly string[] }
  | { readonly kind: 'token'; readonly accessKeyId: string }
  | {
      readonly kind: 'object';
      readonly accessKeyId: string;
      readonly key: string;
      readonly method: 'GET' | 'PUT' | 'DELETE';
    };

/** A signer that a bucket is to refuse until what it signed has expired. */
export interface Denial {
  readonly bucket: string;
  readonly signer: DeniedSigner;
  /** When what was signed expires, in Unix milliseconds. */
  readonly validUntil: number;
}

/**
 * A policy that denies it; the same text where it does already. What has ended is taken away on the way.
 * @param now by the server's clock, in Unix milliseconds
 * @throws WaybillError `input` as withStatements(), and `denied-signer` for what could hit more than it names
 */
export function withDenial(policy: string | null, denial: Denial, now: number): string | null {
  const kept = withoutEnded(policy, now);
  const { bucket, signer, validUntil } = denial;
  if (signer.kind === 'object') {
    return isIn(kept, denial) ? kept : withStatements(kept, [objectDenial(bucket, signer, validUntil)]);
  }
  return addToLists(kept, { bucket, ...namesOf(signer), validUntil });
}

/** A policy that no longer denies it. @throws WaybillError `input` as withStatements() */
export function withoutDenial(policy: string | null, { bucket, signer, validUntil }: Denial): string | null {
  if (signer.kind === 'object') {
    const statement = objectDenial(bucket, signer, validUntil);
    return withoutStatements(policy, (other) => isSameObject(other, statement));
  }
  return removeFromLists(policy, { bucket, ...namesOf(signer) });
}

/** Whether a policy denies it. @throws WaybillError `input` `bucket-policy-unreadable` */
export function denies(policy: string | null, denial: Denial, now: number): boolean {
  return isIn(withoutEnded(policy, now), denial);
}

/** Also where there is no room for it. */
function isIn(policy: string | null, { bucket, signer, validUntil }: Denial): boolean {
  if (signer.kind !== 'object') return isInLists(policy, { bucket, ...namesOf(signer), validUntil });
  const wanted = objectDenial(bucket, signer, validUntil);
  return statementsOf(policy).some((other) => isSameObject(other, wanted) && endOf(other) >= endOf(wanted));
}

function namesOf(signer: Exclude<DeniedSigner, { readonly kind: 'object' }>) {
  return signer.kind === 'session'
    ? { kind: signer.kind, names: signer.principals }
    : { kind: signer.kind, names: [signer.accessKeyId] };
}

/** A policy without Waybill's statements that no longer count. @throws WaybillError `input` as withoutStatements() */
export function withoutEnded(policy: string | null, now: number): string | null {
  return withoutStatements(policy, (statement) => isStale(statement, now));
}

/** The statements that deny it, for someone who may change the policy. @throws WaybillError as withDenial() */
export function denialStatements(denial: Denial, now: number): readonly Statement[] {
  return statementsOf(withDenial(null, denial, now));
}

const objectActions = {
  GET: ['oss:GetObject', 'oss:GetObjectVersion'],
  PUT: ['oss:PutObject'],
  DELETE: ['oss:DeleteObject', 'oss:DeleteObjectVersion'],
} as const;

function objectDenial(
  bucket: string,
  { accessKeyId, key, method }: Extract<DeniedSigner, { readonly kind: 'object' }>,
  validUntil: number,
): Statement {
  const statement = {
    Effect: 'Deny',
    Action: objectActions[method],
    Principal: ['*'],
    Resource: [resourceOf(bucket, literalPattern(key))],
    Condition: {
      StringEquals: { 'acs:AccessId': [accessKeyId] },
      DateLessThan: { 'acs:CurrentTime': [endOfStatement(validUntil)] },
    },
  };
  const isNarrow = objectStatement.safeParse(statement).success && !/^[*?]*$/.test(key);
  if (!isNarrow) throw new WaybillError({ kind: 'input', field: 'accessKeyId', rule: 'denied-signer' });
  return statement;
}

/** In UTC, so that these texts are in the order of time. */
function endOf(statement: Statement): string {
  return endIn(objectStatement.parse(statement));
}

/** Whether two statements deny the same, whenever they end. */
function isSameObject(one: Statement, other: Statement): boolean {
  const [first, second] = [one, other].map((statement) => objectStatement.safeParse(statement).data);
  if (first === undefined || second === undefined) return false;
  const { Action, Resource, Condition } = first;
  const { StringEquals } = second.Condition;
  return isDeepStrictEqual([Action, Resource, Condition.StringEquals], [second.Action, second.Resource, StringEquals]);
}
