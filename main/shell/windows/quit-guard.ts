import { app, dialog, type BrowserWindow, type MessageBoxOptions } from 'electron';
import type { Translate } from '../../words/translator.ts';
import type { Windows } from './windows.ts';

/** What there is to ask about, and where. */
interface QuitQuestion {
  /** Whether something is deleted that does not go on at the next start, as transfers do. */
  readonly isDeleting: () => boolean;
  readonly text: Translate;
  readonly windows: Pick<Windows, 'last' | 'show'>;
}

/** Asks before the app quits while it deletes. Whoever stays gets a window back, should the last be closed already. */
export function askBeforeQuit({ isDeleting, text, windows }: QuitQuestion): void {
  let step: 'free' | 'asking' | 'agreed' = 'free';
  app.on('before-quit', (event) => {
    if (step === 'agreed' || !isDeleting()) return;
    event.preventDefault();
    if (step === 'asking') return;
    step = 'asking';
    void ask(text, windows.last).then((quits) => {
      step = quits ? 'agreed' : 'free';
      if (quits) app.quit();
      else void windows.show();
    });
  });
}

async function ask(text: Translate, parent: BrowserWindow | null): Promise<boolean> {
  const options: MessageBoxOptions = {
    type: 'warning',
    title: 'Waybill',
    message: text('dialog.quit-deleting'),
    detail: text('dialog.quit-deleting.detail'),
    buttons: [text('dialog.quit-deleting.stay'), text('dialog.quit-deleting.quit')],
    defaultId: 0,
    cancelId: 0,
  };
  const shown = parent === null ? dialog.showMessageBox(options) : dialog.showMessageBox(parent, options);
  return (await shown).response === 1;
}
