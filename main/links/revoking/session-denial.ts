import { isDeepStrictEqual } from 'node:util';
import { resourceOf } from '../../accounts/sts/policy.ts';
import { WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { probe } from '../../oss/exchange/probe.ts';
import { MAX_BUCKET_POLICY } from '../../oss/limits.ts';
import type { DocumentChange, DocumentEditor } from './bucket-document.ts';
import { type Answer, answerOf, denyAndTry, type Ended, type Wait } from './deny-and-try.ts';
import { endOfStatement, isStale, SESSION_PRINCIPAL, sessionStatement } from './our-statements.ts';
import { type Statement, statementsOf, withoutStatements, withStatements } from './policy-text.ts';

/**
 * A temporary session that a bucket is to refuse, with everything that it signed. OSS's bucket policies name a session as
 * principal and are checked at each request, signed URLs included.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/oss-bucket-policy
 */
export interface SessionDenial {
  readonly bucket: string;
  /** As sessionPrincipal() makes it. */
  readonly principal: string;
  /** When the session expires, in Unix milliseconds. */
  readonly validUntil: number;
}

/** A link of the session, by which its end is seen. The URL is secret. */
export interface ProbeLink {
  readonly url: string;
  /** A link for GET is asked for one byte. */
  readonly method: 'GET' | 'HEAD';
}

const HOUR_MS = 3_600_000;
/**
 * How a bucket policy names a session. STS answers with another form (`acs:ram::…:role/ROLE/SESSION`), which isn't valid
 * there. Names of roles and sessions are case-sensitive.
 * @throws WaybillError `input` for what can't be the ARN of a role
 */
export function sessionPrincipal(roleArn: string, sessionName: string): string {
  const [, account = '', role = ''] = /^acs:ram::(\d+):role\/(.+)$/i.exec(roleArn) ?? [];
  const principal = `arn:sts::${account}:assumed-role/${role}/${sessionName}`;
  if (!SESSION_PRINCIPAL.test(principal)) throw new WaybillError({ kind: 'input', field: 'roleArn', rule: 'role-arn' });
  return principal;
}

/**
 * A policy that denies a session everything in the bucket. Sessions that end within the same hour share a statement, which
 * stops to count soon after that hour: statements go as a whole, so that no list of principals is ever left empty, which
 * OSS would read as everyone.
 * @throws WaybillError `input` as withStatements()
 */
export function withDeniedSession(policy: string | null, denial: SessionDenial, now: number): string | null {
  const { bucket, principal, validUntil } = denial;
  const kept = withoutStatements(policy, (statement) => isStale(statement, now));
  const end = endOfStatement(validUntil, HOUR_MS);
  const ours = statementsOf(kept).filter((statement) => isOurs(statement, bucket));
  if (ours.some((statement) => principalsOf(statement).includes(principal) && endOf(statement) >= end)) return kept;
  const open = ours.find((statement) => endOf(statement) === end && hasRoom(statement, principal));
  if (open === undefined) return withStatements(kept, [makeStatement(bucket, [principal], end)]);
  const others = withoutStatements(kept, (statement) => isDeepStrictEqual(statement, open));
  return withStatements(others, [makeStatement(bucket, [...principalsOf(open), principal], end)]);
}

/** A policy without what denies a session. @throws WaybillError `input` as withStatements() */
export function withoutDeniedSession(policy: string | null, { bucket, principal }: SessionDenial): string | null {
  const naming = statementsOf(policy).filter(
    (statement) => isOurs(statement, bucket) && principalsOf(statement).includes(principal),
  );
  const left = naming.flatMap((statement) => {
    const principals = principalsOf(statement).filter((other) => other !== principal);
    return principals.length === 0 ? [] : [makeStatement(bucket, principals, endOf(statement))];
  });
  const isNaming = (statement: Statement): boolean => naming.some((one) => isDeepStrictEqual(one, statement));
  return withStatements(withoutStatements(policy, isNaming), left);
}

/**
 * Denies a session everything in the bucket, then asks a link of it until OSS refuses.
 * @param link null: nothing can be seen
 * @throws WaybillError what changing the policy throws
 */
export async function revokeSession(
  connection: Connection,
  { link, ...denial }: SessionDenial & { readonly link: ProbeLink | null },
  {
    editor,
    wait,
    signal,
  }: { readonly editor: DocumentEditor<string>; readonly wait: Wait; readonly signal?: AbortSignal },
): Promise<Ended> {
  const now = connection.clock.now();
  if (denial.validUntil <= now) return { kind: 'expired' };
  const deny = (): Promise<DocumentChange<string>> =>
    editor.change(connection, denial.bucket, (policy) => withDeniedSession(policy, denial, now), signal);
  const ask = (): Promise<Answer> =>
    link === null ? Promise.resolve('untestable') : askLink(connection, link, signal);
  return denyAndTry({ deny, ask }, wait);
}

/** Reads at most one byte. A file that isn't there says that the session may still look for it. */
async function askLink(
  { dispatcher }: Pick<Connection, 'dispatcher'>,
  { url, method }: ProbeLink,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const headers = method === 'GET' ? { range: 'bytes=0-0' } : {};
  const { error } = await probe({ url, method, headers, signal }, dispatcher);
  return error === null ? 'open' : answerOf(error);
}

function makeStatement(bucket: string, principals: readonly string[], end: string): Statement {
  return {
    Effect: 'Deny',
    Action: ['oss:*'],
    Principal: principals,
    Resource: [resourceOf(bucket, null), resourceOf(bucket, '*')],
    Condition: { DateLessThan: { 'acs:CurrentTime': [end] } },
  };
}

function isOurs(statement: Statement, bucket: string): boolean {
  if (!sessionStatement.safeParse(statement).success) return false;
  return isDeepStrictEqual(statement['Resource'], [resourceOf(bucket, null), resourceOf(bucket, '*')]);
}

function principalsOf(statement: Statement): readonly string[] {
  return sessionStatement.parse(statement).Principal;
}

/** In UTC, so that these texts are in the order of time. */
function endOf(statement: Statement): string {
  return sessionStatement.parse(statement).Condition.DateLessThan['acs:CurrentTime'][0];
}

function hasRoom(statement: Statement, principal: string): boolean {
  // With its quotes and a comma.
  return Buffer.byteLength(JSON.stringify(statement)) + principal.length + 3 <= MAX_BUCKET_POLICY.statementBytes;
}
