import { flushSync } from 'svelte';
import { describe, expect, test } from 'vitest';
import { Selection } from '../../../../../renderer/model/browsing/selection.svelte.ts';

const rows = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }));
const idsOf = (selection: Selection) => [...selection.ids].sort().join('');

describe('a selection', () => {
  test('of one row replaces the one before', () => {
    const selection = new Selection();
    selection.select('a');
    selection.select('b');
    expect(idsOf(selection)).toBe('b');
  });

  test('with Shift runs from the row that was chosen first, in both directions', () => {
    const selection = new Selection();
    selection.select('c');
    selection.extendTo('e', rows);
    expect(idsOf(selection)).toBe('cde');
    selection.extendTo('a', rows);
    expect(idsOf(selection)).toBe('abc');
    expect(selection.cursor).toBe('a');
  });

  test('with Shift and nothing chosen before is that row', () => {
    const selection = new Selection();
    selection.extendTo('d', rows);
    expect(idsOf(selection)).toBe('d');
  });

  test('with Ctrl adds a row and takes it away again', () => {
    const selection = new Selection();
    selection.select('a');
    selection.toggle('c');
    expect(idsOf(selection)).toBe('ac');
    selection.toggle('a');
    expect(idsOf(selection)).toBe('c');
  });

  test('forgets the rows that are gone, and the cursor with them', () => {
    const selection = new Selection();
    selection.all(rows);
    selection.moveTo('e');
    selection.keep((id) => id < 'c');
    expect(idsOf(selection)).toBe('ab');
    expect(selection.cursor).toBeNull();
  });

  test('tells those who show it', () => {
    const selection = new Selection();
    const sizes: number[] = [];
    const stop = $effect.root(() => {
      $effect(() => {
        sizes.push(selection.size);
      });
    });
    flushSync();
    selection.all(rows);
    flushSync();
    expect(sizes).toEqual([0, 5]);
    stop();
  });
});
