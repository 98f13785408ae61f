import { isIP } from 'node:net';
import type { Identity } from './identity.ts';
import {
  type Permission,
  type PolicyDocument,
  type PolicyStatement,
  type Verdict,
  decide,
  isTexts,
  listOf,
  parsePolicy,
} from './policy.ts';
import { matches } from '../protocol/wildcard.ts';

interface BucketStatement extends PolicyStatement {
  readonly Principal: string | readonly string[];
}

/**
 * The policy of a bucket: statements of a RAM policy that also name whom they are about.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/oss-bucket-policy
 */
export interface BucketPolicy extends PolicyDocument {
  readonly Statement: readonly BucketStatement[];
}

/** Parses the JSON of PutBucketPolicy. @returns null if it isn't a valid bucket policy */
export function parseBucketPolicy(text: string): BucketPolicy | null {
  const policy = parsePolicy(text);
  return policy !== null && policy.Statement.every(hasPrincipal) ? (policy as BucketPolicy) : null;
}

/** RAM's `{"RAM": [...]}` is none. */
function hasPrincipal(statement: PolicyStatement): statement is BucketStatement {
  return 'Principal' in statement && isTexts(statement.Principal);
}

/**
 * Whether a statement opens the bucket to everyone. OSS refuses such policies under Block Public Access, and ignores
 * those that it has.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/block-public-access/ for what narrows a statement
 */
export function isPublicStatement(statement: BucketStatement): boolean {
  const { Effect, Condition = {} } = statement;
  const isForAny = principalsOf(statement).some((pattern) => pattern.includes('*'));
  return Effect === 'Allow' && isForAny && !Object.entries(Condition).some(isNarrowing);
}

const NARROWING = new Set(['acs:accessid', 'acs:sourcevpc', 'acs:sourcevpcid']);
const ADDRESSES = new Set(['acs:sourceip', 'acs:sourcevpcip']);

function isNarrowing([operator, keys]: readonly [
  string,
  Readonly<Record<string, string | readonly string[]>>,
]): boolean {
  const isFixed = Object.entries(keys).some(([name, values]) => {
    if (ADDRESSES.has(name.toLowerCase())) return listOf(values).every(isSmallNetwork);
    return NARROWING.has(name.toLowerCase()) && listOf(values).every((value) => !value.includes('*'));
  });
  return isFixed && !operator.includes('Not');
}

/** A mask of at least 8 bits for IPv4, of 32 for IPv6. */
function isSmallNetwork(text: string): boolean {
  const [base = '', bits] = text.split('/');
  const version = isIP(base);
  return version !== 0 && (bits === undefined || Number(bits) >= (version === 4 ? 8 : 32));
}

/**
 * Whether a statement asks for an address without saying of which network. OSS takes none of these any more, but keeps
 * those that it has.
 * @see https://help.aliyun.com/zh/oss/user-guide/0030-00000008
 */
export function lacksNetwork({ Condition = {} }: BucketStatement): boolean {
  const names = Object.values(Condition).flatMap((keys) => Object.keys(keys).map((name) => name.toLowerCase()));
  return names.includes('acs:sourceip') && !names.includes('acs:sourcevpc');
}

/** Evaluates the policy for a caller. */
export function decideForBucket(policy: BucketPolicy, identity: Identity, permission: Permission): Verdict {
  const about = policy.Statement.filter((statement) => isAbout(statement, identity));
  return decide({ ...policy, Statement: about }, permission);
}

/** `*` without a condition doesn't concern the bucket's owner, with a condition it does. */
function isAbout(statement: BucketStatement, { type, principal }: Identity): boolean {
  return principalsOf(statement).some((pattern) =>
    pattern === '*'
      ? type !== 'account' || statement.Condition !== undefined
      : principal !== null && matches(pattern, principal),
  );
}

/**
 * An empty list means everyone.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/authorization-syntax-and-elements
 */
function principalsOf({ Principal }: BucketStatement): readonly string[] {
  const listed = listOf(Principal);
  return listed.length === 0 ? ['*'] : listed;
}
