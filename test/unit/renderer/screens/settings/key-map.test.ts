import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { applicationMenu } from '../../../../../main/shell/windows/menu.ts';
import { paletteGroups } from '../../../../../renderer/commands/palette-items.ts';
import { handleListKey } from '../../../../../renderer/grid/list-keys.ts';
import { isChord, platformChord } from '../../../../../renderer/lib/chords.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import type { App } from '../../../../../renderer/model/app.ts';
import { TypeAhead } from '../../../../../renderer/grid/type-ahead.ts';
import { Selection } from '../../../../../renderer/model/browsing/selection.svelte.ts';
import { makeApp } from '../../../../../renderer/model/make-app.ts';
import { findKeys, keyMap } from '../../../../../renderer/screens/settings/key-map.ts';
import { answering } from '../../answering.ts';
import { makeInfo } from '../../making.ts';
import { eventOf, FakeElement, press } from '../../pressing.ts';

const { text } = new Messages('en');
/** Second keys for what has one that is shown. */
const aliases = new Set(['Ctrl+R', 'Ctrl+/', 'Ctrl+=', 'Ctrl+Shift++', 'Ctrl+I', 'Alt+↑']);
/** Keys of text: outside of fields the window only keeps the browser from changing text elsewhere. */
const ofText = new Set(['Ctrl+Y', 'Ctrl+Shift+Z']);
/** The system's own: it copies, cuts and pastes, closes dialogs and opens menus. */
const ofTheSystem = new Set(['Ctrl+C', 'Ctrl+X', 'Ctrl+V', 'Shift+F10', 'Esc']);

beforeEach(() => {
  vi.stubGlobal('HTMLElement', FakeElement);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function startApp(platform: NodeJS.Platform): App {
  const app = makeApp(
    { ...makeInfo(), platform },
    new Messages('en'),
    answering({ 'settings.set': () => makeInfo().settings }),
  );
  vi.spyOn(app.actions, 'run').mockReturnValue();
  return app;
}

/** True if the list takes the chord. */
function pressInList(chord: string, isMac: boolean): boolean {
  const rows = [{ id: 'a' }, { id: 'b' }];
  const nothing = (): void => undefined;
  const list = {
    rows,
    cursor: 0,
    selection: new Selection(),
    pageRows: 10,
    perLine: 1,
    isMac,
    typeAhead: new TypeAhead(),
  };
  const event = { code: '', ...eventOf(chord, isMac) } as KeyboardEvent;
  return handleListKey(event, { ...list, open: nothing, look: nothing, up: nothing, remove: nothing });
}

/** Every chord that a keyboard has and the window takes. */
function taken(platform: NodeJS.Platform): readonly string[] {
  const isMac = platform === 'darwin';
  const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,./=-+[];'.split('');
  const keys = [...characters, 'F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F8', 'F9', 'F11', 'F12', '←', '→', '↑', '↓'];
  const held = ['', 'Ctrl+', 'Alt+', 'Shift+', 'Ctrl+Shift+', 'Ctrl+Alt+', 'Alt+Shift+', 'Control+', 'Control+Shift+'];
  const all = [...keys, 'Backspace', 'Del', 'Enter', 'Space', 'Esc', 'Home', 'End'].flatMap((key) =>
    held.filter((part) => isMac || !part.startsWith('Control')).map((part) => `${part}${key}`),
  );
  return all.filter((chord) => press(startApp(platform), eventOf(chord, isMac)));
}

describe.each(['linux', 'win32', 'darwin'] as const)('on %s', (platform) => {
  const isMac = platform === 'darwin';
  const shown = keyMap(isMac).flatMap(({ keys }) => keys.map(({ chord }) => chord));

  test('every key that the help shows does something', () => {
    const dead = shown
      .filter((chord) => !ofTheSystem.has(chord))
      .map((chord) => platformChord(chord, isMac))
      .filter((chord) => !press(startApp(platform), eventOf(chord, isMac)) && !pressInList(chord, isMac));
    expect(dead).toEqual([]);
  });

  test('the help shows every key that the window takes', () => {
    const known = [...shown, ...aliases, ...ofText];
    const all = taken(platform);
    expect(all.length).toBeGreaterThan(20);
    expect(all.filter((pressed) => !known.some((chord) => isChord(pressed, chord, isMac)))).toEqual([]);
  });

  test('a key of the menu does the same in the page, which gets it first', () => {
    const menu = applicationMenu(text, { run: () => undefined, openWindow: () => undefined }, platform);
    const items = menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
    const pairs = items.flatMap(({ id, accelerator }) => (accelerator === undefined ? [] : [{ id, accelerator }]));
    expect(pairs.length).toBeGreaterThan(8);
    for (const { id, accelerator } of pairs) {
      const app = startApp(platform);
      const run = vi.spyOn(app.actions, 'run').mockReturnValue();
      press(app, eventOf(accelerator.replace('CmdOrCtrl', 'Ctrl').replace('Plus', '+'), isMac));
      expect([accelerator, run.mock.calls]).toEqual([accelerator, [[id]]]);
    }
  });

  test('every key that the palette shows does something', () => {
    const shortcuts = paletteGroups(startApp(platform)).flatMap(({ items }) => items.map(({ shortcut }) => shortcut));
    const chords = shortcuts.filter((shortcut) => shortcut !== undefined);
    expect(chords.length).toBeGreaterThan(8);
    const dead = chords.filter((chord) => !press(startApp(platform), eventOf(platformChord(chord, isMac), isMac)));
    expect(dead).toEqual([]);
  });
});

test('no key is shown twice in one group', () => {
  for (const { keys: group } of keyMap(false)) {
    const chords = group.map(({ chord }) => chord);
    expect(new Set(chords).size).toBe(chords.length);
  }
});

describe('the search of the help', () => {
  const found = (search: string, locale: 'en' | 'zh-CN' = 'en', isMac = false) =>
    findKeys(search, isMac, new Messages(locale).text).flatMap(({ keys }) => keys.map(({ chord }) => chord));

  test('shows all keys until something is typed', () => {
    expect(findKeys(' ', false, text)).toEqual(keyMap(false));
  });

  test.each([
    ['undo', 'en', ['Ctrl+Z']],
    ['parent', 'en', ['Backspace']],
    ['撤销', 'zh-CN', ['Ctrl+Z']],
    ['ctrl+z', 'en', ['Ctrl+Z']],
    ['f5', 'en', ['F5']],
    ['nothing of the kind', 'en', []],
  ] as const)('finds words and keys: %s', (search, locale, expected) => {
    expect(found(search, locale)).toEqual(expected);
  });

  test('finds the signs of a Mac', () => {
    expect(found('⌫', 'en', true)).toContain('Backspace');
  });
});
