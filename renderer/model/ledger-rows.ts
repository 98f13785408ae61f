import type { EntryKind, LedgerAct, LedgerItem } from '../../main/contract/contract.ts';

/** A row of Links: a heading, what was handed out at once, or one of its entries. */
export type LedgerRow =
  | {
      readonly kind: 'heading';
      readonly id: string;
      /** Local midnight in Unix milliseconds; null for what expires soon. */ readonly day: number | null;
    }
  | { readonly kind: 'act'; readonly id: string; readonly act: LedgerAct; readonly isOpen: boolean }
  | {
      readonly kind: 'entry';
      readonly id: string;
      readonly item: LedgerItem;
      /** The act that it is shown under. */ readonly actId: string | null;
    }
  | { readonly kind: 'more'; readonly id: string; readonly count: number };

/** The entries of an act, as far as they are loaded. */
export interface OpenedAct {
  readonly items: readonly LedgerItem[];
  readonly total: number;
}

/** The acts that are open, by their ID. Replaced, never changed, so that Svelte sees each new one. */
export type OpenedActs = ReadonlyMap<string, OpenedAct>;

export const noneOpened: OpenedActs = new Map();

/** The act open, with these entries. */
export function withOpened(opened: OpenedActs, actId: string, entries: OpenedAct): OpenedActs {
  return new Map([...opened, [actId, entries]]);
}

export function withoutOpened(opened: OpenedActs, actId: string): OpenedActs {
  return new Map([...opened].filter(([id]) => id !== actId));
}

/** The entry in its new state, wherever it is shown. */
export function withReplaced(opened: OpenedActs, changed: LedgerItem): OpenedActs {
  const swap = (item: LedgerItem): LedgerItem => (item.id === changed.id ? changed : item);
  return new Map([...opened].map(([id, { items, total }]) => [id, { items: items.map(swap), total }]));
}

/** What an entry is: its icon and its name in words. */
export function entryKind({ what }: Pick<LedgerItem, 'what'>): EntryKind {
  if (what.kind === 'link') return what.method;
  return what.kind === 'form' && what.format === 'page' ? 'page' : what.kind;
}

/** Each entry once, where the first of its kind stands. */
export function eachOnce(items: readonly LedgerItem[]): readonly LedgerItem[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}

/** The rows of these acts, those that are open with their entries below them, under a heading for each day. */
export function rowsOf(acts: readonly LedgerAct[], opened: OpenedActs): readonly LedgerRow[] {
  const rows: LedgerRow[] = [];
  let shownDay: number | null | undefined;
  for (const act of acts) {
    const day = act.states['ending-soon'] > 0 ? null : dayOf(act.first.madeAt);
    if (day !== shownDay) rows.push({ kind: 'heading', id: `day:${day ?? 'soon'}`, day });
    shownDay = day;
    if (act.count === 1) {
      rows.push({ kind: 'entry', id: act.first.id, item: act.first, actId: null });
      continue;
    }
    const entries = opened.get(act.id);
    rows.push({ kind: 'act', id: act.id, act, isOpen: entries !== undefined });
    if (entries === undefined) continue;
    for (const item of entries.items) rows.push({ kind: 'entry', id: item.id, item, actId: act.id });
    const missing = entries.total - entries.items.length;
    if (missing > 0) rows.push({ kind: 'more', id: `more:${act.id}`, count: missing });
  }
  return rows;
}

/** Whether a row can be selected and acted on. */
export function isSelectable(row: LedgerRow): row is Extract<LedgerRow, { readonly kind: 'act' | 'entry' }> {
  return row.kind === 'act' || row.kind === 'entry';
}

/** Midnight at the beginning of a moment's day, by this computer's time zone. */
export function dayOf(moment: number): number {
  return new Date(moment).setHours(0, 0, 0, 0);
}
