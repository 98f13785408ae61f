import type { Accounts } from '../../accounts/accounts.ts';
import { isDenied, toFailure } from '../../failure.ts';
import { listObjects } from '../../oss/operations/listing.ts';
import type { NewCopies } from '../../transfers/tasks/requests.ts';

/** Each is listed by itself before the move begins; more than these are as good as too many files. */
const MOST_LISTED_PREFIXES = 100;

/**
 * Counts the files that a move takes away, up to `most`. What the account isn't allowed to list, it can't move either, and
 * that counts nothing. Infinity where nobody can say: the queue tries what fails in passing again, and would move it all.
 */
export async function countMoved(
  accounts: Pick<Accounts, 'run'>,
  { accountId, bucket, keys, prefixes }: NewCopies['from'],
  most: number,
): Promise<number> {
  if (prefixes.length > MOST_LISTED_PREFIXES) return Infinity;
  let count = keys.length;
  for (const prefix of prefixes) {
    let pageToken: string | undefined;
    do {
      if (count >= most) return count;
      const options = { prefix, pageToken };
      const page = await accounts
        .run(accountId, bucket, (connection) => listObjects(connection, bucket, options))
        .catch((error: unknown) => (isDenied(toFailure(error)) ? null : 'unknown'));
      if (page === 'unknown') return Infinity;
      count += page?.objects.length ?? 0;
      pageToken = page?.nextPageToken ?? undefined;
    } while (pageToken !== undefined);
  }
  return count;
}
