import { join } from 'node:path';
import log from 'electron-log/node';
import { redact } from './security/redact.ts';

/** Starts the log file in `folder`. Everything that is written to it passes through `redact` first. */
export function startLog(folder: string): void {
  log.transports.file.resolvePathFn = () => join(folder, 'main.log');
  log.transports.file.maxSize = 1_048_576;
  log.transports.console.level = false;
  log.hooks.push((message) => ({ ...message, data: message.data.map((item: unknown) => redact(describe(item))) }));
}

/** Writes an unexpected error to the log under the ID that the person is shown. */
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
