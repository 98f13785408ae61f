import { getContext, setContext } from 'svelte';
import { own } from '../../main/own.ts';

/*
 * A chord is a shortcut by its name on Linux and Windows: `Ctrl+Shift+L`, `Alt+←`, `F5`, `Del`. Code and menus use
 * these names; this file turns pressed keys into them and writes them as the platform does.
 */

/**
 * What Macs use instead: ⌘H hides the app, ⌘Space searches the system, ⌃Space changes the input source, and most
 * keyboards have no Delete or F keys.
 */
const macChords: Readonly<Record<string, string>> = {
  'Ctrl+H': 'Ctrl+Shift+H',
  'Ctrl+Space': 'Shift+Space',
  'Alt+Enter': 'Ctrl+I',
  Del: 'Ctrl+Backspace',
  F1: 'Ctrl+/',
  F5: 'Ctrl+R',
};

/** Those of them that macOS takes itself. The others work too, on a keyboard that has the keys. */
const macSystemChords: readonly string[] = ['Ctrl+H', 'Ctrl+Space'];

/** In the order in which macOS writes them. */
const macModifiers: readonly string[] = ['Control', 'Alt', 'Shift', 'Ctrl'];
const macSigns: Readonly<Record<string, string>> = {
  ...{ Control: '⌃', Alt: '⌥', Shift: '⇧', Ctrl: '⌘' },
  ...{ Backspace: '⌫', Enter: '↩', Home: '↖', End: '↘' },
};

const keyNames: Readonly<Record<string, string>> = {
  ...{ ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' },
  ...{ ' ': 'Space', Escape: 'Esc', Delete: 'Del' },
};

const signs: Readonly<Record<string, string>> = { Comma: ',', Slash: '/', Equal: '=', Minus: '-' };

/** The keys to press for a chord on this platform. */
export function platformChord(chord: string, isMac: boolean): string {
  return isMac ? (own(macChords, chord) ?? chord) : chord;
}

/** Whether `pressed`, from `chordOf`, is the chord: as the platform writes it, or as keyboards of other systems have it. */
export function isChord(pressed: string, chord: string, isMac: boolean): boolean {
  if (pressed === platformChord(chord, isMac)) return true;
  return pressed === chord && !(isMac && macSystemChords.includes(chord));
}

/** The keys of a chord as the platform writes them: Ctrl, Shift, L; on a Mac ⇧, ⌘, L. */
export function chordKeys(chord: string, isMac: boolean): readonly string[] {
  // A plus at the end is a key.
  const keys = platformChord(chord, isMac).split(/\+(?!$)/);
  if (!isMac) return keys;
  const held = macModifiers.filter((key) => keys.includes(key));
  return [...held, ...keys.slice(held.length)].map((key) => own(macSigns, key) ?? key);
}

/** A chord as the platform writes it: `Ctrl+Shift+L`; on a Mac `⇧⌘L`. */
export function chordLabel(chord: string, isMac: boolean): string {
  return chordKeys(chord, isMac).join(isMac ? '' : '+');
}

/** The chord pressed. On a Mac, Command counts as Ctrl, because Control edits the text of fields. */
export function chordOf(event: KeyboardEvent, isMac: boolean): string {
  const isCommand = isMac ? event.metaKey : event.ctrlKey || event.metaKey;
  const held = [
    isCommand ? 'Ctrl' : '',
    isMac && event.ctrlKey ? 'Control' : '',
    event.altKey ? 'Alt' : '',
    event.shiftKey ? 'Shift' : '',
    keyOf(event),
  ];
  return held.filter((part) => part !== '').join('+');
}

/** The key by its character. If that isn't Latin, by the character of a US keyboard in its place. */
export function keyOf({ key, code }: KeyboardEvent): string {
  const name = own(keyNames, key);
  if (name !== undefined || key.length !== 1) return name ?? key;
  if (key.charCodeAt(0) < 0x80) return key.toUpperCase();
  const [, latin] = /^(?:Key|Digit)(.)$/.exec(code) ?? [];
  return (latin ?? own(signs, code) ?? key).toUpperCase();
}

const context = Symbol('Mac keys');

/** Has the components below write chords as macOS does. */
export function setMacKeys(isMac: boolean): void {
  setContext(context, isMac);
}

/** True if chords are written as macOS does; false on the lock screen, which has none. */
export function hasMacKeys(): boolean {
  return getContext<boolean | undefined>(context) ?? false;
}
