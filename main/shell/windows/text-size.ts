import { app, BrowserWindow } from 'electron';

/** Applies the text size to every page, including those of later windows. The returned function reapplies it. */
export function followTextSize(percent: () => number): () => void {
  const apply = (window: Pick<BrowserWindow, 'isDestroyed' | 'webContents'>): void => {
    if (!window.isDestroyed()) window.webContents.setZoomFactor(percent() / 100);
  };
  app.on('browser-window-created', (_event, window) => {
    // Loading a page resets it to the zoom factor that Chromium remembers.
    window.webContents.on('dom-ready', () => apply(window));
  });
  return () => {
    for (const window of BrowserWindow.getAllWindows()) apply(window);
  };
}
