import { app, dialog, type BrowserWindow, type MessageBoxOptions } from 'electron';
import type { MenuText } from './menu-text.ts';

/** What there is to ask about, and where. */
interface QuitQuestion {
  /** Whether something is deleted that does not go on at the next start, as transfers do. */
  readonly isDeleting: () => boolean;
  readonly text: MenuText;
  readonly window: () => BrowserWindow | null;
  readonly show: () => void;
}

/** Asks before the app quits while it deletes. Whoever stays gets the window back, should it be closed already. */
export function askBeforeQuit({ isDeleting, text, window, show }: QuitQuestion): void {
  let step: 'free' | 'asking' | 'agreed' = 'free';
  app.on('before-quit', (event) => {
    if (step === 'agreed' || !isDeleting()) return;
    event.preventDefault();
    if (step === 'asking') return;
    step = 'asking';
    void ask(text, window()).then((quits) => {
      step = quits ? 'agreed' : 'free';
      if (quits) app.quit();
      else show();
    });
  });
}

async function ask(text: MenuText, parent: BrowserWindow | null): Promise<boolean> {
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
