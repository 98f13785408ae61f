import { type Exchange, OWNER, type Reply, bucketOf, isoDate, xmlReply } from '../exchange.ts';
import { keyEncoder } from './listing.ts';
import { findUpload } from './multipart.ts';
import { compareBytes } from '../protocol/percent.ts';
import type { Upload } from '../storage/uploads.ts';
import { toXml } from '../protocol/xml.ts';

/** ListParts. */
export async function listParts(x: Exchange): Promise<Reply> {
  const { query } = x.target;
  const upload = findUpload(x);
  const maxParts = query.integer('max-parts', { min: 1, max: 1000, fallback: 1000 });
  const marker = query.integer('part-number-marker', { min: 0, max: 10_000, fallback: 0 });
  const remaining = [...upload.parts.values()]
    .filter(({ partNumber }) => partNumber > marker)
    .sort((a, b) => a.partNumber - b.partNumber);
  const page = remaining.slice(0, maxParts);
  const result = {
    EncodingType: query.get('encoding-type'),
    Bucket: bucketOf(x).settings.name,
    Key: keyEncoder(x)(upload.key),
    UploadId: upload.uploadId,
    StorageClass: upload.storageClass,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.partNumber ?? 0,
    MaxParts: maxParts,
    IsTruncated: remaining.length > maxParts,
    Part: page.map((part) => ({
      PartNumber: part.partNumber,
      LastModified: isoDate(part.lastModified),
      ETag: `"${part.etag}"`,
      HashCrc64ecma: part.crc64,
      Size: part.piece.sizeBytes,
    })),
  };
  return Promise.resolve(xmlReply(toXml('ListPartsResult', result)));
}

/** ListMultipartUploads, with prefix and delimiter. */
export async function listMultipartUploads(x: Exchange): Promise<Reply> {
  const { query } = x.target;
  const encode = keyEncoder(x);
  const maxUploads = query.integer('max-uploads', { min: 1, max: 1000, fallback: 1000 });
  const page = takePage(x, maxUploads);
  const last = page.uploads.at(-1);
  const text = (name: string): string => encode(query.get(name) ?? '');
  const result = {
    EncodingType: query.get('encoding-type'),
    Bucket: bucketOf(x).settings.name,
    KeyMarker: text('key-marker'),
    UploadIdMarker: query.get('upload-id-marker') ?? '',
    NextKeyMarker: last ? encode(last.key) : '',
    NextUploadIdMarker: last?.uploadId ?? '',
    Delimiter: text('delimiter'),
    Prefix: text('prefix'),
    MaxUploads: maxUploads,
    IsTruncated: page.isTruncated,
    Upload: page.uploads.map((upload) => ({
      Key: encode(upload.key),
      UploadId: upload.uploadId,
      StorageClass: upload.storageClass,
      Initiated: isoDate(upload.initiatedAt),
      Owner: OWNER,
    })),
    CommonPrefixes: page.commonPrefixes.map((common) => ({ Prefix: encode(common) })),
  };
  return Promise.resolve(xmlReply(toXml('ListMultipartUploadsResult', result)));
}

interface Page {
  readonly uploads: readonly Upload[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
}

function takePage(x: Exchange, maxUploads: number): Page {
  const { query } = x.target;
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const uploads: Upload[] = [];
  const commonPrefixes = new Set<string>();
  for (const upload of uploadsAfterMarker(x)) {
    if (!upload.key.startsWith(prefix)) continue;
    const cut = delimiter === '' ? -1 : upload.key.indexOf(delimiter, prefix.length);
    const common = cut < 0 ? null : upload.key.slice(0, cut + delimiter.length);
    if (common !== null && commonPrefixes.has(common)) continue;
    if (uploads.length + commonPrefixes.size === maxUploads) {
      return { uploads, commonPrefixes: [...commonPrefixes], isTruncated: true };
    }
    if (common === null) uploads.push(upload);
    else commonPrefixes.add(common);
  }
  return { uploads, commonPrefixes: [...commonPrefixes], isTruncated: false };
}

function uploadsAfterMarker(x: Exchange): readonly Upload[] {
  const keyMarker = x.target.query.get('key-marker') ?? '';
  const uploadIdMarker = x.target.query.get('upload-id-marker') ?? '';
  const uploads = bucketOf(x).uploads.list();
  if (keyMarker === '') return uploads;
  return uploads.filter(({ key, uploadId }) => {
    const order = compareBytes(key, keyMarker);
    return order > 0 || (order === 0 && uploadIdMarker !== '' && uploadId > uploadIdMarker);
  });
}
