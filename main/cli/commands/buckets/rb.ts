import { serviceEndpoint } from '../../../accounts/bucket-place.ts';
import { toFailure } from '../../../failure.ts';
import { deleteBucket } from '../../../oss/operations/bucket-settings.ts';
import { deleteObjects } from '../../../oss/operations/deletes.ts';
import { abortMultipartUpload, listMultipartUploads } from '../../../oss/operations/multipart.ts';
import { versionPages } from '../../../oss/operations/ranges/version-pages.ts';
import { listVersions } from '../../../oss/operations/versions.ts';
import { REQUEST_RETRY, retry } from '../../../transfers/retry-policy.ts';
import { escapeControls } from '../../../words/controls.ts';
import { formatBytes } from '../../../words/format.ts';
import { parseBucketAddress } from '../../arguments/address.ts';
import { type Command, type CommandContext, UsageError } from '../../arguments/command.ts';
import { connectInRole, type EnvironmentConnection } from '../../arguments/connect.ts';
import { readArgs, serverOptions } from '../../arguments/options.ts';
import { sessionOptions } from '../../arguments/session-options.ts';
import { failureMessage } from '../../terminal/failure-message.ts';
import { sentences, text as sentence } from '../../terminal/sentences.ts';
import { isAnsweredYes } from '../../terminal/yes-question.ts';
import type { OptionTable } from '../../usage/usage.ts';

/** Where to delete, and how to report it. */
interface Target extends CommandContext {
  readonly connection: EnvironmentConnection;
  readonly bucket: string;
}

const options = {
  force: { type: 'boolean', meaning: 'delete all files, versions and incomplete uploads in it first; asks before' },
  yes: { type: 'boolean', meaning: "don't ask; required with --force where there is no terminal" },
  ...sessionOptions,
  ...serverOptions,
} as const satisfies OptionTable;

/** `rb`: deletes a bucket, with --force all that is in it. */
export const rbCommand: Command = {
  usage: {
    forms: [
      ['rb oss://bucket', 'delete an empty bucket'],
      ['rb oss://bucket --force', 'permanently delete a bucket with all that is in it'],
    ],
    about: [
      'Afterwards anyone can take the name. A file that is stored while --force runs keeps the bucket, and the exit code is 1.',
    ],
    words: ['bucket'],
    options,
    examples: [
      { line: 'waybill rb oss://my-photos', meaning: 'Delete an empty bucket' },
      { line: 'waybill rb oss://my-photos --force', meaning: 'Delete a bucket and its files, after a question' },
    ],
  },
  async run(args, context) {
    const { values, words } = readArgs(args, options, ['oss://bucket']);
    const bucket = parseBucketAddress(words[0] ?? '');
    const { out } = context;
    const isForced = values.force === true;
    if (!isForced && values.yes === true)
      throw new UsageError(sentence('cli.requires', { option: '--yes', other: '--force' }));
    const isAsking = isForced && values.yes !== true;
    if (isAsking && out.ask === null) throw new UsageError(sentence('cli.rb.yes'));
    const connection = await connectInRole(values, context, bucket);
    const target = { ...context, connection, bucket };
    if (isAsking && !(await isAnsweredYes(await questionAbout(target), context))) {
      out.say(sentence('cli.rb.kept', { bucket }));
      return 1;
    }
    if (isForced && !(await empty(target))) return 1;
    await remove(target, isForced);
    await out.answer(values.json === true ? JSON.stringify({ name: bucket }) : `deleted oss://${bucket}`);
    return 0;
  },
};

async function questionAbout({ connection, bucket, signal }: Target): Promise<string> {
  const found = { count: 0, versions: 0, uploads: 0 };
  let bytes = 0;
  for await (const { versions } of versionPages(connection, bucket, { signal })) {
    for (const { isLatest, deleteMarker, sizeBytes } of versions) {
      found[isLatest && !deleteMarker ? 'count' : 'versions'] += 1;
      bytes += sizeBytes;
    }
  }
  for await (const uploads of uploadPages(connection, bucket, signal)) found.uploads += uploads.length;
  return sentence('cli.rb.question', { bucket, ...found, size: formatBytes(bytes, sentences.locale) });
}

type Uploads = Awaited<ReturnType<typeof listMultipartUploads>>['uploads'];

async function* uploadPages(
  connection: EnvironmentConnection,
  bucket: string,
  signal: AbortSignal,
): AsyncGenerator<Uploads> {
  let marks: { keyMarker: string; uploadIdMarker: string | undefined } | null = null;
  do {
    const page = await listMultipartUploads(connection, bucket, { ...marks, maxUploads: 1000, signal });
    yield page.uploads;
    const { nextKeyMarker: keyMarker, nextUploadIdMarker } = page;
    marks = keyMarker === null ? null : { keyMarker, uploadIdMarker: nextUploadIdMarker ?? undefined };
  } while (marks !== null);
}

/** Deletes all that keeps OSS from deleting the bucket. Returns whether nothing was refused. */
async function empty({ connection, bucket, out, signal }: Target): Promise<boolean> {
  const ask = <T>(operation: () => Promise<T>): Promise<T> => retry(operation, REQUEST_RETRY, signal);
  for (;;) {
    // From the start each time: a marker names a version that is gone.
    const { versions } = await ask(() => listVersions(connection, bucket, { maxKeys: 1000, signal }));
    if (versions.length === 0) break;
    const { failed } = await ask(() => deleteObjects(connection, bucket, versions, signal));
    for (const { key, failure } of failed) {
      const reason = failure === null ? sentence('browse.delete.no-reason') : failureMessage(failure);
      out.say(`${escapeControls(key)}: ${reason}`);
    }
    if (failed.length > 0) return false;
  }
  for await (const uploads of uploadPages(connection, bucket, signal)) {
    for (const { key, uploadId } of uploads)
      await ask(() => abortMultipartUpload(connection, { bucket, key, uploadId }, signal));
  }
  return true;
}

async function remove({ connection, bucket, out }: Target, wasEmptied: boolean): Promise<void> {
  const { server, region } = connection;
  try {
    await deleteBucket({ ...connection, endpoint: serviceEndpoint({ endpoint: server, region }) }, bucket);
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'oss' && failure.code === 'BucketNotEmpty')
      out.say(sentence(wasEmptied ? 'cli.rb.filled' : 'cli.rb.not-empty', { bucket }));
    throw error;
  }
}
