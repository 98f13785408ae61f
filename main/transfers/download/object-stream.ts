import { makeCrc64 } from '../../crc64/crc64.ts';
import { toFailure } from '../../failure.ts';
import { networkFailure } from '../../oss/exchange/network-failure.ts';
import type { ByteRange, GetObjectOptions, ObjectBody } from '../../oss/operations/objects.ts';
import { classify } from '../retry-policy.ts';
import { assertEqual } from '../stored-object.ts';
import { changedObject } from './read-span.ts';

/** Where a stream of an object comes from. */
export interface StreamSource {
  /** For error messages. */
  readonly host: () => string;
  /** Requests the rest of the object. */
  readonly open: (rest: Required<Pick<GetObjectOptions, 'range' | 'ifMatch'>>) => Promise<ObjectBody>;
}

/**
 * The bytes of an object, or of a range of it, as they arrive. Goes on after an interruption, as long as there is progress and
 * the object is unchanged. Holds back the last chunk until size and CRC-64 match, so that a damaged copy is also incomplete; OSS
 * has no CRC-64 of a range.
 * @throws WaybillError `integrity`, `network`, or what OSS answered
 */
export async function* objectStream(first: ObjectBody, source: StreamSource): AsyncGenerator<Uint8Array> {
  const { contentLength, contentRange } = first;
  const crc64 = contentRange === null ? first.crc64 : null;
  const crc = makeCrc64();
  let doneBytes = 0;
  let held: Uint8Array | null = null;
  for await (const chunk of resumedChunks(first, source)) {
    if (crc64 !== null) crc.update(chunk);
    doneBytes += chunk.length;
    if (held !== null) yield held;
    held = chunk;
  }
  if (contentLength !== null) assertEqual(String(contentLength), String(doneBytes));
  if (crc64 !== null) assertEqual(crc64, crc.digest());
  if (held !== null) yield held;
}

async function* resumedChunks(first: ObjectBody, source: StreamSource): AsyncGenerator<Uint8Array> {
  const { etag, contentRange } = first;
  const end = contentRange?.end;
  let answer = first;
  for (let start = contentRange?.start ?? 0; ;) {
    const before = start;
    try {
      for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
        start += chunk.length;
        yield chunk;
      }
      return;
    } catch (error) {
      const failure = networkFailure(error, source.host());
      if (etag === null || start === before || classify(toFailure(failure)).action !== 'retry') throw failure;
      answer = await rest(source, { start, end }, etag);
    }
  }
}

async function rest(source: StreamSource, range: ByteRange, etag: string): Promise<ObjectBody> {
  const answer = await source.open({ range, ifMatch: etag });
  if (answer.etag === etag && answer.contentRange?.start === range.start) return answer;
  answer.body.destroy();
  throw changedObject();
}
