import type Electron from 'electron';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from '../chromium.ts';
import { PreventableEvent } from '../host-emitter.ts';
import { getFocusedWindow, setFocusedWindow, windows } from '../live.ts';
import { theApp } from '../the-app.ts';
import { app } from './app.ts';
import { FramedWindow } from './framed-window.ts';
import { acceleratorsOf, type Menu } from './menu.ts';
import type { NativeImage } from './native-image.ts';
import { WebContents } from './web-contents.ts';

type Implemented = Pick<
  Electron.BrowserWindow,
  | 'id'
  | 'loadURL'
  | 'loadFile'
  | 'show'
  | 'hide'
  | 'focus'
  | 'blur'
  | 'isFocused'
  | 'getTitle'
  | 'setTitle'
  | 'setProgressBar'
  | 'isDestroyed'
  | 'destroy'
  | 'close'
>;

let lastId = 0;

export class BrowserWindow extends FramedWindow implements Implemented {
  readonly id = ++lastId;
  readonly webContents: WebContents;
  #title: string;
  #isPainted = false;
  #isClosing = false;
  #isDestroyed = false;
  /** null: no menu of its own, so none; undefined: the application's. */
  #menu: Menu | null | undefined;
  readonly #backgroundColor: string | undefined;

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super(options, 30 * (windows.size % 8));
    this.#title = options.title ?? app.name;
    this.#backgroundColor = options.backgroundColor;
    this.webContents = new WebContents(this, options.webPreferences ?? {});
    windows.set(this.id, this);
    if (this.isVisible()) setFocusedWindow(this);
    app.emit('browser-window-created', {}, this);
    app.emit('web-contents-created', {}, this.webContents);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows.values()];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return getFocusedWindow();
  }

  static fromId(id: number): BrowserWindow | null {
    return windows.get(id) ?? null;
  }

  static fromWebContents(contents: WebContents | undefined): BrowserWindow | null {
    return contents?.window ?? null;
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }

  loadFile(file: string): Promise<void> {
    return this.loadURL(pathToFileURL(path.resolve(theApp.folder, file)).href);
  }

  /** Of the stand-in: a page of this window opened another, and the app allowed it. */
  openChild(url: string, options: Electron.BrowserWindowConstructorOptions): BrowserWindow {
    const child = new BrowserWindow(options);
    child.loadURL(url).catch((error: unknown) => console.error(error));
    return child;
  }

  /** Of the stand-in: gives a window that has just opened its place, size and colour. */
  async place(targetId: string): Promise<void> {
    const color = parseColor(this.#backgroundColor);
    if (color !== null) this.webContents.cdp.post('Emulation.setDefaultBackgroundColorOverride', { color });
    await this.frame.open(targetId);
  }

  /** Of the stand-in: Chromium painted the page for the first time. */
  painted(): void {
    if (this.#isPainted) return;
    this.#isPainted = true;
    this.emit('ready-to-show');
  }

  show(): void {
    this.showInactive();
    this.focus();
  }

  hide(): void {
    if (!this.frame.setVisible(false)) return;
    this.focusChanged(false);
    this.emit('hide');
  }

  focus(): void {
    if (this.webContents.targetId !== undefined) this.webContents.cdp.post('Page.bringToFront');
    this.focusChanged(true);
  }

  blur(): void {
    this.focusChanged(false);
  }

  /** Of the stand-in: the focus came or went. */
  focusChanged(isFocused: boolean): void {
    const focused = getFocusedWindow();
    if (isFocused === (focused === this)) return;
    if (isFocused) focused?.focusChanged(false);
    setFocusedWindow(isFocused ? this : null);
    this.emit(isFocused ? 'focus' : 'blur');
    app.emit(isFocused ? 'browser-window-focus' : 'browser-window-blur', {}, this);
  }

  isFocused(): boolean {
    return getFocusedWindow() === this;
  }

  getTitle(): string {
    return this.#title;
  }

  setTitle(title: string): void {
    this.#title = title;
    if (this.webContents.targetId === undefined) return;
    this.webContents.cdp.post('Runtime.evaluate', { expression: `document.title = ${JSON.stringify(title)}` });
  }

  /** The menu bar is not drawn; the menu's accelerators work. */
  setMenu(menu: Menu | null): void {
    this.#menu = menu;
    this.webContents.tell('accelerators', acceleratorsOf(this));
  }

  /** Of the stand-in. */
  get ownMenu(): Menu | null | undefined {
    return this.#menu;
  }

  /** There is no launcher to show it, as on most Linux desktops. */
  setProgressBar(): void {
    return undefined;
  }

  capturePage(): Promise<NativeImage> {
    return this.webContents.capturePage();
  }

  close(): void {
    if (this.#isDestroyed || this.#isClosing) return;
    if (this.confirmClose()) this.destroy();
  }

  /** Of the stand-in: asks the app whether the window may close. */
  confirmClose(): boolean {
    const event = new PreventableEvent();
    this.emit('close', event);
    this.#isClosing = !event.defaultPrevented;
    return this.#isClosing;
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isClosing = true;
    const { targetId } = this.webContents;
    if (targetId !== undefined) chromium.session.post('Target.closeTarget', { targetId });
    this.webContents.gone();
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  /** Of the stand-in: the window is no longer there. */
  gone(): void {
    if (this.#isDestroyed) return;
    if (!this.#isClosing) this.emit('close', new PreventableEvent());
    this.#isDestroyed = true;
    windows.delete(this.id);
    if (this.isFocused()) setFocusedWindow([...windows.values()].at(-1) ?? null);
    this.emit('closed');
    setImmediate(() => app.afterWindowClosed());
  }
}

/** `#rgb` and `#rrggbb`; other notations leave Chromium's white. */
function parseColor(color = ''): { r: number; g: number; b: number; a: number } | null {
  const parts = /^#(..)(..)(..)$/.exec(color) ?? /^#(.)(.)(.)$/.exec(color);
  if (parts === null) return null;
  const [r = 0, g = 0, b = 0] = parts.slice(1).map((digits) => parseInt(digits.padEnd(2, digits), 16));
  return { r, g, b, a: 1 };
}
