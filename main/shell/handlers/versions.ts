import type { Accounts } from '../../accounts/accounts.ts';
import type { Connection } from '../../oss/connection.ts';
import { deleteObject } from '../../oss/objects.ts';
import { listVersions } from '../../oss/versions.ts';
import type { TransferQueue } from '../../transfers/queue.ts';
import type { Handlers } from '../ipc.ts';
import { parentOf } from './parent-prefix.ts';

type VersionCalls = 'objects.deleted' | 'objects.deleteVersion' | 'objects.restoreVersion';

/** What a bucket with versions still has of what was replaced or deleted. */
export function versionHandlers(
  { accounts, queue }: { readonly accounts: Accounts; readonly queue: TransferQueue },
  changed: (accountId: string, bucket: string, prefix: string) => void,
): Pick<Handlers, VersionCalls> {
  return {
    'objects.deleted': ({ accountId, bucket, prefix, after }) =>
      accounts.run(accountId, bucket, (connection) => deletedIn(connection, bucket, prefix, after)),
    'objects.deleteVersion': async ({ accountId, bucket, key, versionId }) => {
      await accounts.run(accountId, bucket, (connection) => deleteObject(connection, { bucket, key, versionId }));
      changed(accountId, bucket, parentOf(key));
      return null;
    },
    'objects.restoreVersion': async ({ accountId, bucket, key, versionId }) => {
      const prefix = parentOf(key);
      const from = { accountId, bucket, keys: [key], prefixes: [], versionId };
      // What it replaces stays as a version of its own.
      await queue.addCopies({ from, to: { accountId, bucket, prefix }, move: false, name: null }, 'replace');
      return null;
    },
  };
}

/** The objects of one folder that only a delete marker stands for; `after` is where the page before ended. */
async function deletedIn(
  connection: Connection,
  bucket: string,
  prefix: string,
  after: { readonly keyMarker: string; readonly versionIdMarker: string | null } | null,
): Promise<{
  readonly markers: readonly { readonly key: string; readonly versionId: string; readonly deletedAt: number }[];
  readonly after: typeof after;
}> {
  const page = await listVersions(connection, bucket, {
    prefix,
    delimiter: '/',
    maxKeys: 1000,
    keyMarker: after?.keyMarker,
    versionIdMarker: after?.versionIdMarker ?? undefined,
  });
  const markers = page.versions
    .filter(({ deleteMarker, isLatest }) => deleteMarker && isLatest)
    .map(({ key, versionId, lastModified }) => ({ key, versionId, deletedAt: lastModified }));
  const { nextKeyMarker: keyMarker, nextVersionIdMarker: versionIdMarker } = page;
  return { markers, after: keyMarker === null ? null : { keyMarker, versionIdMarker } };
}
