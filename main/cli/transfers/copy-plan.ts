import { WaybillError } from '../../failure.ts';
import { KeyGlob, type KeyPattern } from '../../oss/key-glob.ts';
import { baseName } from '../../oss/key-path.ts';
import type { PlannedTransfer } from '../../transfers/queue/planned-transfer.ts';
import type { Address } from '../arguments/address.ts';
import { ENVIRONMENT } from '../arguments/connect.ts';
import { folderKey, keyAt } from './plans.ts';

/** What a copy within OSS is about. */
interface CopyScope {
  readonly move: boolean;
  readonly isRecursive: boolean;
  /** Null for the current one; of a single file only. */
  readonly versionId: string | null;
  /** The pattern in the source; null for a file or a folder. */
  readonly only: KeyPattern | null;
}

/**
 * Plans a copy from one address to another: of a file, or of a folder's content.
 * @throws WaybillError `input` for a copy onto or into itself
 */
export function planCopy(from: Address, to: Address, scope: CopyScope): PlannedTransfer {
  return scope.only === null && !scope.isRecursive ? planFile(from, to, scope) : planFolder(from, to, scope);
}

function planFile(from: Address, { bucket, ...to }: Address, { move, versionId }: CopyScope): PlannedTransfer {
  const key = keyAt({ bucket, ...to }, baseName(from.key));
  if (from.bucket === bucket && from.key === key && versionId === null) throw refusal('copy-onto-itself');
  const source = { accountId: ENVIRONMENT, ...from, versionId };
  const work = { kind: 'copy', accountId: ENVIRONMENT, bucket, key, source, move, copied: null } as const;
  return { work, name: baseName(key), sizeBytes: null, failure: null };
}

function planFolder(from: Address, { bucket, key: to }: Address, { move, only }: CopyScope): PlannedTransfer {
  const source = { ...from, key: only === null ? folderKey(from.key) : new KeyGlob(only.glob).folder };
  const key = folderKey(to);
  if (from.bucket === bucket) checkApart(source.key, key, only);
  const ends = { accountId: ENVIRONMENT, bucket, key, source: { accountId: ENVIRONMENT, ...source } };
  const work = { kind: 'copy-folder', ...ends, move, ...(only === null ? {} : { only }) } as const;
  return { work, name: key === '' ? bucket : key, sizeBytes: null, failure: null };
}

/** Refuses a copy whose files would be sources again, and so without an end. */
function checkApart(source: string, target: string, only: KeyPattern | null): void {
  if (target === source) throw refusal('copy-onto-itself');
  // A pattern of one level never names what lies deeper.
  const isShallow = only !== null && !only.isDeep && new KeyGlob(only.glob).isOneLevel;
  if (target.startsWith(source) && !isShallow) throw refusal('copy-into-itself');
}

function refusal(rule: 'copy-onto-itself' | 'copy-into-itself'): WaybillError {
  return new WaybillError({ kind: 'input', field: 'key', rule });
}
