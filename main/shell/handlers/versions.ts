import type { Accounts } from '../../accounts/accounts.ts';
import { listDeleteMarkers, listFolderVersions } from '../../browsing/versions.ts';
import type { Connection } from '../../oss/connection.ts';
import { parentPrefix } from '../../oss/key-path.ts';
import { deleteObject, deleteObjects, type KeyVersion } from '../../oss/operations/deletes.ts';
import type { TransferQueue } from '../../transfers/queue/queue.ts';
import type { Handlers } from '../ipc.ts';
import type { DeletionLimit } from '../security/deletion-limit.ts';
import { SeenMarkers } from '../security/seen-markers.ts';

type VersionCalls = 'objects.deleted' | 'objects.listVersions' | 'objects.deleteVersions' | 'objects.restoreVersion';

/** Answers the calls about noncurrent versions and deleted objects. */
export function versionHandlers(
  { accounts, queue }: { readonly accounts: Accounts; readonly queue: TransferQueue },
  limit: DeletionLimit,
  reportChange: (accountId: string, bucket: string, prefix: string) => void,
): Pick<Handlers, VersionCalls> {
  const markers = new SeenMarkers();
  return {
    'objects.deleted': async ({ accountId, bucket, prefix, after }) => {
      const page = await accounts.run(accountId, bucket, (connection) =>
        listDeleteMarkers(connection, bucket, prefix, after),
      );
      markers.add({ accountId, bucket }, page.markers);
      return page;
    },
    'objects.listVersions': async ({ accountId, bucket, prefix, after }) => {
      const page = await accounts.run(accountId, bucket, (connection) =>
        listFolderVersions(connection, bucket, prefix, after),
      );
      markers.add(
        { accountId, bucket },
        page.versions.filter(({ deleteMarker }) => deleteMarker),
      );
      return page;
    },
    'objects.deleteVersions': async ({ accountId, bucket, versions }) => {
      await limit.take(bucket, markers.countOthers({ accountId, bucket }, versions));
      const failedCount = await accounts.run(accountId, bucket, (connection) => remove(connection, bucket, versions));
      for (const prefix of new Set(versions.map(({ key }) => parentPrefix(key))))
        reportChange(accountId, bucket, prefix);
      return { deleted: versions.length - failedCount, failedCount };
    },
    'objects.restoreVersion': async ({ accountId, bucket, key, versionId }) => {
      const prefix = parentPrefix(key);
      const from = { accountId, bucket, keys: [key], prefixes: [], versionId };
      // The replaced object remains as a noncurrent version.
      await queue.addCopies({ from, to: { accountId, bucket, prefix }, move: false, name: null }, 'replace');
      return null;
    },
  };
}

/** @returns the number of versions that OSS did not delete. A single version throws the OSS error instead. */
async function remove(connection: Connection, bucket: string, versions: readonly KeyVersion[]): Promise<number> {
  const [only] = versions;
  if (only === undefined || versions.length > 1)
    return (await deleteObjects(connection, bucket, versions)).failed.length;
  await deleteObject(connection, { bucket, ...only });
  return 0;
}
