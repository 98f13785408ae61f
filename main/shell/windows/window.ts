import { join } from 'node:path';
import { BrowserWindow, nativeTheme, screen, type Rectangle } from 'electron';
import { appOrigin } from '../security/app-scheme.ts';
import { recordBug } from '../log.ts';
import type { WindowMemory } from './window-memory.ts';

/** A page that crashes twice within this time, in milliseconds, isn't reloaded. */
const CRASH_LOOP_MS = 5000;

/** Offset of a new window from the current one, in pixels. */
const CASCADE_OFFSET = 32;

/**
 * Opens a window: offset from `current`, or without one at the saved bounds. `onOpen` receives it before its page loads,
 * since the page's first calls must find it.
 */
export async function openWindow(
  memory: WindowMemory,
  current: BrowserWindow | null,
  onOpen: (window: BrowserWindow) => void,
): Promise<void> {
  const state = current === null ? memory.current : { bounds: offsetFrom(current), maximized: false };
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    ...visible(state.bounds),
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Waybill',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181d' : '#ffffff',
    webPreferences: {
      preload: join(import.meta.dirname, 'preload', 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  });
  onOpen(window);
  reloadAfterCrash(window);
  window.once('ready-to-show', () => {
    if (state.maximized) window.maximize();
    window.show();
  });
  window.on('close', () => {
    void memory.save({ bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  });
  await window.loadURL(`${appOrigin}/index.html`).catch((error: unknown) => {
    // Closing a window while it loads isn't an error.
    if (!window.isDestroyed()) throw error;
  });
}

/** Reloads a crashed page. The queue runs in main and isn't affected. */
function reloadAfterCrash(window: BrowserWindow): void {
  let last = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    recordBug('page', `renderer process gone: ${reason} (${String(exitCode)})`);
    const now = performance.now();
    // Avoid a crash loop: leave the window open for the user to close.
    if (reason === 'clean-exit' || now - last < CRASH_LOOP_MS) return;
    last = now;
    window.webContents.reload();
  });
}

function offsetFrom(window: BrowserWindow): Rectangle {
  const { x, y, width, height } = window.getNormalBounds();
  return { x: x + CASCADE_OFFSET, y: y + CASCADE_OFFSET, width, height };
}

/** Saved bounds, without their position if no screen shows enough of them any more. */
function visible(bounds: Rectangle | null): Partial<Rectangle> {
  if (bounds === null) return {};
  const { workArea } = screen.getDisplayMatching(bounds);
  const overlapX = Math.min(bounds.x + bounds.width, workArea.x + workArea.width) - Math.max(bounds.x, workArea.x);
  const overlapY = Math.min(bounds.y + bounds.height, workArea.y + workArea.height) - Math.max(bounds.y, workArea.y);
  return overlapX > 100 && overlapY > 100 ? bounds : { width: bounds.width, height: bounds.height };
}
