import { mkdir, stat } from 'node:fs/promises';
import { app } from 'electron';
import { WaybillError } from '../../failure.ts';

/**
 * Ensures that a download folder exists. Only the system's own is created if missing, as in a fresh home. Creating any
 * other could turn the mount point of a detached disk into a plain folder.
 * @throws WaybillError `file`
 */
export async function ensureTargetFolder(path: string): Promise<void> {
  if (path === app.getPath('downloads')) await mkdir(path, { recursive: true });
  const found = await stat(path).catch(() => null);
  if (found === null) throw new WaybillError({ kind: 'file', reason: 'missing', path });
  if (!found.isDirectory()) throw new WaybillError({ kind: 'file', reason: 'bad-name', path });
}
