import type { Accounts } from '../../accounts/accounts.ts';
import type { DeleteFailure, KeyVersion } from '../../oss/deletes.ts';
import type { Connection } from '../../oss/connection.ts';
import { listObjects } from '../../oss/listing.ts';
import { deleteObjects } from '../../oss/objects.ts';
import type { Handlers } from '../ipc.ts';
import { parentOf } from './parent-prefix.ts';

type DeletionCalls = 'objects.count' | 'objects.delete' | 'objects.undelete';

/** What was deleted together, and the delete markers that hide it. */
interface Undo {
  readonly accountId: string;
  readonly bucket: string;
  readonly markers: readonly KeyVersion[];
  readonly prefixes: ReadonlySet<string>;
}

/** As many as a person may still want to take back. */
const MOST_UNDOS = 20;

/** More failures than anybody reads are only counted. */
const MOST_FAILURES = 200;

/** Pages of 1,000 keys that are counted before a person is asked. */
const MOST_COUNTED_PAGES = 20;

/** Deleting, and taking that back where the bucket has versions. */
export function deletionHandlers(
  accounts: Accounts,
  changed: (accountId: string, bucket: string, prefix: string) => void,
): Pick<Handlers, DeletionCalls> {
  const undos = new Map<string, Undo>();
  const remember = (undo: Undo): string | null => {
    if (undo.markers.length === 0) return null;
    const [oldest] = undos.keys();
    if (undos.size === MOST_UNDOS && oldest !== undefined) undos.delete(oldest);
    const id = crypto.randomUUID();
    undos.set(id, undo);
    return id;
  };
  return {
    'objects.count': async ({ accountId, bucket, prefixes }) => {
      const connection = await accounts.connection(accountId, bucket);
      let [count, pages] = [0, 0];
      for await (const batch of batches(connection, bucket, [], prefixes)) {
        count += batch.length;
        pages += 1;
        if (pages === MOST_COUNTED_PAGES) return { count, isAll: false };
      }
      return { count, isAll: true };
    },
    'objects.delete': async ({ accountId, bucket, keys, prefixes }) => {
      const connection = await accounts.connection(accountId, bucket);
      const [failed, markers]: [DeleteFailure[], KeyVersion[]] = [[], []];
      let total = 0;
      const parents = new Set([...keys, ...prefixes].map(parentOf));
      try {
        for await (const batch of batches(connection, bucket, keys, prefixes)) {
          const objects = batch.map((key) => ({ key }));
          const deletion = await deleteObjects(connection, bucket, objects);
          total += batch.length;
          failed.push(...deletion.failed);
          markers.push(...deletion.markers);
        }
      } finally {
        for (const prefix of parents) changed(accountId, bucket, prefix);
      }
      return {
        deleted: total - failed.length,
        failedCount: failed.length,
        failed: failed.slice(0, MOST_FAILURES).map(({ key, failure }) => ({ key, failure })),
        undoId: remember({ accountId, bucket, markers, prefixes: parents }),
      };
    },
    'objects.undelete': async ({ undoId }) => {
      const undo = undos.get(undoId);
      if (undo === undefined) return { restored: 0, failedCount: 0 };
      undos.delete(undoId);
      const { accountId, bucket, markers, prefixes } = undo;
      const connection = await accounts.connection(accountId, bucket);
      const { failed } = await deleteObjects(connection, bucket, markers);
      for (const prefix of prefixes) changed(accountId, bucket, prefix);
      return { restored: markers.length - failed.length, failedCount: failed.length };
    },
  };
}

/** At most as many keys as DeleteMultipleObjects takes at once: those that were named, then those below the prefixes. */
async function* batches(
  connection: Connection,
  bucket: string,
  keys: readonly string[],
  prefixes: readonly string[],
): AsyncGenerator<readonly string[]> {
  for (let at = 0; at < keys.length; at += 1000) yield keys.slice(at, at + 1000);
  for (const prefix of prefixes) {
    let pageToken: string | null = null;
    do {
      const page = await listObjects(connection, bucket, { prefix, pageToken: pageToken ?? undefined });
      if (page.objects.length > 0) yield page.objects.map(({ key }) => key);
      pageToken = page.nextPageToken;
    } while (pageToken !== null);
  }
}
