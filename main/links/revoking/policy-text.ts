import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { MAX_BUCKET_POLICY } from '../../oss/limits.ts';
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from '../../oss/operations/bucket-policy.ts';
import { type BucketDocument, DocumentEditor } from './bucket-document.ts';
import { findList, rewriteElements, type Span } from './json-list.ts';

/*
 * Policies are edited as text, so that every statement that isn't Waybill's stays as it was written, byte for byte: other
 * tools may rely on their order and their numbers, and JSON.parse() would round a UID.
 */

/** A statement of a policy, parsed. Only what Waybill must understand of it is checked. */
export type Statement = Readonly<Record<string, unknown>>;

interface ParsedPolicy {
  readonly statements: readonly (Span & { readonly value: Statement })[];
  /** Behind the bracket that opens the list. */
  readonly listStart: number;
}

const policySchema = z.looseObject({ Version: z.literal('1'), Statement: z.array(z.looseObject({})) });

/** The statements of a policy. @throws WaybillError `input` `bucket-policy-unreadable` */
export function statementsOf(policy: string | null): readonly Statement[] {
  return policy === null ? [] : parse(policy).statements.map(({ value }) => value);
}

/** The statements of a policy, with the text of each. @throws WaybillError as statementsOf() */
export function writtenStatements(policy: string): readonly { readonly statement: Statement; readonly text: string }[] {
  return parse(policy).statements.map(({ value, start, end }) => ({
    statement: value,
    text: policy.slice(start, end),
  }));
}

/**
 * A policy with more statements, behind the others; those that it has already aren't added again.
 * @throws WaybillError `input` `bucket-policy-unreadable` for a policy that must not be touched, `bucket-policy-full` for a
 *   result or a statement that OSS refuses
 */
export function withStatements(policy: string | null, added: readonly Statement[]): string | null {
  const present = statementsOf(policy);
  const missing = added.filter((one) => !present.some((other) => isDeepStrictEqual(one, other)));
  if (missing.length === 0) return policy;
  const texts = missing.map((statement) => JSON.stringify(statement));
  const tooLong = texts.find((text) => Buffer.byteLength(text) > MAX_BUCKET_POLICY.statementBytes);
  if (tooLong !== undefined) throw full(MAX_BUCKET_POLICY.statementBytes);
  const edited = insert(policy, texts.join(','));
  if (Buffer.byteLength(edited) > MAX_BUCKET_POLICY.bytes) throw full(MAX_BUCKET_POLICY.bytes);
  return edited;
}

function insert(policy: string | null, text: string): string {
  if (policy === null) return `{"Version":"1","Statement":[${text}]}`;
  const { statements, listStart } = parse(policy);
  const last = statements.at(-1);
  const at = last?.end ?? listStart;
  return `${policy.slice(0, at)}${last === undefined ? '' : ','}${text}${policy.slice(at)}`;
}

/**
 * A policy without the statements that `isGone` names; null if none is left, since a policy can't be empty.
 * @throws WaybillError `input` `bucket-policy-unreadable`
 */
export function withoutStatements(policy: string | null, isGone: (statement: Statement) => boolean): string | null {
  return rewriteStatements(policy, (statement, text) => (isGone(statement) ? null : text));
}

/**
 * A policy with statements written otherwise, null for those that go; null if none is left. Whatever is between them stays.
 * @throws WaybillError `input` `bucket-policy-unreadable`
 */
export function rewriteStatements(
  policy: string | null,
  rewrite: (statement: Statement, text: string) => string | null,
): string | null {
  if (policy === null) return null;
  const { statements } = parse(policy);
  const texts = statements.map(({ value, start, end }) => rewrite(value, policy.slice(start, end)));
  if (statements.every(({ start, end }, index) => texts[index] === policy.slice(start, end))) return policy;
  return texts.every((text) => text === null) ? null : rewriteElements(policy, statements, texts);
}

/** Whether two policies say the same. OSS may return its text in another form than it was put. */
function isSamePolicy(one: string | null, other: string | null): boolean {
  if (one === other) return true;
  if (one === null || other === null) return false;
  return isDeepStrictEqual(parseJson(one), parseJson(other));
}

const policyDocument: BucketDocument<string> = {
  field: 'policy',
  read: getBucketPolicy,
  write: async (connection: Connection, bucket, policy, signal) => {
    if (policy === null) await deleteBucketPolicy(connection, bucket, signal);
    else await putBucketPolicy(connection, bucket, policy, signal);
  },
  isSame: isSamePolicy,
};

/** Changes policies of buckets, one change at a time. */
export function policyEditor(): DocumentEditor<string> {
  return new DocumentEditor(policyDocument);
}

function parse(policy: string): ParsedPolicy {
  const parsed = policySchema.safeParse(parseJson(policy));
  const list = parsed.success ? findList(policy, 'Statement') : null;
  if (!parsed.success || list === null || list.elements.length !== parsed.data.Statement.length)
    throw unreadablePolicy();
  const statements = list.elements.map((span) => ({ ...span, value: statementIn(policy, span) }));
  return { statements, listStart: list.start };
}

function statementIn(policy: string, { start, end }: Span): Statement {
  return JSON.parse(policy.slice(start, end)) as Statement;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The failure of a policy that Waybill doesn't touch, since it can't read it. */
export function unreadablePolicy(): WaybillError {
  return new WaybillError({ kind: 'input', field: 'policy', rule: 'bucket-policy-unreadable' });
}

function full(limit: number): WaybillError {
  return new WaybillError({ kind: 'input', field: 'policy', rule: 'bucket-policy-full', limit: String(limit) });
}
