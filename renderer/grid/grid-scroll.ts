/** Height of a row, and of the header that sticks above the rows, in pixels: --row in tokens.css. */
export const rowHeight = 28;

/** How rows are laid out: one in a line, or tiles, of which several stand in a line. Heights are in pixels. */
export interface GridShape {
  readonly lineHeight: number;
  readonly perLine: number;
  /** Height of the header that sticks above the lines. */
  readonly header: number;
}

/** Rows, one a line. */
export const usualShape: GridShape = { lineHeight: rowHeight, perLine: 1, header: rowHeight };

/** What a grid is of now, and how much of it is visible. */
export interface GridView extends GridShape {
  readonly rowCount: number;
  /** Height of the visible part, with the header. It isn't read from the element, because that forces another layout. */
  readonly height: number;
}

/**
 * Chromium draws nothing below 33,554,428 pixels (1,190,000 rows), and scrolls in steps of two pixels below 16,777,216,
 * where 32-bit floats stop holding each whole number.
 */
const tallest = 15_000_000;

/** The scroll position of a grid, in pixels from its first row, for any number of rows. */
export interface ScrollPosition {
  top: number;
  readonly view: GridView;
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
  readonly #view: () => GridView;
  /** Offset of the rows against the element's own scroll position. */
  #offset = 0;
  #seen = 0;

  constructor(element: Scrolled, view: () => GridView) {
    this.#element = element;
    this.#view = view;
  }

  get view(): GridView {
    return this.#view();
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

  /** Position of the line inside the element that holds the lines. */
  yOf(line: number): number {
    return line * this.view.lineHeight - this.#offset;
  }

  /** Call it when the element was scrolled. */
  follow(): void {
    const { scrollTop } = this.#element;
    const moved = scrollTop - this.#seen;
    this.#seen = scrollTop;
    if (!this.#isTooTall) this.#offset = 0;
    else if (Math.abs(moved) > 3 * this.view.height) this.top = (scrollTop / this.#lastThumb) * this.#lastTop;
    else if (scrollTop <= 0 || scrollTop >= this.#lastThumb - 1) this.settle();
  }

  /** Moves the thumb to match the position. Call it when scrolling is over. */
  settle(): void {
    if (this.#isTooTall) this.top = Math.max(0, this.#seen + this.#offset);
  }

  get #isTooTall(): boolean {
    return fullHeight(this.view) > tallest;
  }

  get #lastTop(): number {
    const { header, height } = this.view;
    return Math.max(0, fullHeight(this.view) + header - height);
  }

  get #lastThumb(): number {
    const { header, height } = this.view;
    return Math.max(1, heightOf(this.view) + header - height);
  }

  #thumbOf(top: number): number {
    return this.#isTooTall ? (top / this.#lastTop) * this.#lastThumb : top;
  }
}

type Filled = Pick<GridView, 'lineHeight' | 'perLine' | 'rowCount'>;

/** Height of the element that holds the lines. */
export function heightOf(view: Filled): number {
  return Math.min(fullHeight(view), tallest);
}

function fullHeight({ rowCount, perLine, lineHeight }: Filled): number {
  return Math.ceil(rowCount / perLine) * lineHeight;
}

/** Scrolls as little as it takes to show the row below the header. -1 means no row. */
export function revealRow(scroll: ScrollPosition, index: number): void {
  if (index === -1) return;
  const { lineHeight, perLine, header, height } = scroll.view;
  const top = Math.floor(index / perLine) * lineHeight;
  const bottom = top + lineHeight - (height - header);
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
    const { lineHeight, perLine } = this.#scroll.view;
    const index = Math.floor(this.#scroll.top / lineHeight) * perLine;
    const row = rows[index];
    this.#top = row === undefined || this.#scroll.top === 0 ? null : { id: row.id, index };
  }

  /** Puts the remembered row at the top again after the lines changed their height or length. */
  reshape(): void {
    if (this.#top === null) return;
    const { lineHeight, perLine } = this.#scroll.view;
    this.#scroll.top = Math.floor(this.#top.index / perLine) * lineHeight;
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
    const { lineHeight, perLine } = this.#scroll.view;
    if (now !== -1) this.#scroll.top += (Math.floor(now / perLine) - Math.floor(index / perLine)) * lineHeight;
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

/** Rows that Page Up and Page Down move by: a screen, less one line of overlap. */
export function pageRowsOf({ height, header, lineHeight, perLine }: Omit<GridView, 'rowCount'>): number {
  return Math.max(1, Math.floor((height - header) / lineHeight) - 1) * perLine;
}
