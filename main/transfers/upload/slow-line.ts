import type { UploadCheckpoint } from '../tasks/checkpoints.ts';
import { smallerPartSize } from './part-plan.ts';
import type { UploadWatch } from './upload-job.ts';

/** How long the first parts are watched, in milliseconds from their first byte. */
const PROBE_MS = 3_000;

/** Sends the parts that the checkpoint lacks. */
type SendParts = (checkpoint: UploadCheckpoint, watch: UploadWatch) => Promise<void>;

/**
 * Sends parts, and plans smaller ones if the first show that the line is slow: what is in flight is lost when a transfer
 * pauses or breaks, and on a slow line that would be minutes of work. Parts of the old plan that OSS may have are replaced by
 * those of the same number.
 * @returns the checkpoint with all parts
 * @throws what `send` throws
 */
export async function sendByPace(
  checkpoint: UploadCheckpoint,
  watch: UploadWatch,
  send: SendParts,
): Promise<UploadCheckpoint> {
  // Finished parts can't be cut again.
  if (checkpoint.parts.length > 0) {
    await send(checkpoint, watch);
    return checkpoint;
  }
  const smaller = await probing(checkpoint, watch, send);
  if (smaller === null) return checkpoint;
  const isKept = checkpoint.parts.length > 0;
  const planned = isKept ? checkpoint : { ...checkpoint, partSizeBytes: smaller };
  // A part may have been confirmed while the others stopped. It was counted then, and is again as one that is kept.
  watch.onBytes(-checkpoint.parts.reduce((sum, part) => sum + part.sizeBytes, 0));
  if (!isKept) watch.onCheckpoint(planned);
  await send(planned, watch);
  return planned;
}

/** Sends the parts to their end, and returns null; or stops, and returns the part size that fits the line. */
async function probing(checkpoint: UploadCheckpoint, watch: UploadWatch, send: SendParts): Promise<number | null> {
  const stop = new AbortController();
  let sentBytes = 0;
  const found: { smaller: number | null } = { smaller: null };
  let timer: NodeJS.Timeout | undefined;
  const decide = (): void => {
    if (checkpoint.parts.length > 0) return;
    const pace = { bytesPerSecond: (sentBytes * 1000) / PROBE_MS, connections: watch.connections() };
    found.smaller = smallerPartSize(checkpoint, pace);
    if (found.smaller !== null) stop.abort();
  };
  const onBytes = (count: number): void => {
    sentBytes += count;
    timer ??= setTimeout(decide, PROBE_MS);
    watch.onBytes(count);
  };
  const signal = AbortSignal.any([watch.signal, stop.signal]);
  try {
    await send(checkpoint, { ...watch, signal, onBytes });
    return null;
  } catch (error) {
    if (found.smaller === null || watch.signal.aborted) throw error;
    return found.smaller;
  } finally {
    clearTimeout(timer);
  }
}
