import type { UploadForm } from '../forms/issue-form.ts';
import type { UploadTicket } from '../tickets/ticket.ts';
import { renderPage } from './page-template.ts';

/** What a drop page holds: permissions to upload, and nothing else. Secret, as they are. */
export interface DropPageData {
  readonly waybill: 'drop-page';
  readonly version: 1;
  readonly form: UploadForm;
  /** Prepared uploads for large files, each for one. */
  readonly tickets: readonly UploadTicket[];
}

/**
 * A page through which anyone's browser uploads by a form: one HTML file that needs nothing else.
 * @param tickets uploads that large files go through in parts, each one file
 * @param folder where the built pages are, as in renderPage()
 * @throws WaybillError `input` if the form's host or a ticket's is not https, except on this computer
 */
export async function renderDropPage(
  form: UploadForm,
  tickets: readonly UploadTicket[] = [],
  folder?: URL,
): Promise<string> {
  const urls = [form.action, ...tickets.flatMap(({ put, list, complete }) => [put, complete, ...list])];
  const origins = [...new Set(urls.map((url) => new URL(url).origin))];
  const data: DropPageData = { waybill: 'drop-page', version: 1, form, tickets };
  return renderPage(tickets.length === 0 ? 'drop' : 'drop_parts', { origins, data }, folder);
}
