import { type Exchange, OWNER, type Reply, bucketOf, isoDate, xmlReply } from '../exchange.ts';
import { keyEncoder, listRows } from './listing.ts';
import type { ObjectVersion } from '../storage/object-version.ts';
import { invalidArgument } from '../protocol/refusal.ts';
import { restoreInfo } from '../storage/storage-class.ts';
import { xmlDocument, xmlElement } from '../protocol/xml.ts';

type Row = { readonly version: ObjectVersion; readonly isLatest: boolean } | { readonly commonPrefix: string };

/** GetBucketVersions (ListObjectVersions): all versions and delete markers, by key, newest first. */
export async function listObjectVersions(x: Exchange): Promise<Reply> {
  const { query } = x.target;
  const maxKeys = query.integer('max-keys', { min: 1, max: 1000, fallback: 100 });
  const keyMarker = query.get('key-marker') ?? '';
  const versionIdMarker = query.get('version-id-marker') ?? '';
  if (versionIdMarker !== '' && keyMarker === '') {
    throw invalidArgument('A version-id marker cannot be specified without a key marker.', {
      name: 'version-id-marker',
      value: versionIdMarker,
    });
  }
  const page: Row[] = [];
  for (const row of versionRows(x, keyMarker, versionIdMarker)) {
    page.push(row);
    if (page.length > maxKeys) break;
  }
  const encode = keyEncoder(x);
  const rows = page.slice(0, maxKeys);
  const head = {
    Name: bucketOf(x).settings.name,
    Prefix: encode(query.get('prefix') ?? ''),
    KeyMarker: encode(keyMarker),
    VersionIdMarker: versionIdMarker,
    MaxKeys: maxKeys,
    Delimiter: encode(query.get('delimiter') ?? ''),
    EncodingType: query.get('encoding-type'),
    IsTruncated: page.length > maxKeys,
    ...nextMarkers(page.length > maxKeys ? rows.at(-1) : undefined, encode),
  };
  const written = [
    ...Object.entries(head).map(([name, value]) => xmlElement(name, value)),
    ...rows.map((row) => writeRow(row, encode, x.nowMs)),
  ];
  return Promise.resolve(xmlReply(xmlDocument('ListVersionsResult', written.join(''))));
}

function nextMarkers(last: Row | undefined, encode: (text: string) => string): Readonly<Record<string, string>> {
  if (!last) return {};
  if ('commonPrefix' in last) return { NextKeyMarker: encode(last.commonPrefix), NextVersionIdMarker: '' };
  return { NextKeyMarker: encode(last.version.key), NextVersionIdMarker: last.version.versionId };
}

function* versionRows(x: Exchange, keyMarker: string, versionIdMarker: string): Generator<Row> {
  const { query } = x.target;
  const bucket = bucketOf(x);
  // A version marker continues with the remaining versions of its key.
  if (versionIdMarker !== '') {
    const versions = bucket.index.versions(keyMarker);
    const index = versions.findIndex(({ versionId }) => versionId === versionIdMarker);
    for (const version of index < 0 ? [] : versions.slice(index + 1)) yield { version, isLatest: false };
  }
  const request = { prefix: query.get('prefix') ?? '', delimiter: query.get('delimiter') ?? '', after: keyMarker };
  for (const row of listRows(bucket, request, () => true)) {
    if ('commonPrefix' in row) yield row;
    else
      for (const [index, version] of bucket.index.versions(row.key).entries()) yield { version, isLatest: index === 0 };
  }
}

function writeRow(row: Row, encode: (text: string) => string, nowMs: number): string {
  if ('commonPrefix' in row) return xmlElement('CommonPrefixes', { Prefix: encode(row.commonPrefix) });
  const { version, isLatest } = row;
  return xmlElement(version.deleteMarker ? 'DeleteMarker' : 'Version', {
    Key: encode(version.key),
    VersionId: version.versionId,
    IsLatest: isLatest,
    LastModified: isoDate(version.lastModified),
    ...(version.deleteMarker
      ? {}
      : {
          ETag: `"${version.etag}"`,
          Type: version.type,
          Size: version.sizeBytes,
          StorageClass: version.storageClass,
          RestoreInfo: restoreInfo(version, nowMs) ?? undefined,
        }),
    Owner: OWNER,
  });
}
