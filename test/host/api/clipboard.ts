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

/** Promises, as Electron 45 made them. */
export const clipboard = refuseOthers('clipboard', {
  writeText(text: string): Promise<void> {
    write(text);
    return Promise.resolve();
  },
  readText: (): Promise<string> => Promise.resolve(read()),
  clear: (): void => write(''),
} satisfies Partial<Electron.Clipboard>);
