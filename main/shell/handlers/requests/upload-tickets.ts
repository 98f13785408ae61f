import type { BrowserWindow } from 'electron';
import { sessionEndForLink } from '../../../links/making/link-session.ts';
import { lifetimeSecondsOrZero } from '../../../links/making/validity.ts';
import type { RecordedTicket } from '../../../links/tickets/ticket-issuer.ts';
import { planTicket } from '../../../links/tickets/ticket-request.ts';
import type { Results } from '../../../contract/contract.ts';
import type { Core } from '../../core.ts';
import type { Handlers } from '../../ipc.ts';
import type { Translate } from '../../../words/translator.ts';
import { deliver } from './deliver.ts';

type TicketCalls = Extract<keyof Handlers, `tickets.${string}`>;

/** Answers the calls about upload tickets. */
export function uploadTicketHandlers(
  { accounts, tickets }: Pick<Core, 'accounts' | 'tickets'>,
  text: Translate,
): Pick<Handlers, TicketCalls> {
  return {
    'tickets.check': async ({ accountId, ownSession, ...request }) => {
      const connection = await accounts.connection(accountId, request.bucket);
      const seconds = lifetimeSecondsOrZero(request, connection.clock.now());
      const end = await sessionEndForLink(accounts, accounts.get(accountId), { seconds, renew: ownSession });
      return planTicket(connection, end, request);
    },
    'tickets.make': ({ accountId, recipient, to, ownSession, ...request }, window) =>
      deliverTicket(to, window, text, () =>
        tickets.issue(accountId, request, { note: request.note, recipient, ownSession }),
      ),
  };
}

/** Starts an upload and saves its ticket, or puts it on the clipboard. The page doesn't see it. */
export async function deliverTicket(
  to: 'file' | 'clipboard',
  window: BrowserWindow,
  text: Translate,
  issue: () => Promise<RecordedTicket>,
): Promise<Results['tickets.make']> {
  const destination = to === 'file' ? { to, name: 'upload-ticket.waybill.json' } : { to };
  return deliver(destination, window, text, async () => {
    const { ticket, validity } = await issue();
    return { text: `${JSON.stringify(ticket)}\n`, result: validity };
  });
}
