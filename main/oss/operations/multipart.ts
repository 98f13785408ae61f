import { malformedReply } from '../../failure.ts';
import type { Connection } from '../connection.ts';
import type { StoredObject } from './object-headers.ts';
import { storedObjectOf } from './object-headers.ts';
import {
  expectRoot,
  givenParams,
  keyDecoder,
  numberOf,
  optionalText,
  requiredText,
  timeOf,
} from '../exchange/reply-fields.ts';
import type { OssRequest, RequestBody } from '../exchange/request.ts';
import { sendForHeaders, sendForXml, unquote } from '../exchange/request.ts';
import { childrenOf, textOf, writeXml } from '../exchange/xml.ts';

/** One multipart upload that was begun. */
export interface MultipartUpload {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
}

/** One part that OSS has. Part numbers start at 1. */
interface Part {
  readonly partNumber: number;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly lastModified: number;
  readonly crc64: string | null;
}

/** Input of initiateMultipartUpload. Content-Type and x-oss-* headers of the object go here. */
export interface InitiateInput {
  readonly bucket: string;
  readonly key: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Input of uploadPart. `sizeBytes` is the length of `body`. */
export interface UploadPartInput extends MultipartUpload, Pick<OssRequest, 'sendVia'> {
  readonly partNumber: number;
  readonly body: RequestBody;
  readonly sizeBytes: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Input of completeMultipartUpload. */
export interface CompleteInput extends MultipartUpload {
  readonly parts: readonly { readonly partNumber: number; readonly etag: string }[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** One page of parts; `nextPartNumberMarker` is null on the last one. */
export interface PartPage {
  readonly parts: readonly Part[];
  readonly nextPartNumberMarker: number | null;
}

/** One page of unfinished uploads; the markers are null on the last one. */
export interface UploadPage {
  readonly uploads: readonly { readonly key: string; readonly uploadId: string; readonly initiatedAt: number }[];
  readonly nextKeyMarker: string | null;
  readonly nextUploadIdMarker: string | null;
}

/** Options of listParts. */
export interface ListPartsOptions {
  readonly partNumberMarker?: number | undefined;
  readonly maxParts?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Options of listMultipartUploads. */
export interface ListUploadsOptions {
  readonly prefix?: string;
  readonly keyMarker?: string | undefined;
  readonly uploadIdMarker?: string | undefined;
  readonly maxUploads?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Joining 10,000 parts takes OSS longer than any other answer. */
const COMPLETE_TIMEOUT_MS = 300_000;

/** Begins an upload in parts and gives its upload ID. @see https://www.alibabacloud.com/help/en/oss/developer-reference/initiatemultipartupload */
export async function initiateMultipartUpload(connection: Connection, input: InitiateInput): Promise<string> {
  const { bucket, key, headers = {}, signal } = input;
  const request = { method: 'POST', bucket, key, params: { uploads: null }, headers, signal };
  const { root } = await sendForXml(connection, request);
  expectRoot(root, 'InitiateMultipartUploadResult');
  return requiredText(root, 'UploadId');
}

/** Sends one part, in any order. @see https://www.alibabacloud.com/help/en/oss/developer-reference/uploadpart */
export async function uploadPart(
  connection: Connection,
  input: UploadPartInput,
): Promise<{ readonly etag: string; readonly crc64: string | null }> {
  const { bucket, key, uploadId, partNumber, body, sizeBytes, headers = {}, signal, sendVia } = input;
  const params = { partNumber: String(partNumber), uploadId };
  const reply = await sendForHeaders(connection, {
    ...{ method: 'PUT', bucket, key, params, headers, body, contentLength: sizeBytes, signal, sendVia },
  });
  const { etag, crc64 } = storedObjectOf(reply);
  if (etag === null) throw malformedReply(200, 'UploadPart without an ETag');
  return { etag, crc64 };
}

/** Makes the object of its parts. @see https://www.alibabacloud.com/help/en/oss/developer-reference/completemultipartupload */
export async function completeMultipartUpload(connection: Connection, input: CompleteInput): Promise<StoredObject> {
  const { bucket, key, uploadId, parts, headers = {}, signal } = input;
  const document = writeXml(
    'CompleteMultipartUpload',
    [...parts]
      .sort((a, b) => a.partNumber - b.partNumber)
      .map(({ partNumber, etag }) => [
        'Part',
        [
          ['PartNumber', String(partNumber)],
          ['ETag', `"${etag}"`],
        ],
      ]),
  );
  const { root, headers: answer } = await sendForXml(connection, {
    method: 'POST',
    bucket,
    key,
    params: { uploadId },
    headers: { ...headers, 'content-type': 'application/xml' },
    body: Buffer.from(document),
    signal,
    answerTimeoutMs: COMPLETE_TIMEOUT_MS,
  });
  expectRoot(root, 'CompleteMultipartUploadResult');
  return { ...storedObjectOf(answer), etag: unquote(textOf(root, 'ETag')) };
}

/** Gives up an upload and frees its parts. @see https://www.alibabacloud.com/help/en/oss/developer-reference/abortmultipartupload */
export async function abortMultipartUpload(
  connection: Connection,
  upload: MultipartUpload,
  signal?: AbortSignal,
): Promise<void> {
  const { bucket, key, uploadId } = upload;
  await sendForHeaders(connection, { method: 'DELETE', bucket, key, params: { uploadId }, signal });
}

/** One page of the parts that OSS has. @see https://www.alibabacloud.com/help/en/oss/developer-reference/listparts */
export async function listParts(
  connection: Connection,
  upload: MultipartUpload,
  options: ListPartsOptions = {},
): Promise<PartPage> {
  const { bucket, key, uploadId } = upload;
  const { partNumberMarker, maxParts, signal } = options;
  const params = givenParams({ uploadId, 'part-number-marker': partNumberMarker, 'max-parts': maxParts });
  const { root } = await sendForXml(connection, { method: 'GET', bucket, key, params, signal });
  expectRoot(root, 'ListPartsResult');
  return {
    parts: childrenOf(root, 'Part').map((element) => ({
      partNumber: numberOf(element, 'PartNumber'),
      etag: unquote(requiredText(element, 'ETag')),
      sizeBytes: numberOf(element, 'Size'),
      lastModified: timeOf(element, 'LastModified'),
      crc64: optionalText(element, 'HashCrc64ecma', (text) => text),
    })),
    nextPartNumberMarker: requiredText(root, 'IsTruncated') === 'true' ? numberOf(root, 'NextPartNumberMarker') : null,
  };
}

/** One page of a bucket's unfinished uploads. @see https://www.alibabacloud.com/help/en/oss/developer-reference/listmultipartuploads */
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
  return {
    uploads: childrenOf(root, 'Upload').map((element) => ({
      key: decode(requiredText(element, 'Key')),
      uploadId: requiredText(element, 'UploadId'),
      initiatedAt: timeOf(element, 'Initiated'),
    })),
    nextKeyMarker: isTruncated ? decode(requiredText(root, 'NextKeyMarker')) : null,
    nextUploadIdMarker: isTruncated ? optionalText(root, 'NextUploadIdMarker', (text) => text) : null,
  };
}
