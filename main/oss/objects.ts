import type { Readable } from 'node:stream';
import { WaybillError } from '../failure.ts';
import type { Connection } from './connection.ts';
import type { RequestBody } from './request.ts';

/** An object, or one version of it. */
export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
}

/** What the headers say of an object. `lastModified` is in Unix milliseconds. */
export interface ObjectHead {
  /** Size of the whole object, in bytes; null where OSS doesn't tell (gzip, processed images). */
  readonly sizeBytes: number | null;
  readonly etag: string | null;
  readonly crc64: string | null;
  readonly lastModified: number;
  readonly contentType: string;
  readonly storageClass: string;
  readonly objectType: string;
  readonly versionId: string | null;
  /** x-oss-meta-*, without that prefix. */
  readonly meta: Readonly<Record<string, string>>;
}

/** Bytes of a range that is inclusive on both sides; without `end` up to the object's own. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number | undefined;
}

/** Options of getObject. */
export interface GetObjectOptions {
  readonly range?: ByteRange | undefined;
  /** Fails with 412 when the object has another ETag. */
  readonly ifMatch?: string | undefined;
  readonly params?: Readonly<Record<string, string | null>>;
  readonly signal?: AbortSignal | undefined;
}

/** An object's head with its bytes. `body` must be consumed or destroyed. */
export interface ObjectBody extends ObjectHead {
  readonly status: number;
  /** The range in bytes that `body` holds, null when it is the whole object. */
  readonly contentRange: { readonly start: number; readonly end: number; readonly sizeBytes: number } | null;
  /** Length of `body` in bytes, null where unknown. */
  readonly contentLength: number | null;
  readonly body: Readable;
}

/** Input of putObject. `sizeBytes` is the length of `body`. */
export interface PutObjectInput extends ObjectRef {
  readonly body: RequestBody;
  readonly sizeBytes: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** What OSS says of a stored object. `crc64` is what OSS computed of what it received. */
export interface StoredObject {
  readonly etag: string | null;
  readonly crc64: string | null;
  readonly versionId: string | null;
}

/** What a delete did: with versioning it adds a delete marker, whose version ID it gives. */
export interface DeletedObject {
  readonly versionId: string | null;
  readonly deleteMarker: boolean;
}

/** One object that deleteObjects could not delete. */
export interface DeleteFailure {
  readonly key: string;
  readonly versionId: string | null;
}

/** Input of copyObject. */
export interface CopyObjectInput {
  readonly source: ObjectRef;
  readonly bucket: string;
  readonly key: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** All headers of an object. @see https://www.alibabacloud.com/help/en/oss/developer-reference/headobject */
export function headObject(connection: Connection, object: ObjectRef, signal?: AbortSignal): Promise<ObjectHead> {
  return notYet(connection, object, signal);
}

/** An object's bytes, never compressed on the way. @see https://www.alibabacloud.com/help/en/oss/developer-reference/getobject */
export function getObject(
  connection: Connection,
  object: ObjectRef,
  options: GetObjectOptions = {},
): Promise<ObjectBody> {
  return notYet(connection, object, options);
}

/** Stores an object of ≤ 5 GB. @see https://www.alibabacloud.com/help/en/oss/developer-reference/putobject */
export function putObject(connection: Connection, input: PutObjectInput): Promise<StoredObject> {
  return notYet(connection, input);
}

/** Deletes an object, or one version for good. @see https://www.alibabacloud.com/help/en/oss/developer-reference/deleteobject */
export function deleteObject(connection: Connection, object: ObjectRef, signal?: AbortSignal): Promise<DeletedObject> {
  return notYet(connection, object, signal);
}

/** Deletes ≤ 1,000 objects of a bucket and gives those that OSS did not confirm. @see https://www.alibabacloud.com/help/en/oss/developer-reference/deletemultipleobjects */
export function deleteObjects(
  connection: Connection,
  bucket: string,
  objects: readonly { readonly key: string; readonly versionId?: string | undefined }[],
  signal?: AbortSignal,
): Promise<readonly DeleteFailure[]> {
  return notYet(connection, bucket, objects, signal);
}

/** Copies ≤ 1 GB inside OSS. @see https://www.alibabacloud.com/help/en/oss/developer-reference/copyobject */
export function copyObject(
  connection: Connection,
  input: CopyObjectInput,
): Promise<StoredObject & { readonly lastModified: number }> {
  return notYet(connection, input);
}

function notYet(...args: unknown[]): Promise<never> {
  return Promise.reject(new WaybillError({ kind: 'bug', logId: String(args.length) }));
}
