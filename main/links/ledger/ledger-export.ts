import { writeFile } from 'node:fs/promises';
import { withFileErrors } from '../../local-files/file-failure.ts';
import { freePath } from '../../local-files/free-path.ts';
import { type LedgerItem, ledgerName } from './ledger-entry.ts';

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
  ['signed by', ({ signer }) => (signer.kind === 'role' ? signer.roleArn : signer.accessKeyId)],
  ['options', ({ options }) => JSON.stringify(options)],
];

/** Entries as CSV for a spreadsheet, or as JSON. */
export function exportLedger(items: readonly LedgerItem[], format: 'csv' | 'json'): string {
  if (format === 'json') return `${JSON.stringify(items, null, 2)}\n`;
  const rows = [columns.map(([name]) => name), ...items.map((item) => columns.map(([, value]) => value(item)))];
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

/** Writes entries to `wanted`, or beside it where that is taken; gives the path. @throws WaybillError `file` */
export async function writeLedgerExport(
  items: readonly LedgerItem[],
  format: 'csv' | 'json',
  wanted: string,
): Promise<string> {
  const path = await freePath(wanted);
  await withFileErrors(path, writeFile(path, exportLedger(items, format), { mode: 0o600, flag: 'wx' }));
  return path;
}

/**
 * A cell of RFC 4180. One that a spreadsheet would take for a formula gets an apostrophe: keys and notes come from
 * anywhere.
 */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
