// Chromium's events of a page, told to its webContents in Electron's words.
import type { PageLink } from '../page-link.ts';
import { toApp } from '../web-urls.ts';
import type { WebContents } from './web-contents.ts';

interface PageState {
  readonly navigated: (url: string) => void;
  readonly loading: (isLoading: boolean) => void;
  readonly crashed: () => void;
  readonly windowOpened: (url: string, frameName: string, features: string) => void;
}

const levels: Readonly<Record<string, string>> = { error: 'error', warning: 'warning', debug: 'debug' };

export function watchPage(contents: WebContents, { session, targetId }: PageLink, state: PageState): void {
  let isFailure = false;
  let isNavigating = false;

  session.on('Page.frameNavigated', ({ frame }) => {
    if (frame.parentId !== undefined) return;
    isNavigating = false;
    isFailure = frame.unreachableUrl !== undefined;
    const url = toApp(frame.unreachableUrl ?? frame.url + (frame.urlFragment ?? ''));
    state.navigated(url);
    if (!isFailure) contents.emit('did-navigate', {}, url, 200, 'OK');
  });
  session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
    if (frameId !== targetId) return;
    state.navigated(toApp(url));
    contents.emit('did-navigate-in-page', {}, toApp(url), true);
  });
  for (const event of ['Page.frameRequestedNavigation', 'Page.frameStartedNavigating'] as const) {
    session.on(event, ({ frameId }) => {
      if (frameId === targetId) isNavigating = true;
    });
  }
  session.on('Page.frameStartedLoading', ({ frameId }) => {
    if (frameId !== targetId) return;
    state.loading(true);
    contents.emit('did-start-loading', {});
  });
  session.on('Page.frameStoppedLoading', ({ frameId }) => {
    if (frameId !== targetId) return;
    state.loading(false);
    contents.emit('did-stop-loading', {});
  });
  session.on('Page.domContentEventFired', () => contents.emit('dom-ready', {}));
  session.on('Page.loadEventFired', () => {
    if (isFailure) contents.emit('did-fail-load', {}, -2, 'ERR_FAILED', contents.getURL(), true);
    else contents.emit('did-finish-load', {});
  });
  session.on('Page.lifecycleEvent', ({ name, frameId }) => {
    if (name === 'firstPaint' && frameId === targetId) contents.window.painted();
  });
  session.on('Page.windowOpen', ({ url, windowName, windowFeatures }) =>
    state.windowOpened(toApp(url), windowName, windowFeatures.join(',')),
  );
  session.on('Page.javascriptDialogOpening', ({ type }) => {
    if (type !== 'beforeunload') return;
    // The preload's world asks before every unload: only a window that closes is a question for the app.
    const accept = isNavigating || contents.window.confirmClose();
    isNavigating = false;
    session.post('Page.handleJavaScriptDialog', { accept });
  });
  session.on('Runtime.consoleAPICalled', ({ type, args }) => {
    const message = args.map((arg) => String(arg.value ?? arg.description ?? arg.type)).join(' ');
    contents.emit('console-message', { level: levels[type] ?? 'info', message });
  });
  session.on('Inspector.targetCrashed', () => {
    state.crashed();
    contents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 139 });
  });
  session.onceDetached(() => contents.gone());
}
