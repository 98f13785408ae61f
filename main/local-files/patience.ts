import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from './file-failure.ts';

/** How long a refusal is waited out, and the longest pause between two attempts, in milliseconds. */
const PATIENCE_MS = 60_000;
const MAX_PAUSE_MS = 100;

/**
 * Repeats a rename, or the like, while another program holds the file: on Windows a virus scanner opens new files, for up
 * to a minute, and whoever edits the target refuses its replacement.
 * @throws what `work` throws in the end; AbortError once `signal` aborts a pause
 * @see https://github.com/isaacs/node-graceful-fs/blob/v4.2.11/polyfills.js#L95
 */
export async function withPatience<T>(
  work: () => Promise<T>,
  signal?: AbortSignal,
  platform: NodeJS.Platform = process.platform,
): Promise<T> {
  return repeatWhile((code) => isPassing(code, platform), PATIENCE_MS, work, signal);
}

/**
 * Repeats work on a file while it fails with a passing code, for `patienceMs` milliseconds.
 * @throws what `work` throws in the end; AbortError once `signal` aborts a pause
 */
export async function repeatWhile<T>(
  isPassing: (code: string | null) => boolean,
  patienceMs: number,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const start = performance.now();
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs + 10, MAX_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(errorCode(error)) || performance.now() - start > patienceMs) throw error;
    }
    await sleep(pauseMs, undefined, { signal });
  }
}

/** Elsewhere than on Windows, EACCES and EPERM mean permissions, which don't pass. */
function isPassing(code: string | null, platform: NodeJS.Platform): boolean {
  return code === 'EBUSY' || (platform === 'win32' && (code === 'EACCES' || code === 'EPERM'));
}
