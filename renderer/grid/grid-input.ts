import { pageRowsOf } from './grid-scroll.ts';
import { handleListKey } from './list-keys.ts';
import type { Selection } from '../model/browsing/selection.svelte.ts';

interface GridParts<Row extends { readonly id: string }> {
  readonly rows: readonly Row[];
  /** Index of the row that the keyboard stands on; -1 is none. */
  readonly cursor: number;
  readonly selection: Selection;
  readonly onopen: (row: Row) => void;
  readonly onlook: ((row: Row) => void) | undefined;
  readonly onup: () => void;
  readonly ondelete: () => void;
}

type GridEvent<E extends Event> = E & { readonly currentTarget: HTMLElement };

/**
 * Keyboard and mouse of a grid of rows, as in a file manager. Rows carry their index as `data-row`; the mouse may put
 * the focus on one of them, which is gone once it is scrolled away, so the grid takes it back.
 */
export class GridInput<Row extends { readonly id: string }> {
  readonly #parts: () => GridParts<Row>;

  constructor(parts: () => GridParts<Row>) {
    this.#parts = parts;
  }

  readonly onkeydown = (event: GridEvent<KeyboardEvent>): void => {
    const { rows, cursor, selection, onopen: open, onlook: look, onup: up, ondelete: remove } = this.#parts();
    const handled = handleListKey(event, {
      rows,
      cursor,
      selection,
      pageRows: pageRowsOf(event.currentTarget.clientHeight),
      open,
      look,
      up,
      remove,
    });
    if (handled) event.preventDefault();
  };

  /** A click beside the rows selects nothing; one on the header is the header's. */
  readonly onclick = (event: GridEvent<MouseEvent>): void => {
    const { rows, selection } = this.#parts();
    const row = this.#rowOf(event);
    if (row === undefined) {
      if (event.target instanceof Element && event.target.closest('[role="row"]') === null) selection.clear();
      return;
    }
    if (event.shiftKey) selection.extendTo(row.id, rows);
    else if (event.ctrlKey || event.metaKey) selection.toggle(row.id);
    else selection.select(row.id);
    event.currentTarget.focus({ preventScroll: true });
  };

  readonly ondblclick = (event: MouseEvent): void => {
    const row = this.#rowOf(event);
    if (row !== undefined) this.#parts().onopen(row);
  };

  /** A menu is about what is selected: the row comes first. Beside the rows it is about the folder. */
  readonly oncontextmenu = (event: GridEvent<MouseEvent>): void => {
    // From the keyboard it is about what is selected already: only the mouse has its right button down.
    if (event.button !== 2) return;
    const { selection } = this.#parts();
    const row = this.#rowOf(event);
    if (row === undefined) selection.clear();
    else if (!selection.has(row.id)) selection.select(row.id);
    event.currentTarget.focus({ preventScroll: true });
  };

  #rowOf(event: Event): Row | undefined {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null;
    return this.#parts().rows[Number(element?.dataset['row'] ?? Number.NaN)];
  }
}
