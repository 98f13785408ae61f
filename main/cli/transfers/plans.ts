import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { safeName } from '../../local-files/safe-name.ts';
import { isFolder as isExistingFolder } from '../../local-files/walk.ts';
import { KeyGlob, type KeyPattern } from '../../oss/key-glob.ts';
import { baseName } from '../../oss/key-path.ts';
import type { PlannedTransfer } from '../../transfers/queue/planned-transfer.ts';
import type { OverwriteRule } from '../../transfers/tasks/requests.ts';
import type { Work } from '../../transfers/tasks/task.ts';
import type { Transfer } from '../../transfers/tasks/transfer.ts';
import { escapeControls } from '../../words/controls.ts';
import { type Address, formatAddress } from '../arguments/address.ts';
import { UsageError } from '../arguments/command.ts';
import { type EnvironmentConnection, ENVIRONMENT } from '../arguments/connect.ts';
import { text as sentence } from '../terminal/sentences.ts';
import type { DoneState, TransferOrder } from './transfer-order.ts';

/** A key as the prefix of a folder, with its slash; '' is the whole bucket. */
export function folderKey(key: string): string {
  return key === '' || key.endsWith('/') ? key : `${key}/`;
}

/** The key of a file that goes to an address: one that ends with a slash, or none, gets the file's name. */
export function keyAt({ key }: Address, name: string): string {
  return key === folderKey(key) ? key + name : key;
}

/** Whether a path is a folder, or means one by its last slash. */
export async function isFolder(path: string): Promise<boolean> {
  return path.endsWith('/') || (await stat(path).catch(() => null))?.isDirectory() === true;
}

/** The file to write; a folder gets the last name of the key. */
export async function targetOf(path: string, key: string): Promise<string> {
  const name = key.replace(/\/+$/, '');
  return (await isFolder(path)) ? join(path, safeName(baseName(name))) : path;
}

/** The upload of a file. */
export function fileUpload(path: string, to: Address): PlannedTransfer {
  const key = keyAt(to, basename(path));
  const work = { kind: 'upload', what: 'file', accountId: ENVIRONMENT, bucket: to.bucket, key, path } as const;
  return { work, name: basename(path), sizeBytes: null, failure: null };
}

/** The upload of a folder's content: keys don't include its own name. @throws UsageError if it isn't a folder */
export async function folderUpload(path: string, { bucket, key }: Address): Promise<PlannedTransfer> {
  if (!(await isExistingFolder(path))) throw new UsageError(sentence('cli.put.no-folder', { path }));
  const work = { kind: 'upload-folder', accountId: ENVIRONMENT, bucket, key: folderKey(key), path } as const;
  return { work, name: basename(path), sizeBytes: null, failure: null };
}

/** The download of an object. */
export async function objectDownload(
  from: Address & { readonly versionId: string | null },
  path: string,
): Promise<PlannedTransfer> {
  const target = await targetOf(path, from.key);
  const work = { kind: 'download', what: 'object', accountId: ENVIRONMENT, ...from, path: target } as const;
  return { work, name: basename(target), sizeBytes: null, failure: null };
}

/** The download of everything below a prefix. */
export function prefixDownload({ bucket, key }: Address, path: string): PlannedTransfer {
  const work = { kind: 'download-folder', accountId: ENVIRONMENT, bucket, key, path } as const;
  return { work, name: basename(path), sizeBytes: null, failure: null };
}

/** The download of what a pattern names, each below its path in the folder of the pattern. */
export function patternDownload(bucket: string, only: KeyPattern, path: string): PlannedTransfer {
  const key = new KeyGlob(only.glob).folder;
  const work = { kind: 'download-folder', accountId: ENVIRONMENT, bucket, key, path, only } as const;
  return { work, name: basename(path), sizeBytes: null, failure: null };
}

/** How a command reports a transfer. */
export interface Reporting {
  readonly command: string;
  readonly rule: OverwriteRule | 'ask';
  readonly isJson: boolean;
  readonly connection: EnvironmentConnection;
  /** What signs requests to the source of a copy; absent if `connection` does. */
  readonly source?: TransferOrder['source'];
}

/** The order of one planned transfer, of which the same command resumes what is left. */
export function orderOf(
  planned: PlannedTransfer,
  { command, rule, isJson, connection, source }: Reporting,
): TransferOrder {
  const { work } = planned;
  const isMany = work.kind.endsWith('-folder');
  return {
    ...{ command, rule, connection, work },
    ...(source === undefined ? {} : { source }),
    direction: directionOf(work),
    identity: [connection.server, source?.connection.server ?? null, work, 'path' in work ? resolve(work.path) : null],
    fill: (queue, known) => (known.length === 0 ? queue.add([planned]) : undefined),
    answerOf: (transfer, done) =>
      transfer.direction !== 'download'
        ? objectAnswer(transfer, done, isJson)
        : isMadeFolder(transfer)
          ? null
          : fileAnswer(transfer, done, isJson),
    nameOf: isMany ? (transfer) => escapeControls(nameOf(transfer)) : null,
  };
}

function directionOf({ kind }: Work): TransferOrder['direction'] {
  if (kind.startsWith('copy')) return 'copy';
  return kind.startsWith('upload') ? 'up' : 'down';
}

function nameOf({ direction, localPath, key }: Transfer): string {
  return direction === 'upload' ? (localPath ?? '') : key;
}

/** The output for a saved file. */
export function fileAnswer({ localPath }: Transfer, { verified, versionId }: DoneState, isJson: boolean): string {
  return isJson ? JSON.stringify({ path: localPath, verified, versionId }) : escapeControls(localPath ?? '');
}

function objectAnswer({ bucket, key }: Transfer, { verified, versionId }: DoneState, isJson: boolean): string {
  if (isJson) return JSON.stringify({ bucket, key, verified, versionId });
  return escapeControls(formatAddress({ bucket: bucket ?? '', key }));
}

/** Whether an empty object that stands for a folder became that folder: it isn't reported as a file. */
function isMadeFolder({ key, sizeBytes, folderId }: Transfer): boolean {
  return folderId !== null && (key.endsWith('/') || sizeBytes === null) && (sizeBytes ?? 0) === 0;
}
