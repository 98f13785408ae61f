import { app } from 'electron';
import type { Translate } from '../../words/translator.ts';
import { confirms } from './question.ts';
import type { Windows } from './windows.ts';

/** Options of confirmQuit(). */
interface QuitOptions {
  /** Whether a deletion is running; unlike transfers, it doesn't resume at the next start. */
  readonly isDeleting: () => boolean;
  readonly text: Translate;
  readonly windows: Pick<Windows, 'last' | 'show'>;
}

/** Asks for confirmation if the app quits during a deletion. Cancelling reopens a window if none is left. */
export function confirmQuit({ isDeleting, text, windows }: QuitOptions): void {
  let step: 'idle' | 'asking' | 'confirmed' = 'idle';
  app.on('before-quit', (event) => {
    if (step === 'confirmed' || !isDeleting()) return;
    event.preventDefault();
    if (step === 'asking') return;
    step = 'asking';
    const question = {
      message: text('dialog.quit-deleting'),
      detail: text('dialog.quit-deleting.detail'),
      stay: text('dialog.quit-deleting.stay'),
      proceed: text('dialog.quit-deleting.quit'),
    };
    void confirms(windows.last, question).then((quits) => {
      step = quits ? 'confirmed' : 'idle';
      if (quits) app.quit();
      else void windows.show();
    });
  });
}
