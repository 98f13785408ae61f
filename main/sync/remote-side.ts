import { malformedReply } from '../failure.ts';
import { compareBytes } from '../local-files/byte-order.ts';
import { isPartName } from '../local-files/part-file.ts';
import type { Connection } from '../oss/connection.ts';
import { listObjects, type ObjectEntry, type ObjectPage } from '../oss/operations/listing.ts';
import { isFrozen } from '../oss/operations/restore.ts';
import { REQUEST_RETRY, retry } from '../transfers/retry-policy.ts';
import type { RemoteState } from './difference.ts';
import type { PathFilter } from './patterns.ts';

/** Runs an operation at the bucket of a sync. */
export type AtBucket = <T>(operation: (connection: Connection) => Promise<T>) => Promise<T>;

/** An object below the prefix. */
export interface RemoteItem {
  readonly path: string;
  /** `linked`: a symlink in OSS, whose size isn't that of what it leads to. */
  readonly kind: 'file' | 'linked';
  readonly state: RemoteState;
  /** The class of an object that can't be read before it is restored; else null. */
  readonly frozenAs: string | null;
  /** The key that was listed before it; empty for the first. */
  readonly after: string;
}

/**
 * Lists everything below a prefix in the order of OSS, the next page requested while this one is worked on.
 * @throws WaybillError what OSS answered; `malformed` if the keys aren't in order, on which comparing relies
 */
export async function* remoteSide(
  atBucket: AtBucket,
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  filter: PathFilter,
  signal: AbortSignal,
): AsyncGenerator<readonly RemoteItem[]> {
  const request = (pageToken: string | undefined): Promise<ObjectPage> => {
    const page = retry(
      () => atBucket((connection) => listObjects(connection, bucket, { prefix, pageToken, signal })),
      REQUEST_RETRY,
      signal,
    );
    // It is awaited later, or never.
    page.catch(() => undefined);
    return page;
  };
  let after = '';
  for (let pending: Promise<ObjectPage> | null = request(undefined); pending !== null;) {
    const { objects, nextPageToken }: ObjectPage = await pending;
    pending = nextPageToken === null ? null : request(nextPageToken);
    const items: RemoteItem[] = [];
    for (const object of objects) {
      if (!object.key.startsWith(prefix) || (after !== '' && compareBytes(after, object.key) >= 0)) {
        throw malformedReply(200, 'the listing is not in the order of its keys');
      }
      const path = object.key.slice(prefix.length);
      // The object that stands for the folder itself has no path. Part files are passed over here as in the folder: one that
      // somebody uploaded would else seem gone there.
      const isCounted = path !== '' && filter.covers(path) && !isPartName(path.slice(path.lastIndexOf('/') + 1));
      if (isCounted) items.push(itemOf(object, path, after));
      after = object.key;
    }
    yield items;
  }
}

function itemOf(object: ObjectEntry, path: string, after: string): RemoteItem {
  const { sizeBytes, lastModified, etag, storageClass, objectType } = object;
  return {
    path,
    kind: objectType === 'Symlink' ? 'linked' : 'file',
    state: { sizeBytes, lastModified, etag },
    frozenAs: isFrozen(object, Date.now()) ? storageClass : null,
    after,
  };
}
