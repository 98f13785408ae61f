import type { Accounts } from '../../accounts/accounts.ts';
import { toFailure } from '../../failure.ts';
import { headObject } from '../../oss/operations/objects.ts';
import type { Ledger } from './ledger.ts';
import type { LedgerItem } from './ledger-entry.ts';

/** HEAD requests at a time. */
const PARALLEL = 6;

/**
 * Asks OSS whether the objects of links still exist, and records which are gone. Upload links and grants have no such
 * object. If a request fails for another reason, nothing is recorded for it.
 * @returns how many objects OSS answered for
 */
export async function checkTargets(accounts: Accounts, ledger: Ledger, ids: readonly string[]): Promise<number> {
  const items = ids.map((id) => ledger.get(id)).filter(hasTarget);
  const found = { gone: [] as string[], there: [] as string[] };
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      const isThere = await isTargetThere(accounts, item);
      if (isThere !== null) (isThere ? found.there : found.gone).push(item.id);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  const restored = found.there.filter((id) => ledger.get(id).goneAt !== null);
  if (restored.length > 0) await ledger.change(restored, { goneAt: null });
  const gone = found.gone.filter((id) => ledger.get(id).goneAt === null);
  if (gone.length > 0) await ledger.change(gone, { goneAt: Date.now() });
  return found.gone.length + found.there.length;
}

function hasTarget({ what }: LedgerItem): boolean {
  return what.kind === 'link' && what.method !== 'PUT';
}

/** Null if OSS doesn't say. */
async function isTargetThere(accounts: Accounts, { accountId, what }: LedgerItem): Promise<boolean | null> {
  if (what.kind !== 'link') return null;
  const { bucket, key, versionId } = what;
  try {
    const object = { bucket, key, versionId: versionId ?? undefined };
    await accounts.run(accountId, bucket, (connection) => headObject(connection, object));
    return true;
  } catch (error) {
    const failure = toFailure(error);
    // HEAD of a delete marker by its version ID returns 405.
    return failure.kind === 'oss' && (failure.status === 404 || failure.status === 405) ? false : null;
  }
}
