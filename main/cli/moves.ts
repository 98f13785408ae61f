import type { ByteWatch, Outcome } from '../transfers/byte-work.ts';
import { downloadObject, dropDownload } from '../transfers/download.ts';
import type { DownloadCheckpoint, DownloadJob } from '../transfers/download-job.ts';
import { dropUpload } from '../transfers/multipart-upload.ts';
import { type Patience, persist } from '../transfers/retry-policy.ts';
import { uploadFile } from '../transfers/upload.ts';
import type { UploadCheckpoint, UploadJob } from '../transfers/upload-job.ts';

/** A command that waits for minutes tells nobody anything: after these attempts its caller decides. */
const COMMAND_PATIENCE: Patience = { attempts: 4, firstMs: 1_000, longestMs: 10_000 };

/** Uploads a file by the same byte work as the app's queue, and leaves nothing behind where it fails. */
export async function upload(job: Omit<UploadJob, 'checkpoint'>, signal: AbortSignal): Promise<Outcome> {
  let checkpoint = null as UploadCheckpoint | null;
  const watch = {
    ...silent(signal),
    onCheckpoint: (reached: UploadCheckpoint | null) => void (checkpoint = reached),
    onPart: () => undefined,
  };
  try {
    return await persist(() => uploadFile({ ...job, checkpoint }, watch), COMMAND_PATIENCE, signal);
  } catch (error) {
    if (checkpoint !== null) await dropUpload(job.connection, checkpoint);
    throw error;
  }
}

/** Downloads an object by the same byte work as the app's queue, and leaves nothing behind where it fails. */
export async function download(job: Omit<DownloadJob, 'checkpoint'>, signal: AbortSignal): Promise<Outcome> {
  let checkpoint = null as DownloadCheckpoint | null;
  const watch = {
    ...silent(signal),
    onCheckpoint: (reached: DownloadCheckpoint | null) => void (checkpoint = reached),
    onSpan: () => undefined,
  };
  try {
    return await persist(() => downloadObject({ ...job, checkpoint }, watch), COMMAND_PATIENCE, signal);
  } catch (error) {
    if (checkpoint !== null) await dropDownload(checkpoint);
    throw error;
  }
}

/** Nobody looks on. */
export function silent(signal: AbortSignal): ByteWatch {
  return { signal, onBytes: () => undefined, onSize: () => undefined, onVerifying: () => undefined };
}
