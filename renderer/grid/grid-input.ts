import { type GridShape, pageRowsOf } from './grid-scroll.ts';
import { handleListKey } from './list-keys.ts';
import { TypeAhead } from './type-ahead.ts';
import type { Selection } from '../model/browsing/selection.svelte.ts';

interface GridParts<Row extends { readonly id: string }> {
  readonly rows: readonly Row[];
  /** Index of the row under the keyboard cursor; -1 for none. */
  readonly cursor: number;
  readonly selection: Selection;
  readonly isMac: boolean;
  readonly shape: GridShape;
  readonly nameOf: ((row: Row) => string) | undefined;
  readonly onopen: (row: Row) => void;
  readonly onlook: ((row: Row) => void) | undefined;
  readonly onup: () => void;
  readonly ondelete: () => void;
}

type GridEvent<E extends Event> = E & { readonly currentTarget: HTMLElement };

/**
 * Keyboard and mouse of a grid of rows, as in a file manager. Rows carry their index as `data-row`. The grid takes the
 * focus back from a row that the mouse focused, because a row disappears when it is scrolled away.
 */
export class GridInput<Row extends { readonly id: string }> {
  readonly #parts: () => GridParts<Row>;
  readonly #typeAhead = new TypeAhead();

  constructor(parts: () => GridParts<Row>) {
    this.#parts = parts;
  }

  readonly onkeydown = (event: GridEvent<KeyboardEvent>): void => {
    const { shape, onopen: open, onlook: look, onup: up, ondelete: remove, ...parts } = this.#parts();
    const handled = handleListKey(event, {
      ...parts,
      perLine: shape.perLine,
      typeAhead: this.#typeAhead,
      pageRows: pageRowsOf({ ...shape, height: event.currentTarget.clientHeight }),
      open,
      look,
      up,
      remove,
    });
    if (handled) event.preventDefault();
  };

  /** A click outside the rows clears the selection; the header handles its own clicks. */
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

  /** Selects the row first, because its menu acts on the selection. Outside the rows, the menu acts on the folder. */
  readonly oncontextmenu = (event: GridEvent<MouseEvent>): void => {
    // The keyboard's menu keeps the selection: only the mouse has its right button down.
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
