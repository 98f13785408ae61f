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
/** A page that ends twice within this time, in milliseconds, is not loaded again. */
const CRASH_LOOP_MS = 5000;

type WindowState = z.infer<typeof stateSchema>;

/** How far a further window lies from the one that it was opened in, in pixels. */
const STEP = 32;

/**
 * Opens a window: beside the one that is there, or else where and as large as the last one was. `opened` gets it before
 * its page loads, since the page's first calls must find it.
 */
export async function openWindow(
  userData: string,
  beside: BrowserWindow | null,
  opened: (window: BrowserWindow) => void,
): Promise<void> {
  const file = new JsonFile<WindowState>(join(userData, 'window.json'), stateSchema, {
    bounds: null,
    maximized: false,
  });
  const state = beside === null ? (await file.read()).value : { bounds: nextTo(beside), maximized: false };
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
  opened(window);
  reloadAfterCrash(window);
  window.once('ready-to-show', () => {
    if (state.maximized) window.maximize();
    window.show();
  });
  window.on('close', () => {
    file.write({ bounds: window.getNormalBounds(), maximized: window.isMaximized() }).catch(() => {
      // A window that cannot remember its place must still close.
    });
  });
  await window.loadURL(`${appOrigin}/index.html`).catch((error: unknown) => {
    // A window that was closed while it loaded is no failure.
    if (!window.isDestroyed()) throw error;
  });
}

/** A page that died comes back as it starts; the queue, which is main's, never stopped. */
function reloadAfterCrash(window: BrowserWindow): void {
  let last = 0;
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    recordBug('page', `the page's process ended: ${reason} (${String(exitCode)})`);
    const now = Date.now();
    // A page that dies at once would do so for ever: then the window stays, and closing it is up to the person.
    if (reason === 'clean-exit' || now - last < CRASH_LOOP_MS) return;
    last = now;
    window.webContents.reload();
  });
}

function nextTo(window: BrowserWindow): Rectangle {
  const { x, y, width, height } = window.getNormalBounds();
  return { x: x + STEP, y: y + STEP, width, height };
}

/** Remembered bounds count only while some screen still shows them. */
function visible(bounds: Rectangle | null): Partial<Rectangle> {
  if (bounds === null) return {};
  const { workArea } = screen.getDisplayMatching(bounds);
  const overlapX = Math.min(bounds.x + bounds.width, workArea.x + workArea.width) - Math.max(bounds.x, workArea.x);
  const overlapY = Math.min(bounds.y + bounds.height, workArea.y + workArea.height) - Math.max(bounds.y, workArea.y);
  return overlapX > 100 && overlapY > 100 ? bounds : { width: bounds.width, height: bounds.height };
}
