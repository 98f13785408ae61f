import { deniesWholeBucket, denyPolicy, denyUploadsPolicy } from '../../accounts/sts/policy.ts';
import { isOver, type LedgerEntry, type LedgerItem, type Names, namesOf } from './ledger-entry.ts';

/** Longest custom policy of RAM, in characters. @see https://www.alibabacloud.com/help/en/ram/product-overview/limits */
const MAX_RAM_POLICY_CHARACTERS = 6144;

/** A way to revoke a link before it expires. OSS has none that revokes one link and nothing else. */
export type Remedy =
  /** Wait until it expires. */
  | { readonly kind: 'wait'; readonly until: number }
  /** Discard the upload that a ticket is for, with the parts that were sent. */
  | { readonly kind: 'abort-upload'; readonly bucket: string; readonly key: string; readonly uploadId: string }
  /** Deny what a form allows, to what signed it, in the bucket's policy. */
  | { readonly kind: 'deny-uploads'; readonly bucket: string }
  /** Deny the session that was assumed for a link alone, in the bucket's policy. */
  | { readonly kind: 'deny-session'; readonly bucket: string; readonly session: string }
  /** Deny an AccessKey one object, in the bucket's policy. */
  | { readonly kind: 'deny-object'; readonly bucket: string; readonly key: string; readonly accessKeyId: string }
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
  | { readonly kind: 'ask-issuer'; readonly accessKeyId: string }
  /** Change the key of the CDN's URL authentication. */
  | { readonly kind: 'change-cdn-key'; readonly domain: string };

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
  if (isOver(entry)) return { id: entry.id, remedies: [] };
  const others = all.filter((other) => other.id !== entry.id && !isOver(other));
  const idsOf = (test: (other: LedgerEntry) => boolean): string[] => others.filter(test).map(({ id }) => id);
  const remedies = [...policyRemedies(entry), ...objectRemedies(entry), ...signerRemedies(entry)].map((remedy) => ({
    remedy,
    alsoEnds: idsOf((other) => reach(remedy, entry, other) === 'ends'),
    mayEnd: idsOf((other) => reach(remedy, entry, other) === 'may-end'),
  }));
  const wait: PlannedRemedy = { remedy: { kind: 'wait', until: entry.validUntil }, alsoEnds: [], mayEnd: [] };
  remedies.sort((a, b) => a.alsoEnds.length - b.alsoEnds.length);
  return { id: entry.id, remedies: [wait, ...remedies] };
}

/** What Waybill can deny to the signer of a link in the bucket's policy without denying it anything else. */
function policyRemedies({ what, signer, session }: LedgerEntry): readonly Remedy[] {
  const { bucket } = what;
  const principal = session?.principals[0];
  if (principal !== undefined) return [{ kind: 'deny-session', bucket, session: nameOf(principal) }];
  if (what.kind !== 'link' || signer.kind !== 'key') return [];
  return [{ kind: 'deny-object', bucket, key: what.key, accessKeyId: signer.accessKeyId }];
}

/** The role and the session of a principal. */
function nameOf(principal: string): string {
  return principal.slice(principal.indexOf('/') + 1);
}

/** Deleting the object doesn't revoke an upload link, which can create it again. */
function objectRemedies({ what }: LedgerEntry): readonly Remedy[] {
  if (what.kind === 'ticket') {
    const { bucket, key, uploadId } = what;
    return [{ kind: 'abort-upload', bucket, key, uploadId }];
  }
  if (what.kind === 'form') {
    const { keys, prefixes } = namesOf(what);
    return deniesWholeBucket([...prefixes, ...keys], what.signedAs)
      ? []
      : [{ kind: 'deny-uploads', bucket: what.bucket }];
  }
  if (what.kind !== 'link' || what.method === 'PUT') return [];
  const { bucket, key, versionId } = what;
  return [
    versionId === null ? { kind: 'delete-object', bucket, key } : { kind: 'delete-version', bucket, key, versionId },
  ];
}

function signerRemedies({ what, signer }: LedgerEntry): readonly Remedy[] {
  if (signer.kind === 'token') return [{ kind: 'ask-issuer', accessKeyId: signer.accessKeyId }];
  if (signer.kind === 'cdn') return [{ kind: 'change-cdn-key', domain: signer.domain }];
  const policy = denyPolicyOf(what);
  if (signer.kind === 'role') {
    const { roleArn } = signer;
    const deny: Remedy[] = policy === null ? [] : [{ kind: 'deny', to: 'role', who: roleArn, policy }];
    return [...deny, { kind: 'change-role', roleArn }];
  }
  const { accessKeyId } = signer;
  const deny: Remedy[] = policy === null ? [] : [{ kind: 'deny', to: 'user', who: accessKeyId, policy }];
  return [...deny, { kind: 'disable-key', accessKeyId }];
}

/** Null for a grant, whose permissions are those of its own session, and for a form of too many slots for one policy. */
function denyPolicyOf(what: LedgerEntry['what']): string | null {
  switch (what.kind) {
    case 'link':
      return denyPolicy(what);
    case 'ticket':
      return denyPolicy({ ...what, method: 'PUT', versionId: null });
    case 'form': {
      const policy = denyUploadsPolicy({ bucket: what.bucket, ...namesOf(what) });
      return policy.length <= MAX_RAM_POLICY_CHARACTERS ? policy : null;
    }
    case 'grant':
      return null;
    default:
      return what satisfies never;
  }
}

type Reach = 'ends' | 'may-end' | 'lives';

/** What each remedy against `entry` does to another entry. */
const reaches: {
  readonly [K in Remedy['kind']]: (
    remedy: Extract<Remedy, { readonly kind: K }>,
    entry: LedgerEntry,
    other: LedgerEntry,
  ) => Reach;
} = {
  wait: () => 'lives',
  'abort-upload': ({ uploadId }, _, other) => (isTicketOf(other, uploadId) ? 'ends' : 'lives'),
  'deny-uploads': (_, entry, other) => reachOfPolicy(entry, other, isSignedAs),
  'deny-session': (_, entry, other) => (isOfSession(entry, other) ? 'ends' : 'lives'),
  'deny-object': (_, entry, other) => reachOfObject(entry, other),
  'delete-version': (remedy, _, other) => reachOfDeletion(other, remedy, remedy.versionId),
  'delete-object': (remedy, _, other) => reachOfDeletion(other, remedy, null),
  deny: (_, entry, other) => reachOfPolicy(entry, other, isSameSigner),
  'change-role': reachOfSigner,
  'disable-key': reachOfSigner,
  'ask-issuer': reachOfSigner,
  'change-cdn-key': reachOfSigner,
};

function reach(remedy: Remedy, entry: LedgerEntry, other: LedgerEntry): Reach {
  const reachOf = reaches[remedy.kind] as (remedy: Remedy, entry: LedgerEntry, other: LedgerEntry) => Reach;
  return reachOf(remedy, entry, other);
}

function reachOfSigner(_: Remedy, entry: LedgerEntry, other: LedgerEntry): Reach {
  return isSameSigner(entry, other) ? 'ends' : 'lives';
}

/** Links that were shared together have one session. */
function isOfSession({ session: one }: LedgerEntry, { session: other }: LedgerEntry): boolean {
  return one?.principals.some((principal) => other?.principals.includes(principal)) ?? false;
}

/** An object is denied with all its versions. */
function reachOfObject(entry: LedgerEntry, other: LedgerEntry): Reach {
  const [{ what: one, signer }, { what: two }] = [entry, other];
  if (signer.kind !== 'key' || signedAs(other) !== signer.accessKeyId) return 'lives';
  if (one.kind !== 'link' || two.kind !== 'link') return reachOfDenial(entry, other);
  return one.bucket === two.bucket && one.key === two.key && actionOf(one) === actionOf(two) ? 'ends' : 'lives';
}

/** The AccessKey ID that signs it itself, as far as the ledger knows. */
function signedAs({ what, signer }: LedgerEntry): string | null {
  if (what.kind === 'form') return what.signedAs;
  return signer.kind === 'key' ? signer.accessKeyId : null;
}

/** Whether the same AccessKey ID signs both, as far as the ledger knows. */
function isSignedAs({ what }: LedgerEntry, other: LedgerEntry): boolean {
  return what.kind === 'form' && signedAs(other) === what.signedAs;
}

/** What a policy does to another entry, that denies what `entry` allows to who signs the same. */
function reachOfPolicy(entry: LedgerEntry, other: LedgerEntry, isSame: typeof isSameSigner): Reach {
  return isSame(entry, other) ? reachOfDenial(entry, other) : 'lives';
}

function isTicketOf({ what }: LedgerEntry, uploadId: string): boolean {
  return what.kind === 'ticket' && what.uploadId === uploadId;
}

function reachOfDeletion(
  { what, signer }: LedgerEntry,
  object: { readonly bucket: string; readonly key: string },
  versionId: string | null,
): Reach {
  if (what.kind !== 'link' || what.method === 'PUT') return 'lives';
  if (what.bucket !== object.bucket || what.key !== object.key) return 'lives';
  // A CDN may go on to serve what it has in its caches.
  if (signer.kind === 'cdn') return 'may-end';
  if (what.versionId === versionId) return 'ends';
  // A link without a version serves the newest one, which the deleted version may be. Without versioning, the object is
  // the only version.
  return 'may-end';
}

/** A deny policy names the action, and the objects or folders. */
function reachOfDenial({ what: one }: LedgerEntry, { what: two }: LedgerEntry): Reach {
  if (one.kind === 'grant' || one.bucket !== two.bucket) return 'lives';
  const denied = namesOf(one);
  // A grant stays valid, but no longer for this.
  if (two.kind === 'grant') return overlaps(denied, two) ? 'may-end' : 'lives';
  if (actionOf(one) !== actionOf(two)) return 'lives';
  if (one.kind === 'link' && two.kind === 'link') return one.key === two.key ? reachOfVersions(one, two) : 'lives';
  const names = namesOf(two);
  if (!overlaps(denied, names)) return 'lives';
  return [...names.keys, ...names.prefixes].every((name) => isIn(name, denied)) ? 'ends' : 'may-end';
}

/** Versions have actions of their own; the deny policy for a version covers both. */
function reachOfVersions(
  one: { readonly versionId: string | null },
  two: { readonly versionId: string | null },
): Reach {
  return one.versionId === null && two.versionId !== null ? 'lives' : 'ends';
}

function isIn(name: string, { keys, prefixes }: Names): boolean {
  return keys.includes(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

/** Whether some keys are among both. */
function overlaps(one: Names, two: Names): boolean {
  return (
    [...two.keys, ...two.prefixes].some((name) => isIn(name, one)) ||
    [...one.keys, ...one.prefixes].some((name) => isIn(name, two))
  );
}

/** The action that a deny policy names for it. */
function actionOf(what: Exclude<LedgerEntry['what'], { kind: 'grant' }>): string {
  if (what.kind !== 'link') return 'PUT';
  return what.method === 'HEAD' ? 'GET' : what.method;
}

function isSameSigner({ signer: one }: LedgerEntry, { signer: two }: LedgerEntry): boolean {
  if (one.kind === 'role' && two.kind === 'role') return one.roleArn === two.roleArn;
  if (one.kind === 'cdn' || two.kind === 'cdn') {
    return one.kind === 'cdn' && two.kind === 'cdn' && one.keyId === two.keyId;
  }
  return one.kind === two.kind && one.accessKeyId === two.accessKeyId;
}
