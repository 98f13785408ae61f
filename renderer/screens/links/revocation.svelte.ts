import type { Ending, LedgerItem } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { LinkLedger } from '../../model/ledger.svelte.ts';

/** Revoking one entry of the ledger: how far it is, what became of it, and taking that back. */
export class Revocation {
  readonly #item: Pick<LedgerItem, 'id'>;
  readonly #ledger: Pick<LinkLedger, 'end' | 'undoEnd'>;
  readonly ending = new Attempt();
  readonly undoing = new Attempt();
  /** What became of the last try; null before, and during the next one. */
  outcome = $state.raw<Ending | null>(null);
  /** The bucket's policy denies it by now, but OSS doesn't refuse it yet. */
  isWaiting = $state(false);
  isUndone = $state(false);

  /** Nothing is left to do: OSS was seen to refuse it, or it had expired. */
  readonly isOver = $derived(this.outcome?.outcome === 'ended' || this.outcome?.outcome === 'over');
  readonly busy = $derived(this.ending.busy || this.undoing.busy);
  /** A question of main's own that was cancelled is no failure. */
  readonly failure = $derived(
    [this.ending.failure, this.undoing.failure].find((one) => one !== null && one.kind !== 'cancelled') ?? null,
  );

  constructor(item: Pick<LedgerItem, 'id'>, ledger: Pick<LinkLedger, 'end' | 'undoEnd'>) {
    this.#item = item;
    this.#ledger = ledger;
  }

  /** Ends the entry; true once it is known what became of it. */
  async end(): Promise<boolean> {
    if (this.busy) return false;
    this.#start();
    const isDone = await this.ending.run(
      () => this.#ledger.end(this.#item.id),
      (outcome) => (this.outcome = outcome),
    );
    this.isWaiting = false;
    return isDone;
  }

  /** Main has changed the policy for one of its entries, and waits for OSS. */
  waits(id: string): void {
    if (this.ending.busy && id === this.#item.id) this.isWaiting = true;
  }

  /** Lets it work again; true once it does. */
  async undo(): Promise<boolean> {
    if (this.busy) return false;
    this.ending.discard();
    return this.undoing.run(
      () => this.#ledger.undoEnd(this.#item.id),
      () => {
        this.#start();
        this.isUndone = true;
      },
    );
  }

  #start(): void {
    this.outcome = null;
    this.isUndone = false;
    this.isWaiting = false;
    this.undoing.discard();
  }
}
