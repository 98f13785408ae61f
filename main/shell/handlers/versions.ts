import type { Accounts } from '../../accounts/accounts.ts';
import type { Connection } from '../../oss/connection.ts';
import { parentPrefix } from '../../oss/key-path.ts';
import type { KeyVersion } from '../../oss/operations/deletes.ts';
import { deleteObject, deleteObjects } from '../../oss/operations/objects.ts';
import { listVersions } from '../../oss/operations/versions.ts';
import type { TransferQueue } from '../../transfers/queue/queue.ts';
import type { DeletedObject, VersionsPage } from '../../contract/object-calls.ts';
import type { Handlers } from '../ipc.ts';

type VersionCalls = 'objects.deleted' | 'objects.listVersions' | 'objects.deleteVersions' | 'objects.restoreVersion';

/** What a bucket with versions still has of what was replaced or deleted. */
export function versionHandlers(
  { accounts, queue }: { readonly accounts: Accounts; readonly queue: TransferQueue },
  changed: (accountId: string, bucket: string, prefix: string) => void,
): Pick<Handlers, VersionCalls> {
  return {
    'objects.deleted': ({ accountId, bucket, prefix, after }) =>
      accounts.run(accountId, bucket, (connection) => deletedIn(connection, bucket, prefix, after)),
    'objects.listVersions': ({ accountId, bucket, prefix, after }) =>
      accounts.run(accountId, bucket, (connection) => versionsIn(connection, bucket, prefix, after)),
    'objects.deleteVersions': async ({ accountId, bucket, versions }) => {
      const failedCount = await accounts.run(accountId, bucket, (connection) => remove(connection, bucket, versions));
      for (const prefix of new Set(versions.map(({ key }) => parentPrefix(key)))) changed(accountId, bucket, prefix);
      return { deleted: versions.length - failedCount, failedCount };
    },
    'objects.restoreVersion': async ({ accountId, bucket, key, versionId }) => {
      const prefix = parentPrefix(key);
      const from = { accountId, bucket, keys: [key], prefixes: [], versionId };
      // What it replaces stays as a version of its own.
      await queue.addCopies({ from, to: { accountId, bucket, prefix }, move: false, name: null }, 'replace');
      return null;
    },
  };
}

/** How many OSS did not confirm. Of a single one it says why. */
async function remove(connection: Connection, bucket: string, versions: readonly KeyVersion[]): Promise<number> {
  const [only] = versions;
  if (only === undefined || versions.length > 1)
    return (await deleteObjects(connection, bucket, versions)).failed.length;
  await deleteObject(connection, { bucket, ...only });
  return 0;
}

type PageEnd = VersionsPage['after'];

/** A page of one folder; `after` is where the page before ended. */
async function versionsIn(
  connection: Connection,
  bucket: string,
  prefix: string,
  after: PageEnd,
): Promise<VersionsPage> {
  const { versions, prefixes, nextKeyMarker, nextVersionIdMarker } = await listVersions(connection, bucket, {
    prefix,
    delimiter: '/',
    maxKeys: 1000,
    keyMarker: after?.keyMarker,
    versionIdMarker: after?.versionIdMarker ?? undefined,
  });
  const end = nextKeyMarker === null ? null : { keyMarker: nextKeyMarker, versionIdMarker: nextVersionIdMarker };
  return { versions, prefixes, after: end };
}

/** The objects of one folder that only a delete marker stands for. */
async function deletedIn(
  connection: Connection,
  bucket: string,
  prefix: string,
  after: PageEnd,
): Promise<{ readonly markers: readonly DeletedObject[]; readonly after: PageEnd }> {
  const page = await versionsIn(connection, bucket, prefix, after);
  const markers = page.versions
    .filter(({ deleteMarker, isLatest }) => deleteMarker && isLatest)
    .map(({ key, versionId, lastModified }) => ({ key, versionId, deletedAt: lastModified }));
  return { markers, after: page.after };
}
