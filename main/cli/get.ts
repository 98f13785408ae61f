import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { WaybillError } from '../failure.ts';
import { onFile } from '../local-files/file-failure.ts';
import { exists } from '../local-files/free-path.ts';
import { LocalNames } from '../local-files/local-names.ts';
import { safeName } from '../local-files/safe-name.ts';
import { listObjects } from '../oss/listing.ts';
import { accountSource, type ObjectSource } from '../transfers/object-source.ts';
import { type Address, parseAddress, parseObjectAddress } from './address.ts';
import type { Command, CommandContext } from './command.ts';
import { connect, type EnvironmentConnection } from './connect.ts';
import { forMany } from './many.ts';
import { download } from './moves.ts';
import { readArgs, serverHelp, serverOptions } from './options.ts';
import { shown } from './output.ts';

/** How objects are got. */
interface GetContext extends CommandContext {
  readonly connection: EnvironmentConnection;
  readonly force: boolean;
  readonly json: boolean;
}

/** `get`: an object, or with --recursive all below a prefix. */
export const getCommand: Command = {
  help: `get oss://bucket/key PATH     download an object; into a folder under the key's last name
get oss://bucket/prefix FOLDER --recursive   download all whose keys begin with the prefix

  --recursive          all below a prefix; names are made safe for this computer
  --force              replace files that exist; else they stay and the command fails
  --version-id ID      a certain version
${serverHelp}

A file appears under its name only when it is complete and compared with OSS by CRC-64.`,
  async run(args, context) {
    const options = {
      ...serverOptions,
      recursive: { type: 'boolean' },
      force: { type: 'boolean' },
      'version-id': { type: 'string' },
    } as const;
    const { values, words } = readArgs(args, options, ['oss://bucket/key', 'PATH']);
    const [text = '', path = ''] = words;
    const isRecursive = values.recursive === true;
    const address = isRecursive ? parseAddress(text) : parseObjectAddress(text);
    const get: GetContext = {
      ...context,
      connection: connect(values, context),
      force: values.force === true,
      json: values.json === true,
    };
    if (isRecursive) return getPrefix(get, address, path);
    const source = accountSource(get.connection, { ...address, versionId: values['version-id'] });
    await saveAs(get, source, await targetOf(path, address.key));
    return 0;
  },
};

/** The file to write: in a folder under the last name of the key. */
export async function targetOf(path: string, key: string): Promise<string> {
  const isFolder = path.endsWith('/') || (await stat(path).catch(() => null))?.isDirectory() === true;
  const name = key.replace(/\/+$/, '');
  return isFolder ? join(path, safeName(name.slice(name.lastIndexOf('/') + 1))) : path;
}

/** Saves an object as a file, and prints where. @throws WaybillError `file` `exists` without `force` */
export async function saveAs(
  { out, signal, force, json }: CommandContext & { readonly force: boolean; readonly json: boolean },
  source: ObjectSource,
  target: string,
): Promise<void> {
  if (!force && (await exists(target))) throw new WaybillError({ kind: 'file', reason: 'exists', path: target });
  const { verified, versionId } = await download({ source, target, replace: force }, signal);
  if (verified === 'length') out.say(`${shown(target)}: the server sent no CRC-64, so only the length was compared.`);
  await out.answer(json ? JSON.stringify({ path: target, verified, versionId }) : shown(target));
}

async function getPrefix(get: GetContext, address: Address, folder: string): Promise<number> {
  const names = new LocalNames();
  const { bucket, key: prefix } = address;
  const base = prefix.lastIndexOf('/') + 1;
  const failed = await forMany(
    keysBelow(get, address),
    get,
    ({ key }) => shown(key),
    async ({ key, sizeBytes }) => {
      const rest = key.slice(base);
      const isFolder = rest === '' || (rest.endsWith('/') && sizeBytes === 0);
      const path = join(folder, names.pathOf(rest.endsWith('/') && !isFolder ? `${rest}_` : rest));
      if (isFolder) await onFile(path, mkdir(path, { recursive: true }));
      else await saveAs(get, accountSource(get.connection, { bucket, key }), path);
    },
  );
  return failed === 0 ? 0 : 1;
}

/** All objects whose keys begin with the prefix. @throws WaybillError where there is none */
async function* keysBelow(
  { connection, signal }: GetContext,
  { bucket, key: prefix }: Address,
): AsyncGenerator<{ readonly key: string; readonly sizeBytes: number }> {
  let pageToken: string | undefined;
  let count = 0;
  do {
    const page = await listObjects(connection, bucket, { prefix, pageToken, signal });
    yield* page.objects;
    count += page.objects.length;
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
  if (count === 0) {
    const message = 'No key begins with this prefix.';
    throw new WaybillError({ kind: 'oss', status: 404, code: 'NoSuchKey', message });
  }
}
