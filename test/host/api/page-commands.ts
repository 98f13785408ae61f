import type Electron from 'electron';
import type { CdpSession } from '../cdp.ts';
import { hostEmitter } from '../host-emitter.ts';
import { type NativeImage, nativeImage } from './native-image.ts';

const events = [
  'did-start-loading',
  'did-stop-loading',
  'dom-ready',
  'did-finish-load',
  'did-fail-load',
  'did-navigate',
  'did-navigate-in-page',
  'will-navigate',
  'will-redirect',
  'did-create-window',
  'render-process-gone',
  'preload-error',
  'console-message',
  'context-menu',
  'destroyed',
  // There are no <webview>s, so an app that refuses them never hears of one.
  'will-attach-webview',
];

type Implemented = Pick<
  Electron.WebContents,
  | 'executeJavaScript'
  | 'setZoomFactor'
  | 'getZoomFactor'
  | 'setZoomLevel'
  | 'getZoomLevel'
  | 'zoomFactor'
  | 'zoomLevel'
  | 'forcefullyCrashRenderer'
  | 'undo'
  | 'redo'
  | 'cut'
  | 'copy'
  | 'paste'
  | 'delete'
  | 'selectAll'
>;

/** Electron's step from one zoom level to the next. */
const zoomBase = 1.2;

/** The part of webContents that has Chromium do one thing to the page. */
export abstract class PageCommands extends hostEmitter('WebContents', events) implements Implemented {
  #zoomFactor = 1;

  /** Of the stand-in: the page in Chromium; throws before anything is loaded. */
  abstract get cdp(): CdpSession;

  /** Runs `expression` in the preload's world, if there is a document. */
  protected abstract runInPreload(expression: string): void;

  async executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    const { result, exceptionDetails } = await this.cdp.send('Runtime.evaluate', {
      expression: code,
      awaitPromise: true,
      returnByValue: true,
      userGesture,
    });
    if (exceptionDetails === undefined) return result.value as unknown;
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }

  async capturePage(): Promise<NativeImage> {
    const { data } = await this.cdp.send('Page.captureScreenshot', { format: 'png' });
    return nativeImage.createFromBuffer(Buffer.from(data, 'base64'));
  }

  /** By CSS zoom of the root element: unlike Electron's, media queries and `vh` don't notice. */
  setZoomFactor(factor: number): void {
    if (!(factor > 0)) throw new Error("'zoomFactor' must be a double greater than 0.0");
    this.#zoomFactor = factor;
    this.runInPreload(`document.documentElement.style.zoom = ${factor}`);
  }

  getZoomFactor(): number {
    return this.#zoomFactor;
  }

  setZoomLevel(level: number): void {
    this.setZoomFactor(zoomBase ** level);
  }

  getZoomLevel(): number {
    return Math.log(this.#zoomFactor) / Math.log(zoomBase);
  }

  get zoomFactor(): number {
    return this.getZoomFactor();
  }

  set zoomFactor(factor: number) {
    this.setZoomFactor(factor);
  }

  get zoomLevel(): number {
    return this.getZoomLevel();
  }

  set zoomLevel(level: number) {
    this.setZoomLevel(level);
  }

  forcefullyCrashRenderer(): void {
    this.cdp.post('Page.crash');
  }

  undo(): void {
    this.#edit('undo');
  }

  redo(): void {
    this.#edit('redo');
  }

  cut(): void {
    this.#edit('cut');
  }

  copy(): void {
    this.#edit('copy');
  }

  paste(): void {
    this.#edit('paste');
  }

  delete(): void {
    this.#edit('delete');
  }

  selectAll(): void {
    this.#edit('selectAll');
  }

  #edit(command: string): void {
    this.cdp.post('Runtime.evaluate', { expression: `document.execCommand('${command}')`, userGesture: true });
  }
}
