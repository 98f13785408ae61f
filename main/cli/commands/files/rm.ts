import { deleteObject, deleteObjects } from '../../../oss/operations/deletes.ts';
import { listObjects } from '../../../oss/operations/listing.ts';
import { type Address, parseAddress, parseObjectAddress } from '../../arguments/address.ts';
import { type Command, type CommandContext, UsageError } from '../../arguments/command.ts';
import { connectInRole, type EnvironmentConnection } from '../../arguments/connect.ts';
import { failureMessage } from '../../terminal/failure-message.ts';
import { readArgs, serverOptions } from '../../arguments/options.ts';
import { sessionOptions } from '../../arguments/session-options.ts';
import { escapeControls } from '../../../words/controls.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import type { OptionTable } from '../../usage/usage.ts';

const options = {
  recursive: { type: 'boolean', meaning: 'all keys that start with the prefix, in any folder' },
  'version-id': { type: 'string', argument: 'ID', meaning: 'delete this version permanently' },
  ...sessionOptions,
  ...serverOptions,
} as const satisfies OptionTable;

/** `rm`: deletes a file, a version permanently, or with --recursive everything below a prefix. */
export const rmCommand: Command = {
  usage: {
    forms: [
      ['rm oss://bucket/key', 'delete a file; with versioning on it gets a delete marker'],
      ['rm oss://bucket/prefix --recursive', 'delete all keys that start with the prefix'],
    ],
    words: ['address'],
    options,
    examples: [
      { line: 'waybill rm oss://photos/trip/beach.jpg', meaning: 'Delete one file' },
      { line: 'waybill rm oss://photos/old/ --recursive --json', meaning: 'Delete a folder, and print each key' },
    ],
  },
  async run(args, context) {
    const { values, words } = readArgs(args, options, ['oss://bucket/key']);
    const [text = ''] = words;
    const json = values.json === true;
    const versionId = values['version-id'];
    if (values.recursive === true) {
      if (versionId !== undefined)
        throw new UsageError(sentence('cli.incompatible', { option: '--version-id', other: '--recursive' }));
      const below = parseAddress(text);
      return removePrefix({ ...context, json, connection: await connectInRole(values, context, below.bucket) }, below);
    }
    const address = parseObjectAddress(text);
    const connection = await connectInRole(values, context, address.bucket);
    const deleted = await deleteObject(connection, { ...address, versionId }, context.signal);
    await context.out.answer(json ? JSON.stringify({ ...address, ...deleted }) : 'deleted 1');
    return 0;
  },
};

async function removePrefix(
  { out, signal, json, connection }: CommandContext & { connection: EnvironmentConnection; json: boolean },
  { bucket, key: prefix }: Address,
): Promise<number> {
  let count = 0;
  let failures = 0;
  let startAfter = '';
  for (;;) {
    // Page tokens point at keys that are being deleted, so start after the last key instead.
    const { objects } = await listObjects(connection, bucket, { prefix, startAfter, signal });
    const last = objects.at(-1);
    if (last === undefined) break;
    const { failed } = await deleteObjects(connection, bucket, objects, signal);
    for (const { key, failure } of failed) {
      out.say(
        `${escapeControls(key)}: ${failure === null ? sentence('browse.delete.no-reason') : failureMessage(failure)}`,
      );
    }
    const left = new Set(failed.map(({ key }) => key));
    if (json) for (const { key } of objects) if (!left.has(key)) await out.answer(JSON.stringify({ bucket, key }));
    count += objects.length - failed.length;
    failures += failed.length;
    startAfter = last.key;
  }
  if (!json) await out.answer(`deleted ${count}`);
  return failures === 0 ? 0 : 1;
}
