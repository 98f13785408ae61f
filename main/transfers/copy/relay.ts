import { Readable } from 'node:stream';
import { makeCrc64 } from '../../crc64/crc64.ts';
import { getObject } from '../../oss/operations/objects.ts';
import { objectRefOf, type SourceLocation } from './copy-job.ts';
import { assertEqual } from '../stored-object.ts';

/** What OSS reports about the bytes it received. */
interface Received {
  readonly crc64: string | null;
}

/**
 * Streams a range of the source to `send`, in constant memory, and compares what OSS received with what was read.
 * @throws WaybillError `integrity` if they differ
 */
export async function relay<T extends Received>(
  { connection, ...location }: SourceLocation,
  range: { readonly etag: string | null; readonly start: number; readonly sizeBytes: number },
  signal: AbortSignal,
  send: (body: Readable | Uint8Array) => Promise<T>,
): Promise<T> {
  const { etag, start, sizeBytes } = range;
  // An empty object has no first byte to request.
  if (sizeBytes === 0) return send(new Uint8Array());
  const { body } = await getObject(connection, objectRefOf(location), {
    range: { start, end: start + sizeBytes - 1 },
    ifMatch: etag ?? undefined,
    signal,
  });
  const crc = makeCrc64();
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const bytes of body as AsyncIterable<Uint8Array>) {
      crc.update(bytes);
      yield bytes;
    }
  };
  try {
    const received = await send(Readable.from(counted(), { objectMode: false }));
    if (received.crc64 !== null) assertEqual(crc.digest(), received.crc64);
    return received;
  } finally {
    body.destroy();
  }
}
