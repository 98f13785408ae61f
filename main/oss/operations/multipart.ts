import { malformedReply } from '../../failure.ts';
import type { Connection } from '../connection.ts';
import { COMPLETE_TIMEOUT_MS, MAX_PARTS } from '../limits.ts';
import type { StoredObject } from './object-headers.ts';
import { storedObjectOf } from './object-headers.ts';
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
import type { RequestBody } from '../../http/message.ts';
import type { OssReply, OssRequest, XmlReply } from '../exchange/request.ts';
import { parseEtag } from '../exchange/reply-headers.ts';
import { sendBody, sendForHeaders, sendForXml } from '../exchange/request.ts';
import { childrenOf, textOf, writeXml, type XmlContent } from '../exchange/xml.ts';

/** A multipart upload in progress. */
export interface MultipartUpload {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
}

/** A part that OSS has stored. Part numbers are 1 to 10,000; `lastModified` is in Unix milliseconds. */
interface Part {
  readonly partNumber: number;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly lastModified: number;
  readonly crc64: string | null;
}

/** Input of initiateMultipartUpload(). Headers of the finished object (Content-Type, x-oss-*) belong here. */
export interface InitiateInput {
  readonly bucket: string;
  readonly key: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Input of uploadPart(). `sizeBytes` is the length of `body`: 100 KB to 5 GB, only the last part may be smaller. */
export interface UploadPartInput extends MultipartUpload, Pick<OssRequest, 'onSent'> {
  readonly partNumber: number;
  readonly body: RequestBody;
  readonly sizeBytes: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** A part as OSS confirmed it. `sentCrc64`: of the file slice that was sent, null if not all of it was. */
export interface SentPart {
  readonly etag: string;
  readonly crc64: string | null;
  readonly sentCrc64: string | null;
}

/** Parts in any order, by which CompleteMultipartUpload assembles an object. */
export type PartList = readonly { readonly partNumber: number; readonly etag: string }[];

/** Input of completeMultipartUpload(). */
export interface CompleteInput extends MultipartUpload {
  readonly parts: PartList;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** A page of parts. `nextPartNumberMarker` is null on the last one. */
export interface PartPage {
  readonly parts: readonly Part[];
  readonly nextPartNumberMarker: number | null;
}

/** A page of unfinished uploads. The markers are null on the last one; `initiatedAt` is in Unix milliseconds. */
export interface UploadPage {
  readonly uploads: readonly { readonly key: string; readonly uploadId: string; readonly initiatedAt: number }[];
  readonly nextKeyMarker: string | null;
  readonly nextUploadIdMarker: string | null;
}

/** Options of listParts(). `maxParts` is 1 to 1,000, which is also OSS's default. */
export interface ListPartsOptions {
  readonly partNumberMarker?: number | undefined;
  readonly maxParts?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Options of listMultipartUploads(). `maxUploads` is 1 to 1,000, which is also OSS's default. */
export interface ListUploadsOptions {
  readonly prefix?: string;
  readonly keyMarker?: string | undefined;
  readonly uploadIdMarker?: string | undefined;
  readonly maxUploads?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * InitiateMultipartUpload: starts a multipart upload. Parts are billed until it is completed or aborted.
 * @returns the upload ID
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/initiatemultipartupload
 */
export async function initiateMultipartUpload(connection: Connection, input: InitiateInput): Promise<string> {
  const { bucket, key, headers = {}, signal } = input;
  const request = { method: 'POST', bucket, key, params: { uploads: null }, headers, signal };
  const { root } = await sendForXml(connection, request);
  expectRoot(root, 'InitiateMultipartUploadResult');
  return requiredText(root, 'UploadId');
}

/**
 * UploadPart: stores one part, in any order and in parallel. A part with the same number is replaced. `crc64` is
 * computed by OSS over the bytes it received.
 * @throws WaybillError `oss` NoSuchUpload after the upload was completed or aborted
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/uploadpart
 */
export async function uploadPart(connection: Connection, input: UploadPartInput): Promise<SentPart> {
  const { bucket, key, uploadId, partNumber, body, sizeBytes, headers = {}, signal, onSent } = input;
  const params = { partNumber: String(partNumber), uploadId };
  const reply = await sendBody(connection, {
    ...{ method: 'PUT', bucket, key, params, headers, body, contentLength: sizeBytes, signal, onSent },
  });
  return sentPartOf(reply);
}

/** The part that the reply to UploadPart describes. @throws WaybillError `oss` MalformedReply without an ETag */
export function sentPartOf({ headers, sentCrc64 }: Pick<OssReply, 'headers' | 'sentCrc64'>): SentPart {
  const { etag, crc64 } = storedObjectOf(headers);
  if (etag === null) throw malformedReply(200, 'UploadPart without an ETag');
  return { etag, crc64, sentCrc64 };
}

/**
 * CompleteMultipartUpload: assembles the object from its parts. The returned `crc64` covers the whole object.
 * @throws WaybillError `oss` InvalidPart for an unknown part or ETag; NoSuchUpload also if an earlier attempt succeeded
 *   but its reply was lost
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/completemultipartupload
 */
export async function completeMultipartUpload(connection: Connection, input: CompleteInput): Promise<StoredObject> {
  const { bucket, key, uploadId, parts, headers = {}, signal } = input;
  const { root, headers: answer } = await sendForXml(connection, {
    method: 'POST',
    bucket,
    key,
    params: { uploadId },
    headers: { ...headers, 'content-type': 'application/xml' },
    body: completeDocument(parts),
    signal,
    answerTimeoutMs: COMPLETE_TIMEOUT_MS,
  });
  return completedOf({ root, headers: answer });
}

/** The body of CompleteMultipartUpload. */
export function completeDocument(parts: PartList): Buffer {
  const elements = [...parts]
    .sort((a, b) => a.partNumber - b.partNumber)
    .map(({ partNumber, etag }): readonly [string, XmlContent] => [
      'Part',
      [
        ['PartNumber', String(partNumber)],
        ['ETag', `"${etag}"`],
      ],
    ]);
  return Buffer.from(writeXml('CompleteMultipartUpload', elements));
}

/** The object that the reply to CompleteMultipartUpload describes. @throws WaybillError `oss` MalformedReply */
export function completedOf({ root, headers }: XmlReply): StoredObject {
  expectRoot(root, 'CompleteMultipartUploadResult');
  return { ...storedObjectOf(headers), etag: parseEtag(textOf(root, 'ETag')) };
}

/**
 * AbortMultipartUpload: cancels an upload and deletes its parts. Parts still being sent may survive: abort again.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/abortmultipartupload
 */
export async function abortMultipartUpload(
  connection: Connection,
  upload: MultipartUpload,
  signal?: AbortSignal,
): Promise<void> {
  const { bucket, key, uploadId } = upload;
  await sendForHeaders(connection, { method: 'DELETE', bucket, key, params: { uploadId }, signal });
}

/**
 * ListParts: one page of the stored parts of an upload, in the order of their numbers.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/listparts
 */
export async function listParts(
  connection: Connection,
  upload: MultipartUpload,
  options: ListPartsOptions = {},
): Promise<PartPage> {
  const { bucket, key, uploadId } = upload;
  const { partNumberMarker, maxParts, signal } = options;
  const params = givenParams({ uploadId, 'part-number-marker': partNumberMarker, 'max-parts': maxParts });
  return partPageOf(await sendForXml(connection, { method: 'GET', bucket, key, params, signal }), partNumberMarker);
}

/** The page that a reply to ListParts after `partNumberMarker` holds. @throws WaybillError `oss` MalformedReply */
export function partPageOf({ root }: Pick<XmlReply, 'root'>, partNumberMarker: number | undefined): PartPage {
  expectRoot(root, 'ListPartsResult');
  const isTruncated = requiredText(root, 'IsTruncated') === 'true';
  const nextPartNumberMarker = isTruncated ? numberOf(root, 'NextPartNumberMarker') : null;
  checkAdvance(root, [partNumberMarker], [nextPartNumberMarker]);
  // Numbers that only grow could go on for ever.
  if (nextPartNumberMarker !== null && nextPartNumberMarker > MAX_PARTS) {
    throw malformedReply(200, `a part number above ${MAX_PARTS}`);
  }
  const parts = childrenOf(root, 'Part').map((element) => ({
    partNumber: numberOf(element, 'PartNumber'),
    etag: parseEtag(requiredText(element, 'ETag')),
    sizeBytes: numberOf(element, 'Size'),
    lastModified: timeOf(element, 'LastModified'),
    crc64: optionalText(element, 'HashCrc64ecma', (text) => text),
  }));
  checkOrder(parts, partNumberMarker, nextPartNumberMarker);
  return { parts, nextPartNumberMarker };
}

/**
 * Checks that each number is listed once, over all pages: for each part that is listed, a file may be read.
 * @throws WaybillError `oss` MalformedReply
 */
function checkOrder(parts: readonly Pick<Part, 'partNumber'>[], after = 0, next: number | null): void {
  let last = after;
  for (const { partNumber } of parts) {
    if (partNumber <= last || partNumber > (next ?? MAX_PARTS)) {
      throw malformedReply(200, 'parts that are not in the order of their numbers');
    }
    last = partNumber;
  }
}

/**
 * ListMultipartUploads: one page of a bucket's unfinished uploads, by key and then by upload ID.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/listmultipartuploads
 */
export async function listMultipartUploads(
  connection: Connection,
  bucket: string,
  options: ListUploadsOptions = {},
): Promise<UploadPage> {
  const { prefix, keyMarker, uploadIdMarker, maxUploads, signal } = options;
  const params = givenParams({
    uploads: null,
    'encoding-type': 'url',
    prefix,
    'key-marker': keyMarker,
    'upload-id-marker': uploadIdMarker,
    'max-uploads': maxUploads,
  });
  const { root } = await sendForXml(connection, { method: 'GET', bucket, params, signal });
  expectRoot(root, 'ListMultipartUploadsResult');
  const decode = keyDecoder(root);
  const isTruncated = requiredText(root, 'IsTruncated') === 'true';
  const nextKeyMarker = isTruncated ? decode(continuationOf(root, 'NextKeyMarker')) : null;
  const nextUploadIdMarker = isTruncated ? optionalText(root, 'NextUploadIdMarker', (text) => text) : null;
  checkAdvance(root, [keyMarker, uploadIdMarker], [nextKeyMarker, nextUploadIdMarker]);
  return {
    uploads: childrenOf(root, 'Upload').map((element) => ({
      key: decode(requiredText(element, 'Key')),
      uploadId: requiredText(element, 'UploadId'),
      initiatedAt: timeOf(element, 'Initiated'),
    })),
    nextKeyMarker,
    nextUploadIdMarker,
  };
}
