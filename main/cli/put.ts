import { basename } from 'node:path';
import { WaybillError } from '../failure.ts';
import { isFolder, walk } from '../local-files/walk.ts';
import type { Outcome } from '../transfers/byte-work.ts';
import { uploadFolder } from '../transfers/upload.ts';
import { type Address, formatAddress, parseAddress } from './address.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { connect, type EnvironmentConnection } from './connect.ts';
import { forMany } from './many.ts';
import { silent, upload } from './moves.ts';
import { readArgs, serverHelp, serverOptions } from './options.ts';
import { shown } from './output.ts';

/** How objects are put. */
interface PutContext extends CommandContext {
  readonly connection: EnvironmentConnection;
  readonly existing: 'replace' | 'keep';
  readonly json: boolean;
}

/** `put`: a file, or a folder with --recursive. */
export const putCommand: Command = {
  help: `put FILE oss://bucket/key      upload a file; a key that is missing or ends in / gets the file's name
put FOLDER oss://bucket/prefix/ --recursive   upload what is in the folder, below the prefix

  --recursive          for a folder: links to files are followed, links to folders reported
  --forbid-overwrite   fail where an object exists (OSS ignores this in a bucket with versions); else it is replaced
${serverHelp}

Large files go up in parts. Every upload is compared with OSS by CRC-64.`,
  async run(args, context) {
    const options = {
      ...serverOptions,
      recursive: { type: 'boolean' },
      'forbid-overwrite': { type: 'boolean' },
    } as const;
    const { values, words } = readArgs(args, options, ['FILE', 'oss://bucket/key']);
    const [path = '', text = ''] = words;
    const address = parseAddress(text);
    const put: PutContext = {
      ...context,
      connection: connect(values, context),
      existing: values['forbid-overwrite'] === true ? 'keep' : 'replace',
      json: values.json === true,
    };
    if (values.recursive === true) return putFolder(put, path, address);
    const key = address.key === '' || address.key.endsWith('/') ? address.key + basename(path) : address.key;
    await putFile(put, path, { ...address, key });
    return 0;
  },
};

async function putFile(put: PutContext, path: string, address: Address): Promise<void> {
  const { connection, existing, signal } = put;
  await tell(put, address, await upload({ connection, existing, ...address, path }, signal));
}

async function putFolder(put: PutContext, folder: string, { bucket, key }: Address): Promise<number> {
  if (!(await isFolder(folder))) throw new UsageError(`"${folder}" is no folder: leave --recursive away.`);
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
  const failed = await forMany(
    walk(folder),
    put,
    ({ path }) => shown(path),
    async (found) => {
      // The folder's own name is no part of the keys.
      const rest = found.relativePath.slice(found.relativePath.indexOf('/') + 1);
      const isRoot = !found.relativePath.includes('/');
      if (found.kind === 'unreadable') throw new WaybillError(found.failure);
      if (found.kind === 'file') return putFile(put, found.path, { bucket, key: prefix + rest });
      if (isRoot && prefix === '') return;
      const address = { bucket, key: isRoot ? prefix : `${prefix}${rest}/` };
      const { connection, existing, signal } = put;
      await tell(put, address, await uploadFolder({ connection, existing, ...address }, silent(signal)));
    },
  );
  return failed === 0 ? 0 : 1;
}

async function tell({ out, json }: PutContext, address: Address, { verified, versionId }: Outcome): Promise<void> {
  const { bucket, key } = address;
  await out.answer(json ? JSON.stringify({ bucket, key, verified, versionId }) : shown(formatAddress(address)));
}
