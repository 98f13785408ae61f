import { describe, expect, test } from 'vitest';
import { chordLabel, chordOf } from '../../../../renderer/lib/chords.ts';

const nothing = { code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

function pressed(event: Partial<KeyboardEvent>, isMac = false): string {
  return chordOf({ ...nothing, ...event } as KeyboardEvent, isMac);
}

describe('a chord is written', () => {
  test.each([
    ['Ctrl+Shift+L', 'Ctrl+Shift+L', '⇧⌘L'],
    ['Ctrl+F', 'Ctrl+F', '⌘F'],
    ['Ctrl++', 'Ctrl++', '⌘+'],
    ['Ctrl+Shift++', 'Ctrl+Shift++', '⇧⌘+'],
    ['Alt+←', 'Alt+←', '⌥←'],
    ['Enter', 'Enter', '↩'],
    ['Space', 'Space', 'Space'],
    ['Alt+Home', 'Alt+Home', '⌥↖'],
  ])('%s: %s, on a Mac %s', (chord, usual, mac) => {
    expect([chordLabel(chord, false), chordLabel(chord, true)]).toEqual([usual, mac]);
  });

  test.each([
    ['Del', '⌘⌫'],
    ['Ctrl+H', '⇧⌘H'],
    ['F5', '⌘R'],
    ['F1', '⌘/'],
    ['Alt+Enter', '⌘I'],
    ['Ctrl+Space', '⇧Space'],
  ])('%s as %s on a Mac, where the other key does not exist or is the system’s', (chord, mac) => {
    expect(chordLabel(chord, true)).toBe(mac);
  });
});

describe('a pressed key', () => {
  test.each([
    [{ key: 'k', ctrlKey: true }, 'Ctrl+K'],
    [{ key: 'K', ctrlKey: true, shiftKey: true }, 'Ctrl+Shift+K'],
    [{ key: 'ArrowLeft', altKey: true }, 'Alt+←'],
    [{ key: ' ' }, 'Space'],
    [{ key: 'ф', code: 'KeyA', ctrlKey: true }, 'Ctrl+A'],
    [{ key: 'k', code: 'KeyV', ctrlKey: true }, 'Ctrl+K'],
    [{ key: '’', code: 'Minus', ctrlKey: true }, 'Ctrl+-'],
    [{ key: 'ж', code: 'Semicolon', ctrlKey: true }, 'Ctrl+Ж'],
  ])('%o is %s', (event, chord) => {
    expect(pressed(event)).toBe(chord);
  });

  test('with Command counts as Ctrl on a Mac, and Control doesn’t', () => {
    expect(pressed({ key: 'k', metaKey: true }, true)).toBe('Ctrl+K');
    expect(pressed({ key: 'k', ctrlKey: true }, true)).toBe('Control+K');
  });
});
