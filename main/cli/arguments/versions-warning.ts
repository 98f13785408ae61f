import { WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { getBucketInfo } from '../../oss/operations/buckets.ts';
import { escapeControls } from '../../words/controls.ts';
import { text as sentence } from '../terminal/sentences.ts';
import type { CommandContext } from './command.ts';

/** How long a command waits for a word on versioning. */
const PATIENCE_MS = 10_000;

type VersionsKey = 'cli.form.versions.prefix' | 'cli.form.versions.slots' | 'cli.ticket.versions';

/**
 * Says that versioning makes OSS ignore the rule against overwriting, where it is on or can't be asked for. For what
 * forbids overwriting. `words`: what that means there.
 */
export async function warnOfVersions(
  connection: Connection,
  { bucket, key = '' }: { readonly bucket: string; readonly key?: string },
  words: VersionsKey,
  { out, signal }: CommandContext,
): Promise<void> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const versioning = await getBucketInfo(connection, bucket, patience).then(
    (info) => info.versioning,
    (error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof WaybillError || patience.aborted) return null;
      throw error;
    },
  );
  if (versioning === 'never') return;
  const values = { bucket, key: escapeControls(key) };
  out.say(sentence(versioning === null ? 'cli.form.versions-unknown' : words, values));
}
