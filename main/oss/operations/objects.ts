import type { Readable } from 'node:stream';
import type { Connection } from '../connection.ts';
import { contentRangeOf, objectHeadOf, storedObjectOf } from './object-headers.ts';
import type { ContentRange, ObjectHead, StoredObject } from './object-headers.ts';
import type { ObjectRef } from '../names.ts';
import { givenParams } from '../exchange/reply-fields.ts';
import type { OssHeaders, OssRequest, RequestBody } from '../exchange/request.ts';
import { send, sendForHeaders } from '../exchange/request.ts';

export { deleteObject, deleteObjects } from './deletes.ts';
export type { ObjectRef } from '../names.ts';
export type { ObjectHead, StoredObject } from './object-headers.ts';

/** Bytes of a range that is inclusive on both sides; without `end` up to the object's own. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number | undefined;
}

/** Options of getObject. */
export interface GetObjectOptions extends Pick<OssRequest, 'sendVia'> {
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
  readonly contentRange: ContentRange | null;
  /** Length of `body` in bytes, null where unknown. */
  readonly contentLength: number | null;
  readonly body: Readable;
}

/** Input of putObject. `sizeBytes` is the length of `body`. */
export interface PutObjectInput extends ObjectRef, Pick<OssRequest, 'sendVia'> {
  readonly body: RequestBody;
  readonly sizeBytes: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** What the headers of an object say. @see https://www.alibabacloud.com/help/en/oss/developer-reference/headobject */
export async function headObject(connection: Connection, object: ObjectRef, signal?: AbortSignal): Promise<ObjectHead> {
  return objectHeadOf(await objectHeaders(connection, object, signal));
}

/** All headers of an object as OSS sends them, names in lower case. */
export async function objectHeaders(
  connection: Connection,
  { bucket, key, versionId }: ObjectRef,
  signal?: AbortSignal,
): Promise<OssHeaders> {
  return sendForHeaders(connection, {
    method: 'HEAD',
    bucket,
    key,
    params: givenParams({ versionId }),
    headers: { 'accept-encoding': 'identity' },
    signal,
  });
}

/**
 * An object's bytes, never compressed on the way: a gzipped answer has no length, no ETag and no CRC.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getobject
 */
export async function getObject(
  connection: Connection,
  object: ObjectRef,
  options: GetObjectOptions = {},
): Promise<ObjectBody> {
  const { bucket, key, versionId } = object;
  const { range, ifMatch, params = {}, signal, sendVia } = options;
  const { status, headers, body } = await send(connection, {
    method: 'GET',
    bucket,
    key,
    params: { ...params, ...givenParams({ versionId }) },
    headers: {
      'accept-encoding': 'identity',
      ...rangeHeaders(range),
      ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
    },
    signal,
    sendVia,
  });
  const contentRange = status === 206 ? contentRangeOf(headers) : null;
  const head = objectHeadOf(headers);
  return {
    ...head,
    sizeBytes: contentRange === null ? head.sizeBytes : contentRange.sizeBytes,
    status,
    contentRange,
    contentLength: head.sizeBytes,
    body,
  };
}

/**
 * The headers that ask for a range. Without `standard` OSS answers a range that ends beyond the object with all of it.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getobject
 */
function rangeHeaders(range: ByteRange | undefined): Record<string, string> {
  if (range === undefined) return {};
  const end = range.end === undefined ? '' : String(range.end);
  return { range: `bytes=${range.start}-${end}`, 'x-oss-range-behavior': 'standard' };
}

/** Stores an object of ≤ 5 GB. @see https://www.alibabacloud.com/help/en/oss/developer-reference/putobject */
export async function putObject(connection: Connection, input: PutObjectInput): Promise<StoredObject> {
  const { sizeBytes, ...request } = input;
  return storedObjectOf(await sendForHeaders(connection, { ...request, method: 'PUT', contentLength: sizeBytes }));
}
