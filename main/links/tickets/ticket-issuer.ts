import { z } from 'zod';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Session } from '../../accounts/sts/credentials.ts';
import { ticketPolicy } from '../../accounts/sts/policy.ts';
import { WaybillError } from '../../failure.ts';
import { issuerOf, type LedgerItem } from '../ledger/ledger-entry.ts';
import type { Ledger, LedgerDraft } from '../ledger/ledger.ts';
import { type IssueDetails, plainJson } from '../making/link-issuer.ts';
import { type LinkLifetime, linkOptionFields } from '../making/link-options.ts';
import type { LinkPlan } from '../making/link-plan.ts';
import { signingEnd, signingFor } from '../making/link-session.ts';
import { checkTicket, endTicket, type TicketState } from './end-ticket.ts';
import { type IssuedTicket, issueTicket, renewTicket, type TicketUpload } from './issue-ticket.ts';
import { planTicket, type TicketRequest } from './ticket-request.ts';

/** A ticket that is recorded in the ledger. */
export interface RecordedTicket extends IssuedTicket {
  readonly ledgerId: string;
}

/** What the ledger stores with a ticket. */
interface TicketDetails extends IssueDetails {
  /** The ledger entry of the page that the ticket is part of, and ends with. */
  readonly page?: string | undefined;
}

const savedOptions = z.object({
  expiresSeconds: linkOptionFields.expiresSeconds,
  host: linkOptionFields.host,
  renewSession: linkOptionFields.renewSession,
  ownSession: z.boolean().default(false),
});

type TicketWhat = Extract<LedgerItem['what'], { kind: 'ticket' }>;

/** Issues upload tickets and records each in the ledger before anyone sees it; renews, checks and ends them. */
export class TicketIssuer {
  readonly #accounts: Accounts;
  readonly #ledger: Ledger;

  constructor({ accounts, ledger }: { readonly accounts: Accounts; readonly ledger: Ledger }) {
    this.#accounts = accounts;
    this.#ledger = ledger;
  }

  /** Checks the request for a ticket, and when it would expire. Signs, starts and records nothing. @throws WaybillError */
  async plan(
    accountId: string,
    request: TicketRequest,
    { ownSession = false }: Pick<IssueDetails, 'ownSession'> = {},
  ): Promise<LinkPlan> {
    const { bucket } = request;
    const end = await signingEnd(this.#accounts, accountId, { bucket, lifetime: request, ownSession });
    return planTicket(await this.#accounts.connection(accountId, bucket), end, request);
  }

  /**
   * Starts an upload and issues its ticket. The account starts it, and signs unless the ticket gets a session of its own.
   * @throws WaybillError as issueTicket(); `input` no-role if `ownSession` needs one; `file` if it can't be recorded
   */
  async issue(accountId: string, request: TicketRequest, details: TicketDetails = {}): Promise<RecordedTicket> {
    const { bucket, expiresSeconds, validUntil, renewSession, host, upload } = request;
    const lifetime = { expiresSeconds, validUntil, renewSession };
    const session = await this.#session(accountId, request, { lifetime, ownSession: details.ownSession === true });
    const issued = await this.#accounts.run(accountId, bucket, (open) => issueTicket(open, session, request));
    const { ticket } = issued;
    try {
      const forbidOverwrite = ticket.completeHeaders['x-oss-forbid-overwrite'] === 'true';
      const what = { ...ticket, forbidOverwrite };
      return await this.#record(accountId, issued, {
        session,
        what,
        options: { ...lifetime, host, upload, page: details.page },
        details,
      });
    } catch (error) {
      await this.#accounts.run(accountId, bucket, (open) => endTicket(open, ticket)).catch(() => undefined);
      throw error;
    }
  }

  /**
   * Issues another ticket for the same upload, with the lifetime and the signer of the first one. Parts stay.
   * @throws WaybillError `oss` `no-such-upload` if the upload is over; as issue()
   */
  async renew(ledgerId: string): Promise<RecordedTicket> {
    const entry = this.#ledger.get(ledgerId);
    const { accountId, note, recipient } = entry;
    const what = ticketOf(entry);
    const saved = savedOptions.safeParse(entry.options);
    if (!saved.success) throw new WaybillError({ kind: 'input', field: 'options', rule: 'not-renewable' });
    const { ownSession, renewSession, host } = saved.data;
    const soFar = Math.max(1, Math.round((entry.validUntil - entry.madeAt) / 1000));
    const { expiresSeconds = soFar } = saved.data;
    const lifetime = { expiresSeconds, renewSession };
    const session = await this.#session(accountId, what, { lifetime, ownSession });
    const issued = await this.#accounts.run(accountId, what.bucket, (open) =>
      renewTicket(open, session, what, { expiresSeconds, host, note }),
    );
    const details = { note, recipient, ownSession, renews: ledgerId };
    return this.#record(accountId, issued, { session, what, options: { ...lifetime, host }, details });
  }

  /** Asks OSS what became of a ticket's upload. @throws WaybillError */
  check(ledgerId: string): Promise<TicketState> {
    const entry = this.#ledger.get(ledgerId);
    const upload = { ...ticketOf(entry), madeAt: entry.madeAt };
    return this.#accounts.run(entry.accountId, upload.bucket, (connection) => checkTicket(connection, upload));
  }

  /** Ends a ticket, and each other one for the same upload. @returns false if the upload was over already */
  async end(ledgerId: string): Promise<boolean> {
    const entry = this.#ledger.get(ledgerId);
    const { uploadId, ...place } = ticketOf(entry);
    const upload = { ...place, uploadId };
    const ended = await this.#accounts.run(entry.accountId, upload.bucket, (open) => endTicket(open, upload));
    const same = this.#ledger.all().filter(({ what }) => what.kind === 'ticket' && what.uploadId === uploadId);
    await this.#ledger.change(
      same.map(({ id }) => id),
      { endedAt: Date.now() },
    );
    return ended;
  }

  async #session(
    accountId: string,
    { bucket, key }: Pick<TicketRequest, 'bucket' | 'key'>,
    { lifetime, ownSession }: { readonly lifetime: LinkLifetime; readonly ownSession: boolean },
  ): Promise<Session> {
    const policy = ownSession ? ticketPolicy({ bucket, key }) : null;
    return (await signingFor(this.#accounts, accountId, { bucket, lifetime, policy })).session;
  }

  async #record(
    accountId: string,
    { ticket, validity }: IssuedTicket,
    issued: {
      readonly session: Session;
      readonly what: TicketUpload;
      readonly options: object;
      readonly details: IssueDetails;
    },
  ): Promise<RecordedTicket> {
    const { note = '', recipient = '', renews = null, ownSession = false } = issued.details;
    const { bucket, key, uploadId, sizeBytes, partSizeBytes, forbidOverwrite } = issued.what;
    const draft: LedgerDraft = {
      ...issuerOf(this.#accounts.get(accountId), { ...issued.session, own: ownSession }),
      madeAt: Date.parse(ticket.madeAt),
      what: { kind: 'ticket', bucket, key, uploadId, sizeBytes, partSizeBytes, forbidOverwrite },
      options: plainJson(ownSession ? { ...issued.options, ownSession } : issued.options),
      validUntil: validity.validUntil,
      sessionEndUnknown: validity.sessionEndUnknown,
      ...{ note, recipient, renews },
    };
    const [ledgerId = ''] = await this.#ledger.record([draft]);
    return { ticket, validity, ledgerId };
  }
}

function ticketOf({ what }: LedgerItem): TicketWhat {
  if (what.kind !== 'ticket') throw new WaybillError({ kind: 'input', field: 'link', rule: 'unknown' });
  return what;
}
