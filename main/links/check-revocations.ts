import type { Accounts } from '../accounts/accounts.ts';
import type { Connection } from '../oss/connection.ts';
import { getBucketPolicy } from '../oss/operations/bucket-policy.ts';
import type { LedgerItem } from './ledger/ledger-entry.ts';
import type { Ledger } from './ledger/ledger.ts';
import { denialOf, endOf, probeOf } from './revoke-entry.ts';
import type { DocumentEditor } from './revoking/bucket-document.ts';
import { isEnded } from './revoking/end-uploads.ts';
import { SLACK_MS } from './revoking/our-statements.ts';
import { answerTo } from './revoking/revoke-session.ts';
import { type Denial, denies, withoutDenial, withoutEnded } from './revoking/session-denial.ts';

interface CheckingParts {
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  readonly editor: DocumentEditor<string>;
}

/**
 * Compares the ledger with the policies of buckets, whatever happened meanwhile: Waybill was killed between a denial and its
 * confirmation, the command line revoked a link, or somebody took a statement out of a policy.
 * - What a policy denies is denied in the ledger, too, and revoked once OSS is seen to refuse it.
 * - What a policy no longer denies is live again.
 * - Statements whose time is over are taken out of the policy.
 * Buckets that can't be asked now are left for the next time; nothing is claimed of them.
 */
export async function checkRevocations(parts: CheckingParts): Promise<void> {
  for (const [first, ...others] of byBucket(parts.ledger.all().filter(isOpen))) {
    const { accountId, what } = first;
    try {
      await parts.accounts
        .access(accountId)
        .manage(what.bucket, (connection) => checkBucket(parts, connection, [first, ...others]));
    } catch {
      // The account is gone, locked or without the right, or there is no network.
    }
  }
}

type Items = readonly [LedgerItem, ...LedgerItem[]];

/** Entries whose bucket is asked with the same account. */
function byBucket(items: readonly LedgerItem[]): readonly Items[] {
  const groups = new Map<string, Items>();
  for (const item of items) {
    const place = `${item.accountId}/${item.what.bucket}`;
    groups.set(place, [...(groups.get(place) ?? []), item]);
  }
  return [...groups.values()];
}

/** Whether a policy may say something about an entry, or hold what denied it. */
function isOpen({ what, session, endedAt = null, deniedAt = null, sweptAt = null, state }: LedgerItem): boolean {
  if (what.kind === 'ticket' || sweptAt !== null) return false;
  if (endedAt !== null || deniedAt !== null) return true;
  return session !== undefined && state !== 'ended';
}

async function checkBucket(parts: CheckingParts, connection: Connection, items: Items): Promise<void> {
  const { ledger, editor } = parts;
  const [{ what }] = items;
  const policy = await getBucketPolicy(connection, what.bucket);
  const now = connection.clock.now();
  const live = items.filter((item) => endOf(item) > now);
  for (const item of live) {
    if (isStillDenied(ledger, item, { policy, now })) await confirmDenied(parts, item, connection);
    else await setFree(ledger, item);
  }
  const swept = withoutEnded(policy, now);
  if (swept !== policy) {
    await editor.change(connection, what.bucket, (found) => withoutEnded(found, connection.clock.now()));
  }
  const over = items.filter((item) => endOf(item) + SLACK_MS <= now && isGone(ledger, item, swept));
  if (over.length > 0)
    await ledger.change(
      over.map(({ id }) => id),
      { sweptAt: now },
    );
  for (const { session } of over) if (session !== undefined) await ledger.probes.forget(session.accessKeyId);
}

/** Records that a policy denies an entry, and that OSS refuses it, where that was seen. */
async function confirmDenied(
  { accounts, ledger }: CheckingParts,
  item: LedgerItem,
  connection: Connection,
): Promise<void> {
  const { id, endedAt = null, deniedAt = null } = item;
  if (endedAt !== null) return;
  if (deniedAt === null) await ledger.change([id], { deniedAt: Date.now() });
  const link = await probeOf(accounts, ledger, item).catch(() => null);
  const answer = link === null ? 'untestable' : await answerTo(connection, link);
  if (answer === 'refused') await ledger.change([id], { endedAt: Date.now() });
}

/** Records that no policy denies an entry any more, unless it was revoked since the policy was read. */
async function setFree(ledger: Ledger, { id, endedAt = null, deniedAt = null }: LedgerItem): Promise<void> {
  const { endedAt: ended = null, deniedAt: denied = null } = ledger.get(id);
  if (ended !== endedAt || denied !== deniedAt || (ended ?? denied) === null) return;
  await ledger.change([id], { endedAt: null, deniedAt: null });
}

function isStillDenied(
  ledger: Ledger,
  item: LedgerItem,
  { policy, now }: { readonly policy: string | null; readonly now: number },
): boolean {
  const { what, validUntil } = item;
  if (what.kind !== 'form') return denies(policy, ownDenial(ledger, item), now);
  const { bucket, keys, signedAs: accessKeyId } = what;
  return isEnded(policy, { bucket, keys, accessKeyId, validUntil });
}

/** What denies an entry until it expires itself, whatever else is denied with it. */
function ownDenial(ledger: Ledger, item: LedgerItem): Denial {
  return { ...denialOf(ledger, item).denial, validUntil: endOf(item) };
}

/** A statement that many share ends with the last of them. */
function isGone(ledger: Ledger, item: LedgerItem, policy: string | null): boolean {
  return item.what.kind === 'form' || withoutDenial(policy, denialOf(ledger, item).denial) === policy;
}
