import { clipboard, dialog, shell, type BrowserWindow, type OpenDialogOptions } from 'electron';
import type { Handlers } from '../ipc.ts';
import type { Translate } from '../../words/translator.ts';

/** Shows the system's open dialog on the window. @returns the chosen paths, none if the user cancels */
export async function pickPaths(window: BrowserWindow, options: OpenDialogOptions): Promise<readonly string[]> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, options);
  return canceled ? [] : filePaths;
}

/** Answers the calls that use the system's dialogs, clipboard and file manager. */
export function dialogHandlers(
  text: Translate,
  localPathOf: (transferId: string) => string | null,
): Pick<Handlers, 'dialogs.pickFiles' | 'dialogs.pickFolder' | 'clipboard.copy' | 'transfers.show'> {
  return {
    'dialogs.pickFiles': ({ what }, window) =>
      pickPaths(window, {
        title: text(`dialog.pick-${what}`),
        properties: [what === 'files' ? 'openFile' : 'openDirectory', 'multiSelections'],
      }),
    'dialogs.pickFolder': async (_, window) => {
      const title = text('dialog.pick-download-folder');
      const [folder] = await pickPaths(window, { title, properties: ['openDirectory', 'createDirectory'] });
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
