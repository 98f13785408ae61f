/** Height of a row, and of the header that sticks above the rows, in pixels: --row in tokens.css. */
export const rowHeight = 28;

/** Scrolls as little as it takes to have the row in sight, below the header. -1 is no row. */
export function revealRow(grid: HTMLElement, index: number): void {
  if (index === -1) return;
  const top = index * rowHeight;
  const bottom = top + rowHeight - (grid.clientHeight - rowHeight);
  if (grid.scrollTop > top) grid.scrollTop = top;
  else if (grid.scrollTop < bottom) grid.scrollTop = bottom;
}

/**
 * Rows may come in above what is being looked at: further folders of a later page, or a new file. Keeps what is at the
 * top of the screen there.
 */
export class ScrollKeeper {
  readonly #grid: HTMLElement;
  #top: { readonly id: string; readonly index: number } | null = null;
  #order: string;

  constructor(grid: HTMLElement, order: string) {
    this.#grid = grid;
    this.#order = order;
  }

  /** Remembers what is at the top: to be called on scrolling. */
  note(rows: readonly { readonly id: string }[]): void {
    const index = Math.floor(this.#grid.scrollTop / rowHeight);
    const row = rows[index];
    this.#top = row === undefined || this.#grid.scrollTop === 0 ? null : { id: row.id, index };
  }

  /** Follows the rows after they changed. Rows in another order start at the top again. */
  follow(rows: readonly { readonly id: string }[], order: string): void {
    if (order !== this.#order) {
      this.#order = order;
      this.#grid.scrollTop = 0;
      return;
    }
    if (this.#top === null || rows[this.#top.index]?.id === this.#top.id) return;
    const { id, index } = this.#top;
    const now = rows.findIndex((row) => row.id === id);
    if (now !== -1) this.#grid.scrollTop += (now - index) * rowHeight;
  }
}

/** How many rows Page Up and Page Down move by: a screen, less one row to hold on to. */
export function pageRowsOf(grid: HTMLElement): number {
  return Math.max(1, Math.floor(grid.clientHeight / rowHeight) - 2);
}
