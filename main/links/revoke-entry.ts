import type { Accounts } from '../accounts/accounts.ts';
import { WaybillError } from '../failure.ts';
import { getBucketPolicy } from '../oss/operations/bucket-policy.ts';
import type { LedgerEntry, LedgerItem } from './ledger/ledger-entry.ts';
import type { Ledger } from './ledger/ledger.ts';
import { signLink } from './making/sign-link.ts';
import type { DocumentEditor } from './revoking/bucket-document.ts';
import type { Ended, Wait } from './revoking/deny-and-try.ts';
import { type ProbeLink, restoreSession, revokeSession } from './revoking/revoke-session.ts';
import type { Denial, DeniedSigner } from './revoking/session-denial.ts';

/** What revoking a link of the ledger needs. `wait` is as in denyAndTry(). */
interface RevokingParts {
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  readonly editor: DocumentEditor<string>;
  readonly wait: Wait;
}

/** How long the link lasts that is signed only to be refused, in seconds. */
const PROBE_SECONDS = 900;

/**
 * Revokes a link of the ledger by its bucket's policy, with all that the policy can't tell from it: links that were shared
 * together, or those of one AccessKey to the same object. Until OSS was seen to refuse it, the ledger says that it is denied
 * and no more, even if Waybill is killed meanwhile.
 * @throws WaybillError as revokeSession(); `input` not-revocable for an entry whose signer can't be denied alone
 */
export async function revokeEntry({ accounts, ledger, editor, wait }: RevokingParts, ledgerId: string): Promise<Ended> {
  const entry = ledger.get(ledgerId);
  const { denial, ids } = denialOf(ledger, entry);
  const denied = (): Promise<void> => ledger.change(ids, { deniedAt: Date.now() });
  const ended = await accounts.access(entry.accountId).manage(denial.bucket, async (connection): Promise<Ended> => {
    // What is signed now is signed by this computer's clock, which is right once OSS has answered.
    if (entry.session === undefined) await getBucketPolicy(connection, denial.bucket);
    // The link that shows the end of a session expires with it; one that a key signs now doesn't.
    if (entry.session === undefined && entry.validUntil <= connection.clock.now()) return { kind: 'expired' };
    const link = await probeOf(accounts, ledger, entry);
    return revokeSession(connection, { ...denial, link }, { editor, wait, denied });
  });
  if (ended.kind === 'ended') await ledger.change(ids, { endedAt: Date.now() });
  return ended;
}

/** Lets a revoked link work again until it expires, with all that was revoked with it. @throws WaybillError as restoreSession() */
export async function restoreEntry(
  { accounts, ledger, editor }: Omit<RevokingParts, 'wait'>,
  ledgerId: string,
): Promise<void> {
  const entry = ledger.get(ledgerId);
  const { denial, ids } = denialOf(ledger, entry);
  const access = accounts.access(entry.accountId);
  await access.manage(denial.bucket, (connection) => restoreSession(connection, denial, { editor }));
  await ledger.change(ids, { endedAt: null, deniedAt: null });
}

/** What is denied to revoke an entry, and the entries that this revokes. @throws WaybillError `input` not-revocable */
export function denialOf(
  ledger: Ledger,
  entry: LedgerItem,
): { readonly denial: Denial; readonly ids: readonly string[] } {
  const signer = deniedSignerOf(entry);
  if (signer === null) throw new WaybillError({ kind: 'input', field: 'link', rule: 'not-revocable' });
  const same = ledger.all().filter((other) => isAlive(other, entry) && isSame(signer, entry, other));
  const validUntil = same.reduce((latest, other) => Math.max(latest, endOf(other)), endOf(entry));
  return { denial: { bucket: entry.what.bucket, signer, validUntil }, ids: same.map(({ id }) => id) };
}

/** The narrowest signer that a policy can deny for an entry; null where that would be more than one of the entry's own. */
function deniedSignerOf({ what, signer, session }: LedgerEntry): DeniedSigner | null {
  if (session !== undefined) return { kind: 'session', principals: session.principals };
  if (what.kind !== 'link' || signer.kind !== 'key') return null;
  const method = what.method === 'HEAD' ? 'GET' : what.method;
  return { kind: 'object', accessKeyId: signer.accessKeyId, key: what.key, method };
}

/** The entry itself is never left out: this computer's clock may be wrong. */
function isAlive(other: LedgerItem, { id }: LedgerItem): boolean {
  return other.id === id || other.state !== 'ended';
}

function isSame(signer: DeniedSigner, entry: LedgerEntry, other: LedgerEntry): boolean {
  const its = deniedSignerOf(other);
  if (its === null || other.what.bucket !== entry.what.bucket) return false;
  if (signer.kind === 'session') {
    return its.kind === 'session' && its.principals.some((principal) => signer.principals.includes(principal));
  }
  return JSON.stringify(its) === JSON.stringify(signer);
}

/** When what signs an entry expires, in Unix milliseconds: for a session of its own, with all else that it signs. */
export function endOf({ validUntil, session }: LedgerEntry): number {
  return session?.validUntil ?? validUntil;
}

/** A link by which it is seen that the signer is refused; null where none is at hand. It is a secret. */
export async function probeOf(accounts: Accounts, ledger: Ledger, entry: LedgerItem): Promise<ProbeLink | null> {
  const { session, signer, what, urlKept } = entry;
  if (session !== undefined) {
    const url = await ledger.probes.find(session.accessKeyId);
    if (url !== null) return { url, method: 'HEAD' };
  }
  if (what.kind !== 'link' || what.method === 'PUT' || what.method === 'DELETE') return null;
  if (urlKept) return { url: await ledger.storedUrl(entry.id), method: what.method };
  const { bucket, key, versionId } = what;
  const connection = await accounts.connection(entry.accountId, bucket);
  const now = await accounts.session(entry.accountId);
  if (signer.kind === 'cdn' || now.accessKey.accessKeyId !== signer.accessKeyId) return null;
  const request = { bucket, key, versionId, expiresSeconds: PROBE_SECONDS, fileName: null, open: null };
  return { url: signLink(connection, now, { ...request, method: 'HEAD' }).url, method: 'HEAD' };
}
