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

function hasPrincipal(statement: PolicyStatement): statement is BucketStatement {
  return 'Principal' in statement && isTexts(statement.Principal);
}

/**
 * Whether a statement opens the bucket to everyone. OSS refuses such policies under Block Public Access, and ignores
 * those that it has.
 */
export function isPublicStatement({ Effect, Principal, Condition }: BucketStatement): boolean {
  return Effect === 'Allow' && Condition === undefined && listOf(Principal).includes('*');
}

/** Evaluates the policy for a caller. */
export function decideForBucket(policy: BucketPolicy, identity: Identity, permission: Permission): Verdict {
  const about = policy.Statement.filter((statement) => isAbout(statement, identity));
  return decide({ ...policy, Statement: about }, permission);
}

/** `*` without a condition doesn't concern the bucket's owner, with a condition it does. */
function isAbout({ Principal, Condition }: BucketStatement, { type, principal }: Identity): boolean {
  return listOf(Principal).some((pattern) =>
    pattern === '*' ? type !== 'account' || Condition !== undefined : principal !== null && matches(pattern, principal),
  );
}
