import { dirname } from 'node:path';
import type { Failure } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { parentPrefix } from '../../oss/key-path.ts';
import type { TransferQueue } from '../../transfers/queue/queue.ts';
import type { OverwriteRule } from '../../transfers/tasks/requests.ts';
import type { Work } from '../../transfers/tasks/task.ts';
import type { Transfer, TransferState } from '../../transfers/tasks/transfer.ts';
import type { EnvironmentConnection } from '../arguments/connect.ts';

type OrderConnection = Connection & Pick<EnvironmentConnection, 'renew'>;

/** What a command transfers, and how it reports that. */
export interface TransferOrder {
  readonly command: string;
  readonly direction: 'up' | 'down' | 'copy';
  /** What identifies the command for resuming, without secrets; null if it can't be resumed. */
  readonly identity: readonly unknown[] | null;
  /** The one transfer of the command; null for signed URLs, which only continue with their link. */
  readonly work: Work | null;
  readonly rule: OverwriteRule | 'ask';
  /** Null for signed URLs, which need no account. */
  readonly connection: OrderConnection | null;
  /** The source of a copy, where requests to its bucket take another way than those to the target. */
  readonly source?: {
    readonly bucket: string;
    readonly connection: OrderConnection & Pick<EnvironmentConnection, 'server'>;
  };
  /** Tells what an earlier process of the same command left from anything else, where `work` is null. */
  readonly isMine?: (saved: Transfer) => boolean;
  /** Fills the queue. `known`: what an earlier process of the same command left in it. */
  readonly fill: (queue: TransferQueue, known: readonly Transfer[]) => unknown;
  /** The output line for a finished transfer; null for none. */
  readonly answerOf: (transfer: Transfer, done: DoneState) => string | null;
  /** The name of a failed transfer among several. Null for a single transfer, whose failure is the command's. */
  readonly nameOf: ((transfer: Transfer) => string) | null;
  /** Called when an upload resumes with a file that has changed. */
  readonly onFileChanged?: () => void;
  /** Adds what the command knows to a failure. */
  readonly explain?: (failure: Failure) => Failure;
}

/** How a transfer was verified, and the version it created. */
export type DoneState = Extract<TransferState, { at: 'done' }>;

/** What signs requests to a bucket. */
export function connectionOf({ connection, source }: TransferOrder, bucket: string): Promise<Connection> {
  if (source?.bucket === bucket) return Promise.resolve(source.connection);
  return connection === null ? Promise.reject(new Error('links need no account')) : Promise.resolve(connection);
}

/** Renews what signs. Rejects if only new credentials help. */
export function renew({ connection, source }: TransferOrder): Promise<void> {
  // Each of them has a session of its own.
  const renewed = [connection?.renew(), source?.connection.renew()];
  return renewed.includes(true) ? Promise.resolve() : Promise.reject(new Error('nothing to renew'));
}

/** Whether a journal's transfer can be the command's own: its name may have been numbered, but not moved. */
export function isOwn({ work, direction }: TransferOrder, saved: Transfer): boolean {
  if (work !== null && 'move' in work) return isOwnCopy(work, saved);
  if (saved.direction !== (direction === 'up' ? 'upload' : 'download')) return false;
  if (work === null || !('path' in work)) return saved.through !== 'account';
  return saved.through === 'account' && isAt(work, saved) && dirname(saved.localPath ?? '') === dirname(work.path);
}

function isOwnCopy(work: Extract<Work, { readonly move: boolean }>, saved: Transfer): boolean {
  return saved.direction === (work.move ? 'move' : 'copy') && isAt(work, saved);
}

/** Whether both are a folder, or both are none, of the same bucket and folder. */
function isAt({ kind, bucket, key }: Pick<Work, 'kind' | 'bucket' | 'key'>, saved: Transfer): boolean {
  if ((saved.folder !== null) !== kind.endsWith('-folder') || saved.bucket !== bucket) return false;
  return parentPrefix(saved.key) === parentPrefix(key);
}
