import { join } from 'node:path';
import { app, BrowserWindow, nativeTheme } from 'electron';
import { serveAppScheme } from './app-scheme.ts';
import { type Core, openCore } from './core.ts';
import { guardPages } from './guard.ts';
import { makeHandlers } from './handlers.ts';
import { serveContract, tellWindow, type Tell } from './ipc.ts';
import { transferLimits } from './handlers/transfers.ts';
import { lockWhenIdle } from './idle-watch.ts';
import { startLog } from './log.ts';
import type { Settings } from '../settings.ts';
import { menuText, type MenuText } from './menu-text.ts';
import { setApplicationMenu } from './menu.ts';
import { followTextSize } from './text-size.ts';
import { showActivity } from './show-activity.ts';
import { canUpdate, lookForUpdate } from './updates.ts';
import { askBeforeQuit } from './quit-guard.ts';
import { openMainWindow } from './window.ts';

/** Starts the app: state from disk first, then the contract, then the window. Call once Electron is ready. */
export async function startWaybill(): Promise<void> {
  const userData = app.getPath('userData');
  startLog(app.getPath('logs'));
  guardPages();

  let window: BrowserWindow | null = null;
  let isLocked = (): boolean => true;
  const tell: Tell = (name, payload) => {
    if (!isLocked()) tellWindow(window, name, payload);
  };
  let locale: Settings['locale'] = 'system';
  const text: MenuText = (key) => menuText(locale, app.getLocale())(key);
  const core = await openCore(
    userData,
    tell,
    showActivity(
      text,
      () => window,
      () => show(),
    ),
  );
  serveAppScheme(join(import.meta.dirname, 'renderer'), core.previews);
  const { lock, settings } = core;
  isLocked = () => lock.isLocked;
  followLock(core);
  const applyTextSize = followTextSize(() => settings.current.textSize);
  const applySettings = (): void => {
    locale = settings.current.locale;
    nativeTheme.themeSource = settings.current.theme;
    core.queue.setLimits(transferLimits(settings.current));
    applyTextSize();
    setApplicationMenu(text, (command) => tell('command', command));
  };
  applySettings();
  let opening: Promise<void> | null = null;
  const open = (): Promise<void> => {
    opening ??= openMainWindow(userData, (opened) => {
      window = opened;
      opened.once('closed', () => (window = null));
    }).finally(() => (opening = null));
    return opening;
  };
  const show = (): void => {
    if (window === null) void open();
    else bringToFront(window);
  };
  serveContract(makeHandlers({ core, tell, text, applySettings, window: () => window, show }), () => window, isLocked);
  app.on('second-instance', show);
  app.on('activate', show);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  askBeforeQuit({ isDeleting: () => core.deletions.isWorking, text, window: () => window, show });
  closeBeforeQuit(() => core.close());
  await open();
  if (settings.current.lookForUpdates && canUpdate()) void lookForUpdate();
}

/** Locks the window when nobody is there; its page is loaded anew, and knows nothing of what it showed before. */
function followLock({ lock, settings }: Pick<Core, 'lock' | 'settings'>): void {
  lock.onChange(() => {
    for (const window of BrowserWindow.getAllWindows()) window.webContents.reload();
  });
  lockWhenIdle(
    () => settings.current.lockAfterMinutes,
    () => lock.lock(),
  );
}

function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Lets running work end in order before the process does. */
function closeBeforeQuit(close: () => Promise<void>): void {
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void close().finally(() => {
      closed = true;
      app.quit();
    });
  });
}
