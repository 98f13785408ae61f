import { dialog, type BrowserWindow } from 'electron';
import type { Translate } from '../../words/translator.ts';

/**
 * Shows the system's save dialog on the window, with `name` as the suggested file name. The dialog itself asks before it
 * replaces a file.
 * @returns null if the user cancels
 */
export async function pickSavePath(window: BrowserWindow, text: Translate, name: string): Promise<string | null> {
  const options = { title: text('dialog.save-file'), defaultPath: name };
  const { canceled, filePath } = await dialog.showSaveDialog(window, options);
  return canceled || filePath === '' ? null : filePath;
}
