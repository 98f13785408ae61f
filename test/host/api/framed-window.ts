import type Electron from 'electron';
import { hostEmitter } from '../host-emitter.ts';
import { type FrameChange, type FrameState, WindowFrame } from '../window-frame.ts';

type Implemented = Pick<
  Electron.BrowserWindow,
  | 'showInactive'
  | 'isVisible'
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

type Unusual = Exclude<FrameState, 'normal'>;
const entering: Readonly<Record<Unusual, string>> = {
  minimized: 'minimize',
  maximized: 'maximize',
  fullscreen: 'enter-full-screen',
};
const leaving: Readonly<Record<FrameState, string>> = {
  normal: 'restore',
  minimized: 'restore',
  maximized: 'unmaximize',
  fullscreen: 'leave-full-screen',
};

/** The part of BrowserWindow that is about its frame: place, size, minimized or not. */
export class FramedWindow extends hostEmitter('BrowserWindow', events) implements Implemented {
  protected readonly frame: WindowFrame;

  constructor(options: Electron.BrowserWindowConstructorOptions, offset: number) {
    super();
    const { x = 60 + offset, y = 40 + offset, width = 800, height = 600, minWidth = 0, minHeight = 0 } = options;
    this.frame = new WindowFrame({ x, y, width, height }, [minWidth, minHeight], options.show !== false);
  }

  /** Of the stand-in: a person may have moved or resized the window. */
  frameMayHaveChanged(): void {
    this.frame.read().then(
      (change) => this.#tellChange(change),
      () => undefined,
    );
  }

  #tellChange({ resized, moved, left }: FrameChange): void {
    if (resized) this.emit('resize');
    if (moved) this.emit('move');
    if (left === null) return;
    const { state } = this.frame;
    this.emit(state === 'normal' ? leaving[left] : entering[state]);
  }

  showInactive(): void {
    if (this.frame.setVisible(true)) this.emit('show');
  }

  isVisible(): boolean {
    return this.frame.isVisible;
  }

  minimize(): void {
    this.#enter('minimized');
  }

  /** Shows the window too, as in Electron. */
  maximize(): void {
    this.showInactive();
    this.#enter('maximized');
  }

  unmaximize(): void {
    this.#leave('maximized');
  }

  restore(): void {
    this.#leave('minimized');
  }

  setFullScreen(isFullScreen: boolean): void {
    if (isFullScreen) this.#enter('fullscreen');
    else this.#leave('fullscreen');
  }

  #enter(state: Unusual): void {
    if (this.frame.setState(state)) this.emit(entering[state]);
  }

  #leave(state: Unusual): void {
    if (this.frame.state === state && this.frame.setState('normal')) this.emit(leaving[state]);
  }

  isMinimized(): boolean {
    return this.frame.state === 'minimized';
  }

  isMaximized(): boolean {
    return this.frame.state === 'maximized';
  }

  isFullScreen(): boolean {
    return this.frame.state === 'fullscreen';
  }

  /** While maximized these are still the normal ones. */
  getBounds(): Electron.Rectangle {
    return this.frame.bounds;
  }

  getNormalBounds(): Electron.Rectangle {
    return this.frame.bounds;
  }

  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.#tellChange(this.frame.setBounds(bounds));
  }

  getSize(): [number, number] {
    const { width, height } = this.frame.bounds;
    return [width, height];
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }

  getPosition(): [number, number] {
    const { x, y } = this.frame.bounds;
    return [x, y];
  }

  setPosition(x: number, y: number): void {
    this.setBounds({ x, y });
  }

  /** Holds for the app; a person can still drag the frame smaller. */
  setMinimumSize(width: number, height: number): void {
    this.frame.minimumSize = [width, height];
  }

  getMinimumSize(): [number, number] {
    return [...this.frame.minimumSize];
  }
}
