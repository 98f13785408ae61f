/** Height of a row, and of the header that sticks above the rows, in pixels: --row in tokens.css. */
export const rowHeight = 28;

/**
 * Chromium draws nothing below 33,554,428 pixels (1,190,000 rows), and scrolls in steps of two pixels below 16,777,216,
 * where 32-bit floats stop holding each whole number.
 */
const tallest = 15_000_000;

/** The scroll position of a grid, in pixels from its first row, for any number of rows. */
export interface ScrollPosition {
  top: number;
  /** Height of the visible part, with the header. */
  readonly viewHeight: number;
}

/** The part of an element that scrolling needs. */
type Scrolled = Pick<HTMLElement, 'scrollTop'>;

/**
 * Scrolls a grid of fixed-height rows. Up to `tallest` pixels, the element scrolls by itself. Beyond that it is a
 * window over the rows: small steps move one to one, dragging the thumb jumps to that share of all rows, and afterwards
 * the thumb is moved to match, without moving the rows.
 */
export class GridScroll implements ScrollPosition {
  readonly #element: Scrolled;
  readonly #viewHeight: () => number;
  readonly #rowCount: () => number;
  /** Offset of the rows against the element's own scroll position. */
  #offset = 0;
  #seen = 0;

  /** `viewHeight` isn't read from the element, because that forces another layout. */
  constructor(element: Scrolled, viewHeight: () => number, rowCount: () => number) {
    this.#element = element;
    this.#viewHeight = viewHeight;
    this.#rowCount = rowCount;
  }

  get viewHeight(): number {
    return this.#viewHeight();
  }

  /** Height of the element that holds the rows. */
  get height(): number {
    return heightOf(this.#rowCount());
  }

  get top(): number {
    return Math.min(this.#seen + this.#offset, this.#lastTop);
  }

  set top(wanted: number) {
    const top = Math.max(0, Math.min(wanted, this.#lastTop));
    this.#element.scrollTop = this.#thumbOf(top);
    // The browser rounds.
    this.#seen = this.#element.scrollTop;
    this.#offset = this.#isTooTall ? top - this.#seen : 0;
  }

  /** Position of the row inside the element that holds the rows. */
  yOf(index: number): number {
    return index * rowHeight - this.#offset;
  }

  /** Call it when the element was scrolled. */
  follow(): void {
    const { scrollTop } = this.#element;
    const moved = scrollTop - this.#seen;
    this.#seen = scrollTop;
    if (!this.#isTooTall) this.#offset = 0;
    else if (Math.abs(moved) > 3 * this.viewHeight) this.top = (scrollTop / this.#lastThumb) * this.#lastTop;
    else if (scrollTop <= 0 || scrollTop >= this.#lastThumb - 1) this.settle();
  }

  /** Moves the thumb to match the position. Call it when scrolling is over. */
  settle(): void {
    if (this.#isTooTall) this.top = Math.max(0, this.#seen + this.#offset);
  }

  get #isTooTall(): boolean {
    return this.#rowCount() * rowHeight > tallest;
  }

  get #lastTop(): number {
    return Math.max(0, (this.#rowCount() + 1) * rowHeight - this.viewHeight);
  }

  get #lastThumb(): number {
    return Math.max(1, this.height + rowHeight - this.viewHeight);
  }

  #thumbOf(top: number): number {
    return this.#isTooTall ? (top / this.#lastTop) * this.#lastThumb : top;
  }
}

/** Height of the element that holds this number of rows. */
export function heightOf(rowCount: number): number {
  return Math.min(rowCount * rowHeight, tallest);
}

/** Scrolls as little as it takes to show the row below the header. -1 means no row. */
export function revealRow(scroll: ScrollPosition, index: number): void {
  if (index === -1) return;
  const top = index * rowHeight;
  const bottom = top + rowHeight - (scroll.viewHeight - rowHeight);
  if (scroll.top > top) scroll.top = top;
  else if (scroll.top < bottom) scroll.top = bottom;
}

/**
 * Keeps the row at the top of the screen in place when rows arrive above it: more folders from a later page, or a new
 * file.
 */
export class ScrollKeeper {
  readonly #scroll: ScrollPosition;
  #top: { readonly id: string; readonly index: number } | null = null;
  #order: string;

  constructor(scroll: ScrollPosition, order: string) {
    this.#scroll = scroll;
    this.#order = order;
  }

  /** Remembers the row at the top. Call it on scrolling. */
  note(rows: readonly { readonly id: string }[]): void {
    const index = Math.floor(this.#scroll.top / rowHeight);
    const row = rows[index];
    this.#top = row === undefined || this.#scroll.top === 0 ? null : { id: row.id, index };
  }

  /** Restores the position after the rows changed. Rows in another order start at the top, or show the selected row. */
  follow(rows: readonly { readonly id: string }[], order: string, selected: number): void {
    if (order !== this.#order) {
      this.#order = order;
      this.#scroll.top = 0;
      revealRow(this.#scroll, selected);
      return;
    }
    if (this.#top === null || rows[this.#top.index]?.id === this.#top.id) return;
    const { id, index } = this.#top;
    const now = indexOfId(rows, id, index);
    if (now !== -1) this.#scroll.top += (now - index) * rowHeight;
  }
}

/** The index of the row with this ID, searched from `near` outwards; -1 if it is missing. */
export function indexOfId(rows: readonly { readonly id: string }[], id: string, near: number): number {
  const start = Math.max(0, Math.min(near, rows.length - 1));
  for (let step = 0; step <= Math.max(start, rows.length - 1 - start); step += 1) {
    if (rows[start + step]?.id === id) return start + step;
    if (rows[start - step]?.id === id) return start - step;
  }
  return -1;
}

/** Rows that Page Up and Page Down move by: a screen, less one row of overlap. */
export function pageRowsOf(viewHeight: number): number {
  return Math.max(1, Math.floor(viewHeight / rowHeight) - 2);
}
