import { app, session, shell, type WebContents } from 'electron';
import { dragTicketOf } from './app-scheme.ts';
import { mayOpenOutside } from './page-rules.ts';

/**
 * Denies every page what ours never need: permissions, navigation, new windows, embedded views and Chromium downloads
 * other than drag-outs. Call before the first window opens.
 */
export function guardPages(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.on('will-download', (event, item) => {
    if (dragTicketOf(item.getURL()) === null) event.preventDefault();
  });
  app.on('web-contents-created', (_event, contents) => blockNavigation(contents));
}

/** Blocks navigation away from our page. Links to the documentation open in the browser. */
function blockNavigation(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}
