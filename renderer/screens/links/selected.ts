import type { LedgerAct, LedgerItem } from '../../../main/contract/contract.ts';
import type { ObjectsRef } from '../../lib/subjects.ts';
import type { ManyStart, Revoked } from '../../model/dialogs.svelte.ts';
import type { LinkLedger } from '../../model/ledger.svelte.ts';
import type { LedgerRow } from '../../model/ledger-rows.ts';
import { isOver } from './entry-text.ts';

type SelectableRow = Extract<LedgerRow, { readonly kind: 'act' | 'entry' }>;

/** What is selected in Links, as its commands need it. */
export interface Selected {
  readonly rows: readonly SelectableRow[];
  /** How many entries that are, those of acts included. */
  readonly count: number;
  /** The entry, if nothing else is selected. */
  readonly entry: LedgerItem | null;
  /** The act of several entries, if nothing else is selected. */
  readonly act: LedgerAct | null;
  /** The entries that are known: of each act one, which stands for the others. */
  readonly known: readonly LedgerItem[];
}

/** Takes the selection apart. */
export function selectedOf({ selected: rows }: Pick<LinkLedger, 'selected'>): Selected {
  const [first] = rows;
  const only = rows.length === 1 ? first : undefined;
  return {
    rows,
    count: apart(rows).reduce((sum, row) => sum + (row.kind === 'act' ? row.act.count : 1), 0),
    entry: only?.kind === 'entry' ? only.item : null,
    act: only?.kind === 'act' ? only.act : null,
    known: rows.map((row) => (row.kind === 'act' ? row.act.first : row.item)),
  };
}

/** The rows without entries below a selected act, which stands for them. */
function apart(rows: readonly SelectableRow[]): readonly SelectableRow[] {
  const acts = new Set(rows.filter(({ kind }) => kind === 'act').map(({ id }) => id));
  return rows.filter((row) => row.kind === 'act' || row.actId === null || !acts.has(row.actId));
}

/** Whether links to the same files can be created in one go: downloads that one account signed, of one bucket. */
export function canShareAgain({ known }: Selected): boolean {
  const [first] = known;
  return (
    first !== undefined &&
    known.every(
      ({ what, signer, accountId, act }) =>
        what.kind === 'link' &&
        what.method === 'GET' &&
        signer.kind !== 'cdn' &&
        accountId === first.accountId &&
        what.bucket === first.what.bucket &&
        (what.versionId === null || act?.format === 'manifest' || act?.format === 'page'),
    )
  );
}

/** The form that creates links to these entries' files again. */
export function shareAgain(
  entries: readonly LedgerItem[],
): { readonly subject: ObjectsRef; readonly start: ManyStart } | null {
  const [first] = entries;
  if (first === undefined) return null;
  const keys = new Set(entries.flatMap(({ what }) => (what.kind === 'link' ? [what.key] : [])));
  const { act, accountId, recipient, session, what } = first;
  const format = act === undefined || act.format === 'request' ? 'text' : act.format;
  return {
    subject: { accountId, bucket: what.bucket, keys: [...keys], prefixes: [] },
    start: { format, recipient, revocable: session !== undefined },
  };
}

/** What is left to revoke, one after another: of links that one session signed, the first revokes all. */
export function toRevoke({ rows }: Selected, now: number): readonly Revoked[] {
  const sessions = new Set<string>();
  return apart(rows).flatMap((row): readonly Revoked[] => {
    const item = row.kind === 'act' ? row.act.first : row.item;
    const accessKeyId = item.session?.accessKeyId;
    if (isOver(item, now) || (accessKeyId !== undefined && sessions.has(accessKeyId))) return [];
    if (accessKeyId !== undefined) sessions.add(accessKeyId);
    return [row.kind === 'act' ? { item, act: row.act } : { item }];
  });
}
