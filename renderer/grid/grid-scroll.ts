/** Height of a row, and of the header that sticks above the rows, in pixels: --row in tokens.css. */
export const rowHeight = 28;

/**
 * Chromium draws nothing below 33,554,428 pixels (1,190,000 rows), and scrolls in steps of two pixels below 16,777,216,
 * where whole numbers end in 32 bits.
 */
const tallest = 15_000_000;

/** Where a grid is scrolled to, in pixels from its first row, however many rows there are. */
export interface ScrollPosition {
  top: number;
  /** Height of what is in sight, with the header. */
  readonly viewHeight: number;
}

/** The part of an element that scrolling needs. */
type Scrolled = Pick<HTMLElement, 'scrollTop'>;

/**
 * Scrolls a grid of fixed rows. Up to `tallest` pixels the element does that by itself. More rows than that lie on a
 * window over them: small steps move as they are, a drag of the thumb goes to that share of all rows, and between the
 * two the thumb is put where it belongs, without moving the rows.
 */
export class GridScroll implements ScrollPosition {
  readonly #element: Scrolled;
  readonly #viewHeight: () => number;
  readonly #rowCount: () => number;
  /** How far the rows are moved up against the element's own scrolling. */
  #offset = 0;
  #seen = 0;

  /** `viewHeight` is not read from the element, which would have the browser lay out the page once more for it. */
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

  /** Where the row is drawn inside the element that holds the rows. */
  yOf(index: number): number {
    return index * rowHeight - this.#offset;
  }

  /** To be called when the element was scrolled. */
  follow(): void {
    const { scrollTop } = this.#element;
    const moved = scrollTop - this.#seen;
    this.#seen = scrollTop;
    if (!this.#isTooTall) this.#offset = 0;
    else if (Math.abs(moved) > 3 * this.viewHeight) this.top = (scrollTop / this.#lastThumb) * this.#lastTop;
    else if (scrollTop <= 0 || scrollTop >= this.#lastThumb - 1) this.settle();
  }

  /** Puts the thumb where it belongs: to be called when scrolling is over. */
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

/** Height of the element that holds so many rows. */
export function heightOf(rowCount: number): number {
  return Math.min(rowCount * rowHeight, tallest);
}

/** Scrolls as little as it takes to have the row in sight, below the header. -1 is no row. */
export function revealRow(scroll: ScrollPosition, index: number): void {
  if (index === -1) return;
  const top = index * rowHeight;
  const bottom = top + rowHeight - (scroll.viewHeight - rowHeight);
  if (scroll.top > top) scroll.top = top;
  else if (scroll.top < bottom) scroll.top = bottom;
}

/**
 * Rows may come in above what is being looked at: further folders of a later page, or a new file. Keeps what is at the
 * top of the screen there.
 */
export class ScrollKeeper {
  readonly #scroll: ScrollPosition;
  #top: { readonly id: string; readonly index: number } | null = null;
  #order: string;

  constructor(scroll: ScrollPosition, order: string) {
    this.#scroll = scroll;
    this.#order = order;
  }

  /** Remembers what is at the top: to be called on scrolling. */
  note(rows: readonly { readonly id: string }[]): void {
    const index = Math.floor(this.#scroll.top / rowHeight);
    const row = rows[index];
    this.#top = row === undefined || this.#scroll.top === 0 ? null : { id: row.id, index };
  }

  /** Follows the rows after they changed. Rows in another order start at the top again. */
  follow(rows: readonly { readonly id: string }[], order: string): void {
    if (order !== this.#order) {
      this.#order = order;
      this.#scroll.top = 0;
      return;
    }
    if (this.#top === null || rows[this.#top.index]?.id === this.#top.id) return;
    const { id, index } = this.#top;
    const now = indexOfId(rows, id, index);
    if (now !== -1) this.#scroll.top += (now - index) * rowHeight;
  }
}

/** The index of the row with this ID, looked for from `near` outwards; -1 where there is none. */
export function indexOfId(rows: readonly { readonly id: string }[], id: string, near: number): number {
  const start = Math.max(0, Math.min(near, rows.length - 1));
  for (let step = 0; step <= Math.max(start, rows.length - 1 - start); step += 1) {
    if (rows[start + step]?.id === id) return start + step;
    if (rows[start - step]?.id === id) return start - step;
  }
  return -1;
}

/** How many rows Page Up and Page Down move by: a screen, less one row to hold on to. */
export function pageRowsOf(viewHeight: number): number {
  return Math.max(1, Math.floor(viewHeight / rowHeight) - 2);
}
