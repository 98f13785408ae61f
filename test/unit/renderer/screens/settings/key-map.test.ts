import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keyMap } from '../../../../../renderer/screens/settings/key-map.ts';

const root = join(import.meta.dirname, '../../../../..');
const menu = readFileSync(join(root, 'main/shell/windows/menu.ts'), 'utf8');
const keys = readFileSync(join(root, 'renderer/model/keys.ts'), 'utf8');

const shown = new Set(keyMap.flatMap((group) => group.keys.map(({ chord }) => chord)));
/** Second keys for what has one that is shown. */
const aliases = new Set(['Ctrl+R', 'Ctrl+/', 'Ctrl+=', 'Ctrl+Shift++', 'Alt+↑', 'Ctrl+I']);
/** Chord → what it runs, where that is a command. */
const accelerators = new Map(
  [...menu.matchAll(/item\('([\w-]+)', '([^']+)'/g)].map(([, command = '', accelerator = '']) => [
    accelerator.replace('CmdOrCtrl', 'Ctrl').replace('Plus', '+'),
    command,
  ]),
);
const handled = new Map(
  [...keys.matchAll(/^ {4}(?:'([^']+)'|(\w+)): \(\) => (?:actions\.run\('([\w-]+)'\))?/gm)].map(
    ([, quoted, bare, command]) => [chordOf(quoted ?? bare ?? ''), command],
  ),
);

/** `ctrl+shift+o` as it is shown: `Ctrl+Shift+O`. */
function chordOf(name: string): string {
  const arrows: Readonly<Record<string, string>> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' };
  return name
    .split(/\+(?!$)/)
    .map((part) => arrows[part] ?? part.charAt(0).toUpperCase() + part.slice(1))
    .join('+');
}

test('both tables were read', () => {
  expect([accelerators.size > 8, handled.size > 15]).toEqual([true, true]);
});

test('the help shows every key of the menu and of the window', () => {
  const missing = [...accelerators.keys(), ...handled.keys()].filter((key) => !shown.has(key) && !aliases.has(key));
  expect(missing).toEqual([]);
});

test('a key of the menu does the same in the page, which gets it first', () => {
  for (const [chord, command] of accelerators) expect([chord, handled.get(chord)]).toEqual([chord, command]);
});

test('no key is shown twice in one group', () => {
  for (const { keys: group } of keyMap) {
    const chords = group.map(({ chord }) => chord);
    expect(new Set(chords).size).toBe(chords.length);
  }
});
