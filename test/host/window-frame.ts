// Where a window is, how large, and whether it can be seen. Answers come from here at once; Chromium follows.
import type Electron from 'electron';
import { chromium } from './chromium.ts';

export type FrameState = 'normal' | 'minimized' | 'maximized' | 'fullscreen';

export interface FrameChange {
  readonly resized: boolean;
  readonly moved: boolean;
  /** The state before, where it is another now. */
  readonly left: FrameState | null;
}

/** Where a window waits that is not shown: Chromium opens none hidden. */
const parked = { left: -9_000, top: -9_000 };

export class WindowFrame {
  minimumSize: readonly [width: number, height: number];
  #bounds: Electron.Rectangle;
  #state: FrameState = 'normal';
  /** What Chromium said last: it follows a change with delay, and without a window manager it may never. */
  #seenState: FrameState = 'normal';
  #isVisible: boolean;
  /** Chromium's, once the window is there. */
  #windowId: number | null = null;

  constructor(bounds: Electron.Rectangle, minimumSize: readonly [number, number], isVisible: boolean) {
    this.minimumSize = minimumSize;
    this.#bounds = this.#atLeastMinimum(bounds);
    this.#isVisible = isVisible;
  }

  get bounds(): Electron.Rectangle {
    return { ...this.#bounds };
  }

  get state(): FrameState {
    return this.#state;
  }

  get isVisible(): boolean {
    return this.#isVisible;
  }

  /** Gives a window that has just opened its place and size. */
  async open(targetId: string): Promise<void> {
    const { windowId } = await chromium.session.send('Browser.getWindowForTarget', { targetId });
    this.#windowId = windowId;
    await this.#sendBounds();
    if (this.#state !== 'normal') await this.#send({ windowState: this.#state });
  }

  setBounds(bounds: Partial<Electron.Rectangle>): FrameChange {
    const change = this.#replaceBounds(this.#atLeastMinimum({ ...this.#bounds, ...bounds }));
    // Chromium refuses while the window is maximized; it gets its bounds when it is normal again.
    if (this.#state === 'normal') void this.#sendBounds();
    return change;
  }

  /** @returns false where it is in that state already */
  setState(state: FrameState): boolean {
    if (this.#state === state) return false;
    this.#state = state;
    void this.#send({ windowState: state });
    if (state === 'normal') void this.#sendBounds();
    return true;
  }

  /** @returns false where it is so already */
  setVisible(isVisible: boolean): boolean {
    if (this.#isVisible === isVisible) return false;
    this.#isVisible = isVisible;
    if (this.#state === 'normal') void this.#sendBounds();
    return true;
  }

  /** Learns what a person did to the frame. */
  async read(): Promise<FrameChange> {
    const unchanged = { resized: false, moved: false, left: null };
    if (this.#windowId === null || !this.#isVisible) return unchanged;
    const { bounds } = await chromium.session.send('Browser.getWindowBounds', { windowId: this.#windowId });
    const { windowState = 'normal', left: x = 0, top: y = 0, width = 0, height = 0 } = bounds;
    const before = this.#state;
    if (windowState !== this.#seenState) this.#state = windowState;
    this.#seenState = windowState;
    const left = before === this.#state ? null : before;
    if (windowState !== 'normal' || this.#state !== 'normal') return { ...unchanged, left };
    return { ...this.#replaceBounds({ x, y, width, height }), left };
  }

  #replaceBounds(bounds: Electron.Rectangle): FrameChange {
    const { x, y, width, height } = this.#bounds;
    this.#bounds = bounds;
    const resized = width !== bounds.width || height !== bounds.height;
    return { resized, moved: x !== bounds.x || y !== bounds.y, left: null };
  }

  #atLeastMinimum(bounds: Electron.Rectangle): Electron.Rectangle {
    const [width, height] = this.minimumSize;
    return { ...bounds, width: Math.max(bounds.width, width), height: Math.max(bounds.height, height) };
  }

  #sendBounds(): Promise<void> {
    const { x, y, width, height } = this.#bounds;
    const at = this.#isVisible ? { left: x, top: y } : parked;
    return this.#send({ ...at, width, height });
  }

  async #send(bounds: object): Promise<void> {
    if (this.#windowId === null) return;
    // A window that is just being closed has no bounds to set.
    await chromium.session.send('Browser.setWindowBounds', { windowId: this.#windowId, bounds }).catch(() => undefined);
  }
}
