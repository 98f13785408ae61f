import { serviceEndpoint } from '../accounts/bucket-place.ts';
import { type Failure, toFailure, WaybillError } from '../failure.ts';
import { unreadablePolicy, writtenStatements } from '../links/revoking/policy-text.ts';
import type { Connection } from '../oss/connection.ts';
import { MAX_BUCKET_POLICY } from '../oss/limits.ts';
import type { BucketAcl } from '../oss/operations/acl.ts';
import { getBucketPolicy } from '../oss/operations/bucket-policy.ts';
import { getBucketAcl, isPolicyPublic, isPublicAccessBlocked } from '../oss/operations/public-access.ts';
import { type AccessRule, concerns, isWithin, readRule } from './access-rule.ts';

/** A bucket, or what is below a prefix in it; '' is the whole bucket. */
export interface AccessPlace {
  readonly bucket: string;
  readonly prefix: string;
}

/** Who has access to a bucket, as far as the bucket says it. What RAM allows users of its own account stands elsewhere. */
export interface AccessReport {
  readonly policy:
    | { readonly kind: 'none' }
    | {
        readonly kind: 'read';
        /** The rules about the place, in the order of the policy. */
        readonly rules: readonly AccessRule[];
        /** IDs of those that are about more than the place. */
        readonly wider: readonly string[];
        /** How many rules are about other places only. */
        readonly otherRules: number;
        /** Of `maxBytes`. */
        readonly bytes: number;
        readonly maxBytes: number;
      }
    /** It can't be read, and isn't touched. */
    | { readonly kind: 'unreadable'; readonly text: string }
    /** The account may not read it. */
    | { readonly kind: 'denied'; readonly failure: Failure };
  /** Each null where the account may not ask. */
  readonly acl: BucketAcl | null;
  readonly isPolicyPublic: boolean | null;
  readonly blocked: { readonly bucket: boolean | null; readonly account: boolean | null };
}

/**
 * Reads a bucket's policy, its ACL and what blocks public access.
 * @throws WaybillError for anything but missing rights
 */
export async function readAccess(
  connection: Connection,
  { bucket, prefix }: AccessPlace,
  signal?: AbortSignal,
): Promise<AccessReport> {
  const [text, acl, isPublic, blocked] = await Promise.all([
    policyText(connection, bucket, signal),
    getBucketAcl(connection, bucket, signal),
    isPolicyPublic(connection, bucket, signal),
    readBlocks(connection, bucket, signal),
  ]);
  const report = { acl, isPolicyPublic: isPublic, blocked };
  if (text === null) return { ...report, policy: { kind: 'none' } };
  if (typeof text !== 'string') return { ...report, policy: { kind: 'denied', failure: text } };
  const reading = { bucket, now: connection.clock.now(), isBlocked: isBlocked(blocked) };
  return { ...report, policy: readPolicy(text, prefix, reading) };
}

/** The rules of a report. @throws WaybillError if the policy can't be read: what isn't seen can't be called gone */
export function rulesOf({ policy }: AccessReport): readonly AccessRule[] {
  if (policy.kind === 'denied') throw new WaybillError(policy.failure);
  if (policy.kind === 'unreadable') throw unreadablePolicy();
  return policy.kind === 'read' ? policy.rules : [];
}

function readPolicy(text: string, prefix: string, reading: Parameters<typeof readRule>[1]): AccessReport['policy'] {
  try {
    const all = writtenStatements(text).map(({ statement, text: written }) => readRule(statement, reading, written));
    const rules = all.filter((rule) => concerns(rule, prefix));
    const sizes = { bytes: Buffer.byteLength(text), maxBytes: MAX_BUCKET_POLICY.bytes };
    const wider = rules.filter((rule) => !isWithin(rule, prefix)).map(({ id }) => id);
    return { kind: 'read', rules, wider, otherRules: all.length - rules.length, ...sizes };
  } catch (error) {
    if (toFailure(error).kind === 'input') return { kind: 'unreadable', text };
    throw error;
  }
}

/** The policy, null for none, or why the account may not read it. */
async function policyText(
  connection: Connection,
  bucket: string,
  signal: AbortSignal | undefined,
): Promise<string | null | Failure> {
  try {
    return await getBucketPolicy(connection, bucket, signal);
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'credentials' && failure.cause === 'denied-by-policy') return failure;
    throw error;
  }
}

/** Whether Block Public Access is on for the bucket and for its account; each null where that can't be asked. */
export async function readBlocks(
  connection: Connection,
  bucket: string,
  signal?: AbortSignal,
): Promise<AccessReport['blocked']> {
  // A custom domain leads to one bucket, not to the service.
  const asksService = connection.endpoint.addressing !== 'cname';
  const service = { ...connection, endpoint: serviceEndpoint(connection) };
  const [ofBucket, ofAccount] = await Promise.all([
    isPublicAccessBlocked(connection, bucket, signal),
    asksService ? isPublicAccessBlocked(service, null, signal) : null,
  ]);
  return { bucket: ofBucket, account: ofAccount };
}

/** Whether one of the two blocks is on; null: neither is known to be, and one isn't known. */
export function isBlocked({ bucket, account }: AccessReport['blocked']): boolean | null {
  if (bucket === true || account === true) return true;
  return bucket === null || account === null ? null : false;
}
