import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  bringsFiles,
  bringsText,
  dragType,
  fileNameOf,
  leavesElement,
} from '../../../../renderer/lib/dropped-files.ts';

/** An element of a page, which Node doesn't have. */
class FakeNode {
  readonly #parent: FakeNode | null;

  constructor(parent: FakeNode | null) {
    this.#parent = parent;
  }

  contains(other: FakeNode): boolean {
    for (let node: FakeNode | null = other; node !== null; node = node.#parent) if (node === this) return true;
    return false;
  }
}

beforeEach(() => {
  vi.stubGlobal('Node', FakeNode);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a drag', () => {
  const area = new FakeNode(null);
  const row = new FakeNode(area);
  const leave = (to: FakeNode | null) =>
    leavesElement({ currentTarget: area, relatedTarget: to } as unknown as DragEvent);

  test('stays in an area while it goes to what is inside', () => {
    expect([leave(row), leave(new FakeNode(row)), leave(area)]).toEqual([false, false, false]);
  });

  test('leaves an area for another, and with the window or the Escape key', () => {
    expect([leave(new FakeNode(null)), leave(null)]).toEqual([true, true]);
  });

  test('brings files only from outside: one of the app’s lists is a file only to other programs', () => {
    const carrying = (...types: string[]) => ({ dataTransfer: { types } }) as unknown as DragEvent;
    expect(bringsFiles(carrying('Files'))).toBe(true);
    expect(bringsFiles(carrying('Files', dragType))).toBe(false);
    expect(bringsFiles(carrying('text/plain'))).toBe(false);
  });

  test('brings text where it has nothing else that Waybill takes', () => {
    const carrying = (...types: string[]) => ({ dataTransfer: { types } }) as unknown as DragEvent;
    expect(bringsText(carrying('text/plain', 'text/uri-list', 'text/html'))).toBe(true);
    expect(bringsText(carrying('text/plain', 'Files'))).toBe(false);
    expect(bringsText(carrying('text/plain', dragType))).toBe(false);
    expect(bringsText({ dataTransfer: null } as DragEvent)).toBe(false);
  });
});

test('the name of a file is the last segment of its path, on every system', () => {
  expect(['/home/a/one.csv', String.raw`C:\Users\a\one.csv`, 'one.csv', '/'].map(fileNameOf)).toEqual([
    ...['one.csv', 'one.csv', 'one.csv', ''],
  ]);
});
