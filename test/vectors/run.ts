import { readFile } from 'node:fs/promises';
import { crcChecks } from './crc64.ts';
import type { Difference } from './difference.ts';
import { formChecks } from './forms.ts';
import type { RpcRecord, SigningRecord } from './records.ts';
import { checkSigning } from './signing.ts';
import { checkRpc } from './sts-rpc.ts';

/** One record: `difference` is null where ours agrees, `skipped` where the record does not follow the algorithm. */
export interface Outcome {
  readonly id: string;
  readonly difference: Difference;
  readonly skipped: boolean;
}

/** Checks every record of a file of any of the known shapes. A file that has none of them fails as one record. */
export async function checkFile(path: string): Promise<readonly Outcome[]> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    return [failed(path, error)];
  }
  const checks = checksOf(content);
  if (checks.length === 0) return [failed(path, 'holds no vectors of a known shape')];
  const outcomes: Outcome[] = [];
  for (const { id, skipped, check } of checks) {
    outcomes.push(skipped ? { id, difference: null, skipped } : await outcomeOf(id, check));
  }
  return outcomes;
}

interface Check {
  readonly id: string;
  readonly skipped: boolean;
  readonly check: () => Difference | Promise<Difference>;
}

function checksOf(content: unknown): readonly Check[] {
  if (typeof content !== 'object' || content === null) return [];
  const records = Array.isArray(content) ? content : 'vectors' in content ? content.vectors : null;
  if (Array.isArray(records)) return records.map(recordCheck);
  const checks = [...crcChecks(content), ...formChecks(content)];
  return checks.map(([id, check]) => ({ id, skipped: false, check }));
}

function recordCheck(record: SigningRecord | RpcRecord): Check {
  const check = 'sig_version' in record ? () => checkSigning(record) : () => checkRpc(record);
  return { id: record.id, skipped: record.conforms === false, check };
}

async function outcomeOf(id: string, check: Check['check']): Promise<Outcome> {
  try {
    return { id, difference: await check(), skipped: false };
  } catch (error) {
    return failed(id, error);
  }
}

function failed(id: string, reason: unknown): Outcome {
  return { id, difference: String(reason), skipped: false };
}
