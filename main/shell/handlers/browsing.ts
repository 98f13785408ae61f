import { measurePrefix, searchKeys } from '../../browsing/scan.ts';
import type { Core } from '../core.ts';
import type { Handlers } from '../ipc.ts';

type BrowsingCalls =
  | 'objects.search'
  | 'objects.measure'
  | 'objects.preview'
  | 'objects.previewBytes'
  | 'objects.thumbnails'
  | 'objects.offerDrag';

const noLimits = { minBytes: null, maxBytes: null, after: null, before: null };

/** Answers the calls that scan a whole prefix or read an object: search, size, preview, thumbnails and drag-out. */
export function browsingHandlers({
  accounts,
  previews,
  thumbnails,
  dragOuts,
}: Pick<Core, 'accounts' | 'previews' | 'thumbnails' | 'dragOuts'>): Pick<Handlers, BrowsingCalls> {
  return {
    'objects.search': ({ accountId, text, limits = noLimits, ...start }) =>
      accounts.run(accountId, start.bucket, (connection) => searchKeys(connection, start, { text, ...limits })),
    'objects.measure': ({ accountId, ...start }) =>
      accounts.run(accountId, start.bucket, (connection) => measurePrefix(connection, start)),
    'objects.preview': ({ accountId, bucket, key, versionId, encoding }) =>
      previews.open(accountId, { bucket, key, versionId: versionId ?? undefined }, encoding ?? null),
    'objects.previewBytes': ({ ticket, ...range }) => previews.bytes(ticket, range),
    'objects.thumbnails': ({ accountId, bucket, objects }) => thumbnails.offer(accountId, bucket, objects),
    'objects.offerDrag': ({ accountId, ...object }) => dragOuts.offer(accountId, object),
  };
}
