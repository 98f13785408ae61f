import type { BrowserWindow } from 'electron';
import { formatForm, newFormKey } from '../../../links/forms/form-formats.ts';
import type { FormFormat, RecordedForm } from '../../../links/forms/form-issuer.ts';
import { renderDropPage } from '../../../links/pages/drop-page.ts';
import type { Results } from '../../../contract/contract.ts';
import type { Core } from '../../core.ts';
import type { Handlers } from '../../ipc.ts';
import type { Translate } from '../../../words/translator.ts';
import { deliver } from './deliver.ts';

type FormCalls = Extract<keyof Handlers, `forms.${string}`>;

/** Answers the calls about forms: pages, and fields for other programs, that take files from anyone. */
export function uploadFormHandlers({ forms }: Pick<Core, 'forms'>, text: Translate): Pick<Handlers, FormCalls> {
  return {
    'forms.check': ({ accountId, ...form }) => forms.plan(accountId, form),
    'forms.make': ({ accountId, recipient, format, ...form }, window) =>
      deliverForm(format, window, text, () => forms.issue(accountId, form, { format, note: form.note, recipient })),
  };
}

/** Creates a form and saves its page, or puts its fields on the clipboard. The page of the app sees neither. */
export async function deliverForm(
  format: FormFormat,
  window: BrowserWindow,
  text: Translate,
  issue: () => Promise<RecordedForm>,
): Promise<Results['forms.make']> {
  const destination =
    format === 'page' ? ({ to: 'file', name: 'drop-page.html' } as const) : ({ to: 'clipboard' } as const);
  return deliver(destination, window, text, async () => {
    const { form, validity } = await issue();
    const written =
      format === 'page' ? await renderDropPage(form) : formatForm(form, format, newFormKey(form, Date.now()));
    return { text: written, result: validity };
  });
}
