import { type Failure, isDenied, WaybillError } from '../../failure.ts';
import { within } from '../../http/within.ts';
import type { Connection } from '../../oss/connection.ts';
import { getBucketInfo, type Versioning } from '../../oss/operations/buckets.ts';
import { escapeControls } from '../../words/controls.ts';
import { text as sentence } from '../terminal/sentences.ts';
import type { CommandContext } from './command.ts';

/** How long a command waits for a word on versioning. */
const PATIENCE_MS = 10_000;

type VersionsKey = 'cli.form.versions.prefix' | 'cli.form.versions.slots' | 'cli.ticket.versions';

/**
 * Asks OSS about a bucket that something is signed for, which corrects the clock of the connection where OSS refuses it.
 * @returns its versioning; null where these credentials may not ask, or nothing answers within 10 seconds
 * @throws WaybillError where nothing that these credentials sign for the bucket can work
 */
export async function askVersioning(
  connection: Connection,
  bucket: string,
  { signal }: Pick<CommandContext, 'signal'>,
): Promise<Versioning | null> {
  const patience = within(PATIENCE_MS, signal);
  return getBucketInfo(connection, bucket, patience).then(
    (info) => info.versioning,
    (error: unknown) => {
      signal.throwIfAborted();
      if (patience.aborted || (error instanceof WaybillError && !isFatal(error.failure))) return null;
      throw error;
    },
  );
}

/**
 * Says that versioning makes OSS ignore the rule against overwriting, where it is on or couldn't be asked for. For what
 * forbids overwriting. `words`: what that means there.
 */
export function warnOfVersions(
  versioning: Versioning | null,
  { bucket, key = '' }: { readonly bucket: string; readonly key?: string },
  words: VersionsKey,
  { out }: Pick<CommandContext, 'out'>,
): void {
  if (versioning === 'never') return;
  const values = { bucket, key: escapeControls(key) };
  out.say(sentence(versioning === null ? 'cli.form.versions-unknown' : words, values));
}

/** Who may not ask may still sign, and a server that isn't reached or is busy says nothing of either. */
function isFatal(failure: Failure): boolean {
  if (failure.kind === 'credentials') return !isDenied(failure);
  if (failure.kind === 'oss') return ['no-such-bucket', 'wrong-endpoint', 'account-disabled'].includes(failure.cause);
  return failure.kind === 'input';
}
