import { app, session, shell, type WebContents } from 'electron';
import { dragTicketOf } from './app-scheme.ts';
import { mayOpenOutside } from './outside.ts';

/**
 * Shuts what a page of ours never needs, for every page there will be: permissions, navigation, further windows,
 * embedded views, downloads by Chromium other than of what is dragged out. Call before the first window.
 */
export function guardPages(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.on('will-download', (event, item) => {
    if (dragTicketOf(item.getURL()) === null) event.preventDefault();
  });
  app.on('web-contents-created', (_event, contents) => keepInside(contents));
}

/** The page stays the one that main loaded; pages of the documentation go to the browser. */
function keepInside(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}
