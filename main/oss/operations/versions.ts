import { malformedReply } from '../../failure.ts';
import type { Connection } from '../connection.ts';
import { MAX_IDLE_PAGES } from '../limits.ts';
import { restoreOf } from './listing.ts';
import {
  checkAdvance,
  continuationOf,
  expectRoot,
  givenParams,
  keyDecoder,
  numberOf,
  optionalText,
  requiredText,
  timeOf,
} from '../exchange/reply-fields.ts';
import { parseEtag } from '../exchange/reply-headers.ts';
import { sendForXml } from '../exchange/request.ts';
import type { RestoreState } from './restore.ts';
import type { XmlElement } from '../exchange/xml.ts';
import { childrenOf, textOf } from '../exchange/xml.ts';

/** A version of an object, or a delete marker (size 0, empty ETag). `lastModified` is in Unix milliseconds. */
export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string;
  readonly isLatest: boolean;
  readonly deleteMarker: boolean;
  readonly sizeBytes: number;
  readonly lastModified: number;
  readonly etag: string;
  readonly storageClass: string;
  /** Only for an archived version with a restored copy, or one being restored. */
  readonly restore?: RestoreState;
}

/** A page of versions. The markers are null on the last one. */
export interface VersionPage {
  readonly versions: readonly ObjectVersion[];
  readonly prefixes: readonly string[];
  readonly nextKeyMarker: string | null;
  readonly nextVersionIdMarker: string | null;
  /** How many pages before the next one ended at the same key. */
  readonly pagesOfKey: number;
}

/** Options of listVersions(). `maxKeys` is 1 to 1,000; OSS defaults to 100. */
export interface ListVersionsOptions {
  readonly prefix?: string;
  readonly delimiter?: string;
  readonly keyMarker?: string | undefined;
  readonly versionIdMarker?: string | undefined;
  /** From the page before: version IDs have no order, so one that leads back is found by counting. */
  readonly pagesOfKey?: number;
  readonly maxKeys?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * ListObjectVersions: one page of all versions and delete markers, in the byte order of keys, newest first per key.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/listobjectversions
 */
export async function listVersions(
  connection: Connection,
  bucket: string,
  options: ListVersionsOptions = {},
): Promise<VersionPage> {
  const { prefix, delimiter, keyMarker, versionIdMarker, pagesOfKey = 0, maxKeys, signal } = options;
  const params = givenParams({
    versions: null,
    'encoding-type': 'url',
    prefix,
    delimiter,
    'key-marker': keyMarker,
    'version-id-marker': versionIdMarker,
    'max-keys': maxKeys,
  });
  const { root } = await sendForXml(connection, { method: 'GET', bucket, params, signal });
  expectRoot(root, 'ListVersionsResult');
  const decode = keyDecoder(root);
  const isTruncated = requiredText(root, 'IsTruncated') === 'true';
  const nextKeyMarker = isTruncated ? decode(continuationOf(root, 'NextKeyMarker')) : null;
  const nextVersionIdMarker = isTruncated ? optionalText(root, 'NextVersionIdMarker', (text) => text) : null;
  checkAdvance(root, [keyMarker, versionIdMarker], [nextKeyMarker, nextVersionIdMarker]);
  const isSameKey = nextKeyMarker !== null && nextKeyMarker === keyMarker;
  if (isSameKey && pagesOfKey >= MAX_IDLE_PAGES) throw malformedReply(200, 'versions of one key without an end');
  return {
    // Versions and delete markers of a key are interleaved, newest first: keep their order.
    versions: root.children
      .filter(({ name }) => name === 'Version' || name === 'DeleteMarker')
      .map((element) => toVersion(element, decode)),
    prefixes: childrenOf(root, 'CommonPrefixes').map((element) => decode(requiredText(element, 'Prefix'))),
    nextKeyMarker,
    nextVersionIdMarker,
    pagesOfKey: isSameKey ? pagesOfKey + 1 : 0,
  };
}

function toVersion(element: XmlElement, decode: (text: string) => string): ObjectVersion {
  const deleteMarker = element.name === 'DeleteMarker';
  return {
    key: decode(requiredText(element, 'Key')),
    versionId: requiredText(element, 'VersionId'),
    isLatest: textOf(element, 'IsLatest') === 'true',
    deleteMarker,
    sizeBytes: deleteMarker ? 0 : numberOf(element, 'Size'),
    lastModified: timeOf(element, 'LastModified'),
    etag: parseEtag(textOf(element, 'ETag')),
    storageClass: textOf(element, 'StorageClass'),
    ...restoreOf(element),
  };
}
