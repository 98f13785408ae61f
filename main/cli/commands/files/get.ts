import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { safeName } from '../../../local-files/safe-name.ts';
import { baseName } from '../../../oss/key-path.ts';
import type { PlannedTransfer } from '../../../transfers/queue/planned-transfer.ts';
import type { Transfer } from '../../../transfers/tasks/transfer.ts';
import { parseAddress, parseObjectAddress } from '../../arguments/address.ts';
import { type Command, UsageError } from '../../arguments/command.ts';
import { connectInRole, ENVIRONMENT } from '../../arguments/connect.ts';
import { readArgs, serverOptions } from '../../arguments/options.ts';
import { sessionOptions } from '../../arguments/session-options.ts';
import { escapeControls } from '../../../words/controls.ts';
import {
  forceOption,
  overwriteOption,
  queueOptions,
  readOverwrite,
  readTransferSettings,
} from '../../arguments/transfer-options.ts';
import { type DoneState, runTransfers, type TransferOrder } from '../../transfers/transfer-run.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import type { OptionTable } from '../../usage/usage.ts';

const options = {
  recursive: { type: 'boolean', meaning: 'everything below a prefix; names are adapted to this computer' },
  ...overwriteOption('a file', 'fail'),
  ...forceOption,
  'version-id': { type: 'string', argument: 'ID', meaning: 'a specific version' },
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
    ],
    about: [
      'A file appears under its name only when it is complete and verified by CRC-64. Rerun the same command to resume.',
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
    const found = isRecursive ? prefixOf(text, path) : await objectOf(text, path, versionId);
    const connection = await connectInRole(values, context, parseAddress(text).bucket);
    const order: TransferOrder = {
      ...{ command: 'get', direction: 'down', connection },
      rule: readOverwrite(values.overwrite, 'refuse', replacingBy(values.force)),
      identity: [connection.server, found.work, resolve(path)],
      work: found.work,
      fill: (queue, known) => (known.length === 0 ? queue.add([found]) : undefined),
      answerOf: (transfer, done) => (isMadeFolder(transfer) ? null : fileAnswer(transfer, done, values.json === true)),
      nameOf: isRecursive ? ({ key }) => escapeControls(key) : null,
    };
    const { code, transfers } = await runTransfers(order, readTransferSettings(values), context);
    if (code !== 0 || transfers[0]?.folder?.total !== 0) return code;
    context.out.say(`get: ${sentence('cli.no-matching-key')}\nCode: NoSuchKey`);
    return 1;
  },
};

/** `--force` as a rule. */
export function replacingBy(force: boolean | undefined): Parameters<typeof readOverwrite>[2] {
  return { name: '--force', isGiven: force === true, rule: 'replace' };
}

/** The file to write; a folder gets the last name of the key. */
export async function targetOf(path: string, key: string): Promise<string> {
  const name = key.replace(/\/+$/, '');
  return (await isFolder(path)) ? join(path, safeName(baseName(name))) : path;
}

/** Whether a path is a folder, or means one by its last slash. */
export async function isFolder(path: string): Promise<boolean> {
  return path.endsWith('/') || (await stat(path).catch(() => null))?.isDirectory() === true;
}

/** The output for a saved file. */
export function fileAnswer({ localPath }: Transfer, { verified, versionId }: DoneState, isJson: boolean): string {
  return isJson ? JSON.stringify({ path: localPath, verified, versionId }) : escapeControls(localPath ?? '');
}

async function objectOf(text: string, path: string, versionId: string | null): Promise<PlannedTransfer> {
  const { bucket, key } = parseObjectAddress(text);
  const target = await targetOf(path, key);
  const object = { accountId: ENVIRONMENT, bucket, key, versionId };
  const work = { kind: 'download', what: 'object', ...object, path: target } as const;
  return { work, name: basename(target), sizeBytes: null, failure: null };
}

function prefixOf(text: string, path: string): PlannedTransfer {
  const { bucket, key } = parseAddress(text);
  const work = { kind: 'download-folder', accountId: ENVIRONMENT, bucket, key, path } as const;
  return { work, name: basename(path), sizeBytes: null, failure: null };
}

/** Whether an empty object that stands for a folder became that folder: it isn't reported as a file. */
function isMadeFolder({ key, sizeBytes, folderId }: Transfer): boolean {
  return folderId !== null && (key.endsWith('/') || sizeBytes === null) && (sizeBytes ?? 0) === 0;
}
