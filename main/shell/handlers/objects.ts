import type { Accounts } from '../../accounts/accounts.ts';
import { listObjectVersions } from '../../browsing/versions.ts';
import { shownHead } from '../../properties/read-properties.ts';
import { parentPrefix } from '../../oss/key-path.ts';
import { listObjects } from '../../oss/operations/listing.ts';
import { headObject, putObject } from '../../oss/operations/objects.ts';
import type { TransferQueue } from '../../transfers/queue/queue.ts';
import type { Handlers } from '../ipc.ts';
import { type DeletionLimit, FREE_DELETIONS } from '../security/deletion-limit.ts';
import { countMoved } from '../security/moved-count.ts';

type ObjectCalls = 'objects.list' | 'objects.head' | 'objects.versions' | 'objects.createFolder' | 'objects.copy';

/** Answers the calls about objects in a bucket. `reportChange` names a prefix that must be listed again. */
export function objectHandlers(
  { accounts, queue }: { readonly accounts: Accounts; readonly queue: TransferQueue },
  limit: DeletionLimit,
  reportChange: (accountId: string, bucket: string, prefix: string) => void,
): Pick<Handlers, ObjectCalls> {
  return {
    'objects.list': ({ accountId, bucket, prefix, pageToken }) =>
      accounts.run(accountId, bucket, (connection) =>
        listObjects(connection, bucket, { prefix, delimiter: '/', pageToken: pageToken ?? undefined }),
      ),
    'objects.head': ({ accountId, bucket, key, versionId }) =>
      accounts.run(accountId, bucket, (connection) =>
        headObject(connection, { bucket, key, versionId: versionId ?? undefined }).then(shownHead),
      ),
    'objects.versions': ({ accountId, bucket, key }) =>
      accounts.run(accountId, bucket, (connection) => listObjectVersions(connection, bucket, key)),
    'objects.createFolder': async ({ accountId, bucket, prefix }) => {
      const headers = { 'x-oss-forbid-overwrite': 'true' };
      await accounts.run(accountId, bucket, (connection) =>
        putObject(connection, { bucket, key: prefix, body: new Uint8Array(), sizeBytes: 0, headers }),
      );
      reportChange(accountId, bucket, parentPrefix(prefix));
      return null;
    },
    'objects.copy': async (request) => {
      const { from, move } = request;
      if (move) await limit.take(from.bucket, await countMoved(accounts, from, FREE_DELETIONS + 1), 'move');
      return { ids: await queue.addCopies(request, request.existing ?? null) };
    },
  };
}
