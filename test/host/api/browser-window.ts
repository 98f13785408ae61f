import type Electron from 'electron';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from '../chromium.ts';
import { hostEmitter, PreventableEvent } from '../host-emitter.ts';
import { getFocusedWindow, setFocusedWindow, windows } from '../live.ts';
import { theApp } from '../the-app.ts';
import { app } from './app.ts';
import { acceleratorsOf, type Menu } from './menu.ts';
import type { NativeImage } from './native-image.ts';
import { WebContents } from './web-contents.ts';

type Implemented = Pick<
  Electron.BrowserWindow,
  | 'id'
  | 'loadURL'
  | 'loadFile'
  | 'show'
  | 'showInactive'
  | 'hide'
  | 'focus'
  | 'blur'
  | 'isVisible'
  | 'isFocused'
  | 'minimize'
  | 'restore'
  | 'isMinimized'
  | 'maximize'
  | 'unmaximize'
  | 'isMaximized'
  | 'setFullScreen'
  | 'isFullScreen'
  | 'getBounds'
  | 'getNormalBounds'
  | 'setBounds'
  | 'getSize'
  | 'setSize'
  | 'getPosition'
  | 'setPosition'
  | 'setMinimumSize'
  | 'getMinimumSize'
  | 'getTitle'
  | 'setTitle'
  | 'setProgressBar'
  | 'isDestroyed'
  | 'destroy'
  | 'close'
>;

/** `session-end` and `query-session-end` are Windows'. */
const events = [
  'ready-to-show',
  'show',
  'hide',
  'close',
  'closed',
  'focus',
  'blur',
  'resize',
  'resized',
  'move',
  'moved',
  'minimize',
  'maximize',
  'unmaximize',
  'restore',
  'enter-full-screen',
  'leave-full-screen',
  'session-end',
  'query-session-end',
];

type WindowState = 'normal' | 'minimized' | 'maximized' | 'fullscreen';

/** Where a window waits that is not shown: Chromium opens none hidden. */
const parked = { left: -9_000, top: -9_000 };

let lastId = 0;

export class BrowserWindow extends hostEmitter('BrowserWindow', events) implements Implemented {
  readonly id = ++lastId;
  readonly webContents: WebContents;
  #bounds: Electron.Rectangle;
  #minimumSize: [number, number];
  #state: WindowState = 'normal';
  #title: string;
  #isVisible: boolean;
  #isPainted = false;
  #isClosing = false;
  #isDestroyed = false;
  /** null: no menu of its own, so none; undefined: the application's. */
  #menu: Menu | null | undefined;
  readonly #backgroundColor: string | undefined;
  #windowId: number | null = null;

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super();
    const offset = 30 * (windows.size % 8);
    const { x = 60 + offset, y = 40 + offset, width = 800, height = 600, minWidth = 0, minHeight = 0 } = options;
    this.#minimumSize = [minWidth, minHeight];
    this.#bounds = this.#atLeastMinimum({ x, y, width, height });
    this.#title = options.title ?? app.name;
    this.#isVisible = options.show !== false;
    this.#backgroundColor = options.backgroundColor;
    this.webContents = new WebContents(this, options.webPreferences ?? {});
    windows.set(this.id, this);
    if (this.#isVisible) setFocusedWindow(this);
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
    const { windowId } = await chromium.session.send('Browser.getWindowForTarget', { targetId });
    this.#windowId = windowId;
    const color = parseColor(this.#backgroundColor);
    if (color !== null) this.webContents.cdp.post('Emulation.setDefaultBackgroundColorOverride', { color });
    const state = this.#state;
    this.#state = 'normal';
    await this.#sendBounds();
    if (state !== 'normal') {
      this.#state = state;
      this.#sendState();
    }
  }

  async #sendBounds(): Promise<void> {
    // Chromium refuses while the window is maximized; it takes its bounds when restored.
    if (this.#windowId === null || this.#state !== 'normal') return;
    const { x, y, width, height } = this.#bounds;
    const at = this.#isVisible ? { left: x, top: y } : parked;
    const bounds = { ...at, width, height };
    await chromium.session.send('Browser.setWindowBounds', { windowId: this.#windowId, bounds }).catch(() => undefined);
  }

  #sendState(): void {
    if (this.#windowId === null) return;
    const bounds = { windowState: this.#state };
    chromium.session.post('Browser.setWindowBounds', { windowId: this.#windowId, bounds });
  }

  /** Of the stand-in: learns what a person did to the window's frame. */
  async readBounds(): Promise<void> {
    if (this.#windowId === null || !this.#isVisible) return;
    const { bounds } = await chromium.session.send('Browser.getWindowBounds', { windowId: this.#windowId });
    if (this.#isDestroyed || bounds.windowState !== 'normal' || this.#state !== 'normal') return;
    const { left: x = 0, top: y = 0, width = 0, height = 0 } = bounds;
    this.#setOwnBounds({ x, y, width, height });
  }

  #setOwnBounds(bounds: Electron.Rectangle): void {
    const before = this.#bounds;
    this.#bounds = bounds;
    if (before.width !== bounds.width || before.height !== bounds.height) this.emit('resize');
    if (before.x !== bounds.x || before.y !== bounds.y) this.emit('move');
  }

  #atLeastMinimum(bounds: Electron.Rectangle): Electron.Rectangle {
    const [width, height] = this.#minimumSize;
    return { ...bounds, width: Math.max(bounds.width, width), height: Math.max(bounds.height, height) };
  }

  #changeState(state: WindowState, event: string): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#sendState();
    if (state === 'normal') void this.#sendBounds();
    this.emit(event);
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

  showInactive(): void {
    if (this.#isVisible) return;
    this.#isVisible = true;
    void this.#sendBounds();
    this.emit('show');
  }

  hide(): void {
    if (!this.#isVisible) return;
    this.#isVisible = false;
    void this.#sendBounds();
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

  isVisible(): boolean {
    return this.#isVisible;
  }

  isFocused(): boolean {
    return getFocusedWindow() === this;
  }

  minimize(): void {
    this.#changeState('minimized', 'minimize');
  }

  /** Shows the window too, as in Electron. */
  maximize(): void {
    this.showInactive();
    this.#changeState('maximized', 'maximize');
  }

  unmaximize(): void {
    if (this.isMaximized()) this.#changeState('normal', 'unmaximize');
  }

  restore(): void {
    if (this.isMinimized()) this.#changeState('normal', 'restore');
  }

  setFullScreen(isFullScreen: boolean): void {
    this.#changeState(isFullScreen ? 'fullscreen' : 'normal', isFullScreen ? 'enter-full-screen' : 'leave-full-screen');
  }

  isMinimized(): boolean {
    return this.#state === 'minimized';
  }

  isMaximized(): boolean {
    return this.#state === 'maximized';
  }

  isFullScreen(): boolean {
    return this.#state === 'fullscreen';
  }

  /** While maximized these are still the normal ones. */
  getBounds(): Electron.Rectangle {
    return { ...this.#bounds };
  }

  getNormalBounds(): Electron.Rectangle {
    return { ...this.#bounds };
  }

  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.#setOwnBounds(this.#atLeastMinimum({ ...this.#bounds, ...bounds }));
    void this.#sendBounds();
  }

  getSize(): [number, number] {
    return [this.#bounds.width, this.#bounds.height];
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }

  getPosition(): [number, number] {
    return [this.#bounds.x, this.#bounds.y];
  }

  setPosition(x: number, y: number): void {
    this.setBounds({ x, y });
  }

  /** Holds for the app; a person can still drag the frame smaller. */
  setMinimumSize(width: number, height: number): void {
    this.#minimumSize = [width, height];
  }

  getMinimumSize(): [number, number] {
    return [...this.#minimumSize];
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
