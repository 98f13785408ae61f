import type { FileCard, Transfer } from '../../../../main/contract/contract.ts';
import { Attempt } from '../../../lib/attempt.svelte.ts';
import type { call } from '../../../lib/bridge.ts';
import { Newest } from '../../../lib/newest.ts';
import type { TransferList } from '../../../model/transfers/transfers.svelte.ts';

export type TicketCard = Extract<FileCard, { readonly kind: 'upload-ticket' }>;

/** An opened upload ticket, and the file that is sent with it. */
export class TicketReceipt {
  readonly ticket: TicketCard;
  readonly #call: typeof call;
  readonly #transfers: TransferList;
  path = $state<string | null>(null);
  #transferId = $state<string | null>(null);
  readonly starting = new Attempt();
  readonly #picking = new Newest();

  constructor(ticket: TicketCard, callMain: typeof call, transfers: TransferList) {
    this.ticket = ticket;
    this.#call = callMain;
    this.#transfers = transfers;
  }

  get transfer(): Transfer | undefined {
    return this.#transferId === null ? undefined : this.#transfers.get(this.#transferId);
  }

  /** Whether a file is on its way, so that no other can be sent. */
  get isUnderWay(): boolean {
    const at = this.transfer?.state.at;
    return this.starting.busy || (at !== undefined && !['done', 'failed', 'cancelled', 'blocked'].includes(at));
  }

  async pick(): Promise<void> {
    await this.#picking.ask(
      () => this.#call('dialogs.pickFiles', { what: 'files' }),
      ([path]) => {
        if (path !== undefined) this.path = path;
      },
    );
  }

  /** Queues the file. One that waits for this ticket goes on where it stopped. */
  async send(): Promise<void> {
    const { path } = this;
    if (path === null) return;
    await this.starting.run(
      () => this.#call('links.sendTicket', { fileId: this.ticket.fileId, path }),
      ({ transferId }) => (this.#transferId = transferId),
    );
  }
}
