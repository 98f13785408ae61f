import code from './worker.ts?script';
import type { CrcReply, CrcRequest } from './worker.ts';

/** Computes the CRC-64 of a file or a slice, as an unsigned decimal; null where that fails. */
export type Crc64Of = (blob: Blob) => Promise<string | null>;

/**
 * Starts the thread of checksums with its first task. Where a page may have none, or the thread ends, there are no
 * checksums, and what was sent is only accepted.
 */
export function startCrc64(): Crc64Of {
  const waiting = new Map<number, (crc64: string | null) => void>();
  let worker: Worker | null | undefined;
  let lastId = 0;
  const fail = (): void => {
    worker = null;
    for (const answer of waiting.values()) answer(null);
    waiting.clear();
  };
  const start = (): Worker | null => {
    try {
      const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
      const started = new Worker(url);
      started.addEventListener('error', fail);
      started.addEventListener('message', ({ data: { id, crc64 } }: MessageEvent<CrcReply>) => {
        waiting.get(id)?.(crc64);
        waiting.delete(id);
      });
      return started;
    } catch {
      return null;
    }
  };
  return (blob) =>
    new Promise((answer) => {
      worker ??= worker === undefined ? start() : null;
      if (worker === null) {
        answer(null);
        return;
      }
      lastId += 1;
      waiting.set(lastId, answer);
      worker.postMessage({ id: lastId, blob } satisfies CrcRequest);
    });
}
