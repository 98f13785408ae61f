import { expect, test } from 'vitest';
import {
  GridScroll,
  type GridView,
  heightOf,
  indexOfId,
  pageRowsOf,
  revealRow,
  rowHeight,
  ScrollKeeper,
  usualShape,
} from '../../../../renderer/grid/grid-scroll.ts';

const viewHeight = 11 * rowHeight;

/** A header and 10 rows fit in. */
const makeScroll = (top = 0, view: Partial<GridView> = {}) => ({
  top,
  view: { ...usualShape, rowCount: 100, height: viewHeight, ...view },
});

const toRows = (...ids: readonly string[]) => ids.map((id) => ({ id }));

test('a row in sight is left where it is', () => {
  const scroll = makeScroll(5 * rowHeight);
  revealRow(scroll, 5);
  revealRow(scroll, 14);
  expect(scroll.top).toBe(5 * rowHeight);
});

test('a row out of sight comes to the nearer edge, below the header', () => {
  const scroll = makeScroll(5 * rowHeight);
  revealRow(scroll, 4);
  expect(scroll.top).toBe(4 * rowHeight);
  revealRow(scroll, 20);
  expect(scroll.top).toBe(11 * rowHeight);
});

test('a page is a screen of rows less one', () => {
  expect(pageRowsOf({ ...usualShape, height: viewHeight })).toBe(9);
});

test('rows that come in above do not move what is looked at', () => {
  const scroll = makeScroll(2 * rowHeight + 7);
  const keeper = new ScrollKeeper(scroll, 'name');
  keeper.note(toRows('a', 'b', 'c', 'd'));
  keeper.follow(toRows('new folder/', 'another/', 'a', 'b', 'c', 'd'), 'name', -1);
  expect(scroll.top).toBe(4 * rowHeight + 7);
});

test('at the top, what comes in above is shown', () => {
  const scroll = makeScroll(0);
  const keeper = new ScrollKeeper(scroll, 'name');
  keeper.note(toRows('a', 'b'));
  keeper.follow(toRows('new', 'a', 'b'), 'name', -1);
  expect(scroll.top).toBe(0);
});

test('another order starts at the top', () => {
  const scroll = makeScroll(300);
  const keeper = new ScrollKeeper(scroll, 'name');
  keeper.note(toRows('a', 'b', 'c'));
  keeper.follow(toRows('c', 'b', 'a'), 'size', -1);
  expect(scroll.top).toBe(0);
});

test('another order, or a filter that is cleared, shows the row that is selected', () => {
  const scroll = makeScroll(300);
  const keeper = new ScrollKeeper(scroll, 'name');
  const rows = toRows(...Array.from({ length: 100 }, (_, at) => `row ${at}`));
  keeper.note(rows);
  keeper.follow(rows, 'size', 90);
  expect(scroll.top).toBe(91 * rowHeight - (viewHeight - rowHeight));
});

test('a row is found wherever one starts to look', () => {
  const rows = toRows('a', 'b', 'c', 'd', 'e');
  for (const near of [-1, 0, 2, 4, 99])
    expect(rows.map(({ id }) => indexOfId(rows, id, near))).toEqual([0, 1, 2, 3, 4]);
  expect(indexOfId(rows, 'gone', 2)).toBe(-1);
  expect(indexOfId([], 'gone', 0)).toBe(-1);
});

/** An element that is scrolled as a browser does it: between its ends, to whole pixels. */
function makeElement(height: () => number) {
  let scrollTop = 0;
  return {
    get scrollTop() {
      return scrollTop;
    },
    set scrollTop(wanted: number) {
      scrollTop = Math.round(Math.max(0, Math.min(wanted, height() + rowHeight - viewHeight)));
    },
  };
}

function makeLong(rowCount: number) {
  const element = makeElement(() => heightOf(scroll.view));
  const scroll: GridScroll = new GridScroll(element, () => ({ ...usualShape, rowCount, height: viewHeight }));
  const wheel = (pixels: number) => {
    element.scrollTop += pixels;
    scroll.follow();
  };
  return { element, scroll, wheel, firstRow: () => scroll.top / rowHeight };
}

test('a list that a browser can hold is scrolled by the browser alone', () => {
  const { element, scroll, wheel } = makeLong(100_000);
  expect(heightOf(scroll.view)).toBe(100_000 * rowHeight);
  wheel(12_345);
  expect(scroll.top).toBe(12_345);
  expect(scroll.yOf(10)).toBe(10 * rowHeight);
  element.scrollTop = 1e12;
  scroll.follow();
  expect(scroll.top).toBe(100_001 * rowHeight - viewHeight);
});

test('of three million rows each step of the wheel moves as far as it says', () => {
  const { scroll, wheel } = makeLong(3_000_000);
  for (let step = 1; step <= 50; step += 1) {
    wheel(100);
    expect(scroll.top).toBe(step * 100);
  }
});

test('of three million rows the thumb reaches the first, the middle and the last', () => {
  const { element, scroll, firstRow } = makeLong(3_000_000);
  const drag = (share: number) => {
    element.scrollTop = share * (heightOf(scroll.view) + rowHeight - viewHeight);
    scroll.follow();
  };
  drag(1);
  expect(scroll.top).toBe(3_000_001 * rowHeight - viewHeight);
  drag(0.5);
  expect(firstRow()).toBeCloseTo(1_500_000, -2);
  drag(0);
  expect(scroll.top).toBe(0);
});

test('where the thumb stands at an end and rows are left, the wheel goes on to the last of them', () => {
  const { element, scroll, wheel } = makeLong(600_000);
  scroll.top = 600_000 * rowHeight - 10_000;
  for (let step = 0; step < 200; step += 1) wheel(90);
  expect(scroll.top).toBe(600_001 * rowHeight - viewHeight);
  for (let step = 0; step < 20; step += 1) wheel(-90);
  expect(scroll.top).toBeCloseTo(600_001 * rowHeight - viewHeight - 1800, -1);
  scroll.settle();
  expect(element.scrollTop).toBeLessThan(heightOf(scroll.view));
});

test('putting the thumb where it belongs leaves the rows where they are', () => {
  const { element, scroll, wheel } = makeLong(3_000_000);
  for (let step = 0; step < 100; step += 1) wheel(300);
  const [top, y] = [scroll.top, scroll.yOf(1100) - element.scrollTop];
  scroll.settle();
  expect(scroll.top).toBe(top);
  expect(scroll.yOf(1100) - element.scrollTop).toBe(y);
});

/** Tiles of 100 pixels, five in a line, without a header. */
const tiles = { lineHeight: 100, perLine: 5, header: 0, height: 300 };

test('of tiles, a line is shown whole, and a page is a screen of lines less one', () => {
  const scroll = makeScroll(0, tiles);
  revealRow(scroll, 14);
  expect(scroll.top).toBe(0);
  revealRow(scroll, 15);
  expect(scroll.top).toBe(100);
  expect(pageRowsOf(scroll.view)).toBe(10);
  expect(heightOf({ ...scroll.view, rowCount: 11 })).toBe(300);
});

test('tiles that become fewer in a line keep the first of them at the top', () => {
  let view: GridView = { ...tiles, rowCount: 1000 };
  const scroll = {
    top: 2000,
    get view() {
      return view;
    },
  };
  const keeper = new ScrollKeeper(scroll, 'name');
  keeper.note(toRows(...Array.from({ length: 1000 }, (_, at) => `tile ${at}`)));
  view = { ...view, perLine: 4 };
  keeper.reshape();
  expect(scroll.top).toBe(2500);
});
