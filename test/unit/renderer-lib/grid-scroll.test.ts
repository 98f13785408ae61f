import { expect, test } from 'vitest';
import { pageRowsOf, revealRow, rowHeight, ScrollKeeper } from '../../../renderer/lib/grid-scroll.ts';

/** As much of an element as scrolling needs: a header and 10 rows fit in. */
function makeGrid(scrollTop = 0): HTMLElement {
  return { clientHeight: 11 * rowHeight, scrollTop } as HTMLElement;
}

const toRows = (...ids: readonly string[]) => ids.map((id) => ({ id }));

test('a row in sight is left where it is', () => {
  const grid = makeGrid(5 * rowHeight);
  revealRow(grid, 5);
  revealRow(grid, 14);
  expect(grid.scrollTop).toBe(5 * rowHeight);
});

test('a row out of sight comes to the nearer edge, below the header', () => {
  const grid = makeGrid(5 * rowHeight);
  revealRow(grid, 4);
  expect(grid.scrollTop).toBe(4 * rowHeight);
  revealRow(grid, 20);
  expect(grid.scrollTop).toBe(11 * rowHeight);
});

test('a page is a screen of rows less one', () => {
  expect(pageRowsOf(makeGrid())).toBe(9);
});

test('rows that come in above do not move what is looked at', () => {
  const grid = makeGrid(2 * rowHeight + 7);
  const keeper = new ScrollKeeper(grid, 'name');
  keeper.note(toRows('a', 'b', 'c', 'd'));
  keeper.follow(toRows('new folder/', 'another/', 'a', 'b', 'c', 'd'), 'name');
  expect(grid.scrollTop).toBe(4 * rowHeight + 7);
});

test('at the top, what comes in above is shown', () => {
  const grid = makeGrid(0);
  const keeper = new ScrollKeeper(grid, 'name');
  keeper.note(toRows('a', 'b'));
  keeper.follow(toRows('new', 'a', 'b'), 'name');
  expect(grid.scrollTop).toBe(0);
});

test('another order starts at the top', () => {
  const grid = makeGrid(300);
  const keeper = new ScrollKeeper(grid, 'name');
  keeper.note(toRows('a', 'b', 'c'));
  keeper.follow(toRows('c', 'b', 'a'), 'size');
  expect(grid.scrollTop).toBe(0);
});
