import { join } from 'node:path';
import { app, Menu, nativeTheme } from 'electron';
import { lockProfileOf } from '../accounts/passphrases/lock-passphrase.ts';
import type { MenuCommand } from '../contract/contract.ts';
import { serveAppScheme } from './security/app-scheme.ts';
import { type Core, openCore } from './core.ts';
import { GrantedPaths } from './security/granted-paths.ts';
import { guardPages } from './security/guard.ts';
import { createHandlers } from './handlers/all.ts';
import { serveContract, emitTo, receiveGivenFiles, type Emit } from './ipc.ts';
import { followLimits } from './handlers/transfers.ts';
import { clearSecret } from './security/secret-clipboard.ts';
import { watchRevocations } from './revocation-watch.ts';
import { lockWhenIdle } from './security/idle-watch.ts';
import { startLog } from './log.ts';
import { openState } from './state.ts';
import { followRegion } from '../words/format.ts';
import { ActivityWatch } from '../transfers/tasks/activity.ts';
import { type LocaleChoice, toLocale } from '../words/locales.ts';
import { formatMessage, type Translate, type Translator } from '../words/translator.ts';
import { WaybillTray } from './tray/tray.ts';
import { applicationMenu } from './windows/menu.ts';
import { followTextSize } from './windows/text-size.ts';
import { showActivity } from './windows/show-activity.ts';
import { canUpdate, checkForUpdate } from './updates.ts';
import { confirmQuit } from './windows/quit-guard.ts';
import { Windows } from './windows/windows.ts';

/** The ID of a profile that `--user-data-dir` names; '' for the usual one. */
function profileOf(userData: string): string {
  return app.commandLine.hasSwitch('user-data-dir') ? lockProfileOf(userData) : '';
}

/** Starts the app: loads the state, serves the contract, then opens a window. Call once Electron is ready. */
export async function startWaybill(): Promise<void> {
  const userData = app.getPath('userData');
  startLog(app.getPath('logs'));
  followRegion(app.getLocale());
  guardPages();

  const state = await openState(userData, { profile: profileOf(userData) });
  const windows = new Windows(state.window);
  let isLocked = (): boolean => true;
  const emit: Emit = (name, payload) => {
    if (isLocked()) return;
    for (const window of windows.all) emitTo(window, name, payload);
  };
  let locale: LocaleChoice = 'system';
  const text: Translate = (key, values) => formatMessage(toLocale(locale, app.getLocale()), key, values);
  const activity = new ActivityWatch();
  const showBatch = showActivity(activity, text, windows);
  let followBatch = showBatch;
  const core = await openCore(state, emit, (batch) => followBatch(batch));
  serveAppScheme(join(import.meta.dirname, 'renderer'), core);
  const { lock, settings } = core;
  isLocked = () => lock.isLocked;
  followLock(core, windows);
  const language = (): Translator => ({ text, locale: toLocale(locale, app.getLocale()) });
  const tray = new WaybillTray({ core, windows, activity, language });
  followBatch = (batch) => {
    showBatch(batch);
    tray.follow(batch);
  };
  const applyTextSize = followTextSize(() => settings.current.textSize);
  const applyLimits = followLimits(core.queue, () => settings.current);
  const setMenu = menuOf(text, windows, lock);
  const applySettings = (): void => {
    nativeTheme.themeSource = settings.current.theme;
    applyLimits();
    applyTextSize();
    const isOtherLanguage = locale !== settings.current.locale;
    locale = settings.current.locale;
    // Replacing the menu drops keys pressed meanwhile, so do it only when the language changes.
    if (isOtherLanguage) setMenu();
    tray.apply();
  };
  setMenu();
  applySettings();
  // The settings' folder stays granted when it is reset.
  const paths = new GrantedPaths([app.getPath('downloads'), settings.current.downloadFolder ?? []].flat());
  const windowOf = (page: object) => windows.ofPage(page);
  receiveGivenFiles(paths, windowOf, isLocked);
  serveContract(createHandlers({ core, emit, text, applySettings, windows, paths }), windowOf, isLocked);
  followSystem(windows, tray);
  confirmQuit({ isDeleting: () => core.deletions.isRunning, text, windows });
  closeBeforeQuit(async () => {
    await clearSecret();
    await core.close();
  });
  await windows.show();
  watchRevocations(core);
  if (settings.current.lookForUpdates && canUpdate()) void checkForUpdate();
}

/** Returns what sets the application menu, in the language of `text`. */
function menuOf(text: Translate, windows: Windows, lock: Core['lock']): () => void {
  const run = (command: MenuCommand): void => {
    if (windows.last !== null && !lock.isLocked) emitTo(windows.last, 'command', command);
  };
  return () => {
    const menu = applicationMenu(text, { run, openWindow: () => windows.openAnother() }, process.platform);
    Menu.setApplicationMenu(Menu.buildFromTemplate(menu));
  };
}

/** Shows a window when Waybill is started again, and quits with the last window unless Waybill runs on without one. */
function followSystem(windows: Windows, tray: WaybillTray): void {
  const show = (): void => void windows.show();
  app.on('second-instance', show);
  app.on('activate', show);
  app.on('window-all-closed', () => {
    if (!tray.runsOn()) app.quit();
  });
}

/** Locks the app when idle. Each change reloads the pages, so that a locked one keeps nothing it showed before. */
function followLock({ lock, settings }: Pick<Core, 'lock' | 'settings'>, windows: Windows): void {
  lock.onChange((locked) => {
    for (const window of windows.all) window.webContents.reload();
    if (locked) void clearSecret();
  });
  lock.onGivenUp(() => {
    for (const window of windows.all) windows.setPlace(window, null);
  });
  lockWhenIdle(
    () => settings.current.lockAfterMinutes,
    () => lock.lock(),
  );
}

/** Longest wait for running work to stop, in milliseconds: a thread may be stuck in a write to a dead network drive. */
const CLOSE_DEADLINE_MS = 10_000;

/** Delays quitting until `close` has stopped the running work. What didn't stop in time resumes at the next start. */
function closeBeforeQuit(close: () => Promise<void>): void {
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    const deadline = setTimeout(() => app.exit(), CLOSE_DEADLINE_MS);
    void close().finally(() => {
      clearTimeout(deadline);
      closed = true;
      app.quit();
    });
  });
}
