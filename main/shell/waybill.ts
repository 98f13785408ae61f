import { join } from 'node:path';
import { app, nativeTheme, session, type BrowserWindow } from 'electron';
import { serveAppScheme } from './app-scheme.ts';
import { openCore } from './core.ts';
import { makeHandlers } from './handlers.ts';
import { serveContract, tellWindow, type Tell } from './ipc.ts';
import { transferLimits } from './handlers/transfers.ts';
import { startLog } from './log.ts';
import { menuText, type MenuText } from './menu-text.ts';
import { setApplicationMenu } from './menu.ts';
import { openMainWindow } from './window.ts';

/** Starts the app: state from disk first, then the contract, then the window. Call once Electron is ready. */
export async function startWaybill(): Promise<void> {
  const userData = app.getPath('userData');
  startLog(app.getPath('logs'));
  serveAppScheme(join(import.meta.dirname, 'renderer'));
  denyPermissions();

  let window: BrowserWindow | null = null;
  const tell: Tell = (name, payload) => tellWindow(window, name, payload);
  const core = await openCore(userData, tell);
  const text: MenuText = (key) => menuText(core.settings.current.locale, app.getLocale())(key);
  const applySettings = (): void => {
    nativeTheme.themeSource = core.settings.current.theme;
    core.queue.setLimits(transferLimits(core.settings.current));
    setApplicationMenu(text, (command) => tell('command', command));
  };
  applySettings();
  serveContract(makeHandlers({ core, tell, text, applySettings, window: () => window }), () => window);

  const open = async (): Promise<void> => {
    await openMainWindow(userData, (opened) => {
      window = opened;
      opened.once('closed', () => (window = null));
    });
  };
  const show = (): void => {
    if (window === null) void open();
    else bringToFront(window);
  };
  app.on('second-instance', show);
  app.on('activate', show);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  closeBeforeQuit(() => core.close());
  await open();
}

function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Our page needs no permission of the browser: no camera, no location, no notifications of its own. */
function denyPermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
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
