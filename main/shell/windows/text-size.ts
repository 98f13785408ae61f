import { app, BrowserWindow } from 'electron';

/** Lets every page, those of later windows too, be as large as is set; `percent` is asked for each time. */
export function followTextSize(percent: () => number): () => void {
  const apply = (window: Pick<BrowserWindow, 'isDestroyed' | 'webContents'>): void => {
    if (!window.isDestroyed()) window.webContents.setZoomFactor(percent() / 100);
  };
  app.on('browser-window-created', (_event, window) => {
    // A page that loads is back at what Chromium remembers.
    window.webContents.on('dom-ready', () => apply(window));
  });
  return () => {
    for (const window of BrowserWindow.getAllWindows()) apply(window);
  };
}
