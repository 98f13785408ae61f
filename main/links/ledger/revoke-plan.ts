import { denyPolicy } from '../../accounts/sts/policy.ts';
import type { LedgerEntry, LedgerItem } from './ledger-entry.ts';

/** A way to revoke a link before it expires. OSS has none that revokes one link and nothing else. */
export type Remedy =
  /** Wait until it expires. */
  | { readonly kind: 'wait'; readonly until: number }
  /** Permanently delete the version. */
  | { readonly kind: 'delete-version'; readonly bucket: string; readonly key: string; readonly versionId: string }
  /** Delete the object, or hide it behind a delete marker: links to one of its versions keep working. */
  | { readonly kind: 'delete-object'; readonly bucket: string; readonly key: string }
  /** Attach a deny policy to the role, or to the RAM user of a key. A root key can't have policies. */
  | { readonly kind: 'deny'; readonly to: 'role' | 'user'; readonly who: string; readonly policy: string }
  /** Remove all permissions of the role, or delete it. */
  | { readonly kind: 'change-role'; readonly roleArn: string }
  /** Disable the AccessKey. Sessions that it started stay valid. */
  | { readonly kind: 'disable-key'; readonly accessKeyId: string }
  /** Ask the issuer of the temporary credentials. */
  | { readonly kind: 'ask-issuer'; readonly accessKeyId: string };

/** A remedy, and what else it revokes. */
export interface PlannedRemedy {
  readonly remedy: Remedy;
  /** Other live entries that it revokes too. */
  readonly alsoEnds: readonly string[];
  /** Other entries that it may revoke: that depends on the bucket's versioning and on what a grant is used for. */
  readonly mayEnd: readonly string[];
}

/** All ways to revoke one entry, the narrowest first. */
export interface RevokePlan {
  readonly id: string;
  readonly remedies: readonly PlannedRemedy[];
}

/** Lists the ways to revoke an entry, and which of `all` entries each would revoke too. */
export function revokePlan(entry: LedgerItem, all: readonly LedgerItem[]): RevokePlan {
  if (entry.state === 'ended') return { id: entry.id, remedies: [] };
  const others = all.filter(({ id, state }) => id !== entry.id && state !== 'ended');
  const idsOf = (test: (other: LedgerEntry) => boolean): string[] => others.filter(test).map(({ id }) => id);
  const remedies = [...objectRemedies(entry), ...signerRemedies(entry)].map((remedy) => ({
    remedy,
    alsoEnds: idsOf((other) => reach(remedy, entry, other) === 'ends'),
    mayEnd: idsOf((other) => reach(remedy, entry, other) === 'may-end'),
  }));
  const wait: PlannedRemedy = { remedy: { kind: 'wait', until: entry.validUntil }, alsoEnds: [], mayEnd: [] };
  remedies.sort((a, b) => a.alsoEnds.length - b.alsoEnds.length);
  return { id: entry.id, remedies: [wait, ...remedies] };
}

/** Deleting the object doesn't revoke an upload link, which can create it again. */
function objectRemedies({ what }: LedgerEntry): readonly Remedy[] {
  if (what.kind !== 'link' || what.method === 'PUT') return [];
  const { bucket, key, versionId } = what;
  return [
    versionId === null ? { kind: 'delete-object', bucket, key } : { kind: 'delete-version', bucket, key, versionId },
  ];
}

function signerRemedies({ what, signer }: LedgerEntry): readonly Remedy[] {
  if (signer.kind === 'token') return [{ kind: 'ask-issuer', accessKeyId: signer.accessKeyId }];
  const policy = what.kind === 'link' ? denyPolicy(what) : null;
  if (signer.kind === 'role') {
    const { roleArn } = signer;
    const deny: Remedy[] = policy === null ? [] : [{ kind: 'deny', to: 'role', who: roleArn, policy }];
    return [...deny, { kind: 'change-role', roleArn }];
  }
  const { accessKeyId } = signer;
  const deny: Remedy[] = policy === null ? [] : [{ kind: 'deny', to: 'user', who: accessKeyId, policy }];
  return [...deny, { kind: 'disable-key', accessKeyId }];
}

type Reach = 'ends' | 'may-end' | 'lives';

/** What a remedy against `entry` does to another entry. */
function reach(remedy: Remedy, entry: LedgerEntry, other: LedgerEntry): Reach {
  switch (remedy.kind) {
    case 'wait':
      return 'lives';
    case 'delete-version':
      return reachOfDeletion(other, remedy, remedy.versionId);
    case 'delete-object':
      return reachOfDeletion(other, remedy, null);
    case 'deny':
      return isSameSigner(entry, other) ? reachOfDenial(entry, other) : 'lives';
    case 'change-role':
    case 'disable-key':
    case 'ask-issuer':
      return isSameSigner(entry, other) ? 'ends' : 'lives';
    default:
      return remedy satisfies never;
  }
}

function reachOfDeletion(
  { what }: LedgerEntry,
  object: { readonly bucket: string; readonly key: string },
  versionId: string | null,
): Reach {
  if (what.kind !== 'link' || what.method === 'PUT') return 'lives';
  if (what.bucket !== object.bucket || what.key !== object.key) return 'lives';
  if (what.versionId === versionId) return 'ends';
  // A link without a version serves the newest one, which the deleted version may be. Without versioning, the object is
  // the only version.
  return 'may-end';
}

/** A deny policy names the action and the object. */
function reachOfDenial(entry: LedgerEntry, other: LedgerEntry): Reach {
  const [one, two] = [entry.what, other.what];
  if (one.kind !== 'link' || one.bucket !== two.bucket) return 'lives';
  if (two.kind === 'grant') return isInGrant(one.key, two) ? 'may-end' : 'lives';
  return one.key === two.key && actionOf(one.method) === actionOf(two.method) ? reachOfVersions(one, two) : 'lives';
}

/** Versions have actions of their own; the deny policy for a version covers both. */
function reachOfVersions(
  one: { readonly versionId: string | null },
  two: { readonly versionId: string | null },
): Reach {
  return one.versionId === null && two.versionId !== null ? 'lives' : 'ends';
}

/** The grant stays valid, but no longer for this object. */
function isInGrant(key: string, { keys, prefixes }: Extract<LedgerEntry['what'], { kind: 'grant' }>): boolean {
  return keys.includes(key) || prefixes.some((prefix) => key.startsWith(prefix));
}

function actionOf(method: string): string {
  return method === 'HEAD' ? 'GET' : method;
}

function isSameSigner({ signer: one }: LedgerEntry, { signer: two }: LedgerEntry): boolean {
  if (one.kind === 'role' && two.kind === 'role') return one.roleArn === two.roleArn;
  return one.kind === two.kind && one.accessKeyId === two.accessKeyId;
}
