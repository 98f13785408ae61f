import { chordOf, isChord } from '../lib/chords.ts';
import { isField } from '../lib/edit-text.ts';
import { showProperties } from './files/show-properties.ts';
import type { App } from './app.ts';

/** The keys of an input method are its own: while it composes a word, Enter and Escape end the word, and no form or dialog. */
export function leaveToInputMethod(event: KeyboardEvent): void {
  if (event.isComposing) event.stopImmediatePropagation();
}

/**
 * Shortcuts that work everywhere except in a dialog. Those of the application menu (Ctrl+L, Ctrl+F, Ctrl+R …) are here
 * too: the page gets a key before the menu does, and a handled key doesn't reach the menu.
 */
export function handleKeys(event: KeyboardEvent, app: App): void {
  if (event.defaultPrevented || app.dialogs.current !== null) return;
  const isMac = app.info.platform === 'darwin';
  const pressed = chordOf(event, isMac);
  // Option moves by words in text.
  const isOfText = textChords.includes(pressed) || (isMac && pressed.startsWith('Alt+'));
  if (isField(event.target) && isOfText) return;
  const [, action] = Object.entries(keyTable(app)).find(([chord]) => isChord(pressed, chord, isMac)) ?? [];
  if (action === undefined) return;
  event.preventDefault();
  // A key that is held down acts once: otherwise Ctrl+Z would undo more than anyone means.
  if (!event.repeat) action();
}

/** What these do in a field is the field's own. */
const textChords: readonly string[] = ['Backspace', 'Ctrl+Z', 'Ctrl+Y', 'Ctrl+Shift+Z', 'Ctrl+A'];

function keyTable(app: App): Readonly<Record<string, () => void>> {
  const { actions, browser, dialogs, moving, opening, places } = app;
  return {
    'Alt+←': () => browser.back(),
    'Alt+→': () => browser.forward(),
    'Alt+↑': () => browser.up(),
    Backspace: () => browser.up(),
    F2: () => moving.askForName(),
    F5: () => actions.run('refresh'),
    'Ctrl+I': () => showProperties(app),
    'Alt+Enter': () => showProperties(app),
    // Also where nothing is left to undo: the browser would undo old text in a field that has no focus, or repeat it.
    'Ctrl+Z': () => actions.run('undo'),
    'Ctrl+Y': () => actions.run('redo'),
    'Ctrl+Shift+Z': () => actions.run('redo'),
    // In the list, which takes it itself, and around it.
    'Ctrl+A': () => actions.run('select-all'),
    'Ctrl+D': () => places.toggle(browser.place),
    'Ctrl+K': () => dialogs.open({ name: 'palette' }),
    'Ctrl+R': () => actions.run('refresh'),
    'Ctrl+L': () => actions.run('go-to-address'),
    'Ctrl+F': () => actions.run('filter'),
    'Ctrl+Shift+F': () => dialogs.open({ name: 'search', given: null }),
    'Ctrl+H': () => browser.toggleVersions(),
    'Ctrl+J': () => actions.run('toggle-transfers'),
    'Ctrl+N': () => actions.run('new-window'),
    'Ctrl+E': () => void opening.openSelected({ use: 'edit' }),
    'Ctrl+O': () => void opening.openSelected(),
    'Ctrl+U': () => actions.run('upload-files'),
    'Ctrl+,': () => actions.run('settings'),
    F1: () => actions.run('keyboard-help'),
    'Ctrl+/': () => actions.run('keyboard-help'),
    'Ctrl+Shift+C': () => void actions.copyLinks(),
    'Ctrl+Shift+S': () => void actions.pickAndUpload('files', { copiesLinks: true }),
    'Ctrl+Shift+U': () => actions.run('upload-folder'),
    'Ctrl+Shift+N': () => actions.run('new-folder'),
    'Ctrl++': () => actions.run('larger-text'),
    'Ctrl+=': () => actions.run('larger-text'),
    'Ctrl+Shift++': () => actions.run('larger-text'),
    'Ctrl+-': () => actions.run('smaller-text'),
    'Ctrl+0': () => actions.run('usual-text'),
    'Ctrl+Shift+L': () => actions.run('lock'),
    'Ctrl+Shift+O': () => actions.run('open-link'),
  };
}

/** The side buttons of a mouse. */
export function handleMouse(event: MouseEvent, { browser, dialogs }: App): void {
  if (dialogs.current !== null || (event.button !== 3 && event.button !== 4)) return;
  event.preventDefault();
  if (event.button === 3) browser.back();
  else browser.forward();
}

/** Copies or cuts the selected rows, unless text is selected. */
export function handleCopy(event: ClipboardEvent, { dialogs, moving }: App): void {
  const isText = isField(event.target) || window.getSelection()?.isCollapsed === false;
  if (isText || dialogs.current !== null) return;
  const text = moving.hold(event.type === 'cut');
  if (text === null) return;
  event.clipboardData?.setData('text/plain', text);
  event.preventDefault();
}
