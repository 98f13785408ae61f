import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../../contract/contract.ts';
import { titleCase } from '../../words/format.ts';
import type { Translate } from '../../words/translator.ts';

/** Actions of the application menu. */
interface MenuActions {
  /** Sends a command to the renderer. */
  readonly run: (command: MenuCommand) => void;
  readonly openWindow: () => void;
}

/** The application menu, for Electron to build. The page handles its accelerators first, in `renderer/model/keys.ts`. */
export function applicationMenu(
  translate: Translate,
  { run, openWindow }: MenuActions,
  platform: NodeJS.Platform,
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const text: Translate = mac ? (key, values) => titleCase(translate(key, values)) : translate;
  const item = (key: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    id: key,
    label: text(`menu.${key}`),
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => run(key),
  });
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: text('menu.file'),
      submenu: [
        // Handled here: it must work without a window and while Waybill is locked.
        { ...item('new-window', 'CmdOrCtrl+N'), click: openWindow },
        separator,
        item('open-link', 'CmdOrCtrl+Shift+O'),
        item('add-account'),
        separator,
        item('upload-files', 'CmdOrCtrl+U'),
        item('upload-folder', 'CmdOrCtrl+Shift+U'),
        item('new-folder', 'CmdOrCtrl+Shift+N'),
        separator,
        item('settings', 'CmdOrCtrl+,'),
        item('lock', 'CmdOrCtrl+Shift+L'),
        separator,
        { label: text(mac ? 'menu.close' : 'menu.quit'), role: mac ? 'close' : 'quit' },
      ],
    },
    editMenu(text, item, mac),
    {
      label: text('menu.view'),
      submenu: [
        item('refresh', 'CmdOrCtrl+R'),
        item('go-to-address', 'CmdOrCtrl+L'),
        item('filter', 'CmdOrCtrl+F'),
        item('toggle-transfers', 'CmdOrCtrl+J'),
        separator,
        item('larger-text', 'CmdOrCtrl+Plus'),
        item('smaller-text', 'CmdOrCtrl+-'),
        item('usual-text', 'CmdOrCtrl+0'),
        { label: text('menu.full-screen'), role: 'togglefullscreen' },
      ],
    },
    windowMenu(text, mac),
    {
      label: text('menu.help'),
      ...(mac ? { role: 'help' as const } : {}),
      submenu: [item('keyboard-help', mac ? 'CmdOrCtrl+/' : 'F1'), item('copy-diagnostics')],
    },
  ];
}

/**
 * Electron's own edit menu uses the system's language, not the one in the settings. Its roles for undoing, redoing and
 * selecting act on text alone, even in a field without the focus: here the page decides what they mean. Pressed as keys
 * they are the page's on Windows and Linux (`registerAccelerator`); on macOS a key that the page leaves comes here.
 */
function editMenu(
  text: Translate,
  item: (key: MenuCommand, accelerator: string) => MenuItemConstructorOptions,
  mac: boolean,
): MenuItemConstructorOptions {
  const ofPage: typeof item = (key, accelerator) => ({ ...item(key, accelerator), registerAccelerator: false });
  return {
    label: text('menu.edit'),
    submenu: [
      ofPage('undo', 'CmdOrCtrl+Z'),
      ofPage('redo', mac ? 'CmdOrCtrl+Shift+Z' : 'CmdOrCtrl+Y'),
      { type: 'separator' },
      { label: text('menu.cut'), role: 'cut' },
      { label: text('menu.copy'), role: 'copy' },
      { label: text('menu.paste'), role: 'paste' },
      { type: 'separator' },
      ofPage('select-all', 'CmdOrCtrl+A'),
    ],
  };
}

/** On macOS the system adds the list of open windows. */
function windowMenu(text: Translate, mac: boolean): MenuItemConstructorOptions {
  return {
    label: text('menu.window'),
    ...(mac ? { role: 'window' as const } : {}),
    submenu: [
      { label: text('menu.minimize'), role: 'minimize' },
      { label: text('menu.close'), role: 'close' },
    ],
  };
}
