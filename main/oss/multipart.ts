import { WaybillError } from '../failure.ts';
import type { Connection } from './connection.ts';
import type { StoredObject } from './objects.ts';
import type { RequestBody } from './request.ts';

/** One multipart upload that was begun. */
export interface MultipartUpload {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
}

/** One part that OSS has. Part numbers start at 1. */
export interface Part {
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
export interface UploadPartInput extends MultipartUpload {
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

/** Options of listMultipartUploads. */
export interface ListUploadsOptions {
  readonly prefix?: string;
  readonly keyMarker?: string | undefined;
  readonly uploadIdMarker?: string | undefined;
  readonly maxUploads?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Begins an upload in parts and gives its upload ID. @see https://www.alibabacloud.com/help/en/oss/developer-reference/initiatemultipartupload */
export function initiateMultipartUpload(connection: Connection, input: InitiateInput): Promise<string> {
  return notYet(connection, input);
}

/** Sends one part, in any order. @see https://www.alibabacloud.com/help/en/oss/developer-reference/uploadpart */
export function uploadPart(
  connection: Connection,
  input: UploadPartInput,
): Promise<{ readonly etag: string; readonly crc64: string | null }> {
  return notYet(connection, input);
}

/** Makes the object of its parts. @see https://www.alibabacloud.com/help/en/oss/developer-reference/completemultipartupload */
export function completeMultipartUpload(connection: Connection, input: CompleteInput): Promise<StoredObject> {
  return notYet(connection, input);
}

/** Gives up an upload and frees its parts. @see https://www.alibabacloud.com/help/en/oss/developer-reference/abortmultipartupload */
export function abortMultipartUpload(
  connection: Connection,
  upload: MultipartUpload,
  signal?: AbortSignal,
): Promise<void> {
  return notYet(connection, upload, signal);
}

/** One page of the parts that OSS has. @see https://www.alibabacloud.com/help/en/oss/developer-reference/listparts */
export function listParts(
  connection: Connection,
  upload: MultipartUpload,
  options: { readonly partNumberMarker?: number; readonly maxParts?: number; readonly signal?: AbortSignal } = {},
): Promise<PartPage> {
  return notYet(connection, upload, options);
}

/** One page of a bucket's unfinished uploads. @see https://www.alibabacloud.com/help/en/oss/developer-reference/listmultipartuploads */
export function listMultipartUploads(
  connection: Connection,
  bucket: string,
  options: ListUploadsOptions = {},
): Promise<UploadPage> {
  return notYet(connection, bucket, options);
}

function notYet(...args: unknown[]): Promise<never> {
  return Promise.reject(new WaybillError({ kind: 'bug', logId: String(args.length) }));
}
