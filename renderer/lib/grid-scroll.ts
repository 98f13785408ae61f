/** Height of a row, and of the header that sticks above the rows, in pixels: --row in tokens.css. */
export const rowHeight = 28;

/** Scrolls as little as it takes to have the row in sight, below the header. */
export function revealRow(grid: HTMLElement, index: number): void {
  const top = index * rowHeight;
  const bottom = top + rowHeight - (grid.clientHeight - rowHeight);
  if (grid.scrollTop > top) grid.scrollTop = top;
  else if (grid.scrollTop < bottom) grid.scrollTop = bottom;
}

/** How many rows Page Up and Page Down move by: a screen, less one row to hold on to. */
export function pageRowsOf(grid: HTMLElement | undefined): number {
  return Math.max(1, Math.floor((grid?.clientHeight ?? 0) / rowHeight) - 2);
}
