import { WaybillError } from '../../failure.ts';
import type { FormToIssue, RecordedForm } from '../forms/form-issuer.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { TicketIssuer } from '../tickets/ticket-issuer.ts';
import type { UploadTicket } from '../tickets/ticket.ts';
import { type PageUploads, pageUploadProblems, prepareUploads, type SharedLimits } from './prepare-uploads.ts';

/**
 * Starts the uploads of a page that was recorded, each with a ticket that the ledger holds too and that ends with the page.
 * If one can't be started, those before it end, and neither they nor the page, which nobody has then, stay in the ledger.
 * @throws WaybillError `input` as pageUploadProblems(); as TicketIssuer.issue()
 */
export async function issuePageUploads(
  { tickets, ledger }: { readonly tickets: Pick<TicketIssuer, 'issue' | 'end'>; readonly ledger: Ledger },
  {
    accountId,
    page,
    uploads,
    now,
  }: {
    readonly accountId: string;
    readonly page: RecordedForm;
    readonly uploads: PageUploads;
    /** The time of the server in Unix milliseconds. */
    readonly now: () => number;
  },
  { ownSession, recipient, ...limits }: SharedLimits & Pick<FormToIssue, 'ownSession'> & { readonly recipient: string },
): Promise<readonly UploadTicket[]> {
  const details = { recipient, ownSession, page: page.ledgerId };
  try {
    const [problem] = pageUploadProblems(uploads);
    if (problem !== undefined) throw new WaybillError(problem);
    const issued = await prepareUploads(page.form, uploads, limits, {
      start: (request) => tickets.issue(accountId, request, details),
      end: async ({ ledgerId }) => {
        await tickets.end(ledgerId);
        await ledger.remove([ledgerId]);
      },
      now,
    });
    return issued.map(({ ticket }) => ticket);
  } catch (error) {
    await ledger.remove([page.ledgerId]).catch(() => undefined);
    throw error;
  }
}

/**
 * Ends the uploads of a page that are still open, and deletes what was sent of them.
 * @throws WaybillError the first failure, once all were tried
 */
export async function endPageUploads(tickets: Pick<TicketIssuer, 'end'>, ledger: Ledger, page: string): Promise<void> {
  const open = ledger.all().filter(({ what, options, state }) => {
    return what.kind === 'ticket' && options['page'] === page && state !== 'revoked';
  });
  const failures: unknown[] = [];
  for (const { id } of open) await tickets.end(id).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
