import { join } from 'node:path';
import { BrowserWindow, nativeTheme, screen, type Rectangle } from 'electron';
import { z } from 'zod';
import { appOrigin } from '../security/app-scheme.ts';
import { recordBug } from '../log.ts';
import { JsonFile } from '../../local-files/json-file.ts';

const stateSchema = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int().min(200), height: z.int().min(200) }).nullable(),
  maximized: z.boolean(),
});
/** A page that crashes twice within this time, in milliseconds, isn't reloaded. */
const CRASH_LOOP_MS = 5000;

type WindowState = z.infer<typeof stateSchema>;

/** Offset of a new window from the current one, in pixels. */
const CASCADE_OFFSET = 32;

/**
 * Opens a window: offset from `current`, or without one at the saved bounds. `onOpen` receives it before its page loads,
 * since the page's first calls must find it.
 */
export async function openWindow(
  userData: string,
  current: BrowserWindow | null,
  onOpen: (window: BrowserWindow) => void,
): Promise<void> {
  const file = new JsonFile<WindowState>(join(userData, 'window.json'), stateSchema, {
    bounds: null,
    maximized: false,
  });
  const state = current === null ? (await file.read()).value : { bounds: offsetFrom(current), maximized: false };
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
    file.write({ bounds: window.getNormalBounds(), maximized: window.isMaximized() }).catch(() => {
      // A window must close even if its bounds can't be saved.
    });
  });
  await window.loadURL(`${appOrigin}/index.html`).catch((error: unknown) => {
    // Closing a window while it loads isn't an error.
    if (!window.isDestroyed()) throw error;
  });
}

/** Reloads a crashed page. The queue runs in main and isn't affected. */
function reloadAfterCrash(window: BrowserWindow): void {
  let last = 0;
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    recordBug('page', `renderer process gone: ${reason} (${String(exitCode)})`);
    const now = Date.now();
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
