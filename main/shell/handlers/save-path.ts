import { dialog, type BrowserWindow } from 'electron';
import type { MenuText } from '../menu-text.ts';

/** Asks where a file is to be saved, `name` being what it would be called; null where the person thought better of it. */
export type PickSavePath = (name: string) => Promise<string | null>;

/** The system's own dialog, which also asks before a file is replaced. */
export function savePathPicker(window: () => BrowserWindow | null, text: MenuText): PickSavePath {
  return async (name) => {
    const options = { title: text('dialog.save-file'), defaultPath: name };
    const parent = window();
    const { canceled, filePath } =
      parent === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(parent, options);
    return canceled || filePath === '' ? null : filePath;
  };
}
