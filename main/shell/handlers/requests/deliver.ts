import { clipboard, dialog, type BrowserWindow } from 'electron';
import { replaceFile } from '../../../local-files/replace-file.ts';
import type { Translate } from '../../../words/translator.ts';

/** Where something that was created goes: a file under a suggested name, or the clipboard. */
export type Destination = { readonly to: 'file'; readonly name: string } | { readonly to: 'clipboard' };

/** What was created, and its text: as secret as what is in it. */
interface Written<T> {
  readonly text: string;
  readonly result: T;
}

/**
 * Asks where to save, creates, and writes, so that nothing is created that is then nowhere. The system's save dialog
 * itself asks before it replaces a file.
 * @returns the path, null for the clipboard; or null alone if the user cancels
 */
export async function deliver<T>(
  destination: Destination,
  window: BrowserWindow,
  text: Translate,
  create: () => Promise<Written<T>>,
): Promise<(T & { readonly path: string | null }) | null> {
  const path = destination.to === 'file' ? await pickSavePath(window, text, destination.name) : null;
  if (destination.to === 'file' && path === null) return null;
  const written = await create();
  await (path === null ? clipboard.writeText(written.text) : replaceFile(path, written.text));
  return { ...written.result, path };
}

async function pickSavePath(window: BrowserWindow, text: Translate, name: string): Promise<string | null> {
  const options = { title: text('dialog.save-file'), defaultPath: name };
  const { canceled, filePath } = await dialog.showSaveDialog(window, options);
  return canceled || filePath === '' ? null : filePath;
}
