// A thread of its own for checksums: a page that computes them itself doesn't scroll.
import { makeCrc64 } from './crc64.ts';

/** What the worker is asked for: the CRC-64 of a file, or of a slice of one. */
export interface CrcRequest {
  readonly id: number;
  readonly blob: Blob;
}

/** Its answer: an unsigned decimal; null if the file can't be read any more. */
export interface CrcReply {
  readonly id: number;
  readonly crc64: string | null;
}

const scope = self as unknown as { postMessage(reply: CrcReply): void };

async function crc64Of(blob: Blob): Promise<string> {
  const crc64 = makeCrc64();
  const reader = blob.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return crc64.digest();
    crc64.add(value);
  }
}

self.addEventListener('message', ({ data: { id, blob } }: MessageEvent<CrcRequest>) => {
  crc64Of(blob).then(
    (crc64) => scope.postMessage({ id, crc64 }),
    () => scope.postMessage({ id, crc64: null }),
  );
});
