import type { Connection } from '../oss/connection.ts';
import type { ObjectRef } from '../oss/names.ts';
import { USUAL_CONNECTIONS } from '../transfers/byte-work.ts';
import { downloadObject } from '../transfers/download/download.ts';
import type { DownloadWatch } from '../transfers/download/download-job.ts';
import { accountSource } from '../transfers/download/object-source.ts';
import type { DownloadCheckpoint } from '../transfers/tasks/checkpoints.ts';

/** State of an object when it was fetched. Null for what OSS didn't say. */
export interface ObjectState {
  readonly etag: string | null;
  /** Unsigned decimal. */
  readonly crc64: string | null;
  readonly sizeBytes: number | null;
}

/** Progress of a fetch, in bytes. */
interface FetchProgress {
  readonly doneBytes: number;
  readonly sizeBytes: number | null;
}

/**
 * Downloads an object to `path` as the transfer queue does: compared by CRC-64, and marked as downloaded before it has its
 * name. Returns the state that was fetched. @throws WaybillError
 */
export async function fetchFile(
  connection: Connection,
  object: ObjectRef,
  path: string,
  watch: { readonly signal: AbortSignal; readonly onProgress: (progress: FetchProgress) => void },
): Promise<ObjectState> {
  const { signal, onProgress } = watch;
  let progress: FetchProgress = { doneBytes: 0, sizeBytes: null };
  let state: ObjectState = { etag: null, crc64: null, sizeBytes: null };
  const change = (changed: Partial<FetchProgress>): void => {
    progress = { ...progress, ...changed };
    onProgress(progress);
  };
  const count = (bytes: number): void => change({ doneBytes: progress.doneBytes + bytes });
  const nothing = (): void => undefined;
  const downloadWatch: DownloadWatch = {
    ...{ signal, connections: () => USUAL_CONNECTIONS, onVerifying: nothing, onSpan: nothing },
    ...{ onBytes: count, onKept: count, onSize: (sizeBytes) => change({ sizeBytes }) },
    onCheckpoint: (checkpoint: DownloadCheckpoint | null) => {
      if (checkpoint !== null) state = checkpoint;
    },
  };
  const source = accountSource(connection, object);
  await downloadObject({ source, target: path, replace: true, checkpoint: null }, downloadWatch);
  const { etag, crc64, sizeBytes } = state;
  return { etag, crc64, sizeBytes };
}
