import { own } from '../../main/own.ts';
import { chordOf, isChord, keyOf } from '../lib/chords.ts';
import type { TypeAhead } from './type-ahead.ts';
import type { Selection } from '../model/browsing/selection.svelte.ts';

interface ListKeys<Row extends { readonly id: string }> {
  readonly rows: readonly Row[];
  /** Index of the row under the keyboard cursor; -1 for none. */
  readonly cursor: number;
  readonly selection: Selection;
  /** Rows that Page Up and Page Down move by. */
  readonly pageRows: number;
  /** Tiles in a line; 1 for rows, where the arrows to the sides do nothing. */
  readonly perLine: number;
  /** Goes by what is typed; without names, typing does nothing. */
  readonly nameOf?: ((row: Row) => string) | undefined;
  readonly typeAhead: TypeAhead;
  readonly isMac: boolean;
  readonly open: (row: Row) => void;
  /** Previews the row; without a preview, the space bar selects. */
  readonly look?: ((row: Row) => void) | undefined;
  readonly up: () => void;
  readonly remove: () => void;
}

/** Moves the cursor and the selection of a list, as in a file manager. True if the key was handled. */
export function handleListKey<Row extends { readonly id: string }>(event: KeyboardEvent, list: ListKeys<Row>): boolean {
  if (event.altKey) return false;
  const { rows, cursor } = list;
  const target = targetOf(event.key, cursor, rows.length, list);
  if (target !== null) {
    move(event, list, target);
    return true;
  }
  const row = rows[cursor];
  if (handleTyping(event, list)) return true;
  return (row !== undefined && handleCursorKey(event, row, list)) || handleWholeListKey(event, list);
}

/** A character goes to a name. A space does, too, in the middle of one; otherwise it is a key of its own. */
function handleTyping<Row extends { readonly id: string }>(event: KeyboardEvent, list: ListKeys<Row>): boolean {
  const { rows, cursor, nameOf, selection, typeAhead } = list;
  const isCharacter = /^.$/u.test(event.key) && !event.ctrlKey && !event.metaKey && !event.isComposing;
  if (nameOf === undefined || !isCharacter) return false;
  if (event.key === ' ' && !typeAhead.isTyping(event.timeStamp)) return false;
  const nameAt = (index: number) => {
    const row = rows[index];
    return row === undefined ? '' : nameOf(row);
  };
  const found = rows[typeAhead.type(event.key, event.timeStamp, { count: rows.length, nameAt }, cursor)];
  if (found !== undefined) selection.select(found.id);
  return true;
}

function handleCursorKey<Row extends { readonly id: string }>(
  event: KeyboardEvent,
  row: Row,
  list: ListKeys<Row>,
): boolean {
  if (event.key === 'Enter') list.open(row);
  else if (event.key !== ' ') return false;
  else if (list.look === undefined || isChord(chordOf(event, list.isMac), 'Ctrl+Space', list.isMac))
    list.selection.toggle(row.id);
  else list.look(row);
  return true;
}

function handleWholeListKey<Row extends { readonly id: string }>(event: KeyboardEvent, list: ListKeys<Row>): boolean {
  const { rows, selection } = list;
  switch (keyOf(event)) {
    case 'Backspace':
      // Most Mac keyboards have no Delete key: there, it is ⌘⌫.
      if (isChord(chordOf(event, list.isMac), 'Del', list.isMac)) list.remove();
      else list.up();
      return true;
    case 'Del':
      list.remove();
      return true;
    case 'Esc':
      selection.clear();
      return true;
    case 'A':
      if (!event.ctrlKey && !event.metaKey) return false;
      selection.all(rows);
      return true;
    default:
      return false;
  }
}

function targetOf(
  key: string,
  at: number,
  count: number,
  { pageRows, perLine }: { readonly pageRows: number; readonly perLine: number },
): number | null {
  const above = at < perLine ? at : at - perLine;
  const steps: Readonly<Record<string, number>> = {
    // Without a cursor, up and left start at the end, down and right at the beginning.
    ArrowDown: at === -1 ? 0 : at + perLine,
    ArrowUp: at === -1 ? count - 1 : above,
    PageDown: at + pageRows,
    PageUp: at - pageRows,
    Home: 0,
    End: count - 1,
    ...(perLine > 1 ? { ArrowLeft: at === -1 ? count - 1 : at - 1, ArrowRight: at + 1 } : {}),
  };
  const target = own(steps, key);
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
