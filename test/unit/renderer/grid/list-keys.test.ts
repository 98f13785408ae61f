import { beforeEach, describe, expect, test } from 'vitest';
import { handleListKey } from '../../../../renderer/grid/list-keys.ts';
import { TypeAhead } from '../../../../renderer/grid/type-ahead.ts';
import { Selection } from '../../../../renderer/model/browsing/selection.svelte.ts';

const rows = Array.from({ length: 30 }, (_, index) => ({ id: `row ${index}` }));
let selection = new Selection();
let done: string[] = [];

beforeEach(() => {
  selection = new Selection();
  done = [];
});

type Held = Partial<Pick<KeyboardEvent, 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'code'>>;

function press(key: string, held: Held = {}, isMac = false, look?: (row: { id: string }) => void) {
  const nothing = { code: '', altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };
  const event = { key, ...nothing, ...held } as KeyboardEvent;
  return handleListKey(event, {
    rows,
    cursor: rows.findIndex(({ id }) => id === selection.cursor),
    selection,
    pageRows: 10,
    perLine: 1,
    typeAhead: new TypeAhead(),
    isMac,
    look,
    open: (row) => done.push(`open ${row.id}`),
    up: () => done.push('up'),
    remove: () => done.push('remove'),
  });
}

describe('the keyboard in a list', () => {
  test('starts at the top with down and at the bottom with up', () => {
    press('ArrowDown');
    expect(selection.cursor).toBe('row 0');
    selection = new Selection();
    press('ArrowUp');
    expect(selection.cursor).toBe('row 29');
  });

  test.each([
    ['ArrowDown', 'row 6'],
    ['ArrowUp', 'row 4'],
    ['PageDown', 'row 15'],
    ['PageUp', 'row 0'],
    ['Home', 'row 0'],
    ['End', 'row 29'],
  ])('%s moves from row 5 to %s', (key, id) => {
    selection.select('row 5');
    expect(press(key)).toBe(true);
    expect(selection.cursor).toBe(id);
    expect([...selection.ids]).toEqual([id]);
  });

  test('selects a range with Shift', () => {
    selection.select('row 1');
    press('ArrowDown', { shiftKey: true });
    press('ArrowDown', { shiftKey: true });
    expect(selection.size).toBe(3);
  });

  test('moves without selecting with Ctrl, and space then adds the row', () => {
    selection.select('row 1');
    press('ArrowDown', { ctrlKey: true });
    press('ArrowDown', { ctrlKey: true });
    expect([...selection.ids]).toEqual(['row 1']);
    press(' ');
    expect([...selection.ids]).toEqual(['row 1', 'row 3']);
  });

  test('selects everything with Ctrl+A and nothing with Escape', () => {
    press('a', { ctrlKey: true });
    expect(selection.size).toBe(30);
    press('Escape');
    expect(selection.size).toBe(0);
  });

  test('opens with Enter, goes up with Backspace, deletes with Delete', () => {
    selection.select('row 2');
    for (const key of ['Enter', 'Backspace', 'Delete']) expect(press(key)).toBe(true);
    expect(done).toEqual(['open row 2', 'up', 'remove']);
  });

  test('selects everything with Ctrl+A where the key prints another script', () => {
    press('ф', { ctrlKey: true, code: 'KeyA' });
    expect(selection.size).toBe(30);
  });

  test('deletes with Command and Backspace on a Mac, where most keyboards have no Delete key, and with Delete', () => {
    expect(press('Backspace', { metaKey: true }, true)).toBe(true);
    expect(press('Delete', {}, true)).toBe(true);
    expect(done).toEqual(['remove', 'remove']);
  });

  test.each([
    [false, { ctrlKey: true }],
    [true, { shiftKey: true }],
  ])('adds the row where space previews (on a Mac: %s) with %o', (isMac, held) => {
    const look = (row: { id: string }) => done.push(`look ${row.id}`);
    selection.select('row 1');
    press('ArrowDown', { ctrlKey: true });
    press(' ', held, isMac, look);
    expect([...selection.ids]).toEqual(['row 1', 'row 2']);
    press(' ', {}, isMac, look);
    expect(done).toEqual(['look row 2']);
  });

  test('deletes nothing with Backspace elsewhere, whatever is held', () => {
    for (const held of [{ metaKey: true }, { ctrlKey: true }, { shiftKey: true }]) press('Backspace', held);
    expect(done).toEqual(['up', 'up', 'up']);
  });

  test('leaves alone what it does not know, and everything with Alt', () => {
    expect(press('x')).toBe(false);
    expect(press('a')).toBe(false);
    expect(press('Enter')).toBe(false);
    expect(press('ArrowUp', { altKey: true })).toBe(false);
    expect(done).toEqual([]);
  });
});

test('in tiles, the arrows go along the line and to the next one', () => {
  const inTiles = (key: string) =>
    handleListKey({ key, code: '', altKey: false, ctrlKey: false, metaKey: false, shiftKey: false } as KeyboardEvent, {
      rows,
      cursor: rows.findIndex(({ id }) => id === selection.cursor),
      selection,
      pageRows: 10,
      perLine: 4,
      isMac: false,
      typeAhead: new TypeAhead(),
      open: () => undefined,
      up: () => undefined,
      remove: () => undefined,
    });
  const ways = ['ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp', 'ArrowUp', 'End', 'ArrowDown'];
  const gone = ways.map((key) => {
    inTiles(key);
    return selection.cursor;
  });
  expect(gone).toEqual(['row 0', 'row 1', 'row 5', 'row 4', 'row 0', 'row 0', 'row 29', 'row 29']);
});

describe('typing', () => {
  const names = ['Alpha', 'beta', 'Beta max', 'f-00001', 'f-00002', 'gamma'].map((id) => ({ id }));
  let typeAhead = new TypeAhead();
  let look: string[] = [];

  beforeEach(() => {
    typeAhead = new TypeAhead();
    look = [];
  });

  function type(key: string, timeStamp: number, held: Held = {}) {
    const nothing = { code: '', altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };
    const event = { key, timeStamp, ...nothing, ...held } as KeyboardEvent;
    return handleListKey(event, {
      rows: names,
      cursor: names.findIndex(({ id }) => id === selection.cursor),
      selection,
      pageRows: 10,
      perLine: 1,
      isMac: false,
      typeAhead,
      nameOf: ({ id }) => id,
      look: ({ id }) => look.push(id),
      open: () => undefined,
      up: () => undefined,
      remove: () => undefined,
    });
  }

  test('goes to the name that starts so, in any case, and after a pause starts again', () => {
    'F-00002'.split('').forEach((key, at) => type(key, at * 200));
    expect(selection.cursor).toBe('f-00002');
    type('b', 9000);
    expect(selection.cursor).toBe('beta');
    expect([...selection.ids]).toEqual(['beta']);
  });

  test('the same letter goes through the names that start with it', () => {
    const gone = [0, 100, 200].map((at) => {
      type('b', at);
      return selection.cursor;
    });
    expect(gone).toEqual(['beta', 'Beta max', 'beta']);
  });

  test('a space is part of a name that is being typed, and looks into the row otherwise', () => {
    'beta m'.split('').forEach((key, at) => type(key, at * 100));
    expect([selection.cursor, look]).toEqual(['Beta max', []]);
    type(' ', 5000);
    expect(look).toEqual(['Beta max']);
  });

  test('what no name starts with moves nothing, and chords are not typed', () => {
    selection.select('gamma');
    expect(type('z', 0)).toBe(true);
    expect(selection.cursor).toBe('gamma');
    expect(type('f', 9000, { ctrlKey: true })).toBe(false);
    expect(type('Process', 9000)).toBe(false);
    expect(selection.cursor).toBe('gamma');
  });
});
