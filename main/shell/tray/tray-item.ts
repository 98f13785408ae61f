import { Menu, type MenuItemConstructorOptions, Tray } from 'electron';
import { onIconChange, trayIcon } from './tray-icon.ts';
import type { TrayAction, TrayEntry, TrayLook } from './tray-menu.ts';

/** Dependencies of TrayItem. */
interface TrayItemParts {
  readonly look: () => TrayLook;
  readonly act: (action: TrayAction) => void;
  readonly onFiles: (paths: readonly string[]) => void;
  readonly onText: (text: string) => void;
}

/** Least time between two updates of what transfers change, in milliseconds. */
const UPDATE_EVERY_MS = 1000;

/**
 * The item in the menu bar or the tray. macOS and Windows ask for its menu when it is opened, so that it is never replaced
 * under the pointer. Linux needs it beforehand, and again after each change.
 * @see https://www.electronjs.org/docs/latest/api/tray
 */
export class TrayItem {
  readonly #parts: TrayItemParts;
  /** Held here: a Tray that is garbage-collected disappears. */
  #tray: Tray | null = null;
  #shown = '';
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: TrayItemParts) {
    this.#parts = parts;
    onIconChange(() => this.#tray?.setImage(trayIcon()));
  }

  get isShown(): boolean {
    return this.#tray !== null;
  }

  show(): void {
    if (this.#tray !== null) return;
    const tray = new Tray(trayIcon());
    this.#tray = tray;
    const { act, onFiles, onText } = this.#parts;
    const open = (): void => act({ do: 'open' });
    if (process.platform === 'darwin') {
      // Without this, the second of two quick clicks would open no menu.
      tray.setIgnoreDoubleClickEvents(true);
    }
    // Sent by macOS alone: trays of Windows and Linux take no drops.
    tray.on('drop-files', (_event, paths) => onFiles(paths));
    tray.on('drop-text', (_event, text) => onText(text));
    tray.on('click', process.platform === 'darwin' ? () => this.#popUp() : open);
    if (process.platform !== 'linux') tray.on('right-click', () => this.#popUp());
    this.update();
  }

  remove(): void {
    this.#tray?.destroy();
    this.#tray = null;
    this.#shown = '';
  }

  /** Shows the current state at once. */
  update(): void {
    if (this.#tray === null) return;
    const look = this.#parts.look();
    const shown = JSON.stringify(look);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#tray.setToolTip(look.tip);
    if (process.platform === 'linux') this.#tray.setContextMenu(this.#menuOf(look));
  }

  /** Shows the current state soon: once, however often this is called. */
  updateSoon(): void {
    if (this.#tray === null || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.update();
    }, UPDATE_EVERY_MS).unref();
  }

  #popUp(): void {
    this.#tray?.popUpContextMenu(this.#menuOf(this.#parts.look()));
  }

  #menuOf({ entries }: TrayLook) {
    return Menu.buildFromTemplate(entries.map((entry) => this.#template(entry)));
  }

  #template(entry: TrayEntry): MenuItemConstructorOptions {
    if (entry.kind === 'separator') return { type: 'separator' };
    const { id } = entry;
    // In a menu an ampersand marks the letter to press; two are one.
    const label = entry.label.replaceAll('&', '&&');
    switch (entry.kind) {
      case 'note':
        return { id, label, enabled: false };
      case 'action':
        return { id, label, click: () => this.#parts.act(entry.action) };
      case 'menu':
        return { id, label, submenu: entry.entries.map((inner) => this.#template(inner)) };
      default:
        return entry satisfies never;
    }
  }
}
