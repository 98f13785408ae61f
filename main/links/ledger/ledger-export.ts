import { writeFile } from 'node:fs/promises';
import { withFileErrors } from '../../local-files/file-failure.ts';
import { freePath } from '../../local-files/free-path.ts';
import { csvLine } from '../text/csv.ts';
import { type LedgerItem, ledgerName, signerName } from './ledger-entry.ts';

const columns: readonly (readonly [name: string, value: (item: LedgerItem) => string])[] = [
  ['made', ({ madeAt }) => new Date(madeAt).toISOString()],
  ['valid until', ({ validUntil }) => new Date(validUntil).toISOString()],
  ['state', ({ state }) => state],
  ['kind', ({ what }) => (what.kind === 'link' ? what.method : what.kind)],
  ['address', ledgerName],
  ['version', ({ what }) => (what.kind === 'link' ? (what.versionId ?? '') : '')],
  ['recipient', ({ recipient }) => recipient],
  ['note', ({ note }) => note],
  ['account', ({ accountName }) => accountName],
  ['signed by', signerName],
  ['options', ({ options }) => JSON.stringify(options)],
];

/** Writes entries as CSV or as JSON. */
export function exportLedger(items: readonly LedgerItem[], format: 'csv' | 'json'): string {
  if (format === 'json') return `${JSON.stringify(items, null, 2)}\n`;
  const rows = [columns.map(([name]) => name), ...items.map((item) => columns.map(([, value]) => value(item)))];
  return rows.map(csvLine).join('');
}

/** Writes entries to `wanted` (to a numbered name if taken) and returns the path. @throws WaybillError `file` */
export async function writeLedgerExport(
  items: readonly LedgerItem[],
  format: 'csv' | 'json',
  wanted: string,
): Promise<string> {
  const path = await freePath(wanted);
  await withFileErrors(path, writeFile(path, exportLedger(items, format), { mode: 0o600, flag: 'wx' }));
  return path;
}
