import type Electron from 'electron';
import { readFileSync } from 'node:fs';
import { refuseOthers, refusing } from '../not-implemented.ts';

/** Where a PNG keeps its width and height. */
const pngSizeAt = 16;

/** A PNG as it came: nothing is decoded, scaled or converted. */
export class NativeImage implements Pick<Electron.NativeImage, 'toPNG' | 'toDataURL' | 'isEmpty' | 'getSize'> {
  readonly #png: Buffer;

  constructor(png: Buffer) {
    this.#png = png;
  }

  toPNG(): Buffer {
    return this.#png;
  }

  toDataURL(): string {
    return `data:image/png;base64,${this.#png.toString('base64')}`;
  }

  isEmpty(): boolean {
    return this.#png.length === 0;
  }

  getSize(): Electron.Size {
    if (this.#png.length < pngSizeAt + 8) return { width: 0, height: 0 };
    return { width: this.#png.readUInt32BE(pngSizeAt), height: this.#png.readUInt32BE(pngSizeAt + 4) };
  }
}
Object.setPrototypeOf(NativeImage.prototype, refusing('NativeImage', Object.prototype));

export const nativeImage = refuseOthers('nativeImage', {
  createEmpty: (): NativeImage => new NativeImage(Buffer.alloc(0)),
  createFromPath: (file: string): NativeImage => new NativeImage(readIfThere(file)),
  createFromBuffer: (png: Buffer): NativeImage => new NativeImage(png),
});

/** As in Electron, a file that can't be read makes an empty image. */
function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
