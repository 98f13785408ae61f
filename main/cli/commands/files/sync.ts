import { resolve } from 'node:path';
import { prefixOf, type SyncRule } from '../../../sync/rule.ts';
import { parseAddress } from '../../arguments/address.ts';
import { type Command, UsageError } from '../../arguments/command.ts';
import { connectInRole } from '../../arguments/connect.ts';
import { readArgs, serverOptions } from '../../arguments/options.ts';
import { sessionOptions } from '../../arguments/session-options.ts';
import { queueOptions, readTransferSettings } from '../../arguments/transfer-options.ts';
import { SyncCommand } from '../../sync/sync-command.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import type { OptionTable } from '../../usage/usage.ts';

const options = {
  delete: {
    type: 'boolean',
    meaning: 'delete at the target what the source does not have; comes last, if all else worked',
  },
  'dry-run': { type: 'boolean', meaning: 'print what would be done, one path a line, and do nothing' },
  checksum: {
    type: 'boolean',
    meaning: 'compare by size and CRC-64 instead of size and time; reads every file of equal size',
  },
  update: { type: 'boolean', meaning: 'keep what is newer at the target' },
  include: {
    ...{ type: 'string', multiple: true, argument: 'PATTERN' },
    meaning: "only these paths, such as '*.jpg' or /photos/",
  },
  exclude: {
    ...{ type: 'string', multiple: true, argument: 'PATTERN' },
    meaning: 'not these paths: neither transferred nor deleted',
  },
  yes: { type: 'boolean', meaning: 'with --delete, empty the target even if the source has no files' },
  ...queueOptions,
  ...sessionOptions,
  ...serverOptions,
} as const satisfies OptionTable;

/** `sync`: makes a prefix like a folder, or a folder like a prefix. */
export const syncCommand: Command = {
  usage: {
    forms: [
      ['sync FOLDER oss://bucket/prefix', 'upload what is new or changed in the folder'],
      ['sync oss://bucket/prefix FOLDER', 'download what is new or changed below the prefix'],
    ],
    about: [
      'Patterns are those of .gitignore without "!": * and ? stay within a name, ** crosses folders, [a-z] is one character; a pattern with a slash at its start or within counts from the top.',
      'Each step is carried out only if its file and object are still what was compared. Rerun the same command to resume.',
    ],
    words: ['path', 'address'],
    options,
    examples: [
      { line: 'waybill sync site oss://documents/site/ --delete --dry-run', meaning: 'See what would change' },
      { line: "waybill sync photos oss://backup/photos/ --exclude '*.tmp'", meaning: 'Back up a folder' },
      { line: 'waybill sync oss://backup/photos/ photos', meaning: 'Bring it back' },
    ],
  },
  async run(args, context) {
    const { values, words } = readArgs(args, options, ['SOURCE', 'TARGET']);
    const [source = '', target = ''] = words;
    const rule: SyncRule = {
      ...sidesOf(source, target),
      compare: values.checksum === true ? 'checksum' : 'time',
      keepsNewer: values.update === true,
      deletes: values.delete === true,
      include: values.include ?? [],
      exclude: values.exclude ?? [],
    };
    const connection = await connectInRole(values, context, rule.bucket);
    const isJson = values.json === true;
    const command = new SyncCommand({ rule, connection, isJson, settings: readTransferSettings(values) }, context);
    return values['dry-run'] === true ? command.preview() : command.run(values.yes === true);
  },
};

function sidesOf(source: string, target: string): Pick<SyncRule, 'direction' | 'folder' | 'bucket' | 'prefix'> {
  const isDown = source.startsWith('oss://');
  if (isDown === target.startsWith('oss://')) throw new UsageError(sentence('cli.sync.sides'));
  const [folder, address] = isDown ? [target, source] : [source, target];
  // As a path, an empty text would be the current folder: `sync … "$DIR" --delete` would empty it if DIR isn't set.
  if (folder === '') throw new UsageError(sentence('cli.missing-argument', { name: 'FOLDER' }));
  const { bucket, key } = parseAddress(address);
  return { direction: isDown ? 'down' : 'up', folder: resolve(folder), bucket, prefix: prefixOf(key) };
}
