import type { MessageKey } from '../../../main/words/locales.ts';
import type { Translate } from '../../../main/words/translator.ts';
import { chordKeys, chordLabel } from '../../lib/chords.ts';
import { matchWords } from '../../lib/word-match.ts';

interface KeyGroup {
  readonly title: MessageKey;
  readonly keys: readonly { readonly chord: string; readonly does: MessageKey }[];
}

/** The chords shown in the help. Names of keys aren't translated. */
export function keyMap(isMac: boolean): readonly KeyGroup[] {
  return groups.map(({ title, keys }) => ({ title, keys: keys.filter((key) => !isMac || key.chord !== menuKey) }));
}

/** The chords whose words or keys answer what was typed, in the order of the help; all of them for an empty search. */
export function findKeys(search: string, isMac: boolean, text: Translate): readonly KeyGroup[] {
  const typed = search.trim().toLowerCase();
  if (typed === '') return keyMap(isMac);
  const isPressed = (chord: string): boolean =>
    chordKeys(chord, isMac).some((key) => key.toLowerCase() === typed) ||
    (typed.includes('+') && chordLabel(chord, isMac).toLowerCase().includes(typed));
  return keyMap(isMac)
    .map(({ title, keys }) => ({
      title,
      keys: keys.filter(({ chord, does }) => isPressed(chord) || matchWords(typed, text(does), text(title)) > 0),
    }))
    .filter(({ keys }) => keys.length > 0);
}

/** No key opens a context menu on a Mac. */
const menuKey = 'Shift+F10';

const groups: readonly KeyGroup[] = [
  {
    title: 'keys.everywhere',
    keys: [
      { chord: 'Ctrl+V', does: 'keys.paste-link' },
      { chord: 'Ctrl+Shift+O', does: 'receive.title' },
      { chord: 'Ctrl+N', does: 'windows.new' },
      { chord: 'Ctrl+L', does: 'keys.address' },
      { chord: 'Ctrl+F', does: 'browse.filter' },
      { chord: 'Ctrl+Shift+F', does: 'search.title' },
      { chord: 'Ctrl+K', does: 'palette.title' },
      { chord: 'Ctrl+J', does: 'keys.transfers' },
      { chord: 'F5', does: 'browse.refresh' },
      { chord: 'Ctrl+,', does: 'settings.title' },
      { chord: 'Ctrl++', does: 'keys.larger-text' },
      { chord: 'Ctrl+-', does: 'keys.smaller-text' },
      { chord: 'Ctrl+0', does: 'keys.usual-text' },
      { chord: 'Ctrl+Shift+L', does: 'palette.lock' },
      { chord: 'F1', does: 'keys.title' },
      { chord: 'Esc', does: 'keys.close' },
    ],
  },
  {
    title: 'keys.moving',
    keys: [
      { chord: 'Alt+←', does: 'browse.back' },
      { chord: 'Alt+→', does: 'browse.forward' },
      { chord: 'Backspace', does: 'keys.up' },
      { chord: 'Ctrl+D', does: 'keys.bookmark' },
    ],
  },
  {
    title: 'keys.list',
    keys: [
      { chord: 'Enter', does: 'keys.open' },
      { chord: 'Space', does: 'keys.look' },
      { chord: 'Ctrl+O', does: 'keys.open-file' },
      { chord: 'Ctrl+E', does: 'keys.edit' },
      { chord: 'Alt+Enter', does: 'properties.tabs' },
      { chord: menuKey, does: 'keys.menu' },
      { chord: 'F2', does: 'browse.rename.do' },
      { chord: 'Ctrl+C', does: 'keys.copy' },
      { chord: 'Ctrl+Shift+C', does: 'browse.copy-link' },
      { chord: 'Ctrl+X', does: 'keys.cut' },
      { chord: 'Ctrl+V', does: 'keys.paste' },
      { chord: 'Ctrl+Z', does: 'keys.undo' },
      { chord: 'Ctrl+A', does: 'keys.select-all' },
      { chord: 'Shift+↓', does: 'keys.select-more' },
      { chord: 'Ctrl+Space', does: 'keys.select-one' },
      { chord: 'Ctrl+H', does: 'keys.versions' },
      { chord: 'Del', does: 'keys.delete' },
      { chord: 'Ctrl+U', does: 'keys.upload' },
      { chord: 'Ctrl+Shift+U', does: 'keys.upload-folder' },
      { chord: 'Ctrl+Shift+S', does: 'keys.upload-and-link' },
      { chord: 'Ctrl+Shift+N', does: 'keys.new-folder' },
    ],
  },
];
