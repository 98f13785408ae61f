import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The internet zone, without the address that the file came from: a signed URL is a secret. */
const ZONE = '[ZoneTransfer]\r\nZoneId=3\r\n';

/** Flags as browsers set them: downloaded, and not yet approved by the person. */
const QUARANTINE_FLAGS = '0083';

const run = promisify(execFile);

/**
 * Marks a file as downloaded, so that the system asks before it runs it: SmartScreen and Protected View on Windows,
 * Gatekeeper on macOS. Linux has no such mark. Never rejects: a file system that can't hold the mark still holds the file.
 * @see https://learn.microsoft.com/openspecs/windows_protocols/ms-fscc/6e3f7352-d11c-4d76-8c39-2516a9df36e8
 * @see https://eclecticlight.co/2017/12/11/xattr-com-apple-quarantine-the-quarantine-flag/
 */
export async function markAsDownloaded(path: string, platform: NodeJS.Platform = process.platform): Promise<void> {
  if (platform === 'win32') await writeFile(`${path}:Zone.Identifier`, ZONE).catch(() => undefined);
  else if (platform === 'darwin') await quarantine(path).catch(() => undefined);
}

/** LSFileQuarantineEnabled in Info.plist would mark the app's own updates too, which then fail, and not the command line's files. */
async function quarantine(path: string): Promise<void> {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  await run('/usr/bin/xattr', ['-w', 'com.apple.quarantine', `${QUARANTINE_FLAGS};${seconds};Waybill;`, path]);
}
