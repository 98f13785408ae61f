import { encodeKey, percentEncode } from '../canonical.ts';
import type { Connection } from '../connection.ts';
import { COPY_TIMEOUT_MS } from '../limits.ts';
import type { StoredObject } from './object-headers.ts';
import { storedObjectOf } from './object-headers.ts';
import type { MultipartUpload } from './multipart.ts';
import { checkBucket, checkKey } from '../names.ts';
import type { ObjectRef } from '../names.ts';
import { expectRoot, timeOf } from '../exchange/reply-fields.ts';
import { parseEtag } from '../exchange/reply-headers.ts';
import { sendForXml } from '../exchange/request.ts';
import { textOf } from '../exchange/xml.ts';

/** Input of copyObject(). `ifMatch` is an ETag: OSS answers 412 if the source has another one. */
export interface CopyObjectInput {
  readonly source: ObjectRef;
  readonly bucket: string;
  readonly key: string;
  readonly ifMatch?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Input of uploadPartCopy(): `sizeBytes` bytes of the source, from offset `start`. `ifMatch` as for copyObject(). */
export interface CopyPartInput extends MultipartUpload {
  readonly source: ObjectRef;
  readonly partNumber: number;
  readonly start: number;
  readonly sizeBytes: number;
  readonly ifMatch?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * CopyObject: copies an object inside OSS, within one region. One that keeps its storage class and encryption may have any
 * size within its bucket, and 5 GB into another; else 1 GB. Larger ones are copied in parts.
 * @throws WaybillError `oss` PreconditionFailed (412) for another ETag than `ifMatch`
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/copyobject
 */
export async function copyObject(
  connection: Connection,
  input: CopyObjectInput,
): Promise<StoredObject & { readonly lastModified: number }> {
  const { source, bucket, key, ifMatch, headers = {}, signal } = input;
  const reply = await sendForXml(connection, {
    method: 'PUT',
    bucket,
    key,
    headers: { ...headers, ...sourceHeaders(source, ifMatch) },
    signal,
    answerTimeoutMs: COPY_TIMEOUT_MS,
  });
  expectRoot(reply.root, 'CopyObjectResult');
  return {
    ...storedObjectOf(reply.headers),
    etag: parseEtag(textOf(reply.root, 'ETag')),
    lastModified: timeOf(reply.root, 'LastModified'),
  };
}

/**
 * UploadPartCopy: creates a part from a byte range of another object, inside OSS.
 * @throws WaybillError `oss` PreconditionFailed (412) for another ETag than `ifMatch`
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/uploadpartcopy
 */
export async function uploadPartCopy(
  connection: Connection,
  input: CopyPartInput,
): Promise<{ readonly etag: string; readonly crc64: string | null }> {
  const { source, bucket, key, uploadId, partNumber, start, sizeBytes, ifMatch, signal } = input;
  const { root, headers } = await sendForXml(connection, {
    method: 'PUT',
    bucket,
    key,
    params: { partNumber: String(partNumber), uploadId },
    headers: {
      ...sourceHeaders(source, ifMatch),
      'x-oss-copy-source-range': `bytes=${start}-${start + sizeBytes - 1}`,
    },
    signal,
    answerTimeoutMs: COPY_TIMEOUT_MS,
  });
  expectRoot(root, 'CopyPartResult');
  return { etag: parseEtag(textOf(root, 'ETag')), crc64: storedObjectOf(headers).crc64 };
}

function sourceHeaders(source: ObjectRef, ifMatch: string | undefined): Record<string, string> {
  checkBucket(source.bucket);
  checkKey(source.key);
  const version = source.versionId === undefined ? '' : `?versionId=${percentEncode(source.versionId)}`;
  return {
    'x-oss-copy-source': `/${source.bucket}/${encodeKey(source.key)}${version}`,
    ...(ifMatch === undefined ? {} : { 'x-oss-copy-source-if-match': `"${ifMatch}"` }),
  };
}
