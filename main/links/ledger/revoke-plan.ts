import { denyPolicy } from '../../accounts/sts/policy.ts';
import type { LedgerEntry, LedgerItem } from './ledger-entry.ts';

/** A way to end a link before its time. OSS knows none that ends one link and nothing else. */
export type Remedy =
  /** Wait: it ends by itself. */
  | { readonly kind: 'wait'; readonly until: number }
  /** Deletes this version for good. */
  | { readonly kind: 'delete-version'; readonly bucket: string; readonly key: string; readonly versionId: string }
  /** Deletes the object, or hides it behind a delete marker: links to one of its versions go on. */
  | { readonly kind: 'delete-object'; readonly bucket: string; readonly key: string }
  /** Attaches a policy that denies to the role or, for a key, to its RAM user. An account's root key takes no policy. */
  | { readonly kind: 'deny'; readonly to: 'role' | 'user'; readonly who: string; readonly policy: string }
  /** Takes all permissions from the role, or deletes it. */
  | { readonly kind: 'change-role'; readonly roleArn: string }
  /** Disables the AccessKey. Sessions that it started live on. */
  | { readonly kind: 'disable-key'; readonly accessKeyId: string }
  /** Asks whoever handed out the temporary credentials. */
  | { readonly kind: 'ask-issuer'; readonly accessKeyId: string };

/** A remedy, and what else dies with it. */
export interface PlannedRemedy {
  readonly remedy: Remedy;
  /** Other entries that are live and would end as well. */
  readonly alsoEnds: readonly string[];
  /** Other entries that may end: what OSS would do depends on what is not known here. */
  readonly mayEnd: readonly string[];
}

/** All ways to end one entry, the narrowest first. */
export interface RevokePlan {
  readonly id: string;
  readonly remedies: readonly PlannedRemedy[];
}

/** What can be done about an entry, and which of `all` the entries would end with it. */
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

/** An upload link makes its object anew, so that deleting it ends nothing. */
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
  // A link without a version shows the newest one, which the deleted version may be. Where the bucket keeps no
  // versions, the object is all there is.
  return 'may-end';
}

/** A denial names the action and the object. */
function reachOfDenial(entry: LedgerEntry, other: LedgerEntry): Reach {
  const [one, two] = [entry.what, other.what];
  if (one.kind !== 'link' || one.bucket !== two.bucket) return 'lives';
  if (two.kind === 'grant') return isInGrant(one.key, two) ? 'may-end' : 'lives';
  return one.key === two.key && actionOf(one.method) === actionOf(two.method) ? reachOfVersions(one, two) : 'lives';
}

/** Versions have rights of their own; the denial for a version covers both. */
function reachOfVersions(
  one: { readonly versionId: string | null },
  two: { readonly versionId: string | null },
): Reach {
  return one.versionId === null && two.versionId !== null ? 'lives' : 'ends';
}

/** It goes on, but no longer for this object. */
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
