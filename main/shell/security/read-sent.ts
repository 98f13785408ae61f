import { WaybillError } from '../../failure.ts';
import { type Recognised, recognise } from '../../links/receiving/recognise.ts';
import { readStart } from '../../local-files/read-text.ts';
import type { GrantedPaths } from './granted-paths.ts';

/** A text that somebody was sent, or a file that holds it. */
type Sent = { readonly text: string } | { readonly path: string };

/** How much of a file is read, in bytes: far more than credentials take. */
const MAX_BYTES = 1024 ** 2;

/**
 * The text itself, or the start of the file: its secrets never pass through the page.
 * @throws WaybillError `input` unless the person gave the file, `file` if it can't be read
 */
export async function readSent(sent: Sent, paths: GrantedPaths): Promise<string> {
  if ('text' in sent) return sent.text;
  paths.checkReadable([sent.path]);
  return readStart(sent.path, MAX_BYTES);
}

/** How much of a file is looked at, in bytes. */
const RECOGNISED_BYTES = 256 * 1024;

/** Says what a file is by its start; null for folders, devices and pipes too. It throws nothing but our own mistakes. */
export async function recogniseFile(path: string): Promise<Recognised> {
  try {
    return recognise(await readStart(path, RECOGNISED_BYTES));
  } catch (error) {
    if (!(error instanceof WaybillError)) throw error;
    const { failure } = error;
    return failure.kind === 'file' && failure.reason === 'not-a-file' ? null : failure;
  }
}
