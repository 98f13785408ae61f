import type { BrowserWindow } from 'electron';
import type { RecordedTicket } from '../../../links/tickets/ticket-issuer.ts';
import type { Results } from '../../../contract/contract.ts';
import type { Core } from '../../core.ts';
import type { Handlers } from '../../ipc.ts';
import type { Translate } from '../../../words/translator.ts';
import { deliver } from './deliver.ts';

type TicketCalls = Extract<keyof Handlers, `tickets.${string}`>;

/** Answers the calls about upload tickets. */
export function uploadTicketHandlers({ tickets }: Pick<Core, 'tickets'>, text: Translate): Pick<Handlers, TicketCalls> {
  return {
    'tickets.check': ({ accountId, ownSession, ...request }) => tickets.plan(accountId, request, { ownSession }),
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
