import type { Connection } from '../../connection.ts';
import { type ListObjectsOptions, listObjects, type ObjectPage } from '../listing.ts';
import { tokenBehind } from '../page-token.ts';
import { extentOf, isUpTo } from './extent.ts';
import type { From, Listing } from './key-range.ts';
import { type ReadOptions, readRanges } from './read-ranges.ts';

/** Runs an operation with a connection to the bucket. */
type Run = <T>(operation: (connection: Connection) => Promise<T>) => Promise<T>;

/** Options of objectPages(). `pageToken`: where to begin, from a page of either reader. */
export type ObjectPagesOptions = ListObjectsOptions & ReadOptions;

/**
 * All pages of a listing, for whoever reads a whole prefix: read ahead, and in key ranges side by side where there is more
 * than one. Each page says where the next one begins, as if they were read one by one.
 * @throws WaybillError as listObjects(), once all that comes before is handed out
 */
export function objectPages(
  connection: Connection,
  bucket: string,
  options: ObjectPagesOptions = {},
): AsyncGenerator<ObjectPage> {
  return objectPagesBy((operation) => operation(connection), bucket, options);
}

/** Like objectPages(), with a connection for each request. @throws what `run` throws */
export function objectPagesBy(run: Run, bucket: string, options: ObjectPagesOptions = {}): AsyncGenerator<ObjectPage> {
  const { prefix = '', delimiter = '', pageToken, startAfter, maxKeys } = options;
  const listing: Listing<ObjectPage, string> = {
    prefix,
    delimiter,
    read: (from, signal) => {
      const start = startOf(from, { pageToken, ...(startAfter === undefined ? {} : { startAfter }) });
      const size = maxKeys === undefined ? {} : { maxKeys };
      return run((connection) => listObjects(connection, bucket, { prefix, delimiter, ...start, ...size, signal }));
    },
    cursorOf: ({ nextPageToken }) => nextPageToken,
    extentOf: ({ objects, prefixes }) => extentOf(objects.map(keyOf), prefixes),
    namesOf: ({ objects, prefixes }) => objects.map(keyOf).concat(prefixes),
    upTo: ({ objects, prefixes }, end) => ({
      objects: objects.filter(({ key }) => isUpTo(key, end)),
      prefixes: prefixes.filter((name) => isUpTo(name, end)),
      nextPageToken: tokenBehind(end),
    }),
    behind: ({ objects, prefixes, nextPageToken }, end) => ({
      objects: objects.filter(({ key }) => !isUpTo(key, end)),
      prefixes: prefixes.filter((name) => !isUpTo(name, end)),
      nextPageToken,
    }),
  };
  return readRanges(listing, options);
}

function startOf(
  from: From<string>,
  start: Pick<ListObjectsOptions, 'pageToken' | 'startAfter'>,
): Pick<ListObjectsOptions, 'pageToken' | 'startAfter'> {
  switch (from.kind) {
    case 'start':
      return start;
    case 'behind':
      return { startAfter: from.name };
    case 'cursor':
      return { pageToken: from.cursor };
  }
}

function keyOf({ key }: { readonly key: string }): string {
  return key;
}
