import { WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { keyPages } from '../matching-keys.ts';
import type { PlannedTransfer } from './planned-transfer.ts';
import type { NewCopies } from '../tasks/requests.ts';
import type { Work } from '../tasks/task.ts';

/** Copy of everything below a prefix. */
export type CopyFolderWork = Extract<Work, { kind: 'copy-folder' }>;

/** Plans one copy per key and prefix. @throws WaybillError `input` for a copy onto or into itself */
export function* expandCopies(request: NewCopies): Generator<PlannedTransfer> {
  const { from, to, move, name } = request;
  const { accountId, bucket, versionId } = from;
  const targetOf = (key: string): string => to.prefix + (name === null ? lastName(key) : name + slashOf(key));
  for (const key of [...from.keys, ...from.prefixes]) refuseItself(request, key, targetOf(key));
  const target = { accountId: to.accountId, bucket: to.bucket };
  for (const source of from.keys) {
    const key = targetOf(source);
    const from = { accountId, bucket, key: source, versionId };
    const work = { kind: 'copy', ...target, key, source: from, move, copied: null } as const;
    yield { work, name: lastName(key), sizeBytes: null, failure: null };
  }
  for (const prefix of from.prefixes) {
    const key = targetOf(prefix);
    const work = { kind: 'copy-folder', ...target, key, source: { accountId, bucket, key: prefix }, move } as const;
    yield { work, name: lastName(key).replace(/\/$/, '') || bucket, sizeBytes: null, failure: null };
  }
}

/** Yields the copies of everything below the prefix that belongs to it, page by page. @throws WaybillError if it can't be listed */
export async function* copiesOf(
  connection: (accountId: string, bucket: string) => Promise<Connection>,
  { source, move, only, ...target }: CopyFolderWork,
): AsyncGenerator<PlannedTransfer> {
  const parentLength = target.key.length - lastName(target.key).length;
  const open = (): Promise<Connection> => connection(source.accountId, source.bucket);
  for await (const { objects } of keyPages(open, { ...source, only })) {
    for (const { key: found, sizeBytes } of objects) {
      const key = target.key + found.slice(source.key.length);
      const from = { ...source, key: found, versionId: null };
      const work = { ...target, kind: 'copy', key, source: from, move, copied: null } as const;
      yield { work, name: key.slice(parentLength), sizeBytes, failure: null };
    }
  }
}

function refuseItself({ from, to }: NewCopies, key: string, target: string): void {
  if (from.bucket !== to.bucket) return;
  if (from.versionId === null && target === key) {
    throw new WaybillError({ kind: 'input', field: 'key', rule: 'copy-onto-itself' });
  }
  if (from.prefixes.includes(key) && target.startsWith(key)) {
    throw new WaybillError({ kind: 'input', field: 'prefix', rule: 'copy-into-itself' });
  }
}

/** Returns the last segment; a prefix keeps its slash. */
function lastName(key: string): string {
  return key.slice(key.lastIndexOf('/', key.length - 2) + 1);
}

function slashOf(key: string): string {
  return key.endsWith('/') ? '/' : '';
}
