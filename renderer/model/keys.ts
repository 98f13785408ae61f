import { showProperties } from './files/show-properties.ts';
import type { App } from './app.ts';

/**
 * Shortcuts that work everywhere except in a dialog. Those of the application menu (Ctrl+L, Ctrl+F, Ctrl+R …) are here
 * too: the page gets a key before the menu does, and a handled key doesn't reach the menu.
 */
export function handleKeys(event: KeyboardEvent, app: App): void {
  if (event.defaultPrevented || app.dialogs.current !== null || event.isComposing) return;
  const isMac = app.info.platform === 'darwin';
  const chord = chordOf(event, isMac);
  if (isField(event.target) && (chord === 'Backspace' || (isMac && chord.startsWith('alt+Arrow')))) return;
  const action = isMac && macChords.has(chord) ? undefined : keyTable(app)[chord];
  if (action === undefined) return;
  event.preventDefault();
  action();
}

function keyTable(app: App): Readonly<Record<string, (() => void) | undefined>> {
  const { actions, browser, dialogs, moving, places } = app;
  return {
    'alt+ArrowLeft': () => browser.back(),
    'alt+ArrowRight': () => browser.forward(),
    'alt+ArrowUp': () => browser.up(),
    Backspace: () => browser.up(),
    F2: () => moving.askForName(),
    F5: () => actions.run('refresh'),
    'ctrl+i': () => showProperties(app),
    'alt+Enter': () => showProperties(app),
    'ctrl+d': () => places.toggle(browser.place),
    'ctrl+k': () => dialogs.open({ name: 'palette' }),
    'ctrl+r': () => actions.run('refresh'),
    'ctrl+l': () => actions.run('go-to-address'),
    'ctrl+f': () => actions.run('filter'),
    'ctrl+h': () => browser.toggleVersions(),
    'ctrl+j': () => actions.run('toggle-transfers'),
    'ctrl+n': () => actions.run('new-window'),
    'ctrl+u': () => actions.run('upload-files'),
    'ctrl+,': () => actions.run('settings'),
    F1: () => actions.run('keyboard-help'),
    'ctrl+/': () => actions.run('keyboard-help'),
    'ctrl+shift+u': () => actions.run('upload-folder'),
    'ctrl+shift+n': () => actions.run('new-folder'),
    'ctrl++': () => actions.run('larger-text'),
    'ctrl+=': () => actions.run('larger-text'),
    'ctrl+shift++': () => actions.run('larger-text'),
    'ctrl+-': () => actions.run('smaller-text'),
    'ctrl+0': () => actions.run('usual-text'),
    'ctrl+shift+l': () => actions.run('lock'),
    'ctrl+shift+o': () => actions.run('open-link'),
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

/** True for elements that accept typed text. */
export function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, [contenteditable]') !== null;
}

/** Left to macOS: Cmd+H hides the application. */
const macChords: ReadonlySet<string> = new Set(['ctrl+h']);

/** The shortcut as one name. On a Mac, Command counts as Ctrl, because Control moves the cursor in text fields. */
function chordOf(event: KeyboardEvent, isMac: boolean): string {
  const isCommand = isMac ? event.metaKey : event.ctrlKey || event.metaKey;
  const held = [
    isCommand ? 'ctrl' : '',
    isMac && event.ctrlKey ? 'control' : '',
    event.altKey ? 'alt' : '',
    event.shiftKey ? 'shift' : '',
    keyOf(event),
  ];
  return held.filter((part) => part !== '').join('+');
}

const signs: Readonly<Record<string, string>> = { Comma: ',', Slash: '/', Equal: '=', Minus: '-' };

/** The key by its character. If that isn't Latin, by the character of a US keyboard in its place. */
function keyOf({ key, code }: KeyboardEvent): string {
  if (key.length !== 1) return key;
  if (key.charCodeAt(0) < 0x80) return key.toLowerCase();
  const [, latin] = /^(?:Key|Digit)(.)$/.exec(code) ?? [];
  return (latin ?? signs[code] ?? key).toLowerCase();
}
