import writeFileAtomic from 'write-file-atomic';
import { withFileErrors } from './file-failure.ts';

/** Writes a file that its owner alone can read, whole or not at all, over one that is there. @throws WaybillError `file` */
export async function replaceFile(path: string, text: string): Promise<void> {
  await withFileErrors(path, writeFileAtomic(path, text, { mode: 0o600 }));
}
