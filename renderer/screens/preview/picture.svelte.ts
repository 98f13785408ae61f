interface Size {
  readonly width: number;
  readonly height: number;
}

/** How large the picture is: as large as the window allows, one image pixel a CSS pixel, or of a width in CSS pixels. */
type Zoom = 'fit' | 'actual' | { readonly width: number };

/** Each step makes the picture larger by a quarter. */
const stepFactor = 1.25;
const mostFactor = 8;
const leastWidth = 16;

/** The size at which a picture is shown. All lengths are in CSS pixels. */
export class Picture {
  /** Of the image itself; null until it has loaded. */
  natural = $state.raw<Size | null>(null);
  /** The room for the picture. */
  room = $state.raw<Size>({ width: 0, height: 0 });
  zoom = $state.raw<Zoom>('fit');
  readonly #fitWidth = $derived.by(() => {
    const { natural, room } = this;
    if (natural === null || natural.width === 0) return 0;
    // A small picture isn't enlarged.
    return Math.floor(natural.width * Math.min(1, room.width / natural.width, room.height / natural.height));
  });
  readonly #mostWidth = $derived(Math.max((this.natural?.width ?? 0) * mostFactor, this.#fitWidth * mostFactor));
  readonly width = $derived.by(() => {
    if (this.zoom === 'fit') return this.#fitWidth;
    return this.zoom === 'actual' ? (this.natural?.width ?? 0) : this.zoom.width;
  });
  /** The share of the image's own size, 1 for one pixel a CSS pixel. */
  readonly scale = $derived(this.natural === null || this.natural.width === 0 ? 1 : this.width / this.natural.width);
  /** It is larger than its room: it scrolls. */
  readonly overflows = $derived.by(() => {
    if (this.natural === null) return false;
    return this.width > this.room.width || this.natural.height * this.scale > this.room.height;
  });
  readonly canGrow = $derived(this.width < this.#mostWidth);
  readonly canShrink = $derived(this.width > leastWidth);

  /** Makes the picture larger by this factor, or smaller if it is below 1. */
  scaleBy(factor: number): void {
    if (this.width === 0) return;
    this.zoom = { width: Math.min(Math.max(this.width * factor, leastWidth), this.#mostWidth) };
  }

  step(direction: 1 | -1): void {
    this.scaleBy(stepFactor ** direction);
  }

  toggle(): void {
    this.zoom = this.zoom === 'fit' ? 'actual' : 'fit';
  }
}
