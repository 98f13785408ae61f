import { percentDecode } from '../canonical.ts';
import type { Connection } from '../connection.ts';
import {
  continuationOf,
  expectRoot,
  givenParams,
  keyDecoder,
  numberOf,
  requiredText,
  timeOf,
} from '../exchange/reply-fields.ts';
import { parseEtag } from '../exchange/reply-headers.ts';
import { sendForXml } from '../exchange/request.ts';
import { MAX_PAGE_KEYS } from '../limits.ts';
import { nextPageToken, readPageToken } from './page-token.ts';
import { type RestoreState, restoreStateOf } from './restore.ts';
import type { XmlElement } from '../exchange/xml.ts';
import { childrenOf, textOf } from '../exchange/xml.ts';

/** An object in a listing. `lastModified` is in Unix milliseconds. */
export interface ObjectEntry {
  readonly key: string;
  readonly sizeBytes: number;
  readonly lastModified: number;
  readonly etag: string;
  readonly storageClass: string;
  readonly objectType?: string;
  /** Only for an archived object with a restored copy, or one being restored. */
  readonly restore?: RestoreState;
}

/** A page of a listing. `nextPageToken` (OSS's token, and how far the listing has come) is null on the last one. */
export interface ObjectPage {
  readonly objects: readonly ObjectEntry[];
  readonly prefixes: readonly string[];
  readonly nextPageToken: string | null;
}

/** Options of listObjects(). Without `delimiter`, everything under the prefix is listed, at any depth. */
export interface ListObjectsOptions {
  readonly prefix?: string;
  readonly delimiter?: string;
  readonly pageToken?: string | undefined;
  readonly startAfter?: string;
  /** Most keys and common prefixes per page: 1 to 1,000. Default: 1,000. */
  readonly maxKeys?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * ListObjectsV2: one page of a bucket's objects, in the byte order of their keys. With a delimiter, keys that contain
 * it after the prefix are rolled up into common prefixes.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/listobjectsv2
 */
export async function listObjects(
  connection: Connection,
  bucket: string,
  options: ListObjectsOptions = {},
): Promise<ObjectPage> {
  const { prefix, delimiter, pageToken, startAfter, maxKeys = MAX_PAGE_KEYS, signal } = options;
  const before = pageToken === undefined ? null : readPageToken(pageToken);
  const params = givenParams({
    'list-type': 2,
    'encoding-type': 'url',
    prefix,
    delimiter,
    'continuation-token': before?.token,
    'start-after': before?.token === '' ? before.last : startAfter,
    'max-keys': maxKeys,
  });
  const { root } = await sendForXml(connection, { method: 'GET', bucket, params, signal });
  expectRoot(root, 'ListBucketResult');
  const isTruncated = requiredText(root, 'IsTruncated') === 'true';
  const decode = keyDecoder(root);
  const objects = childrenOf(root, 'Contents').map((element) => toEntry(element, decode));
  const prefixes = childrenOf(root, 'CommonPrefixes').map((element) => decode(requiredText(element, 'Prefix')));
  const names = objects.map(({ key }) => key).concat(prefixes);
  return { objects, prefixes, nextPageToken: isTruncated ? nextPageToken(nextTokenOf(root), names, before) : null };
}

/** The official SDKs don't agree on whether encoding-type applies to the token, which is URL-safe base64 so far. */
function nextTokenOf(root: XmlElement): string {
  const token = continuationOf(root, 'NextContinuationToken');
  return token.includes('%') ? (percentDecode(token) ?? token) : token;
}

function toEntry(element: XmlElement, decode: (text: string) => string): ObjectEntry {
  const objectType = textOf(element, 'Type');
  return {
    key: decode(requiredText(element, 'Key')),
    sizeBytes: numberOf(element, 'Size'),
    lastModified: timeOf(element, 'LastModified'),
    etag: parseEtag(textOf(element, 'ETag')),
    storageClass: textOf(element, 'StorageClass'),
    ...(objectType === '' ? {} : { objectType }),
    ...restoreOf(element),
  };
}

/** The restore state of an object or version in a listing; empty without one. */
export function restoreOf(element: XmlElement): { readonly restore?: RestoreState } {
  const text = textOf(element, 'RestoreInfo');
  const restore = text === '' ? null : restoreStateOf(text);
  return restore === null ? {} : { restore };
}
