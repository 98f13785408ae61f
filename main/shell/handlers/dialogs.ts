import { clipboard, dialog, shell, type BrowserWindow, type OpenDialogOptions } from 'electron';
import type { Handlers } from '../ipc.ts';
import type { MenuText } from '../menu-text.ts';

/** Asks the person for files or folders; none where they cancel. */
export type PathPicker = (options: OpenDialogOptions) => Promise<readonly string[]>;

/** The system's dialog for it, on the window. */
export function pathPicker(window: () => BrowserWindow | null): PathPicker {
  return async (options) => {
    const parent = window();
    const { canceled, filePaths } =
      parent === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(parent, options);
    return canceled ? [] : filePaths;
  };
}

/** The system's own dialogs and clipboard. */
export function dialogHandlers(
  pick: PathPicker,
  text: MenuText,
  localPathOf: (transferId: string) => string | null,
): Pick<Handlers, 'dialogs.pickFiles' | 'dialogs.pickFolder' | 'clipboard.copy' | 'transfers.show'> {
  return {
    'dialogs.pickFiles': ({ what }) =>
      pick({
        title: text(`dialog.pick-${what}`),
        properties: [what === 'files' ? 'openFile' : 'openDirectory', 'multiSelections'],
      }),
    'dialogs.pickFolder': async () => {
      const title = text('dialog.pick-download-folder');
      const [folder] = await pick({ title, properties: ['openDirectory', 'createDirectory'] });
      return folder ?? null;
    },
    'clipboard.copy': async ({ text: copied }) => {
      await clipboard.writeText(copied);
      return null;
    },
    'transfers.show': ({ id }) => {
      const path = localPathOf(id);
      if (path !== null) shell.showItemInFolder(path);
      return null;
    },
  };
}
