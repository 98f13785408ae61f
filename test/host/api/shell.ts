import type Electron from 'electron';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { launch } from '../desktop-commands.ts';
import { refuseOthers } from '../not-implemented.ts';

export const shell = refuseOthers('shell', {
  openExternal: (url: string): Promise<void> => launch('xdg-open', [url]),
  async openPath(file: string): Promise<string> {
    if (!existsSync(file)) return 'Failed to open path';
    return launch('xdg-open', [file]).then(
      () => '',
      () => 'Failed to open path',
    );
  },
  /** Opens the folder; which item is meant does not get through. */
  showItemInFolder(file: string): void {
    launch('xdg-open', [path.dirname(file)]).catch((error: unknown) => console.error(error));
  },
  /** The terminal's bell. */
  beep(): void {
    process.stdout.write('\x07');
  },
} satisfies Partial<Electron.Shell>);
