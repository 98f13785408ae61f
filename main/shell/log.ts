import { join } from 'node:path';
import log from 'electron-log/node';
import { escapeControls } from '../words/controls.ts';
import { redact } from '../accounts/redact.ts';

/**
 * Opens the log file in `folder`, which rotates at 1 MiB. Every message passes through redact() first and is one line,
 * so that no text can pass for another message.
 */
export function startLog(folder: string): void {
  log.transports.file.resolvePathFn = () => join(folder, 'main.log');
  log.transports.file.maxSize = 1_048_576;
  log.transports.console.level = false;
  log.hooks.push((message) => ({
    ...message,
    data: message.data.map((item: unknown) => escapeControls(redact(describe(item)))),
  }));
}

/** Logs an unexpected error, or the text of one in a page, under the ID that the user sees. */
export function recordBug(logId: string, error: unknown): void {
  log.error(logId, error);
}

function describe(item: unknown): string {
  if (item instanceof Error) {
    const cause = item.cause === undefined ? '' : `\ncaused by ${describe(item.cause)}`;
    return `${item.stack ?? item.message}${cause}`;
  }
  return typeof item === 'string' ? item : JSON.stringify(item);
}
