import type Electron from 'electron';
import type { CdpSession } from '../cdp.ts';
import { chromium, type HeldPage } from '../chromium.ts';
import { decode, encode } from '../codec.ts';
import { hostEmitter, PreventableEvent } from '../host-emitter.ts';
import { getFocusedWindow, pageOfTarget, pages } from '../live.ts';
import type { FromPage, ToPage } from '../messages.ts';
import { refuseOthers } from '../not-implemented.ts';
import { PageLink } from '../page-link.ts';
import { toApp, toWeb } from '../web-urls.ts';
import { app } from './app.ts';
import type { BrowserWindow } from './browser-window.ts';
import { ipcMain } from './ipc-main.ts';
import { acceleratorsOf, menuClosed, pressAccelerator } from './menu.ts';
import { type NativeImage, nativeImage } from './native-image.ts';
import { nativeTheme } from './native-theme.ts';
import { toastClicked } from './notification.ts';
import { applyPermissions } from './permissions.ts';
import { watchPage } from './page-events.ts';
import { session } from './session.ts';
import { type Frame, mainFrameOf } from './web-frame.ts';

type Implemented = Pick<
  Electron.WebContents,
  | 'id'
  | 'send'
  | 'getURL'
  | 'getTitle'
  | 'isDestroyed'
  | 'isLoading'
  | 'isCrashed'
  | 'isFocused'
  | 'focus'
  | 'reload'
  | 'executeJavaScript'
  | 'setZoomFactor'
  | 'getZoomFactor'
  | 'setZoomLevel'
  | 'getZoomLevel'
  | 'zoomFactor'
  | 'zoomLevel'
  | 'forcefullyCrashRenderer'
  | 'loadURL'
  | 'undo'
  | 'redo'
  | 'cut'
  | 'copy'
  | 'paste'
  | 'delete'
  | 'selectAll'
>;

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

type WindowOpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0];

/** Electron's step from one zoom level to the next. */
const zoomBase = 1.2;

let lastId = 0;

export class WebContents extends hostEmitter('WebContents', events) implements Implemented {
  readonly id = ++lastId;
  readonly session = session.defaultSession;
  readonly mainFrame: Frame;
  /** Of the stand-in. */
  readonly window: BrowserWindow;
  readonly #preferences: Electron.WebPreferences;
  #link: PageLink | null = null;
  #opening: Promise<HeldPage> | null = null;
  #url = '';
  #isLoading = false;
  #isCrashed = false;
  #isDestroyed = false;
  #zoomFactor = 1;
  /** The next navigation to this address was asked for by the app's main process. */
  #ownNavigation: string | null = null;
  #windowOpenHandler: WindowOpenHandler = () => ({ action: 'allow' });

  constructor(window: BrowserWindow, preferences: Electron.WebPreferences) {
    super();
    this.window = window;
    this.#preferences = preferences;
    this.mainFrame = mainFrameOf(this);
    pages.set(this.id, this);
  }

  get targetId(): string | undefined {
    return this.#link?.targetId;
  }

  /** Of the stand-in: the page in Chromium. */
  get cdp(): CdpSession {
    if (this.#link === null) throw new Error('The window has loaded no page yet');
    return this.#link.session;
  }

  async loadURL(url: string): Promise<void> {
    const finished = this.#finished(url);
    // Reported when awaited; until then a failure elsewhere must not count as unhandled.
    finished.catch(() => undefined);
    this.#ownNavigation = toWeb(url);
    if (this.#link === null) {
      this.#opening ??= chromium.openWindow(toWeb(url));
      await this.#attach(await this.#opening);
    } else {
      const { errorText } = await this.cdp.send('Page.navigate', { url: toWeb(url) });
      if (errorText !== undefined) this.emit('did-fail-load', {}, -2, errorText.replace('net::', ''), url, true);
    }
    await finished;
  }

  #finished(url: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error: Error | null): void => {
        this.off('did-finish-load', onLoad).off('did-fail-load', onFail).off('destroyed', onGone);
        if (error === null) resolve();
        else reject(error);
      };
      const onLoad = (): void => settle(null);
      const onFail = (_event: unknown, code: number, text: string): void =>
        settle(Object.assign(new Error(`${text} (${code}) loading '${url}'`), { code: text, errno: code, url }));
      const onGone = (): void => settle(new Error(`ERR_ABORTED (-3) loading '${url}'`));
      this.on('did-finish-load', onLoad).on('did-fail-load', onFail).on('destroyed', onGone);
    });
  }

  async #attach(page: HeldPage): Promise<void> {
    if (this.#isDestroyed) {
      chromium.session.post('Target.closeTarget', { targetId: page.targetId });
      return;
    }
    const link = new PageLink(page, (message, document) => this.#receive(message, document));
    this.#link = link;
    watchPage(this, link, {
      navigated: (url) => {
        this.#isCrashed = false;
        this.#url = url;
      },
      loading: (isLoading) => (this.#isLoading = isLoading),
      crashed: () => (this.#isCrashed = true),
      windowOpened: (url, name, features) => this.#windowOpened(url, name, features),
    });
    const { preload, additionalArguments = [] } = this.#preferences;
    const prepared = link.prepare({ file: preload ?? null, additionalArguments });
    const results = await Promise.allSettled([
      prepared,
      this.applyTheme(),
      applyPermissions(this),
      this.window.place(page.targetId),
    ]);
    for (const result of results) if (result.status === 'rejected') console.error(result.reason);
    link.session.post('Runtime.runIfWaitingForDebugger');
  }

  /** Of the stand-in: whether a navigation that Chromium is about to make may go on. */
  mayNavigate(webUrl: string, isRedirect: boolean): boolean {
    const url = toApp(webUrl);
    const own = this.#ownNavigation;
    this.#ownNavigation = null;
    if (!isRedirect && (withoutHash(own ?? '') === withoutHash(webUrl) || url === withoutHash(this.#url))) return true;
    const event = Object.assign(new PreventableEvent(), { url, isMainFrame: true, isSameDocument: false });
    this.emit(isRedirect ? 'will-redirect' : 'will-navigate', event, url);
    return !event.defaultPrevented;
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#windowOpenHandler = handler;
  }

  #windowOpened(url: string, frameName: string, features: string): void {
    const answer = this.#windowOpenHandler({
      url,
      frameName,
      features,
      disposition: 'foreground-tab',
      referrer: { url: this.#url, policy: 'strict-origin-when-cross-origin' },
    });
    if (answer.action === 'allow') {
      const child = this.window.openChild(url, answer.overrideBrowserWindowOptions ?? {});
      this.emit('did-create-window', child, { url, frameName });
    }
  }

  send(channel: string, ...args: unknown[]): void {
    this.tell('event', channel, encode(args));
  }

  /** Of the stand-in: a message to the preload's world. */
  tell(...message: ToPage): void {
    this.#link?.send(message);
  }

  #receive(message: FromPage, document: number): void {
    switch (message[0]) {
      case 'ready':
        this.tell('accelerators', acceleratorsOf(this.window));
        this.tell('guardClose', this.window.listenerCount('close') > 0);
        if (this.#zoomFactor !== 1) this.setZoomFactor(this.#zoomFactor);
        break;
      case 'preloadError':
        this.emit('preload-error', {}, this.#preferences.preload, new Error(message[1]));
        break;
      case 'invoke':
        void this.#invoke(message[1], message[2], message[3]).then((reply) => this.#link?.send(reply, document));
        break;
      case 'send':
        ipcMain.emit(message[1], this.#ipcEvent(), ...(decode(message[2]) as unknown[]));
        break;
      case 'accelerator':
        pressAccelerator(message[1], this.window);
        break;
      case 'contextMenu':
        this.#contextMenu(message[1]);
        break;
      case 'menuClosed':
        menuClosed(message[1], message[2]);
        break;
      case 'toastClicked':
        toastClicked(message[1]);
        break;
      case 'focus':
        this.window.focusChanged(message[1]);
        break;
      case 'boundsMayHaveChanged':
        void this.window.readBounds();
        break;
    }
  }

  async #invoke(callId: number, channel: string, args: string): Promise<ToPage> {
    try {
      const event = this.#ipcEvent() as unknown as Electron.IpcMainInvokeEvent;
      return ['reply', callId, true, encode(await ipcMain.invoke(channel, event, decode(args) as unknown[]))];
    } catch (error) {
      console.error(`Error occurred in handler for '${channel}':`, error);
      return ['reply', callId, false, String(error)];
    }
  }

  #ipcEvent(): object {
    const { mainFrame } = this;
    return refuseOthers('IpcMainEvent', {
      type: 'frame',
      sender: this,
      senderFrame: mainFrame,
      ports: [],
      reply: (channel: string, ...args: unknown[]) => this.send(channel, ...args),
    });
  }

  #contextMenu(facts: Extract<FromPage, readonly ['contextMenu', unknown]>[1]): void {
    const { isEditable, selectionText } = facts;
    this.emit('context-menu', new PreventableEvent(), {
      ...facts,
      linkURL: toApp(facts.linkURL),
      pageURL: this.#url,
      frame: this.mainFrame,
      mediaType: 'none',
      editFlags: {
        canCut: isEditable && selectionText !== '',
        canCopy: selectionText !== '',
        canPaste: isEditable,
        canDelete: isEditable && selectionText !== '',
        canSelectAll: true,
      },
    });
  }

  async applyTheme(): Promise<void> {
    const { themeSource } = nativeTheme;
    const value = themeSource === 'system' ? '' : themeSource;
    await this.#link?.session.send('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value }],
    });
  }

  reload(): void {
    this.#ownNavigation = toWeb(this.#url);
    this.cdp.post('Page.reload');
  }

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
    this.#link?.run(`document.documentElement.style.zoom = ${factor}`);
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

  getURL(): string {
    return this.#url;
  }

  getTitle(): string {
    return this.window.getTitle();
  }

  isLoading(): boolean {
    return this.#isLoading;
  }

  isCrashed(): boolean {
    return this.#isCrashed;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  isFocused(): boolean {
    return getFocusedWindow() === this.window;
  }

  focus(): void {
    this.window.focus();
  }

  forcefullyCrashRenderer(): void {
    this.cdp.post('Page.crash');
  }

  close(): void {
    this.window.close();
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

  /** Of the stand-in: the page is gone, whoever closed it. */
  gone(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    pages.delete(this.id);
    this.emit('destroyed');
    this.window.gone();
  }
}

function withoutHash(url: string): string {
  return url.split('#')[0] ?? '';
}

/** Chromium ended by itself: every window is closed, and with the last one the app usually ends. */
export function loseAllPages(): void {
  console.error('Chromium ended unexpectedly');
  for (const page of [...pages.values()]) page.gone();
  if (pages.size === 0) app.quit();
}

export const webContents = refuseOthers('webContents', {
  getAllWebContents: () => [...pages.values()],
  getFocusedWebContents: () => getFocusedWindow()?.webContents ?? null,
  fromId: (id: number) => pages.get(id),
  /** Playwright finds the window of a page by this. */
  fromDevToolsTargetId: pageOfTarget,
});
