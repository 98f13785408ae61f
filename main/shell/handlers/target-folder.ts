import { mkdir, stat } from 'node:fs/promises';
import { app } from 'electron';
import { WaybillError } from '../../failure.ts';

/**
 * Makes sure that a download has a folder to go to. The system's own download folder is made where it is missing (a fresh
 * home has none); any other must exist, since a disk that was pulled out must not come back as a folder on another one.
 * @throws WaybillError `file`
 */
export async function ensureTargetFolder(path: string): Promise<void> {
  if (path === app.getPath('downloads')) await mkdir(path, { recursive: true });
  const found = await stat(path).catch(() => null);
  if (found === null) throw new WaybillError({ kind: 'file', reason: 'missing', path });
  if (!found.isDirectory()) throw new WaybillError({ kind: 'file', reason: 'bad-name', path });
}
