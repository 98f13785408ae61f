import type { Connection } from '../../connection.ts';
import { MAX_PAGE_KEYS } from '../../limits.ts';
import { type ListVersionsOptions, listVersions, type VersionPage } from '../versions.ts';
import { extentOf, isUpTo } from './extent.ts';
import type { From, Listing } from './key-range.ts';
import { type ReadOptions, readRanges } from './read-ranges.ts';

type Cursor = Pick<ListVersionsOptions, 'keyMarker' | 'versionIdMarker' | 'pagesOfKey'>;

/**
 * All pages of versions and delete markers, read like objectPages(). Ranges are split between keys, never between two
 * versions of one.
 * @throws WaybillError as listVersions(), once all that comes before is handed out
 */
export function versionPages(
  connection: Connection,
  bucket: string,
  options: Pick<ListVersionsOptions, 'prefix' | 'delimiter'> & ReadOptions = {},
): AsyncGenerator<VersionPage> {
  const { prefix = '', delimiter = '' } = options;
  const listing: Listing<VersionPage, Cursor> = {
    prefix,
    delimiter,
    read: (from, signal) => {
      return listVersions(connection, bucket, {
        ...{ prefix, delimiter, maxKeys: MAX_PAGE_KEYS },
        ...startOf(from),
        signal,
      });
    },
    cursorOf: ({ nextKeyMarker, nextVersionIdMarker, pagesOfKey }) =>
      nextKeyMarker === null
        ? null
        : { keyMarker: nextKeyMarker, versionIdMarker: nextVersionIdMarker ?? undefined, pagesOfKey },
    extentOf: ({ versions, prefixes }) => extentOf(versions.map(keyOf), prefixes),
    namesOf: ({ versions, prefixes }) => versions.map(keyOf).concat(prefixes),
    upTo: ({ versions, prefixes }, end) => ({
      versions: versions.filter(({ key }) => isUpTo(key, end)),
      prefixes: prefixes.filter((name) => isUpTo(name, end)),
      ...{ nextKeyMarker: end, nextVersionIdMarker: null, pagesOfKey: 0 },
    }),
    behind: (page, end) => ({
      ...page,
      versions: page.versions.filter(({ key }) => !isUpTo(key, end)),
      prefixes: page.prefixes.filter((name) => !isUpTo(name, end)),
    }),
  };
  return readRanges(listing, options);
}

function startOf(from: From<Cursor>): Cursor {
  switch (from.kind) {
    case 'start':
      return {};
    case 'behind':
      return { keyMarker: from.name };
    case 'cursor':
      return from.cursor;
  }
}

function keyOf({ key }: { readonly key: string }): string {
  return key;
}
