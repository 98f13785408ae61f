import { toFailure } from '../../failure.ts';
import { crc64OfSlice } from '../../http/file-slice.ts';
import type { PartFile } from '../../local-files/part-file.ts';
import type { DownloadCheckpoint } from '../tasks/checkpoints.ts';

/**
 * Makes the spans claim only what the file holds. If the last attempt ended in good order, the file's state says so.
 * Otherwise, such as after a power cut, pages may be missing that were written: then each span is read again, and one
 * that differs is downloaded again.
 * @throws WaybillError `cancelled`
 */
export async function checkSpans(file: PartFile, checkpoint: DownloadCheckpoint, signal: AbortSignal): Promise<void> {
  const found = await file.state();
  const { keptAs } = checkpoint;
  const isAsKept = keptAs?.sizeBytes === found.sizeBytes && keptAs.modifiedAt === found.modifiedAt;
  if (isAsKept) return;
  for (const span of checkpoint.spans) {
    const { start, doneBytes } = span;
    if (doneBytes === 0) continue;
    const slice = {
      kind: 'file-slice',
      fd: file.fd,
      path: file.path,
      start,
      sizeBytes: doneBytes,
      file: found,
    } as const;
    const isThere = start + doneBytes <= found.sizeBytes && (await holds(slice, span.crc64, signal));
    if (isThere) continue;
    span.doneBytes = 0;
    span.crc64 = '0';
  }
}

async function holds(slice: Parameters<typeof crc64OfSlice>[0], crc64: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await crc64OfSlice(slice, signal)) === crc64;
  } catch (error) {
    // What the disk can't read is written anew.
    if (toFailure(error).kind === 'file') return false;
    throw error;
  }
}
