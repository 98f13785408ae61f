import { clipboard, dialog, shell, type BrowserWindow, type OpenDialogOptions } from 'electron';
import type { ArgsOf } from '../../contract/contract.ts';
import type { Handlers } from '../ipc.ts';
import type { Translate } from '../../words/translator.ts';
import type { GrantedPaths } from '../security/granted-paths.ts';

/** Shows the system's open dialog on the window. @returns the chosen paths, none if the user cancels */
export async function pickPaths(window: BrowserWindow, options: OpenDialogOptions): Promise<readonly string[]> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, options);
  return canceled ? [] : filePaths;
}

/** Credentials are in one file, often a hidden one: .ossutilconfig, .aliyun/config.json. */
const pickProperties = {
  files: ['openFile', 'multiSelections'],
  folders: ['openDirectory', 'multiSelections'],
  credentials: ['openFile', 'showHiddenFiles'],
} satisfies Record<ArgsOf<'dialogs.pickFiles'>['what'], OpenDialogOptions['properties']>;

/** Answers the calls that use the system's dialogs, clipboard and file manager. What is chosen is granted in `paths`. */
export function dialogHandlers(
  text: Translate,
  paths: GrantedPaths,
  localPathOf: (transferId: string) => string | null,
): Pick<Handlers, 'dialogs.pickFiles' | 'dialogs.pickFolder' | 'clipboard.copy' | 'transfers.show'> {
  return {
    'dialogs.pickFiles': async ({ what }, window) => {
      const picked = await pickPaths(window, {
        title: text(`dialog.pick-${what}`),
        properties: pickProperties[what],
      });
      paths.addReadable(picked);
      return picked;
    },
    'dialogs.pickFolder': async (_, window) => {
      const title = text('dialog.pick-download-folder');
      const [folder] = await pickPaths(window, { title, properties: ['openDirectory', 'createDirectory'] });
      if (folder === undefined) return null;
      paths.addTarget(folder);
      return folder;
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
