import { stat } from 'node:fs/promises';
import { WaybillError } from '../../failure.ts';

/** Refuses what is no folder. @throws WaybillError `file` `missing` */
export async function mustBeFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (!found?.isDirectory()) throw new WaybillError({ kind: 'file', reason: 'missing', path });
}
