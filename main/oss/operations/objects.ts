import type { Readable } from 'node:stream';
import type { Connection } from '../connection.ts';
import { contentRangeOf, objectHeadOf, storedObjectOf } from './object-headers.ts';
import type { ContentRange, ObjectHead, StoredObject } from './object-headers.ts';
import type { ObjectRef } from '../names.ts';
import { givenParams } from '../exchange/reply-fields.ts';
import type { RequestBody } from '../../http/message.ts';
import type { OssHeaders } from '../exchange/reply-headers.ts';
import type { OssReply, OssRequest } from '../exchange/request.ts';
import { send, sendBody, sendForHeaders } from '../exchange/request.ts';

/** A byte range; `start` and `end` are both inclusive. Without `end`: to the end of the object. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number | undefined;
}

/** Options of getObject(). */
export interface GetObjectOptions {
  /** `file`: the body goes into a file, by storeBody(). Default: it is read as a stream. */
  readonly expects?: 'stream' | 'file';
  readonly range?: ByteRange | undefined;
  /** An ETag: OSS answers 412 if the object has another one. */
  readonly ifMatch?: string | undefined;
  readonly params?: Readonly<Record<string, string | null>>;
  readonly signal?: AbortSignal | undefined;
}

/** An object's headers and its content. `body` must be consumed or destroyed. */
export interface ObjectBody extends ObjectHead {
  readonly status: number;
  /** The range that `body` holds; null for the whole object. */
  readonly contentRange: ContentRange | null;
  /** Length of `body` in bytes; null if unknown. */
  readonly contentLength: number | null;
  readonly body: Readable;
}

/** What putObject() stored. `sentCrc64` is that of a file slice as it was sent, in unsigned decimal; else null. */
export interface SentObject extends StoredObject {
  readonly sentCrc64: string | null;
}

/** Input of putObject(). `sizeBytes` is the length of `body`: at most 5 GB. */
export interface PutObjectInput extends ObjectRef, Pick<OssRequest, 'onSent'> {
  readonly body: RequestBody;
  readonly sizeBytes: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * HeadObject: the headers of an object, parsed.
 * @throws WaybillError `oss` NoSuchKey; NotFound if the reply, which has no body, lacks the x-oss-err header too
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/headobject
 */
export async function headObject(connection: Connection, object: ObjectRef, signal?: AbortSignal): Promise<ObjectHead> {
  return objectHeadOf(await objectHeaders(connection, object, signal));
}

/** HeadObject: all headers as OSS sends them, names in lower case. */
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
 * GetObject: the content of an object, or a range of it. Asks for an uncompressed reply, because OSS sends a gzipped
 * one without length, ETag and CRC.
 * @throws WaybillError `oss` PreconditionFailed (412) for another ETag than `ifMatch`; InvalidObjectState for an
 *   archived object that isn't restored
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getobject
 */
export async function getObject(
  connection: Connection,
  object: ObjectRef,
  options: GetObjectOptions = {},
): Promise<ObjectBody> {
  const { bucket, key, versionId } = object;
  const { expects = 'stream', range, ifMatch, params = {}, signal } = options;
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
    expects,
  });
  return objectBodyOf({ status, headers, body });
}

/**
 * The reply to a GET, parsed.
 * @throws WaybillError `oss` MalformedReply for a range that can't be; the body is destroyed then
 */
export function objectBodyOf({ status, headers, body }: Pick<OssReply, 'status' | 'headers' | 'body'>): ObjectBody {
  try {
    const contentRange = status === 206 ? contentRangeOf(headers) : null;
    const { sizeBytes: contentLength, ...head } = objectHeadOf(headers);
    const sizeBytes = contentRange === null ? contentLength : contentRange.sizeBytes;
    return { ...head, sizeBytes, status, contentRange, contentLength, body };
  } catch (error) {
    body.destroy();
    throw error;
  }
}

/**
 * The headers that request a range. Without `standard`, OSS answers a range that ends beyond the object with all of it.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getobject
 */
function rangeHeaders(range: ByteRange | undefined): Record<string, string> {
  if (range === undefined) return {};
  const end = range.end === undefined ? '' : String(range.end);
  return { range: `bytes=${range.start}-${end}`, 'x-oss-range-behavior': 'standard' };
}

/**
 * PutObject: stores an object of at most 5 GB in one request. Replaces an existing one, unless the headers forbid it.
 * @throws WaybillError `oss` FileAlreadyExists (409) with x-oss-forbid-overwrite
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putobject
 */
export async function putObject(connection: Connection, input: PutObjectInput): Promise<SentObject> {
  const { sizeBytes, ...request } = input;
  const { headers, sentCrc64 } = await sendBody(connection, { ...request, method: 'PUT', contentLength: sizeBytes });
  return { ...storedObjectOf(headers), sentCrc64 };
}
