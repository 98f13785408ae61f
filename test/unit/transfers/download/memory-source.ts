import { Readable } from 'node:stream';
import { makeCrc64 } from '../../../../main/crc64/crc64.ts';
import { WaybillError } from '../../../../main/failure.ts';
import type { ObjectBody } from '../../../../main/oss/operations/objects.ts';
import type { ObjectSource } from '../../../../main/transfers/download/object-source.ts';
import { changedObject } from '../../../../main/transfers/download/read-span.ts';

type ReadRequest = Parameters<ObjectSource['open']>[0];

/** An object, and what a server says of it. */
interface MemoryObject {
  bytes: Buffer;
  etag: string | null;
  crc64: string | null;
  sizeBytes: number | null;
}

/** A source that serves an object from memory, as OSS does: ranges, 412 for another ETag, 416 behind the end. */
export interface MemorySource extends ObjectSource {
  readonly object: MemoryObject;
  /** Ranges that were asked for, `0-8388607`; `all` without one. */
  readonly asked: string[];
  readonly bodies: Readable[];
  /** Called before each answer, with the number of the request; may change the object, or throw. */
  before: (number: number, request: ReadRequest) => void | Promise<void>;
  /** May change an answer. */
  answer: (body: ObjectBody, number: number) => ObjectBody;
  /** The body of this request breaks after this many bytes. */
  readonly breaks: Map<number, number>;
}

export function crc64Of(bytes: Uint8Array): string {
  const crc = makeCrc64();
  crc.update(bytes);
  return crc.digest();
}

export function memorySource(bytes: Buffer, connections: ObjectSource['connections'] = 'many'): MemorySource {
  const object = {
    bytes,
    etag: 'E1' as string | null,
    crc64: crc64Of(bytes) as string | null,
    sizeBytes: bytes.length as number | null,
  };
  const source: MemorySource = {
    ...{ host: 'memory', connections, object, asked: [], bodies: [], breaks: new Map() },
    before: () => undefined,
    answer: (body) => body,
    async open(request) {
      const { range, ifMatch } = request;
      source.asked.push(range === undefined ? 'all' : `${range.start}-${range.end ?? ''}`);
      const number = source.asked.length;
      await source.before(number, request);
      if (ifMatch !== undefined && ifMatch !== object.etag) throw changedObject();
      const answer = answerOf(object, range, source.breaks.get(number) ?? null);
      source.bodies.push(answer.body);
      return source.answer(answer, number);
    },
  };
  return source;
}

function answerOf(object: MemoryObject, range: ReadRequest['range'], breakAfter: number | null): ObjectBody {
  const { bytes, sizeBytes, etag, crc64 } = object;
  const size = bytes.length;
  const { start, end = size - 1 } = range ?? { start: 0 };
  if (range !== undefined && start >= size) throw refusal(416, 'InvalidRange');
  const last = Math.min(end, size - 1);
  // Nothing is read ahead, so that what comes before a break arrives.
  const body = Readable.from(piecesOf(bytes.subarray(start, last + 1), breakAfter), { highWaterMark: 1 });
  return {
    ...{ status: range === undefined ? 200 : 206, body, contentLength: last + 1 - start },
    contentRange: range === undefined ? null : { start, end: last, sizeBytes: size },
    ...{ sizeBytes, etag, crc64, versionId: 'v1', lastModified: 5_000 },
    ...{ contentType: '', storageClass: '', objectType: '', meta: {}, httpHeaders: {}, tagCount: 0 },
    ...{ encryption: {}, restore: null },
  };
}

export function refusal(status: number, code: string): WaybillError {
  return new WaybillError({ kind: 'oss', cause: 'other', status, code, message: '' });
}

function* piecesOf(bytes: Buffer, breakAfter: number | null): Generator<Buffer> {
  const end = breakAfter ?? bytes.length;
  for (let start = 0; start < end; start += 256 * 1024) yield bytes.subarray(start, Math.min(end, start + 256 * 1024));
  if (breakAfter !== null) throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
}
