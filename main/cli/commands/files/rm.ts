import type { DeleteFailure } from '../../../oss/operations/deletes.ts';
import { deleteObject, deleteObjects } from '../../../oss/operations/deletes.ts';
import { type ListObjectsOptions, listObjects, type ObjectEntry } from '../../../oss/operations/listing.ts';
import { MAX_DELETE_KEYS } from '../../../oss/limits.ts';
import { formatBytes } from '../../../words/format.ts';
import { type Address, formatAddress, parseAddress, parseObjectAddress } from '../../arguments/address.ts';
import { type Command, UsageError } from '../../arguments/command.ts';
import { connectInRole } from '../../arguments/connect.ts';
import {
  findMatching,
  noMatchMessage,
  type PatternContext,
  patternAbout,
  patternOptions,
  readPattern,
} from '../../arguments/key-pattern.ts';
import { failureMessage } from '../../terminal/failure-message.ts';
import { readArgs, serverOptions } from '../../arguments/options.ts';
import { sessionOptions } from '../../arguments/session-options.ts';
import { escapeControls } from '../../../words/controls.ts';
import { sentences, text as sentence } from '../../terminal/sentences.ts';
import { isAnsweredYes } from '../../terminal/yes-question.ts';
import type { OptionTable } from '../../usage/usage.ts';

const options = {
  recursive: {
    ...{ type: 'boolean', short: 'r' },
    meaning: 'all keys that start with the prefix, in any folder; of a pattern, also what is in folders that match',
  },
  'version-id': { type: 'string', argument: 'ID', meaning: 'delete this version permanently' },
  'dry-run': { type: 'boolean', meaning: 'print the addresses of what would be deleted, and delete nothing' },
  yes: {
    type: 'boolean',
    meaning: 'delete what matches a pattern without being asked; required where there is no terminal',
  },
  ...patternOptions,
  ...sessionOptions,
  ...serverOptions,
} as const satisfies OptionTable;

/** Where to delete, and how to report it. */
interface Target extends PatternContext {
  readonly isJson: boolean;
  readonly isDryRun: boolean;
}

/** `rm`: deletes a file, a version permanently, files that match, or with --recursive everything below a prefix. */
export const rmCommand: Command = {
  usage: {
    forms: [
      ['rm oss://bucket/key', 'delete a file; with versioning on it gets a delete marker'],
      ['rm oss://bucket/prefix --recursive', 'delete all keys that start with the prefix'],
      ["rm 'oss://bucket/*.tmp'", 'delete the files that match, after asking'],
    ],
    about: [patternAbout],
    words: ['address'],
    options,
    examples: [
      { line: 'waybill rm oss://photos/trip/beach.jpg', meaning: 'Delete one file' },
      { line: 'waybill rm oss://photos/old/ --recursive --json', meaning: 'Delete a folder, and print each key' },
      { line: "waybill rm 'oss://logs/2025-*.gz' --dry-run", meaning: 'See what a pattern would delete' },
    ],
  },
  async run(args, context) {
    const { values, words } = readArgs(args, options, ['oss://bucket/key']);
    const [text = ''] = words;
    const isRecursive = values.recursive === true;
    const versionId = values['version-id'];
    if (isRecursive && versionId !== undefined)
      throw new UsageError(sentence('cli.incompatible', { option: '--version-id', other: '--recursive' }));
    const address = isRecursive ? parseAddress(text) : parseObjectAddress(text);
    const connection = await connectInRole(values, context, address.bucket);
    const flags = { isJson: values.json === true, isDryRun: values['dry-run'] === true };
    const target = { ...context, connection, ...flags };
    const glob = await readPattern(address, values, target);
    if (glob !== null) return removeMatching(target, address, { glob, isDeep: isRecursive }, values.yes === true);
    if (isRecursive) return removeAll(target, address.bucket, keysBelow(target, address));
    if (target.isDryRun) return removeAll(target, address.bucket, [[address]]);
    const deleted = await deleteObject(connection, { ...address, versionId }, context.signal);
    await context.out.answer(target.isJson ? JSON.stringify({ ...address, ...deleted }) : 'deleted 1');
    return 0;
  },
};

/** Deletes exactly the files that were counted for the question. */
async function removeMatching(
  target: Target,
  address: Address,
  pattern: { readonly glob: string; readonly isDeep: boolean },
  isConfirmed: boolean,
): Promise<number> {
  const { out, isDryRun } = target;
  const isAsking = !isConfirmed && !isDryRun;
  if (isAsking && out.ask === null) throw new UsageError(sentence('cli.rm.yes'));
  const matched = await findMatching(target, address.bucket, pattern);
  const { files } = matched;
  if (files.length === 0) {
    out.say(`rm: ${noMatchMessage(address, matched)}`);
    return 1;
  }
  if (isAsking && !(await isAnsweredYes(questionAbout(address, files), target))) {
    out.say(sentence('cli.rm.kept'));
    return 1;
  }
  return removeAll(target, address.bucket, batchesOf(files));
}

function questionAbout(address: Address, files: readonly ObjectEntry[]): string {
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const size = formatBytes(bytes, sentences.locale);
  return sentence('cli.rm.question', {
    ...{ address: escapeControls(formatAddress(address)), count: files.length, size },
    first: escapeControls(files[0]?.key ?? ''),
    last: escapeControls(files.at(-1)?.key ?? ''),
  });
}

type Keys = readonly { readonly key: string }[];

function* batchesOf(files: Keys): Generator<Keys> {
  for (let start = 0; start < files.length; start += MAX_DELETE_KEYS) yield files.slice(start, start + MAX_DELETE_KEYS);
}

async function* keysBelow({ connection, signal }: Target, { bucket, key: prefix }: Address): AsyncGenerator<Keys> {
  let options: ListObjectsOptions = { prefix, signal };
  for (;;) {
    const { objects } = await listObjects(connection, bucket, options);
    const last = objects.at(-1);
    if (last === undefined) return;
    yield objects;
    // Page tokens point at keys that are being deleted, so start after the last key instead.
    options = { ...options, startAfter: last.key };
  }
}

async function removeAll(
  target: Target,
  bucket: string,
  batches: AsyncIterable<Keys> | Iterable<Keys>,
): Promise<number> {
  const { connection, out, signal, isJson, isDryRun } = target;
  let count = 0;
  let failures = 0;
  for await (const keys of batches) {
    const { failed } = isDryRun ? { failed: [] } : await deleteObjects(connection, bucket, keys, signal);
    for (const one of failed) out.say(`${escapeControls(one.key)}: ${reasonOf(one)}`);
    const left = new Set(failed.map(({ key }) => key));
    const gone = keys.filter(({ key }) => !left.has(key));
    if (isJson && gone.length > 0) await out.answer(gone.map(({ key }) => JSON.stringify({ bucket, key })).join('\n'));
    else if (isDryRun)
      await out.answer(gone.map(({ key }) => escapeControls(formatAddress({ bucket, key }))).join('\n'));
    count += gone.length;
    failures += failed.length;
  }
  if (isDryRun) out.say(sentence('cli.rm.dry-run', { count }));
  else if (!isJson) await out.answer(`deleted ${count}`);
  return failures === 0 ? 0 : 1;
}

function reasonOf({ failure }: DeleteFailure): string {
  return failure === null ? sentence('browse.delete.no-reason') : failureMessage(failure);
}
