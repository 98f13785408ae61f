import { SvelteMap } from 'svelte/reactivity';
import type { Transfer, TransferBatch } from '../../preload/contract.ts';
import type { call } from '../lib/bridge.ts';
import { QueueOrder } from '../transfers/queue-order.ts';
import { noTransfers, RunningSums, type TransferTotals } from '../transfers/transfer-totals.ts';

/** The queue as main reports it. A batch costs what changed in it, not what is in the queue. */
export class TransferList {
  readonly #call: typeof call;
  readonly #byId = new SvelteMap<string, Transfer>();
  readonly #order = new QueueOrder();
  #ids = $state.raw<readonly string[]>([]);
  #totals = $state.raw(noTransfers);

  readonly active = $derived(this.#totals.counts.running + this.#totals.counts.verifying + this.#totals.counts.waiting);
  readonly attention = $derived(this.#totals.counts.failed + this.#totals.counts.blocked);
  readonly finished = $derived(this.#totals.counts.done + this.#totals.counts.skipped + this.#totals.counts.cancelled);
  /** 0 to 1, by bytes; null while no size is known. */
  readonly fraction = $derived(
    this.#totals.sizeBytes === 0 ? null : Math.min(1, this.#totals.doneBytes / this.#totals.sizeBytes),
  );
  /** Null while nothing moves. */
  readonly secondsLeft = $derived(
    this.#totals.bytesPerSecond === 0
      ? null
      : Math.max(0, this.#totals.sizeBytes - this.#totals.doneBytes) / this.#totals.bytesPerSecond,
  );

  constructor(callMain: typeof call) {
    this.#call = callMain;
  }

  /** In the order of the screen. */
  get ids(): readonly string[] {
    return this.#ids;
  }

  get totals(): TransferTotals {
    return this.#totals;
  }

  get(id: string): Transfer | undefined {
    return this.#byId.get(id);
  }

  async load(): Promise<void> {
    this.apply({ changed: await this.#call('transfers.list', {}), removed: [] });
  }

  apply(batch: TransferBatch): void {
    const sums = new RunningSums(this.#totals);
    let moved = false;
    for (const transfer of batch.changed) moved = this.#put(transfer, sums) || moved;
    for (const id of batch.removed) moved = this.#drop(id, sums) || moved;
    this.#totals = sums.totals();
    if (moved) this.#ids = this.#order.ids();
  }

  #put(transfer: Transfer, sums: RunningSums): boolean {
    const before = this.#byId.get(transfer.id);
    if (before !== undefined) sums.subtract(before);
    sums.add(transfer);
    this.#byId.set(transfer.id, transfer);
    return this.#order.put(before, transfer);
  }

  #drop(id: string, sums: RunningSums): boolean {
    const before = this.#byId.get(id);
    if (before === undefined) return false;
    sums.subtract(before);
    this.#byId.delete(id);
    this.#order.drop(before);
    return true;
  }
}
