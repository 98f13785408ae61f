import type Electron from 'electron';
import { spawnSync } from 'node:child_process';
import { hasCommand } from '../desktop-commands.ts';
import { isHeadless } from '../chromium-flags.ts';
import { refuseOthers } from '../not-implemented.ts';

const timeout = 2_000;

/** What the app wrote, where there is no desktop whose clipboard could hold it. */
let ownText = '';

/** Programs that read and write the desktop's clipboard, or null. */
function programs(): { write: [string, ...string[]]; read: [string, ...string[]] } | null {
  if (isHeadless()) return null;
  if (process.env['WAYLAND_DISPLAY'] !== undefined && hasCommand('wl-copy')) {
    return { write: ['wl-copy'], read: ['wl-paste', '--no-newline'] };
  }
  if (process.env['DISPLAY'] !== undefined && hasCommand('xclip')) {
    return { write: ['xclip', '-selection', 'clipboard'], read: ['xclip', '-selection', 'clipboard', '-o'] };
  }
  return null;
}

function write(text: string): void {
  ownText = text;
  const found = programs();
  if (found === null) return;
  const [name, ...args] = found.write;
  spawnSync(name, args, { input: text, stdio: ['pipe', 'ignore', 'ignore'], timeout });
}

function read(): string {
  const found = programs();
  if (found === null) return ownText;
  const [name, ...args] = found.read;
  const { status, stdout } = spawnSync(name, args, { timeout });
  // An empty clipboard makes the programs fail.
  return status === 0 ? stdout.toString() : '';
}

/** Texts by type. Only `text/plain` reaches the desktop's clipboard. */
export class ClipboardItem {
  readonly #items: Readonly<Record<string, string>>;

  constructor(items: Readonly<Record<string, string>>) {
    this.#items = items;
  }

  get types(): readonly string[] {
    return Object.keys(this.#items);
  }

  getType(type: string): Promise<Blob> {
    const text = this.#items[type];
    return text === undefined ? Promise.reject(new Error(`no ${type}`)) : Promise.resolve(new Blob([text]));
  }
}

/** Types of what the app wrote last. */
let ownTypes: readonly string[] = [];

/** Promises, as Electron 45 made them. */
export const clipboard = refuseOthers('clipboard', {
  writeText(text: string): Promise<void> {
    ownTypes = ['text/plain'];
    write(text);
    return Promise.resolve();
  },
  async write([item]: Electron.ClipboardItem[]): Promise<void> {
    if (item === undefined) throw new TypeError('nothing to write');
    ownTypes = item.types;
    write(await (await item.getType('text/plain')).text());
  },
  has: (type: string): Promise<boolean> => Promise.resolve(ownTypes.includes(type)),
  readText: (): Promise<string> => Promise.resolve(read()),
  clear: (): void => {
    ownTypes = [];
    write('');
  },
} satisfies Partial<Electron.Clipboard>);
