// An item of the tray is not drawn: its menu is a plain object, as the menu bar is. Tests keep it by wrapping
// Tray.prototype.setContextMenu, which works in Electron, too.
import type Electron from 'electron';
import { hostEmitter } from '../host-emitter.ts';
import { isReady } from '../life-cycle.ts';
import type { Menu } from './menu.ts';
import { type NativeImage, nativeImage } from './native-image.ts';

/** The first line is sent everywhere; the others come on macOS or Windows alone: an app may listen for them. */
const events = [
  'click',
  ...['right-click', 'double-click', 'drop', 'drop-files', 'drop-text', 'drag-enter', 'drag-leave', 'drag-end'],
];

type Implemented = Pick<Electron.Tray, 'destroy' | 'isDestroyed' | 'setToolTip' | 'setIgnoreDoubleClickEvents'>;

export class Tray extends hostEmitter('Tray', events) implements Implemented {
  #isDestroyed = false;

  constructor(image: NativeImage | string) {
    super();
    if (!isReady()) throw new Error('Cannot create Tray before app is ready');
    this.setImage(image);
  }

  /** As in Electron, a file that can't be read as an image is an error. */
  setImage(image: NativeImage | string): void {
    this.#check();
    if (typeof image === 'string' && nativeImage.createFromPath(image).isEmpty()) {
      throw new Error(`Failed to load image from path '${image}'`);
    }
  }

  setToolTip(toolTip: string): void {
    this.#check();
    if (typeof toolTip !== 'string') throw new TypeError('Error processing argument at index 0');
  }

  setContextMenu(menu: Menu | null): void {
    this.#check();
    if (menu !== null && !('items' in menu)) throw new TypeError('Error processing argument at index 0');
  }

  /** Of macOS; does nothing elsewhere. */
  setIgnoreDoubleClickEvents(): void {
    this.#check();
  }

  destroy(): void {
    this.#isDestroyed = true;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  #check(): void {
    if (this.#isDestroyed) throw new Error('Tray is destroyed');
  }
}
