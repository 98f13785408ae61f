import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../oss/connection.ts';
import { initiateMultipartUpload } from '../../oss/operations/multipart.ts';
import { persist, REQUEST_PATIENCE } from '../retry-policy.ts';

/** How long an answer is waited for that nobody wants any more, in milliseconds. */
const GRACE_MS = 2_000;

/**
 * Begins a multipart upload and gives its upload ID. Whoever stops it still waits a moment for the answer: without the ID
 * nobody could go on with the upload, or abort it.
 * @throws WaybillError
 */
export function beginUpload(
  connection: Connection,
  upload: { readonly bucket: string; readonly key: string; readonly headers: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Promise<string> {
  const late = new AbortController();
  const stop = (): void => void sleep(GRACE_MS, undefined, { ref: false }).then(() => late.abort());
  if (signal.aborted) late.abort();
  else signal.addEventListener('abort', stop, { once: true });
  return persist(
    () => initiateMultipartUpload(connection, { ...upload, signal: late.signal }),
    REQUEST_PATIENCE,
    signal,
  ).finally(() => signal.removeEventListener('abort', stop));
}
