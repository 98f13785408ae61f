// The windows there are. On its own, because app, menus and theme need the windows and the windows need them.
import type { BrowserWindow } from './api/browser-window.ts';
import type { WebContents } from './api/web-contents.ts';

export const windows = new Map<number, BrowserWindow>();
export const pages = new Map<number, WebContents>();

let focusedWindow: BrowserWindow | null = null;

export function getFocusedWindow(): BrowserWindow | null {
  return focusedWindow;
}

export function setFocusedWindow(window: BrowserWindow | null): void {
  focusedWindow = window;
}

export function pageOfTarget(targetId: string | undefined): WebContents | undefined {
  return [...pages.values()].find((page) => page.targetId === targetId);
}
