import { WaybillError } from '../../failure.ts';
import { newFormKey } from '../forms/form-formats.ts';
import type { FormToIssue, RecordedForm } from '../forms/form-issuer.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type InputFailure, orProblem } from '../making/link-rules.ts';
import type { TicketIssuer } from '../tickets/ticket-issuer.ts';
import { ticketParts } from '../tickets/ticket-parts.ts';
import type { UploadTicket } from '../tickets/ticket.ts';

/** Uploads for large files that a page takes besides its form: how many, and the largest file of each in bytes. */
export interface PageUploads {
  readonly count: number;
  readonly sizeBytes: number;
}

/** The most uploads of a page: each has thousands of signatures in it. */
const MAX_UPLOADS = 20;

/** What is wrong with the uploads of a page. Without any there is nothing wrong with their size. */
export function pageUploadProblems({ count, sizeBytes }: PageUploads): readonly InputFailure[] {
  if (!Number.isInteger(count) || count < 0 || count > MAX_UPLOADS) {
    return [{ kind: 'input', field: 'large', rule: 'large-count', limit: `0…${MAX_UPLOADS}` }];
  }
  const problems: InputFailure[] = [];
  if (count > 0) orProblem(problems, () => ticketParts(sizeBytes));
  return problems.map((problem) => ({ ...problem, field: 'largeSize' }));
}

/**
 * Starts the uploads of a page that was recorded, each with a ticket that the ledger holds too and that ends with the page.
 * Of those none is left if one can't be started.
 * @throws WaybillError `input` as pageUploadProblems(); as TicketIssuer.issue()
 */
export async function issuePageUploads(
  tickets: TicketIssuer,
  {
    accountId,
    page,
    uploads,
  }: { readonly accountId: string; readonly page: RecordedForm; readonly uploads: PageUploads },
  {
    forbidOverwrite,
    tags,
    storageClass,
    ownSession,
    recipient,
  }: Pick<FormToIssue, 'forbidOverwrite' | 'tags' | 'storageClass' | 'ownSession'> & { readonly recipient: string },
): Promise<readonly UploadTicket[]> {
  const [problem] = pageUploadProblems(uploads);
  if (problem !== undefined) throw new WaybillError(problem);
  const { form, ledgerId } = page;
  const upload = { forbidOverwrite, tags, storageClass, acl: 'private' as const };
  const issued: { readonly ticket: UploadTicket; readonly ledgerId: string }[] = [];
  try {
    for (let index = 0; index < uploads.count; index += 1) {
      const key = newFormKey(form, Date.now());
      const request = { bucket: form.bucket, key, sizeBytes: uploads.sizeBytes, validUntil: form.validUntil, upload };
      issued.push(await tickets.issue(accountId, request, { recipient, ownSession, page: ledgerId }));
    }
  } catch (error) {
    await Promise.allSettled(issued.map((one) => tickets.end(one.ledgerId)));
    throw error;
  }
  return issued.map(({ ticket }) => ticket);
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
