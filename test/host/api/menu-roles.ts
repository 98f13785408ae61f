// Menu items whose label, key and action come from their role. Roles of macOS and the rest throw.
import type Electron from 'electron';
import type { BrowserWindow } from './browser-window.ts';
import { app } from './app.ts';
import type { WebContents } from './web-contents.ts';

interface Role {
  readonly label: string;
  readonly accelerator?: string;
  /** The page does this by itself when its keys are pressed. */
  readonly isEditing: boolean;
  readonly run: (window: BrowserWindow | null) => void;
}

type EditingCommand = 'undo' | 'redo' | 'cut' | 'copy' | 'paste' | 'delete' | 'selectAll';

function editing(label: string, command: EditingCommand, accelerator?: string): Role {
  const run = (window: BrowserWindow | null): void => window?.webContents[command]();
  return { label, isEditing: true, run, ...(accelerator === undefined ? {} : { accelerator }) };
}

function ofWindow(label: string, accelerator: string, run: (window: BrowserWindow) => void): Role {
  return { label, accelerator, isEditing: false, run: (window) => window !== null && run(window) };
}

function zoomBy(step: number): (window: BrowserWindow) => void {
  return ({ webContents }: { webContents: WebContents }) => webContents.setZoomLevel(webContents.getZoomLevel() + step);
}

const roles: Readonly<Record<string, Role>> = {
  undo: editing('Undo', 'undo', 'CommandOrControl+Z'),
  redo: editing('Redo', 'redo', 'Shift+CommandOrControl+Z'),
  cut: editing('Cut', 'cut', 'CommandOrControl+X'),
  copy: editing('Copy', 'copy', 'CommandOrControl+C'),
  paste: editing('Paste', 'paste', 'CommandOrControl+V'),
  delete: editing('Delete', 'delete'),
  selectall: editing('Select All', 'selectAll', 'CommandOrControl+A'),
  reload: ofWindow('Reload', 'CommandOrControl+R', (window) => window.webContents.reload()),
  resetzoom: ofWindow('Actual Size', 'CommandOrControl+0', (window) => window.webContents.setZoomLevel(0)),
  zoomin: ofWindow('Zoom In', 'CommandOrControl+Plus', zoomBy(0.5)),
  zoomout: ofWindow('Zoom Out', 'CommandOrControl+-', zoomBy(-0.5)),
  togglefullscreen: ofWindow('Toggle Full Screen', 'F11', (window) => window.setFullScreen(!window.isFullScreen())),
  minimize: ofWindow('Minimize', 'CommandOrControl+M', (window) => window.minimize()),
  close: ofWindow('Close', 'CommandOrControl+W', (window) => window.close()),
  quit: { label: 'Quit', isEditing: false, run: () => app.quit() },
  /** Throws when chosen: there is no DevTools window. */
  toggledevtools: ofWindow('Toggle Developer Tools', 'Control+Shift+I', ({ webContents }) => {
    (webContents as unknown as Electron.WebContents).toggleDevTools();
  }),
};

const separator = { type: 'separator' } as const;

const submenus: Readonly<Record<string, { label: string; template: Electron.MenuItemConstructorOptions[] }>> = {
  filemenu: { label: 'File', template: [{ role: 'quit' }] },
  editmenu: {
    label: 'Edit',
    template: [
      { role: 'undo' },
      { role: 'redo' },
      separator,
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'delete' },
      separator,
      { role: 'selectAll' },
    ],
  },
  viewmenu: {
    label: 'View',
    template: [
      { role: 'reload' },
      { role: 'toggleDevTools' },
      separator,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      separator,
      { role: 'togglefullscreen' },
    ],
  },
  windowmenu: { label: 'Window', template: [{ role: 'minimize' }, { role: 'close' }] },
};

/** @throws Error for a role that is not implemented */
export function findRole(role: string | undefined): Role | undefined {
  const name = role?.toLowerCase();
  if (name === undefined || name in submenus || name === 'help') return undefined;
  const found = roles[name];
  if (found === undefined) throw new Error(`Menu role '${name}' is not implemented by the stand-in`);
  return found;
}

export function findSubmenu(role: string | undefined): (typeof submenus)[string] | undefined {
  return role === undefined ? undefined : submenus[role.toLowerCase()];
}
