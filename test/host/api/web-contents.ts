import type Electron from 'electron';
import type { CdpSession } from '../cdp.ts';
import { chromium, type HeldPage } from '../chromium.ts';
import { encode } from '../codec.ts';
import { PreventableEvent } from '../host-emitter.ts';
import { getFocusedWindow, pageOfTarget, pages } from '../live.ts';
import type { ToPage } from '../messages.ts';
import { refuseOthers } from '../not-implemented.ts';
import { PageLink } from '../page-link.ts';
import { toApp, toWeb } from '../web-urls.ts';
import { app } from './app.ts';
import type { BrowserWindow } from './browser-window.ts';
import { nativeTheme } from './native-theme.ts';
import { PageCommands } from './page-commands.ts';
import { watchPage } from './page-events.ts';
import { receiveMessage } from './page-messages.ts';
import { applyPermissions } from './permissions.ts';
import { session } from './session.ts';
import { type Frame, mainFrameOf } from './web-frame.ts';

type Implemented = Pick<
  Electron.WebContents,
  | 'id'
  | 'send'
  | 'loadURL'
  | 'reload'
  | 'getURL'
  | 'getTitle'
  | 'isDestroyed'
  | 'isLoading'
  | 'isCrashed'
  | 'isFocused'
  | 'focus'
  | 'close'
>;

type WindowOpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0];

let lastId = 0;

export class WebContents extends PageCommands implements Implemented {
  readonly id = ++lastId;
  readonly session = session.defaultSession;
  readonly mainFrame: Frame;
  /** Of the stand-in. */
  readonly window: BrowserWindow;
  readonly #preferences: Electron.WebPreferences;
  #link: PageLink | null = null;
  #attached: Promise<void> | null = null;
  #url = '';
  #isLoading = false;
  #isCrashed = false;
  #isDestroyed = false;
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

  get cdp(): CdpSession {
    if (this.#link === null) throw new Error('The window has loaded no page yet');
    return this.#link.session;
  }

  protected runInPreload(expression: string): void {
    this.#link?.run(expression);
  }

  async loadURL(url: string): Promise<void> {
    const finished = this.#finished(url);
    // Reported when awaited; until then a failure elsewhere must not count as unhandled.
    finished.catch(() => undefined);
    this.#ownNavigation = toWeb(url);
    if (this.#attached === null) {
      this.#attached = chromium.openWindow(toWeb(url)).then((page) => this.#attach(page));
      await this.#attached;
    } else {
      await this.#attached;
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
      const onFail = (_event: unknown, errno: number, code: string): void =>
        settle(Object.assign(new Error(`${code} (${errno}) loading '${url}'`), { code, errno, url }));
      const onGone = (): void => settle(new Error(`ERR_ABORTED (-3) loading '${url}'`));
      this.on('did-finish-load', onLoad).on('did-fail-load', onFail).on('destroyed', onGone);
    });
  }

  async #attach(page: HeldPage): Promise<void> {
    if (this.#isDestroyed) {
      chromium.session.post('Target.closeTarget', { targetId: page.targetId });
      return;
    }
    const link = new PageLink(page, (message, document) => {
      receiveMessage(this, message, (reply) => link.send(reply, document));
    });
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
    const results = await Promise.allSettled([
      link.prepare({ file: preload ?? null, additionalArguments }),
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
    const isReload = withoutHash(url) === withoutHash(this.#url);
    if (!isRedirect && (isReload || (own !== null && withoutHash(own) === withoutHash(webUrl)))) return true;
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

  /** Of the stand-in: shows the page in nativeTheme's colours. */
  async applyTheme(): Promise<void> {
    const { themeSource } = nativeTheme;
    const value = themeSource === 'system' ? '' : themeSource;
    const features = [{ name: 'prefers-color-scheme', value }];
    await this.#link?.session.send('Emulation.setEmulatedMedia', { features });
  }

  reload(): void {
    this.#ownNavigation = toWeb(this.#url);
    this.cdp.post('Page.reload');
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

  close(): void {
    this.window.close();
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
