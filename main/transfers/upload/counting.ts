import type { ByteWatch } from '../byte-work.ts';

/** Counts what `send` reports as progress, and takes it back if it fails. */
export async function counting<T>(
  { onBytes }: Pick<ByteWatch, 'onBytes'>,
  send: (onSent: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  let counted = 0;
  // A stopped attempt may have one read in flight, which no longer counts.
  let isOver = false;
  try {
    return await send((bytes) => {
      if (isOver) return;
      counted += bytes;
      onBytes(bytes);
    });
  } catch (error) {
    isOver = true;
    if (counted > 0) onBytes(-counted);
    throw error;
  }
}
