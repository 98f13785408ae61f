import type Electron from 'electron';
import os from 'node:os';
import path from 'node:path';
import { hostEmitter, PreventableEvent } from '../host-emitter.ts';
import { isReady, ready, stop } from '../life-cycle.ts';
import { getFocusedWindow, windows } from '../live.ts';
import { refuseOthers } from '../not-implemented.ts';
import { SingleInstance } from '../single-instance.ts';
import { theApp } from '../the-app.ts';
import { userFolder } from '../user-folders.ts';

type Implemented = Pick<
  Electron.App,
  | 'whenReady'
  | 'isReady'
  | 'quit'
  | 'exit'
  | 'getPath'
  | 'setPath'
  | 'getAppPath'
  | 'getVersion'
  | 'getName'
  | 'setName'
  | 'getLocale'
  | 'getSystemLocale'
  | 'getPreferredSystemLanguages'
  | 'isPackaged'
  | 'requestSingleInstanceLock'
  | 'hasSingleInstanceLock'
  | 'releaseSingleInstanceLock'
  | 'setAsDefaultProtocolClient'
  | 'enableSandbox'
  | 'setAppUserModelId'
  | 'setBadgeCount'
  | 'focus'
  | 'name'
>;

type PathName = Parameters<Electron.App['getPath']>[0];

/** `activate`, `open-url` and `open-file` are macOS's: an app may listen, and never hears them on Linux. */
const events = [
  'ready',
  'activate',
  'open-url',
  'open-file',
  'window-all-closed',
  'before-quit',
  'will-quit',
  'quit',
  'second-instance',
  'browser-window-created',
  'browser-window-focus',
  'browser-window-blur',
  'web-contents-created',
];

/** Switches appended by the app's code; all of them are meant for Chromium. */
export const appendedSwitches = new Map<string, string>();

const commandLine = refuseOthers('app.commandLine', {
  appendSwitch(name: string, value = ''): void {
    appendedSwitches.set(name, value);
  },
  hasSwitch: (name: string): boolean => appendedSwitches.has(name) || theApp.switches.has(name),
  getSwitchValue: (name: string): string => appendedSwitches.get(name) ?? theApp.switches.get(name) ?? '',
} satisfies Pick<Electron.CommandLine, 'appendSwitch' | 'hasSwitch' | 'getSwitchValue'>);

class App extends hostEmitter('app', events) implements Implemented {
  readonly isPackaged = false;
  readonly commandLine = commandLine;
  readonly #paths = new Map<string, string>();
  readonly #defaultPaths: Partial<Record<PathName, () => string>> = {
    home: () => os.homedir(),
    temp: () => os.tmpdir(),
    appData: () => process.env['XDG_CONFIG_HOME'] ?? path.join(os.homedir(), '.config'),
    userData: () => commandLine.getSwitchValue('user-data-dir') || path.join(this.getPath('appData'), this.name),
    sessionData: () => this.getPath('userData'),
    logs: () => path.join(this.getPath('userData'), 'logs'),
    exe: () => process.execPath,
  };
  readonly #instance = new SingleInstance();
  #name: string | null = null;
  #quitting = false;

  get name(): string {
    return this.#name ?? theApp.manifest.productName ?? theApp.manifest.name ?? 'Electron';
  }

  set name(name: string) {
    this.#name = name;
  }

  whenReady(): Promise<void> {
    return ready;
  }

  isReady(): boolean {
    return isReady();
  }

  getName(): string {
    return this.name;
  }

  setName(name: string): void {
    this.name = name;
  }

  getVersion(): string {
    return theApp.manifest.version ?? '0.0.0';
  }

  getAppPath(): string {
    return theApp.folder;
  }

  getPath(name: PathName): string {
    const found = this.#paths.get(name) ?? this.#defaultPaths[name]?.() ?? userFolder(name);
    if (found === null) throw new Error(`Failed to get '${name}' path`);
    return found;
  }

  setPath(name: string, folder: string): void {
    if (!path.isAbsolute(folder)) throw new Error('Path must be absolute');
    this.#paths.set(name, folder);
  }

  getLocale(): string {
    return commandLine.getSwitchValue('lang') || this.getSystemLocale();
  }

  getSystemLocale(): string {
    return Intl.DateTimeFormat().resolvedOptions().locale;
  }

  getPreferredSystemLanguages(): string[] {
    const { LANGUAGE, LC_ALL, LC_MESSAGES, LANG } = process.env;
    const named = [LANGUAGE, LC_ALL, LC_MESSAGES, LANG].find((value) => value !== undefined && value !== '') ?? 'en_US';
    return named.split(':').map((entry) => {
      const language = entry.replace(/[.@].*$/, '').replace('_', '-');
      return /^(C|POSIX)$/.test(language) ? 'en-US' : language;
    });
  }

  quit(): void {
    if (this.#quitting) return;
    this.#quitting = true;
    const event = new PreventableEvent();
    this.emit('before-quit', event);
    if (event.defaultPrevented) {
      this.#quitting = false;
      return;
    }
    for (const window of [...windows.values()]) {
      window.close();
      if (!window.isDestroyed()) {
        this.#quitting = false;
        return;
      }
    }
    this.afterWindowClosed();
  }

  exit(exitCode = 0): void {
    this.emit('quit', {}, exitCode);
    this.#instance.release();
    stop(exitCode);
  }

  /** Of the stand-in: goes on with quitting, or with the end of the last window. */
  afterWindowClosed(): void {
    if (windows.size > 0) return;
    if (!this.#quitting) {
      if (!this.emit('window-all-closed')) this.quit();
      return;
    }
    const event = new PreventableEvent();
    this.emit('will-quit', event);
    if (event.defaultPrevented) this.#quitting = false;
    else this.exit(0);
  }

  requestSingleInstanceLock(data: Record<string, unknown> = {}): boolean {
    return this.#instance.request(this.getPath('userData'), data, (other) =>
      this.emit('second-instance', {}, other.argv, other.cwd, other.data),
    );
  }

  hasSingleInstanceLock(): boolean {
    return this.#instance.isHeld;
  }

  releaseSingleInstanceLock(): void {
    this.#instance.release();
  }

  /** Nothing is registered with the desktop, and that is what it says. */
  setAsDefaultProtocolClient(): boolean {
    return false;
  }

  /** Every page is sandboxed already, unless it runs as root. */
  enableSandbox(): void {
    if (isReady()) throw new Error('app.enableSandbox() can only be called before app is ready');
  }

  /** Windows' taskbar only, as in Electron. */
  setAppUserModelId(): void {
    return undefined;
  }

  /** There is no launcher to show a count. */
  setBadgeCount(): boolean {
    return false;
  }

  focus(): void {
    (getFocusedWindow() ?? [...windows.values()][0])?.focus();
  }
}

export const app = new App();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => app.quit());
