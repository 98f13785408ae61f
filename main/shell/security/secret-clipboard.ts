import { createHash } from 'node:crypto';
import { clipboard } from 'electron';

/** How long credentials stay on the clipboard, in milliseconds; long enough to paste them. */
const CLEAR_AFTER_MS = 90_000;

/** Copies credentials and clears the clipboard after `clearAfterMs`, unless something else has been copied since. */
export async function copySecret(text: string, clearAfterMs = CLEAR_AFTER_MS): Promise<void> {
  await clipboard.writeText(text);
  // The timer outlives the grant and must not keep the secret in memory, so it holds a digest.
  const copied = digestOf(text);
  setTimeout(() => void clearIfUnchanged(copied), clearAfterMs).unref();
}

async function clearIfUnchanged(copied: string): Promise<void> {
  if (digestOf(await clipboard.readText()) === copied) clipboard.clear();
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
