// The preload's world: what `require` gives a sandboxed preload in Electron, on a CDP binding.
import { decode, encode } from '../codec.ts';
import type { PreloadConfig, ToPage } from '../messages.ts';
import { refuseOthers } from '../not-implemented.ts';
import { watchAccelerators, watchContextMenu, watchWindow } from './shell-events.ts';
import { makeBridge } from './bridge.ts';
import { Emitter } from './emitter.ts';
import { getPathForFile, watchForFiles } from './file-paths.ts';
import { onMessage, post } from './host-link.ts';
import { closeMenu, openMenu } from './menu-overlay.ts';
import { showToast } from './toast.ts';

/** Both written in by the host. */
declare const CONFIG: PreloadConfig;
declare const PRELOAD: (...scope: unknown[]) => void;

interface Call {
  readonly channel: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const calls = new Map<number, Call>();
let lastCall = 0;

class IpcRenderer extends Emitter {
  invoke(channel: string, ...args: unknown[]): Promise<unknown> {
    const callId = ++lastCall;
    return new Promise((resolve, reject) => {
      const text = encodeArguments(args);
      calls.set(callId, { channel, resolve, reject });
      post('invoke', callId, channel, text);
    });
  }

  send(channel: string, ...args: unknown[]): void {
    post('send', channel, encodeArguments(args));
  }
}

function encodeArguments(args: readonly unknown[]): string {
  try {
    return encode(args);
  } catch {
    throw new Error('An object could not be cloned.');
  }
}

const ipcRenderer = refuseOthers('ipcRenderer', new IpcRenderer());
const bridge = makeBridge({ nonce: CONFIG.nonce, own: 'preload', other: 'page' });
const exposed = new Set<string>();

const contextBridge = refuseOthers('contextBridge', {
  exposeInMainWorld(name: string, api: unknown): void {
    if (exposed.has(name)) throw new Error('Cannot bind an API on top of an existing property on the window object');
    exposed.add(name);
    bridge.expose(name, api);
  },
});

const electron = refuseOthers('electron', {
  ipcRenderer,
  contextBridge,
  webUtils: refuseOthers('webUtils', { getPathForFile }),
});

const modules = new Map<string, unknown>([
  ['electron', electron],
  ['electron/renderer', electron],
  ['events', Object.assign(Emitter, { EventEmitter: Emitter })],
  ['timers', { setTimeout, clearTimeout, setInterval, clearInterval }],
  ['url', { URL, URLSearchParams }],
]);

function require(name: string): unknown {
  const found = modules.get(name.replace(/^node:/, ''));
  if (found === undefined) throw new Error(`module not found: ${name}`);
  return found;
}

const process = Object.freeze({
  type: 'renderer',
  sandboxed: true,
  contextIsolated: true,
  platform: CONFIG.platform,
  arch: CONFIG.arch,
  versions: CONFIG.versions,
  argv: CONFIG.argv,
  env: {},
});

let setAccelerators: ReturnType<typeof watchAccelerators> = () => undefined;
let guardClose: ReturnType<typeof watchWindow> = () => undefined;

function receive(message: ToPage): void {
  switch (message[0]) {
    case 'reply':
      settle(message[1], message[2], message[3]);
      break;
    case 'event':
      ipcRenderer.emit(message[1], { sender: ipcRenderer, ports: [] }, ...(decode(message[2]) as unknown[]));
      break;
    case 'accelerators':
      setAccelerators(message[1]);
      break;
    case 'openMenu':
      openMenu(message[1], message[2], { x: message[3], y: message[4] });
      break;
    case 'closeMenu':
      closeMenu();
      break;
    case 'toast':
      showToast(message[1], message[2], message[3]);
      break;
    case 'guardClose':
      guardClose(message[1]);
      break;
  }
}

function settle(callId: number, ok: boolean, value: string): void {
  const call = calls.get(callId);
  calls.delete(callId);
  if (ok) call?.resolve(decode(value));
  else call?.reject(new Error(`Error invoking remote method '${call.channel}': ${value}`));
}

function runPreload(): void {
  const module = { exports: {} };
  try {
    PRELOAD.call(undefined, require, module, module.exports, process, globalThis, CONFIG.file, CONFIG.folder);
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    console.error(`Unable to load preload script: ${CONFIG.file}\n${stack}`);
    post('preloadError', CONFIG.file, stack);
  }
}

// Frames inside the page get this script too, and nothing from it.
if (window.top === window) {
  onMessage(receive);
  setAccelerators = watchAccelerators();
  guardClose = watchWindow();
  watchContextMenu();
  watchForFiles();
  runPreload();
  post('ready');
}
