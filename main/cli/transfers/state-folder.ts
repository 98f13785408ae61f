import { lstat, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { withFileErrors } from '../../local-files/file-failure.ts';
import { type CommandContext, UsageError } from '../arguments/command.ts';
import { text as sentence } from '../terminal/sentences.ts';

/** The state folder of the XDG Base Directory Specification; %LOCALAPPDATA% on Windows. */
export function usualFolder(env: CommandContext['env']): string {
  const own = env['WAYBILL_STATE_DIR'] ?? '';
  if (own !== '') return own;
  const state = env['XDG_STATE_HOME'] ?? (process.platform === 'win32' ? env['LOCALAPPDATA'] : undefined) ?? '';
  return join(state === '' ? join(homedir(), '.local', 'state') : state, 'waybill');
}

/** Windows has no user IDs; there the folder is in the user's profile, which others can't write. */
const userId = process.getuid?.() ?? null;

/** Permission bits of group and others: to write, and to do anything at all. */
const OTHERS_MAY_WRITE = 0o022;
const OTHERS_MAY_ACCESS = 0o077;

/** What is in the folder is carried out, so no one else may be able to put it there. @throws UsageError */
export async function checkStateFolder(place: string): Promise<void> {
  const { uid, mode } = await withFileErrors(place, stat(place));
  if (userId === null || (uid === userId && (mode & OTHERS_MAY_WRITE) === 0)) return;
  throw new UsageError(sentence('cli.state-folder', { folder: place }));
}

/** Whether this user's Waybill wrote a file: a copy that someone else put there has another owner or mode. */
export async function isOwnFile(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  if (found === null || !found.isFile() || found.nlink !== 1) return false;
  return userId === null || (found.uid === userId && (found.mode & OTHERS_MAY_ACCESS) === 0);
}
