import type { Dispatcher } from 'undici';
import type { Connection } from '../oss/connection.ts';
import { contentRangeOf, objectHeadOf } from '../oss/object-headers.ts';
import type { ObjectRef } from '../oss/names.ts';
import { type ByteRange, getObject, type ObjectBody } from '../oss/objects.ts';
import { sendUnsigned } from '../oss/request.ts';

/** What of an object to read. Without a range, all of it. */
interface ReadRequest {
  readonly range?: ByteRange | undefined;
  /** Refuses with 412 when the object has another ETag. */
  readonly ifMatch?: string | undefined;
  readonly signal: AbortSignal;
}

/** Where a download reads from. */
export interface ObjectSource {
  /** For messages. */
  readonly host: string;
  /**
   * `many`: any number of ranges. `few`: a link ends, and what was requested before that still arrives, so the ranges
   * are large and asked for at the start. `one`: the link limits the traffic of each connection.
   */
  readonly connections: 'many' | 'few' | 'one';
  open(request: ReadRequest): Promise<ObjectBody>;
}

/** An object read with an account's own key. */
export function accountSource(connection: Connection, object: ObjectRef): ObjectSource {
  return {
    host: connection.endpoint.host,
    connections: 'many',
    open: (request) => getObject(connection, object, request),
  };
}

/** An object read through a signed URL. */
export function linkSource(
  url: string,
  link: { readonly host: string; readonly params: readonly (readonly [string, string])[] },
  dispatcher: Dispatcher,
): ObjectSource {
  const isLimited = link.params.some(([name]) => name.toLowerCase() === 'x-oss-traffic-limit');
  return {
    host: link.host,
    connections: isLimited ? 'one' : 'few',
    async open({ range, ifMatch, signal }) {
      // Only plain HTTP headers: an x-oss-* header that was not signed would make OSS refuse the link.
      const headers = {
        'accept-encoding': 'identity',
        ...(range === undefined ? {} : { range: `bytes=${range.start}-${range.end ?? ''}` }),
        ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
      };
      const reply = await sendUnsigned(url, { method: 'GET', headers, signal }, dispatcher);
      const head = objectHeadOf(reply.headers);
      const contentRange = reply.status === 206 ? contentRangeOf(reply.headers) : null;
      return {
        ...head,
        sizeBytes: contentRange === null ? head.sizeBytes : contentRange.sizeBytes,
        contentRange,
        contentLength: head.sizeBytes,
        status: reply.status,
        body: reply.body,
      };
    },
  };
}
