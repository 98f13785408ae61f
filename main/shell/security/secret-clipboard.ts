import { createHash } from 'node:crypto';
import { clipboard, ClipboardItem } from 'electron';

/** How long credentials stay on the clipboard, in milliseconds; long enough to paste them. */
const CLEAR_AFTER_MS = 90_000;

/**
 * What keeps the programs that record the clipboard from recording this, by platform: a format of the system's clipboard,
 * and its content.
 * @see https://learn.microsoft.com/windows/win32/dataxchg/clipboard-formats#cloud-clipboard-and-clipboard-history-formats
 * @see http://nspasteboard.org
 * @see https://invent.kde.org/plasma/plasma-workspace/-/blob/master/klipper/systemclipboard.cpp
 */
const marks: Partial<Record<NodeJS.Platform, readonly [format: string, content: string]>> = {
  win32: ['ExcludeClipboardContentFromMonitorProcessing', '1'],
  darwin: ['org.nspasteboard.ConcealedType', '1'],
  linux: ['x-kde-passwordManagerHint', 'secret'],
};

/** Digest of the credentials that may still be on the clipboard: memory must not keep the secret itself. */
let copied: string | null = null;

/** Copies credentials and clears the clipboard after `clearAfterMs`, unless something else has been copied since. */
export async function copySecret(text: string, clearAfterMs = CLEAR_AFTER_MS): Promise<void> {
  await writeMarked(text, marks[process.platform]);
  const digest = digestOf(text);
  copied = digest;
  setTimeout(() => {
    if (copied === digest) void clearSecret();
  }, clearAfterMs).unref();
}

/** Clears the clipboard if credentials are on it: after a while, when the window is locked, and before Waybill quits. */
export async function clearSecret(): Promise<void> {
  const digest = copied;
  copied = null;
  if (digest !== null && digestOf(await clipboard.readText()) === digest) clipboard.clear();
}

async function writeMarked(text: string, mark: readonly [string, string] | undefined): Promise<void> {
  if (mark === undefined) return clipboard.writeText(text);
  const [format, content] = mark;
  const marked = { 'text/plain': text, [`electron application/osclipboard;format="${format}"`]: content };
  // A desktop that doesn't take the mark still takes the text.
  await clipboard.write([new ClipboardItem(marked)]).catch(() => clipboard.writeText(text));
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
