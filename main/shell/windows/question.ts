import { dialog, type BrowserWindow } from 'electron';

/** A question of the system's own dialog. The first button changes nothing and is the default. */
export interface Question {
  readonly message: string;
  readonly detail: string;
  readonly stay: string;
  readonly proceed: string;
}

/** Shows the question on the window, or on its own. @returns whether the person chose to proceed */
export async function confirms(parent: BrowserWindow | null, question: Question): Promise<boolean> {
  const { message, detail, stay, proceed } = question;
  const options = {
    ...{ type: 'warning' as const, title: 'Waybill', message: visible(message), detail: visible(detail) },
    ...{ buttons: [stay, proceed], defaultId: 0, cancelId: 0, noLink: true },
  };
  const shown = parent === null ? dialog.showMessageBox(options) : dialog.showMessageBox(parent, options);
  return (await shown).response === 1;
}

/** Names in a question come from the page or from a stranger: no line breaks, nothing that reorders the text. */
function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
