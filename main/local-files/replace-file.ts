import writeFileAtomic from 'write-file-atomic';
import { withFileErrors } from './file-failure.ts';

/** Replaces a file atomically; only its owner can read it. @throws WaybillError `file` */
export async function replaceFile(path: string, text: string): Promise<void> {
  await withFileErrors(path, writeFileAtomic(path, text, { mode: 0o600 }));
}
