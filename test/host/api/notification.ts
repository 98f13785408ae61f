import type Electron from 'electron';
import { hostEmitter } from '../host-emitter.ts';
import { getFocusedWindow, windows } from '../live.ts';

const shown = new Map<number, Notification>();
let lastId = 0;

/** Shown as a toast in a window of the app. */
export class Notification
  extends hostEmitter('Notification', ['show', 'click', 'close', 'failed'])
  implements Pick<Electron.Notification, 'title' | 'body' | 'show'>
{
  title: string;
  body: string;
  silent: boolean;

  constructor({ title = '', body = '', silent = false }: Electron.NotificationConstructorOptions = {}) {
    super();
    this.title = title;
    this.body = body;
    this.silent = silent;
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    const window = getFocusedWindow() ?? [...windows.values()][0];
    if (window === undefined) {
      this.emit('failed', {}, 'There is no window to show it in');
      return;
    }
    const id = ++lastId;
    shown.set(id, this);
    window.webContents.tell('toast', id, this.title, this.body);
    this.emit('show', {});
  }
}

/** Of the stand-in: a person clicked a toast. */
export function toastClicked(id: number): void {
  shown.get(id)?.emit('click', {});
}
