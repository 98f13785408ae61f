import { readStart } from '../../local-files/read-text.ts';
import type { GrantedPaths } from '../security/granted-paths.ts';

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
