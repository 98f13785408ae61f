import type { Accounts } from '../../accounts/accounts.ts';
import type { Connection } from '../../oss/connection.ts';
import { parentPrefix } from '../../oss/key-path.ts';
import { listObjects } from '../../oss/operations/listing.ts';
import { headObject, putObject } from '../../oss/operations/objects.ts';
import { listVersions, type ObjectVersion } from '../../oss/operations/versions.ts';
import type { TransferQueue } from '../../transfers/queue/queue.ts';
import type { Handlers } from '../ipc.ts';

type ObjectCalls = 'objects.list' | 'objects.head' | 'objects.versions' | 'objects.createFolder' | 'objects.copy';

/** Browsing, and what is done to objects where they are. `changed` tells which prefix of a bucket to list again. */
export function objectHandlers(
  { accounts, queue }: { readonly accounts: Accounts; readonly queue: TransferQueue },
  changed: (accountId: string, bucket: string, prefix: string) => void,
): Pick<Handlers, ObjectCalls> {
  return {
    'objects.list': ({ accountId, bucket, prefix, pageToken }) =>
      accounts.run(accountId, bucket, (connection) =>
        listObjects(connection, bucket, { prefix, delimiter: '/', pageToken: pageToken ?? undefined }),
      ),
    'objects.head': ({ accountId, bucket, key, versionId }) =>
      accounts.run(accountId, bucket, (connection) =>
        headObject(connection, { bucket, key, versionId: versionId ?? undefined }),
      ),
    'objects.versions': ({ accountId, bucket, key }) =>
      accounts.run(accountId, bucket, (connection) => versionsOf(connection, bucket, key)),
    'objects.createFolder': async ({ accountId, bucket, prefix }) => {
      const headers = { 'x-oss-forbid-overwrite': 'true' };
      await accounts.run(accountId, bucket, (connection) =>
        putObject(connection, { bucket, key: prefix, body: new Uint8Array(), sizeBytes: 0, headers }),
      );
      changed(accountId, bucket, parentPrefix(prefix));
      return null;
    },
    'objects.copy': async (request) => ({ added: await queue.addCopies(request) }),
  };
}

/** All versions and delete markers of exactly this key, newest first. */
async function versionsOf(connection: Connection, bucket: string, key: string): Promise<readonly ObjectVersion[]> {
  const versions: ObjectVersion[] = [];
  let keyMarker: string | undefined;
  let versionIdMarker: string | undefined;
  do {
    const page = await listVersions(connection, bucket, { prefix: key, keyMarker, versionIdMarker });
    const own = page.versions.filter((version) => version.key === key);
    versions.push(...own);
    // Keys come in order: once another key appears there are no more versions of this one.
    const more = own.length === page.versions.length ? page : null;
    keyMarker = more?.nextKeyMarker ?? undefined;
    versionIdMarker = more?.nextVersionIdMarker ?? undefined;
  } while (keyMarker !== undefined);
  return versions;
}
