import { basename, resolve } from 'node:path';
import { isFolder } from '../../../local-files/walk.ts';
import type { PlannedTransfer } from '../../../transfers/queue/expand.ts';
import { type Address, formatAddress, parseAddress } from '../../arguments/address.ts';
import { type Command, UsageError } from '../../arguments/command.ts';
import { connectInRole, ENVIRONMENT } from '../../arguments/connect.ts';
import { readArgs, serverHelp, serverOptions } from '../../arguments/options.ts';
import { sessionHelp, sessionOptions } from '../../arguments/session-options.ts';
import { escapeControls } from '../../../words/controls.ts';
import {
  overwriteHelp,
  queueHelp,
  queueOptions,
  readOverwrite,
  readTransferSettings,
} from '../../arguments/transfer-options.ts';
import { runTransfers, type TransferOrder } from '../../transfers/transfer-run.ts';
import { text as sentence } from '../../terminal/sentences.ts';

/** `put`: uploads a file, or a folder with --recursive. */
export const putCommand: Command = {
  help: `put FILE oss://bucket/key      upload a file; a missing key, or one that ends with /, gets the file's name
put FOLDER oss://bucket/prefix/ --recursive   upload the folder's content below the prefix

  --recursive          for folders; symlinks to files are followed, those to folders reported
${overwriteHelp('an object', 'replace')}
  --forbid-overwrite   same as --overwrite fail (OSS ignores this with versioning on)
${queueHelp}
${sessionHelp}
${serverHelp}

Large files are uploaded in parts, and every upload is verified by CRC-64. Rerun the same command to resume.`,
  async run(args, context) {
    const options = {
      ...serverOptions,
      ...sessionOptions,
      ...queueOptions,
      recursive: { type: 'boolean' },
      overwrite: { type: 'string' },
      'forbid-overwrite': { type: 'boolean' },
    } as const;
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
