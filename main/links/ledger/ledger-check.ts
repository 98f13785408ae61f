import type { Accounts } from '../../accounts/accounts.ts';
import { toFailure } from '../../failure.ts';
import { headObject } from '../../oss/operations/objects.ts';
import type { Ledger } from './ledger.ts';
import type { LedgerItem } from './ledger-entry.ts';

/** Objects that are asked for at the same time. */
const PARALLEL = 6;

/**
 * Asks the server whether the objects of links are still there, and writes down which are gone. Upload links and grants
 * have no object that must be there; where the server can't be asked, nothing is written.
 * @returns how many could be asked for
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
  const back = found.there.filter((id) => ledger.get(id).goneAt !== null);
  if (back.length > 0) await ledger.change(back, { goneAt: null });
  const gone = found.gone.filter((id) => ledger.get(id).goneAt === null);
  if (gone.length > 0) await ledger.change(gone, { goneAt: Date.now() });
  return found.gone.length + found.there.length;
}

function hasTarget({ what }: LedgerItem): boolean {
  return what.kind === 'link' && what.method !== 'PUT';
}

/** Null where nobody can say. */
async function isTargetThere(accounts: Accounts, { accountId, what }: LedgerItem): Promise<boolean | null> {
  if (what.kind !== 'link') return null;
  const { bucket, key, versionId } = what;
  try {
    const object = { bucket, key, versionId: versionId ?? undefined };
    await accounts.run(accountId, bucket, (connection) => headObject(connection, object));
    return true;
  } catch (error) {
    const failure = toFailure(error);
    // A delete marker, asked for by its version, answers 405.
    return failure.kind === 'oss' && (failure.status === 404 || failure.status === 405) ? false : null;
  }
}
