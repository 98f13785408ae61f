import type { Dispatcher } from 'undici';
import { WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import type { ObjectHead } from '../../oss/operations/object-headers.ts';
import type { ObjectRef } from '../../oss/names.ts';
import { type ByteRange, getObject, type ObjectBody, objectBodyOf } from '../../oss/operations/objects.ts';
import { sendUnsigned } from '../../oss/exchange/request.ts';
import type { ExpectedObject } from '../tasks/requests.ts';

/** What to read: a range, or the whole object. */
interface ReadRequest {
  readonly range?: ByteRange | undefined;
  /** Makes the server answer 412 if the object has another ETag. */
  readonly ifMatch?: string | undefined;
  readonly signal: AbortSignal;
}

/** Where a download reads from. */
export interface ObjectSource {
  /** For error messages. */
  readonly host: string;
  /**
   * `many`: any number of ranges. `few`: a link may expire, and requests sent before that still deliver, so request
   * few, large ranges at the start. `one`: the link limits the traffic of each connection.
   */
  readonly connections: 'many' | 'few' | 'one';
  open(request: ReadRequest): Promise<ObjectBody>;
}

/** Reads an object with an account's key; with `etag`, in that state alone. */
export function accountSource(connection: Connection, object: ObjectRef, etag?: string): ObjectSource {
  return {
    host: connection.endpoint.host,
    connections: 'many',
    open: (request) => getObject(connection, object, { ifMatch: etag, ...request, expects: 'file' }),
  };
}

/** Reads an object through a signed URL. With `expected`, an object other than the shared one is refused. */
export function linkSource(
  url: string,
  link: {
    readonly host: string;
    readonly params: readonly (readonly [string, string])[];
    readonly expected?: ExpectedObject | undefined;
  },
  dispatcher: Dispatcher,
): ObjectSource {
  const isLimited = link.params.some(([name]) => name.toLowerCase() === 'x-oss-traffic-limit');
  return {
    host: link.host,
    connections: isLimited ? 'one' : 'few',
    async open({ range, ifMatch, signal }) {
      // Only standard HTTP headers: OSS rejects a link if an unsigned x-oss-* header comes with it.
      const headers = {
        'accept-encoding': 'identity',
        ...(range === undefined ? {} : { range: `bytes=${range.start}-${range.end ?? ''}` }),
        ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
      };
      const reply = await sendUnsigned(url, { method: 'GET', headers, signal, expects: 'file' }, dispatcher);
      const found = objectBodyOf(reply);
      const { expected } = link;
      if (expected !== undefined && !isExpected(found, expected)) {
        found.body.destroy();
        throw changedSinceShared();
      }
      // If the server sends no CRC-64, use the one the sender included.
      return { ...found, crc64: found.crc64 ?? expected?.crc64 ?? null };
    },
  };
}

function isExpected(found: Pick<ObjectHead, 'sizeBytes' | 'crc64'>, expected: ExpectedObject): boolean {
  const isSame = <T>(a: T | null, b: T | null): boolean => a === null || b === null || a === b;
  return isSame(found.sizeBytes, expected.sizeBytes) && isSame(found.crc64, expected.crc64);
}

function changedSinceShared(): WaybillError {
  const message = 'The object is no longer the one that was shared.';
  return new WaybillError({
    kind: 'oss',
    cause: 'changed-since-shared',
    status: 412,
    code: 'ChangedSinceShared',
    message,
  });
}
