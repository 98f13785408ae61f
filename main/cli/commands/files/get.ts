import type { PlannedTransfer } from '../../../transfers/queue/planned-transfer.ts';
import { type Address, parseAddress, parseObjectAddress } from '../../arguments/address.ts';
import { type Command, UsageError } from '../../arguments/command.ts';
import { connectInRole } from '../../arguments/connect.ts';
import { noMatchMessage, patternAbout, patternOptions, readPattern } from '../../arguments/key-pattern.ts';
import { readArgs, serverOptions } from '../../arguments/options.ts';
import { sessionOptions } from '../../arguments/session-options.ts';
import {
  forceOption,
  overwriteOption,
  queueOptions,
  readOverwrite,
  readTransferSettings,
  replacingBy,
} from '../../arguments/transfer-options.ts';
import { objectDownload, orderOf, patternDownload, prefixDownload } from '../../transfers/plans.ts';
import { runTransfers } from '../../transfers/transfer-run.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import type { OptionTable } from '../../usage/usage.ts';

const options = {
  recursive: { type: 'boolean', short: 'r', meaning: 'everything below a prefix; names are adapted to this computer' },
  ...overwriteOption('a file', 'fail'),
  ...forceOption,
  'version-id': { type: 'string', argument: 'ID', meaning: 'a specific version' },
  ...patternOptions,
  ...queueOptions,
  ...sessionOptions,
  ...serverOptions,
} as const satisfies OptionTable;

/** `get`: downloads a file, or with --recursive everything below a prefix. */
export const getCommand: Command = {
  usage: {
    forms: [
      ['get oss://bucket/key PATH', "download a file; into a folder it gets the key's last name"],
      ['get oss://bucket/prefix FOLDER --recursive', 'download all keys that start with the prefix'],
      ["get 'oss://bucket/*.gz' FOLDER", 'download what matches; with --recursive also what is in folders that match'],
    ],
    about: [
      'A file appears under its name only when it is complete and verified by CRC-64. Rerun the same command to resume.',
      'Files that a pattern names keep their path below the part of it without wildcards.',
      patternAbout,
    ],
    words: ['address', 'path'],
    options,
    examples: [
      { line: 'waybill get oss://photos/trip/beach.jpg .', meaning: 'One file, into this folder' },
      { line: 'waybill get oss://photos/trip/ trip --recursive', meaning: 'Everything below a prefix' },
      {
        line: 'waybill get oss://photos/trip/ trip --recursive --overwrite skip-same --limit 2M',
        meaning: 'Only what is new or has changed, with at most 2 MB a second',
      },
    ],
  },
  async run(args, context) {
    const { values, words } = readArgs(args, options, ['oss://bucket/key', 'PATH']);
    const [text = '', path = ''] = words;
    const isRecursive = values.recursive === true;
    const versionId = values['version-id'] ?? null;
    if (isRecursive && versionId !== null)
      throw new UsageError(sentence('cli.incompatible', { option: '--version-id', other: '--recursive' }));
    const address = isRecursive ? parseAddress(text) : parseObjectAddress(text);
    const connection = await connectInRole(values, context, address.bucket);
    const glob = await readPattern(address, values, { ...context, connection });
    const planned = await planOf({ address, versionId, glob, isRecursive }, path);
    const rule = readOverwrite(values.overwrite, 'refuse', replacingBy(values.force));
    const order = orderOf(planned, { command: 'get', rule, isJson: values.json === true, connection });
    const { code, transfers } = await runTransfers(order, readTransferSettings(values), context);
    if (code !== 0 || transfers[0]?.folder?.total !== 0) return code;
    const nothing = glob === null ? sentence('cli.no-matching-key') : noMatchMessage(address, { hasFolders: false });
    context.out.say(`get: ${nothing}\nCode: NoSuchKey`);
    return 1;
  },
};

async function planOf(
  source: { address: Address; versionId: string | null; glob: string | null; isRecursive: boolean },
  path: string,
): Promise<PlannedTransfer> {
  const { address, versionId, glob, isRecursive } = source;
  if (glob !== null) return patternDownload(address.bucket, { glob, isDeep: isRecursive }, path);
  return isRecursive ? prefixDownload(address, path) : objectDownload({ ...address, versionId }, path);
}
