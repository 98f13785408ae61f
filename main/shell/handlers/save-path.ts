import { dialog, type BrowserWindow } from 'electron';
import type { Translate } from '../../words/translator.ts';

/**
 * Asks on the window where a file is to be saved, `name` being what it would be called; null where the person thought
 * better of it. It is the system's own dialog, which also asks before a file is replaced.
 */
export async function pickSavePath(window: BrowserWindow, text: Translate, name: string): Promise<string | null> {
  const options = { title: text('dialog.save-file'), defaultPath: name };
  const { canceled, filePath } = await dialog.showSaveDialog(window, options);
  return canceled || filePath === '' ? null : filePath;
}
