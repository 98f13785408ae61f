import type { BrowserWindow } from 'electron';
import type { WindowPlace } from '../../contract/window-calls.ts';
import { recordBug } from '../log.ts';
import { openWindow } from './window.ts';
import type { WindowMemory } from './window-memory.ts';

/** The most open windows, so that a compromised page can't fill the screen. */
const MAX_WINDOWS = 20;

/** The open windows. Each has its own place; all other state is shared. */
export class Windows {
  readonly #memory: WindowMemory;
  /** Most recently focused first. */
  #all: readonly BrowserWindow[] = [];
  readonly #places = new WeakMap<BrowserWindow, WindowPlace>();
  #opening: Promise<void> | null = null;

  constructor(memory: WindowMemory) {
    this.#memory = memory;
  }

  get all(): readonly BrowserWindow[] {
    return this.#all;
  }

  /** The most recently focused window, null if none is open. */
  get last(): BrowserWindow | null {
    return this.#all[0] ?? null;
  }

  /** The window that shows this page, null if it isn't one of ours. */
  ofPage(page: object): BrowserWindow | null {
    return this.#all.find(({ webContents }) => webContents === page) ?? null;
  }

  placeOf(window: BrowserWindow): WindowPlace {
    return this.#places.get(window) ?? null;
  }

  /** Records where the window is. */
  setPlace(window: BrowserWindow, place: WindowPlace): void {
    this.#places.set(window, place);
  }

  /** Opens a window, or at MAX_WINDOWS brings the last one to the front. Resolves once its page has loaded. */
  async open(place: WindowPlace = null): Promise<void> {
    if (this.#all.length >= MAX_WINDOWS) return this.show();
    await openWindow(this.#memory, this.last, (window) => this.#add(window, place));
  }

  /** Opens a window at the place of the last one. */
  openAnother(): void {
    const place = this.last === null ? null : this.placeOf(this.last);
    this.open(place).catch((error: unknown) => recordBug('window', error));
  }

  /** Brings the last window to the front. Without one, opens a single window, even for concurrent calls. */
  async show(): Promise<void> {
    if (this.last === null) await (this.#opening ??= this.open().finally(() => (this.#opening = null)));
    else bringToFront(this.last);
  }

  #add(window: BrowserWindow, place: WindowPlace): void {
    this.#all = [...this.#all, window];
    this.#places.set(window, place);
    window.on('focus', () => (this.#all = [window, ...this.#without(window)]));
    window.once('closed', () => (this.#all = this.#without(window)));
  }

  #without(window: BrowserWindow): readonly BrowserWindow[] {
    return this.#all.filter((other) => other !== window);
  }
}

function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
