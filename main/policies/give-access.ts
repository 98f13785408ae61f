import { isIP } from 'node:net';
import { z } from 'zod';
import { type Permission, permissions, scopePolicy, sourceIpSchema } from '../accounts/sts/policy.ts';
import { WaybillError } from '../failure.ts';
import type { DocumentChange, DocumentEditor } from '../links/revoking/bucket-document.ts';
import { namedRefusal } from '../links/revoking/deny-and-try.ts';
import { type Statement, withStatements } from '../links/revoking/policy-text.ts';
import type { Connection } from '../oss/connection.ts';
import { readRule } from './access-rule.ts';
import { parsePrincipal, type Principal, writtenPrincipal } from './principal.ts';
import { type AccessPlace, isBlocked, readBlocks } from './read-access.ts';

/** What is given, to whom, and until when. */
export const newAccessSchema = z.strictObject({
  /** As parsePrincipal() reads it. */
  who: z.string().max(300),
  allow: z.array(z.enum(permissions)).min(1),
  /** When it ends, in Unix milliseconds. */
  until: z.int(),
  /** Requests must come from one of these addresses or networks; empty: from anywhere. */
  addresses: z.array(sourceIpSchema).max(50),
  /** Requests must come from this VPC; null: from anywhere, or from the internet where addresses are named. */
  vpc: z.string().max(64).nullable(),
});
/** What is given, to whom, and until when. */
export type NewAccess = Readonly<z.infer<typeof newAccessSchema>>;

/** The statements that give it. */
export interface AccessPlan {
  readonly who: Principal;
  readonly statements: readonly Statement[];
  /** When they end, in Unix milliseconds: to the second. */
  readonly until: number;
  /** Their JSON, for someone who may change the policy. */
  readonly text: string;
  /** Whether OSS counts them as public, so that Block Public Access refuses them. */
  readonly isPublic: boolean;
}

/** What everyone may be given: with more, anyone could fill or empty the bucket at its owner's cost. */
const FOR_EVERYONE: readonly Permission[] = ['read', 'list'];
const MAX_DAYS = 3660;
const DAY_MS = 86_400_000;

/**
 * Plans statements that allow it. Each ends by a condition, so that access nobody takes away ends nevertheless.
 * @param now by the server's clock, in Unix milliseconds
 * @throws WaybillError `input` `access-who`, `access-end`, `access-everyone`, `access-vpc`
 * @see https://help.aliyun.com/zh/oss/user-guide/0030-00000008 for addresses, which need a network along with them
 */
export function planAccess({ bucket, prefix }: AccessPlace, wanted: NewAccess, now: number): AccessPlan {
  const who = parsePrincipal(wanted.who);
  const { until, vpc, addresses } = wanted;
  if (endAt(until) <= now || until > now + MAX_DAYS * DAY_MS) throw refused('until', 'access-end', String(MAX_DAYS));
  if (who.kind === 'everyone' && !wanted.allow.every((right) => FOR_EVERYONE.includes(right))) {
    throw refused('allow', 'access-everyone');
  }
  if (vpc !== null && !/^vpc-[a-z0-9]{1,40}$/.test(vpc)) throw refused('vpc', 'access-vpc');
  const scope = { bucket, keys: [], prefixes: [prefix], allow: [...wanted.allow], sourceIp: null };
  const { Statement: narrow } = JSON.parse(scopePolicy(scope)) as { readonly Statement: readonly Statement[] };
  const conditions = conditionsOf({ until, vpc, addresses });
  const statements = narrow.map(({ Effect, Action, Resource, Condition }) => ({
    ...{ Effect, Action, Principal: [writtenPrincipal(who)], Resource },
    Condition: { ...(Condition as object | undefined), ...conditions },
  }));
  const isPublic = statements.some((one) => {
    const rule = readRule(one, { bucket, now, isBlocked: true });
    return rule.kind === 'read' && rule.traps.includes('blocked');
  });
  return { who, statements, until: endAt(until), text: JSON.stringify(statements, null, 2), isPublic };
}

function conditionsOf({ until, vpc, addresses }: Pick<NewAccess, 'until' | 'vpc' | 'addresses'>): object {
  const end = new Date(endAt(until)).toISOString().replace('.000Z', 'Z');
  const like = vpc === null ? { StringNotLike: { 'acs:SourceVpc': ['vpc-*'] } } : {};
  return {
    DateLessThan: { 'acs:CurrentTime': [end] },
    ...(addresses.length === 0 ? {} : { IpAddress: { 'acs:SourceIp': addresses.map(asNetwork) }, ...like }),
    ...(vpc === null ? {} : { StringEquals: { 'acs:SourceVpc': [vpc] } }),
  };
}

/** Policies know whole seconds; access never ends later than was asked for. */
function endAt(until: number): number {
  return Math.floor(until / 1000) * 1000;
}

/** OSS calls a network public by the length of its mask, so that each has one. */
function asNetwork(address: string): string {
  const version = isIP(address);
  return version === 0 ? address : `${address}/${version === 4 ? 32 : 128}`;
}

/** How the policy of a bucket is changed. */
export interface PolicyParts {
  readonly editor: DocumentEditor<string>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Adds statements to the bucket's policy, behind the others. What they allow counts once OSS has taken the policy up, which
 * may be a moment later.
 * @throws WaybillError `input` `access-blocked` where Block Public Access would refuse it; what changing the policy throws
 */
export async function giveAccess(
  connection: Connection,
  bucket: string,
  { statements, isPublic }: AccessPlan,
  { editor, signal }: PolicyParts,
): Promise<DocumentChange<string>> {
  if (isPublic && isBlocked(await readBlocks(connection, bucket, signal)) === true) {
    throw refused('who', 'access-blocked');
  }
  return editor
    .change(connection, bucket, (policy) => withStatements(policy, statements), signal)
    .catch((error: unknown) => {
      throw namedRefusal(error);
    });
}

function refused(field: string, rule: string, limit?: string): WaybillError {
  return new WaybillError({ kind: 'input', field, rule, ...(limit === undefined ? {} : { limit }) });
}
