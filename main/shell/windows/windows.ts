import type { BrowserWindow } from 'electron';
import type { WindowPlace } from '../../contract/window-calls.ts';
import { recordBug } from '../log.ts';
import { openWindow } from './window.ts';

/** A page that was taken over must not be able to fill the screen. */
const MOST_WINDOWS = 20;

/** Our windows. Each has a place of its own; whatever else there is they share. */
export class Windows {
  readonly #userData: string;
  /** The one that had the focus last comes first. */
  #all: readonly BrowserWindow[] = [];
  readonly #places = new WeakMap<BrowserWindow, WindowPlace>();
  #first: Promise<void> | null = null;

  constructor(userData: string) {
    this.#userData = userData;
  }

  get all(): readonly BrowserWindow[] {
    return this.#all;
  }

  /** The one that has the focus, or had it last; null without any. */
  get last(): BrowserWindow | null {
    return this.#all[0] ?? null;
  }

  /** The window of this page, if it is one of ours. */
  ofPage(page: object): BrowserWindow | null {
    return this.#all.find(({ webContents }) => webContents === page) ?? null;
  }

  placeOf(window: BrowserWindow): WindowPlace {
    return this.#places.get(window) ?? null;
  }

  /** The window is there now. */
  moved(window: BrowserWindow, place: WindowPlace): void {
    this.#places.set(window, place);
  }

  /** Opens one more window; beyond what anybody needs the last one comes to the front. Resolves once its page is there. */
  async open(place: WindowPlace = null): Promise<void> {
    if (this.#all.length >= MOST_WINDOWS) return this.show();
    await openWindow(this.#userData, this.last, (window) => this.#add(window, place));
  }

  /** Opens one more window where the last one is. */
  openAnother(): void {
    const place = this.last === null ? null : this.placeOf(this.last);
    this.open(place).catch((error: unknown) => recordBug('window', error));
  }

  /** Brings the last window to the front; without any, one is opened, however often it is asked for meanwhile. */
  async show(): Promise<void> {
    if (this.last === null) await (this.#first ??= this.open().finally(() => (this.#first = null)));
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
