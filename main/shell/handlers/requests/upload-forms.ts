import type { BrowserWindow } from 'electron';
import { formatForm, newFormKey } from '../../../links/forms/form-formats.ts';
import type { FormFormat, RecordedForm } from '../../../links/forms/form-issuer.ts';
import { renderDropPage } from '../../../links/pages/drop-page.ts';
import { issuePageUploads } from '../../../links/pages/page-uploads.ts';
import { pageUploadProblems } from '../../../links/pages/prepare-uploads.ts';
import type { UploadTicket } from '../../../links/tickets/ticket.ts';
import type { Results } from '../../../contract/contract.ts';
import type { Core } from '../../core.ts';
import type { Handlers } from '../../ipc.ts';
import type { Translate } from '../../../words/translator.ts';
import { deliver } from './deliver.ts';

type FormCalls = Extract<keyof Handlers, `forms.${string}`>;

/** Answers the calls about forms: pages, and fields for other programs, that take files from anyone. */
export function uploadFormHandlers(
  { accounts, forms, tickets, ledger }: Pick<Core, 'accounts' | 'forms' | 'tickets' | 'ledger'>,
  text: Translate,
): Pick<Handlers, FormCalls> {
  return {
    'forms.check': async ({ accountId, large, ...form }) => {
      const plan = await forms.plan(accountId, form);
      return { ...plan, problems: [...plan.problems, ...pageUploadProblems(large)] };
    },
    'forms.make': ({ accountId, recipient, format, large: uploads, ...form }, window) =>
      deliverForm(format, window, text, async () => {
        const page = await forms.issue(accountId, form, { format, note: form.note, recipient });
        if (format !== 'page') return page;
        const now = () => accounts.serverNow(accountId);
        const prepared = await issuePageUploads(
          { tickets, ledger },
          { accountId, page, uploads, now },
          { ...form, recipient },
        );
        return { ...page, prepared };
      }),
  };
}

/** Creates a form and saves its page, or puts its fields on the clipboard. The page of the app sees neither. */
export async function deliverForm(
  format: FormFormat,
  window: BrowserWindow,
  text: Translate,
  issue: () => Promise<RecordedForm & { readonly prepared?: readonly UploadTicket[] }>,
): Promise<Results['forms.make']> {
  const destination =
    format === 'page' ? ({ to: 'file', name: 'drop-page.html' } as const) : ({ to: 'clipboard' } as const);
  return deliver(destination, window, text, async () => {
    const { form, validity, prepared = [] } = await issue();
    const written =
      format === 'page' ? await renderDropPage(form, prepared) : formatForm(form, format, newFormKey(form, Date.now()));
    return { text: written, result: validity };
  });
}
