import { basename, resolve } from 'node:path';
import { isFolder } from '../../../local-files/walk.ts';
import type { PlannedTransfer } from '../../../transfers/queue/planned-transfer.ts';
import { type Address, formatAddress, parseAddress } from '../../arguments/address.ts';
import { type Command, UsageError } from '../../arguments/command.ts';
import { connectInRole, ENVIRONMENT } from '../../arguments/connect.ts';
import { readArgs, serverOptions } from '../../arguments/options.ts';
import { sessionOptions } from '../../arguments/session-options.ts';
import { escapeControls } from '../../../words/controls.ts';
import {
  overwriteOption,
  queueOptions,
  readOverwrite,
  readTransferSettings,
} from '../../arguments/transfer-options.ts';
import { runTransfers, type TransferOrder } from '../../transfers/transfer-run.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import type { OptionTable } from '../../usage/usage.ts';

const options = {
  recursive: { type: 'boolean', meaning: 'for folders; symlinks to files are followed, those to folders reported' },
  ...overwriteOption('an object', 'replace'),
  'forbid-overwrite': { type: 'boolean', meaning: 'same as --overwrite fail (OSS ignores this with versioning on)' },
  ...queueOptions,
  ...sessionOptions,
  ...serverOptions,
} as const satisfies OptionTable;

/** `put`: uploads a file, or a folder with --recursive. */
export const putCommand: Command = {
  usage: {
    forms: [
      ['put FILE oss://bucket/key', "upload a file; a missing key, or one that ends with /, gets the file's name"],
      ['put FOLDER oss://bucket/prefix/ --recursive', "upload the folder's content below the prefix"],
    ],
    about: [
      'Large files are uploaded in parts, and every upload is verified by CRC-64. Rerun the same command to resume.',
    ],
    words: ['path', 'address'],
    options,
    examples: [
      { line: 'waybill put report.pdf oss://documents/2026/', meaning: 'Upload a file under its own name' },
      { line: 'waybill put site oss://documents/site/ --recursive', meaning: "A folder's content" },
      {
        line: 'waybill put report.pdf oss://documents/final.pdf --overwrite fail',
        meaning: 'Under another name, which may not exist yet',
      },
    ],
  },
  async run(args, context) {
    const { values, words } = readArgs(args, options, ['FILE', 'oss://bucket/key']);
    const [path = '', text = ''] = words;
    const connection = await connectInRole(values, context, parseAddress(text).bucket);
    const short = { name: '--forbid-overwrite', isGiven: values['forbid-overwrite'] === true, rule: 'refuse' } as const;
    const rule = readOverwrite(values.overwrite, 'replace', short);
    const isRecursive = values.recursive === true;
    const found = isRecursive ? await folderOf(path, parseAddress(text)) : fileOf(path, parseAddress(text));
    const order: TransferOrder = {
      ...{ command: 'put', direction: 'up', rule, connection },
      identity: [connection.server, found.work, resolve(path)],
      work: found.work,
      fill: (queue, known) => (known.length === 0 ? queue.add([found]) : undefined),
      answerOf: ({ bucket, key }, { verified, versionId }) =>
        values.json === true
          ? JSON.stringify({ bucket, key, verified, versionId })
          : escapeControls(formatAddress({ bucket: bucket ?? '', key })),
      nameOf: isRecursive ? ({ localPath }) => escapeControls(localPath ?? '') : null,
    };
    return (await runTransfers(order, readTransferSettings(values), context)).code;
  },
};

function fileOf(path: string, { bucket, key }: Address): PlannedTransfer {
  const name = basename(path);
  const whole = key === '' || key.endsWith('/') ? key + name : key;
  const work = { kind: 'upload', what: 'file', accountId: ENVIRONMENT, bucket, key: whole, path } as const;
  return { work, name, sizeBytes: null, failure: null };
}

async function folderOf(path: string, { bucket, key }: Address): Promise<PlannedTransfer> {
  if (!(await isFolder(path))) throw new UsageError(sentence('cli.put.no-folder', { path }));
  // Keys don't include the folder's own name.
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
  const work = { kind: 'upload-folder', accountId: ENVIRONMENT, bucket, key: prefix, path } as const;
  return { work, name: basename(path), sizeBytes: null, failure: null };
}
