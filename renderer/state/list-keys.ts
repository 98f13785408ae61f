import type { Selection } from './selection.svelte.ts';

interface ListKeys<Row extends { readonly id: string }> {
  readonly rows: readonly Row[];
  readonly selection: Selection;
  /** How many rows Page Up and Page Down move by. */
  readonly pageRows: number;
  readonly open: (row: Row) => void;
  readonly up: () => void;
  readonly remove: () => void;
}

/** Moves the cursor and the selection of a list, as in a file manager. True when the key meant something. */
export function handleListKey<Row extends { readonly id: string }>(event: KeyboardEvent, list: ListKeys<Row>): boolean {
  if (event.altKey) return false;
  const { rows, selection } = list;
  const at = rows.findIndex((row) => row.id === selection.cursor);
  const row = rows[at];
  const target = targetOf(event.key, at, rows.length, list.pageRows);
  if (target !== null) {
    move(event, list, target);
    return true;
  }
  switch (event.key) {
    case 'Enter':
      if (row !== undefined) list.open(row);
      return row !== undefined;
    case 'Backspace':
      list.up();
      return true;
    case 'Delete':
      list.remove();
      return true;
    case 'Escape':
      selection.clear();
      return true;
    case ' ':
      if (row !== undefined) selection.toggle(row.id);
      return row !== undefined;
    case 'a':
      if (!event.ctrlKey && !event.metaKey) return false;
      selection.all(rows);
      return true;
    default:
      return false;
  }
}

function targetOf(key: string, at: number, count: number, pageRows: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    // Without a cursor, up starts at the end as down starts at the beginning.
    ArrowUp: at === -1 ? count - 1 : at - 1,
    PageDown: at + pageRows,
    PageUp: at - pageRows,
    Home: 0,
    End: count - 1,
  };
  const target = steps[key];
  return target === undefined || count === 0 ? null : Math.min(count - 1, Math.max(0, target));
}

function move<Row extends { readonly id: string }>(
  event: KeyboardEvent,
  { rows, selection }: ListKeys<Row>,
  target: number,
): void {
  const id = rows[target]?.id;
  if (id === undefined) return;
  if (event.shiftKey) selection.extendTo(id, rows);
  else if (event.ctrlKey || event.metaKey) selection.moveTo(id);
  else selection.select(id);
}

/** What a click on a row selects. */
export function handleRowClick(
  event: MouseEvent,
  id: string,
  rows: readonly { readonly id: string }[],
  selection: Selection,
): void {
  if (event.shiftKey) selection.extendTo(id, rows);
  else if (event.ctrlKey || event.metaKey) selection.toggle(id);
  else selection.select(id);
}
